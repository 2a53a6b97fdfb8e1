"""The database server goes away while somebody types: what is typed stays, and is saved afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach_data.library import words
from coach_data.places import Places
from coach_data.privacy import open_store
from sample_data.load import load
from tests.browser.conftest import enter_sample, settle
from tests.browser.server import Server
from tests.cluster import Cluster, own_cluster

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60_000
"""Milliseconds for the server to come back and for a waiting run to find it."""


@pytest.fixture
def breakable(tmp_path: Path) -> Iterator[tuple[Cluster, Server]]:
    """A database server that may be stopped, and the app on it with the sample programme."""
    with own_cluster() as cluster:
        database, key = cluster.fresh(), tmp_path / "key"
        store = open_store(Places(database, key))
        load(store, datetime.now(UTC))
        store.close()
        app = Server(tmp_path, COACH_DATABASE=str(database), COACH_KEY_FILE=str(key))
        yield cluster, app
        app.stop()


def typed(page: Page) -> list[str]:
    """What is in the fields of the day."""
    boxes = page.get_by_role("spinbutton")
    return [boxes.nth(k).input_value() for k in range(boxes.count())]


def test_what_is_typed_stays_while_the_server_is_away_and_is_saved_when_it_is_back(
    breakable: tuple[Cluster, Server], context: Callable[..., BrowserContext]
) -> None:
    cluster, app = breakable
    page = context().new_page()
    enter_sample(page, app.url, "Bruno")
    page.get_by_role("link", name="Today").first.click()
    page.get_by_role("heading", name="Today").wait_for()
    settle(page)
    page.get_by_role("spinbutton").first.fill("7")
    before = typed(page)
    assert before[0] == "7"
    cluster.stop()
    page.get_by_role("button", name="Save").click()
    page.get_by_text(words("server.away")).first.wait_for(timeout=PATIENCE)
    page.screenshot(path=app.folder / "away.png")
    assert typed(page) == before
    assert "encountered an error" not in page.inner_text("body")
    cluster.start()
    page.get_by_text("Saved. Values kept: 1.").wait_for(timeout=PATIENCE)
    settle(page)
    assert typed(page) == before
    page.reload()
    settle(page)
    expect(page.get_by_role("spinbutton").first).to_have_value("7")


def test_who_comes_while_the_server_is_away_is_told_and_served_when_it_is_back(
    breakable: tuple[Cluster, Server], context: Callable[..., BrowserContext]
) -> None:
    """Also where the app itself was started before its database server."""
    cluster, app = breakable
    cluster.stop()
    page = context().new_page()
    page.goto(app.url)
    page.get_by_text(words("server.away")).first.wait_for(timeout=PATIENCE)
    page.screenshot(path=app.folder / "nothing.png")
    cluster.start()
    page.get_by_role("combobox", name="Go in as").wait_for(timeout=PATIENCE)
