"""A Chromium and a served app for the tests of this folder. Without Chromium they are skipped, and
say so; where CI is set they fail instead."""

from __future__ import annotations

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from coach_data.places import Places
from coach_data.privacy import open_store
from sample_data.load import load
from tests.browser.server import ForkedServer, Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Chromium's own pages, half a second of work for each window that nobody sees; the list takes the
    # place of Playwright's, of which the rest is kept here.
    "--disable-features=WebUIOmniboxPopup,PaintHolding,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch,MediaRouter",
]
SHORT_LIVED = "--js-flags=--no-opt"
"""A page lives for seconds: what its code would gain by being optimised it never gets back."""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def chromium() -> str | None:
    """Where Chromium is: CHROMIUM, or on the PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        why = "Chromium is not installed: install it, or name it in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=[*FLAGS, SHORT_LIVED])
        yield opened
        opened.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty store."""
    started = ForkedServer(tmp_path)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample programme in a store that nobody opens: to be copied."""
    folder = tmp_path_factory.mktemp("sample")
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    load(store, datetime.now(UTC))
    store.close()
    return folder


@pytest.fixture(scope="session")
def everybody_folder(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with everybody of ``screens.py`` beside the sample's people."""
    from tests.browser.screens import fill

    folder = tmp_path_factory.mktemp("everybody") / "store"
    shutil.copytree(sample_folder, folder)
    fill(folder)
    return folder


@pytest.fixture(scope="session")
def everybody(everybody_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all tests that change nothing which another one reads."""
    folder = tmp_path_factory.mktemp("served") / "everybody"
    shutil.copytree(everybody_folder, folder)
    started = ForkedServer(folder)
    yield started
    started.stop()


Windows = defaultdict[str, list[BrowserContext]]


class Watch:
    """What a page asked of other hosts, and what it complained about."""

    def __init__(self, page: Page, home: str) -> None:
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("request", lambda r: self._note(r.url, urlparse(home).netloc))

    def _note(self, url: str, home: str) -> None:
        if urlparse(url).netloc not in ("", home):
            self.foreign.append(url)


@pytest.fixture(scope="session")
def rested() -> Windows:
    """Browsers that nobody uses at the moment, by their size and theme."""
    return defaultdict(list)


@pytest.fixture
def context(browser: Browser, rested: Windows) -> Iterator[Callable[..., BrowserContext]]:
    """``context(PHONE, "dark")``: a browser of somebody, without any past; a new one takes a second."""
    taken: list[tuple[list[BrowserContext], BrowserContext]] = []

    def made(size: dict[str, int] = WIDE, theme: str = "light", **more: Any) -> BrowserContext:
        phone: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size is PHONE else {}
        same = rested[str((size, theme, phone, more))]
        if same:
            one = same.pop()
        else:
            one = browser.new_context(viewport=size, color_scheme=theme, **phone, **more)  # type: ignore[arg-type]
            one.set_default_timeout(20_000)
        taken.append((same, one))
        return one

    yield made
    for same, one in taken:
        if forgets(one):
            same.append(one)
        else:
            one.close()


def forgets(context: BrowserContext) -> bool:
    """Close what is open in a browser and take away all that it keeps but scripts and fonts, which never
    change; whether that could be done."""
    if not context.pages:
        return False
    for page in context.pages:
        if page.url.startswith("http"):
            kept = {"origin": "/".join(page.url.split("/")[:3]), "storageTypes": "all"}
            context.new_cdp_session(page).send("Storage.clearDataForOrigin", kept)
        page.close()
    context.clear_cookies()
    context.set_extra_http_headers({})
    return True


RESTS = """async () => {
    let last = null, quiet = 0;
    for (let k = 0; k < 250; k++) {
        const app = document.querySelector('[data-testid="stApp"]');
        const main = document.querySelector('[data-testid="stMain"]');
        const drawn = document.querySelectorAll('canvas, svg, [data-testid="stSkeleton"]').length;
        const size = (main ? main.textContent.length : 0) + drawn;
        const rests = app && app.dataset.testScriptState === 'notRunning';
        quiet = rests && size && size === last ? quiet + 1 : 0;
        if (quiet === 3) return true;
        last = size;
        await new Promise(done => setTimeout(done, 100));
    }
    return false;
}"""


def settle(page: Page) -> None:
    """Wait until the script rests and what is shown no longer changes."""
    page.wait_for_selector('[data-testid="stApp"]')
    while True:
        try:
            assert page.evaluate(RESTS), "the page did not come to rest"
            return
        except Error as gone:  # the page went on to another address meanwhile
            if "context was destroyed" not in str(gone):
                raise


def enter_sample(page: Page, url: str, name: str) -> None:
    """Go in as that coachee of the sample; ready when the compass is drawn."""
    page.goto(url)
    settle(page)
    box = page.get_by_role("combobox", name="Go in as")
    box.evaluate("e => e.scrollIntoView({block: 'center'})")  # scrolling later closes the list
    settle(page)
    box.click()
    page.get_by_role("option", name=name).first.click()
    expect(box).to_have_value(re.compile(name))
    settle(page)
    page.get_by_role("button", name="Go in", exact=False).last.click()
    page.get_by_role("heading", name="Compass").first.wait_for()
    page.locator(".row-chart img").nth(4).wait_for()
    settle(page)


def set_up(page: Page, url: str) -> None:
    """From the welcome as Ann to an outcome from a starting point, with three of its behaviours."""
    page.goto(url)
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Use as a start").click()
    settle(page)
    page.get_by_role("button", name="Keep and go on").click()
    page.get_by_label("Which number shows it?").wait_for()
    settle(page)
    page.get_by_role("button", name="Keep and go on").click()
    page.get_by_text("Add a behaviour").wait_for()
    for number in (1, 2, 3):
        settle(page)
        page.locator('[class*="st-key-suggest_"] button').first.click()
        page.get_by_text(f"{number} of 5 behaviours on the compass.").wait_for()
