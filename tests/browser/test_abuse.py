"""What others would like the browser to do: run what was typed, frame the app, come from elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from coach_data.behaviours import add_leading
from coach_data.entries import Logged, log_day
from coach_data.model import Measure
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import join
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from tests.browser.conftest import Watch, settle
from tests.browser.screens import turn_to
from tests.browser.server import ForkedServer, Server

pytestmark = pytest.mark.browser
TYPED = {
    1: "<script>window.ran = 1</script>",
    2: '<img src=x onerror="window.ran = 2">',
    3: "[link](javascript:window.ran=3)",
    4: "![](http://evil.example/p.png)",
    5: "# H and :red[x]",
}
ACTIVE = (
    '[data-testid="stMain"] :is(script, [onerror], a[href^="javascript"],'
    ' img[src*="evil.example"], h1:has-text("H and"), span[style*="color"]:has-text("x"))'
)


@pytest.fixture
def typed(tmp_path: Path) -> Path:
    """Ann's five behaviours have these for names, and a note each has them too."""
    now = datetime.now(UTC)
    store = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key"))
    visit = Visit.open(store, join(store, TYPED[2], now).person_id, now)
    outcome = keep_outcome(visit, replace(new_outcome(visit), goal=TYPED[3]))
    made = []
    for text in TYPED.values():
        one = replace(
            new_indicator(visit, text), measure=Measure.COUNT, outcome_id=outcome.outcome_id
        )
        add_leading(visit, one, None)
        made.append(Logged(indicator=one, value=1, note=text))
    log_day(visit, visit.today, made)
    store.close()
    return tmp_path


@pytest.mark.abuse(1, 2, 3, 4, 5, 52)
def test_1_to_5_what_was_typed_is_read_and_does_nothing(
    typed: Path, context: Callable[..., BrowserContext]
) -> None:
    server = ForkedServer(typed)
    try:
        page = context().new_page()
        watch = Watch(page, server.url)
        page.goto(server.url)
        page.get_by_role("button", name="onerror").click()
        page.get_by_role("heading", name="Today").wait_for()
        settle(page)
        for screen in ("today", "compass", "outcome", "sprints", "session", "my_data", ""):
            turn_to(page, server, screen)
            if screen in ("today", "compass"):
                shown = page.inner_text("body")
                assert [n for n, text in TYPED.items() if text not in shown] == [], screen
            assert page.evaluate("window.ran") is None, screen
            assert page.locator(ACTIVE).count() == 0, screen
    finally:
        server.stop()
    assert not watch.foreign
    assert not watch.errors


@pytest.fixture
def elsewhere(everybody: Server, tmp_path: Path) -> Iterator[str]:
    """The address of another page on this machine, which puts the app into a frame."""
    frame = f'<iframe src="{everybody.url}"></iframe>'
    (tmp_path / "index.html").write_text(frame, encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://localhost:{served.server_port}/"
        served.shutdown()


@pytest.mark.abuse(47)
def test_47_no_other_page_frames_the_app(
    elsewhere: str, context: Callable[..., BrowserContext]
) -> None:
    page = context().new_page()
    page.goto(elsewhere)
    end = time.monotonic() + 20
    while (framed := page.frames[-1].url) in ("", "about:blank", elsewhere):
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    assert framed.startswith("chrome-error://"), "the browser says that it refused"
    assert page.frame_locator("iframe").locator('[data-testid="stApp"]').count() == 0


@pytest.mark.slow
def test_a_link_on_another_site_brings_nobody_in(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    """On a device without sign-in the cookie is Strict: it does not come along from elsewhere."""
    browser = context()
    page = browser.new_page()
    page.goto(everybody.url)
    settle(page)
    (ours,) = [c for c in browser.cookies(everybody.url) if c["name"] == "coach_device"]
    assert ours["sameSite"] == "Strict"
    sent: list[str] = []
    page.route(
        "http://evil.example/",
        lambda r: r.fulfill(
            body=f'<a href="{everybody.url}/compass">a present</a>', content_type="text/html"
        ),
    )
    page.goto("http://evil.example/")
    page.on(
        "request",
        lambda r: sent.append(r.all_headers().get("cookie", "")) if "compass" in r.url else None,
    )
    page.get_by_text("a present").click()
    page.wait_for_url("**/compass")
    settle(page)
    assert sent
    assert ours["value"] not in sent[0]
