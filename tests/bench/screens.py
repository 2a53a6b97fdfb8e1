"""What a browser shows: the first paint, and from a click to what is drawn, against an empty page."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from coach_data.devices import remember_device
from coach_data.places import Places
from coach_data.privacy import open_store
from sample_data.load import load
from tests.bench.rows import SECONDS, Row, by_turns, ratio
from tests.browser.conftest import FLAGS, WIDE, chromium, settle
from tests.browser.server import ROOT, Server

STARTS, CLICKS = 3, 24
ROWS = ".row-chart > img"
CHARTS = '[data-testid="stVegaLiteChart"] :is(canvas, svg.marks)'
EMPTY = '''"""Nothing but the frame that every page has."""

import streamlit as st

from pages.parts.visit import start_visit

visit = start_visit("Guide")
st.title("Nothing here", anchor="nothing")
'''
MINIMAL = """import streamlit as st

st.title("Nothing here")
"""
WATCH = """([what, count]) => {
  window.drawn = new Promise(tell => addEventListener('click', () => {
    const began = performance.now()
    const look = new MutationObserver(async () => {
      const found = [...document.querySelectorAll(what)]
      if (found.length < count) return
      look.disconnect()
      await Promise.all(found.map(e => e.decode?.()))
      requestAnimationFrame(() => tell(performance.now() - began))
    })
    look.observe(document.body, {childList: true, subtree: true})
  }, {capture: true, once: true}))
}"""


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """On the sample programme, as one of its coachees."""
    if chromium() is None:
        print("screens: left out. Install Chromium, or name it in CHROMIUM.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(dir=folder) as name, sync_playwright() as play:
        own = Path(name)
        token = _sample(own)
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield from _first_paint(browser, own, token, 1 if quick else STARTS)
        yield from _clicked(browser, own, token, 4 if quick else CLICKS)
        browser.close()


def _sample(own: Path) -> str:
    """The sample programme in that folder; the cookie of a browser of one of its coachees."""
    (own / "cookie").mkdir()
    seed = Server(own / "cookie")
    token = SimpleCookie(seed.ask("/").headers["Set-Cookie"])["coach_device"].value
    seed.stop()
    store, now = open_store(Places(own / "c.duckdb", own / "key")), datetime.now(UTC)
    remember_device(store, token, load(store, now)["Amara"], now)
    store.close()
    return token


def _with_cookie(browser: Browser, url: str, token: str) -> Page:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    context.add_cookies([{"name": "coach_device", "value": token, "url": url}])
    return context.new_page()


def _first_paint(browser: Browser, own: Path, token: str, count: int) -> Iterator[Row]:
    """From starting the server to what is asked for, in a browser without a cache."""

    def painted(start: Callable[[], Server], path: str, ready: str) -> None:
        server = start()
        page = _with_cookie(browser, server.url, token)
        page.goto(server.url + path)
        page.wait_for_selector(ready, timeout=60_000)
        page.context.close()
        server.stop()

    other = own / "other"
    other.mkdir()
    (other / "minimal.py").write_text(MINIMAL, encoding="utf-8")
    heading = '[data-testid="stMain"] h1'
    app, hello, minimal = by_turns(
        count,
        lambda: painted(lambda: Server(own), "/today", 'button:has-text("Save")'),
        lambda: painted(lambda: Server(other, command=("hello",)), "/", heading),
        lambda: painted(
            lambda: Server(other, command=("run", str(other / "minimal.py"))), "/", heading
        ),
        first=0,
    )
    size = f"{count} starts"
    yield Row("first paint: Today / streamlit hello", ratio(app, hello), size=size, most=1.3)
    yield Row("first paint: Today / minimal app", ratio(app, minimal), size=size)
    yield Row("first paint: Today", statistics.median(app), SECONDS, size)


def _clicked(browser: Browser, own: Path, token: str, count: int) -> Iterator[Row]:
    """The same app twice, by turns; in one of the two the guide is an empty page."""
    with ExitStack() as running:
        copy = own / "frame"
        kept = shutil.ignore_patterns(".git", "tests", "docs", "__pycache__", ".venv", "*.duckdb*")
        shutil.copytree(ROOT, copy, ignore=kept)
        (copy / "pages" / "guide.py").write_text(EMPTY, encoding="utf-8")
        (own / "second").mkdir()
        for file in ("c.duckdb", "key"):
            shutil.copy(own / file, own / "second" / file)
        servers = [Server(own), Server(own / "second", command=("run", str(copy / "app.py")))]
        for server in servers:
            running.callback(server.stop)
        mine, frame = (_with_cookie(browser, s.url, token) for s in servers)
        for page, server in ((mine, servers[0]), (frame, servers[1])):
            page.goto(server.url + "/today")
            page.get_by_role("heading", name="Today").wait_for()
        spent: dict[str, list[float]] = {"Compass": [], "Does it matter?": [], "Guide": []}
        for turn in range(count + 2):
            for title, page, what in (
                ("Compass", mine, (ROWS, 6)),
                ("Guide", frame, ("#nothing", 1)),
                ("Does it matter?", mine, (CHARTS, 4)),
            ):
                seconds = _click(page, title, what)
                if turn > 1:  # the first ones load what the others have
                    spent[title].append(seconds)
        size = f"{count} clicks"
        for title, most in (("Compass", 2.0), ("Does it matter?", None)):
            what = f"click → drawn: {title} / empty page"
            yield Row(what, ratio(spent[title], spent["Guide"]), size=size, most=most)
        for title, name in (("Compass", "Compass"), ("Guide", "empty page")):
            yield Row(f"click → drawn: {name}", statistics.median(spent[title]), SECONDS, size)


def _click(page: Page, title: str, what: tuple[str, int]) -> float:
    """Seconds from a click on that page until it is drawn, by the browser's own clock."""
    page.get_by_role("link", name="Today", exact=True).first.click()
    page.get_by_role("heading", name="Today").wait_for()
    settle(page)
    page.evaluate(WATCH, list(what))
    began = time.perf_counter()
    page.get_by_role("link", name=title, exact=True).first.click()
    seconds = float(page.evaluate("window.drawn")) / 1000
    assert seconds <= time.perf_counter() - began
    settle(page)
    return seconds
