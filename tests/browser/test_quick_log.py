"""A telephone posts to a served app while Today stands open in a browser."""

from __future__ import annotations

import http.client
import json
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from coach_data.behaviours import add_leading
from coach_data.devices import remember_device
from coach_data.model import Measure, TokenFor
from coach_data.people import join
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from coach_data.tokens import make_token
from pages.parts.cookies import DEVICE_COOKIE
from tests.browser.conftest import settle
from tests.browser.server import ForkedServer, Server
from tests.browser.test_looks import violations


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server on Ann's data, and the token of her telephone; a browser is hers already."""
    store, now = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key")), datetime.now(UTC)
    visit = Visit.open(store, join(store, "Ann", now).person_id, now)
    for name in ("Calls", "Walk"):
        add_leading(visit, replace(new_indicator(visit, name), measure=Measure.COUNT), None)
    secret = make_token(visit, TokenFor.QUICK_LOG, "Phone")
    remember_device(store, "her-browser", visit.viewer_id, now)
    store.close()
    server = ForkedServer(tmp_path)
    yield server, secret
    server.stop()


def send(server: Server, secret: str, **entry: object) -> int:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    link.request("POST", "/api/entries", json.dumps(entry), headers)
    status = link.getresponse().status
    link.close()
    return status


def test_a_value_from_a_phone_is_on_the_open_page(
    served: tuple[Server, str], context: Callable[..., BrowserContext]
) -> None:
    server, secret = served
    browser = context()
    browser.add_cookies([{"name": DEVICE_COOKIE, "value": "her-browser", "url": server.url}])
    page = browser.new_page()
    page.goto(f"{server.url}/today")
    settle(page)
    typed = page.get_by_label("Walk")
    typed.fill("2")  # typed, and not sent yet
    assert send(server, secret, indicator="Calls", value=7) == 200
    assert send(server, secret, indicator="Calls", value=8) == 200
    page.get_by_text("Earlier values of this day").click()
    expect(page.get_by_text("now: 8 (quick log)")).to_be_visible()
    history = page.get_by_text("Calls: 8, by Ann (quick log)")
    expect(history).to_contain_text("Calls: 7, by Ann (quick log)")
    expect(typed).to_have_value("2")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. Values kept: 1.").wait_for()
    page.reload()
    settle(page)
    expect(page.get_by_label("Calls")).to_have_value("8")
    expect(page.get_by_label("Walk")).to_have_value("2")
    expect(page.get_by_text("now:")).to_have_count(0)


@pytest.mark.slow
def test_the_recipe_on_the_screen_works_as_it_stands(
    served: tuple[Server, str], context: Callable[..., BrowserContext]
) -> None:
    """The line for curl, with the token put in, saves an entry."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    server, _ = served
    browser = context()
    browser.add_cookies([{"name": DEVICE_COOKIE, "value": "her-browser", "url": server.url}])
    page = browser.new_page()
    page.goto(f"{server.url}/my_data")
    settle(page)
    page.get_by_role("radio", name="Phone and calendar").or_(
        page.get_by_role("button", name="Phone and calendar")
    ).first.click()
    page.get_by_label("Name of the device").fill("Script")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_text("The token “Script”").wait_for()
    settle(page)
    assert not violations(page)
    secret = page.locator('[data-testid="stCode"] code').first.inner_text().strip()
    line = page.locator('[data-testid="stCode"] code', has_text="curl").inner_text()
    assert f"Bearer {secret}'" in line
    command = shlex.split(line)
    done = subprocess.run([*command, "-s"], capture_output=True, text=True, timeout=20, check=True)
    assert json.loads(done.stdout) == {"saved": True}
    page.get_by_role("button", name="Yes, send it").click()
    page.get_by_text("How to log with it").click()
    page.get_by_text("Script: last used").wait_for()
    settle(page)
    assert not violations(page)
    assert secret not in page.locator("body").inner_text(), "it was shown once"
