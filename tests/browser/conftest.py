"""A Chromium and a served app for the tests of this folder. Without Chromium they are skipped, and
say so; where CI is set they fail instead."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.server import Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
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
        opened = play.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty store."""
    started = Server(tmp_path)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample programme in a store."""
    from datetime import UTC, datetime

    from coach_data.places import Places
    from coach_data.privacy import open_store
    from sample_data.load import load

    folder = tmp_path_factory.mktemp("sample")
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    load(store, datetime.now(UTC))
    store.close()
    return folder


@pytest.fixture(scope="module")
def sample_server(sample_folder: Path) -> Iterator[Server]:
    """A server on the sample programme, for tests that change nothing in it."""
    started = Server(sample_folder)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def everybody(sample_folder: Path) -> Iterator[Server]:
    """A server on the sample programme with everybody of ``screens.py`` beside it."""
    from tests.browser.screens import fill

    fill(sample_folder)
    started = Server(sample_folder)
    yield started
    started.stop()


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


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """``context(PHONE, "dark")``: a browser of somebody, without any past."""
    opened: list[BrowserContext] = []

    def made(size: dict[str, int] = WIDE, theme: str = "light", **more: Any) -> BrowserContext:
        phone: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size is PHONE else {}
        new = browser.new_context(viewport=size, color_scheme=theme, **phone, **more)  # type: ignore[arg-type]
        new.set_default_timeout(20_000)
        opened.append(new)
        return new

    yield made
    for one in opened:
        one.close()


def settle(page: Page) -> None:
    """Wait until the script rests and what is shown no longer changes."""
    page.wait_for_selector('[data-testid="stApp"]')
    last, quiet = None, 0
    for _ in range(250):
        state = page.get_attribute('[data-testid="stApp"]', "data-test-script-state")
        size = page.evaluate(
            "(document.querySelector('[data-testid=\"stMain\"]')?.innerText.length ?? 0)"
            " + document.querySelectorAll('canvas, svg, [data-testid=\"stSkeleton\"]').length"
        )
        quiet = quiet + 1 if state == "notRunning" and size and size == last else 0
        if quiet == 3:
            return
        last = size
        page.wait_for_timeout(100)
    raise AssertionError("the page did not come to rest")


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
    page.get_by_test_id("stVegaLiteChart").nth(4).wait_for()
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
