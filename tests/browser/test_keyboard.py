"""Every main action without a mouse: Tab, Enter, Space and arrows from the first element on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import settle
from tests.browser.keys import choose, press, reach, write
from tests.browser.screens import be, show
from tests.browser.server import ForkedServer, Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(everybody_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Everybody, on a store of this module's own."""
    folder = tmp_path_factory.mktemp("keys") / "own"
    shutil.copytree(everybody_folder, folder)
    started = ForkedServer(folder)
    yield started
    started.stop()


@pytest.fixture
def on(server: Server, context: Callable[..., BrowserContext]) -> Callable[[str, str], Page]:
    """``on("Amara", "today")``: that person's screen; the focus is nowhere yet."""

    def opened(name: str, screen: str) -> Page:
        page = be(context(), server, name)
        show(page, server, screen)
        return page

    return opened


Opener = Callable[[str, str], Page]


def main(page: Page) -> str:
    return page.get_by_test_id("stMain").inner_text()


def test_a_day_is_logged(on: Opener) -> None:
    page = on("Amara", "today")
    fields = page.get_by_role("spinbutton")
    reach(page, fields.first.get_attribute("aria-label") or "", "input")
    for number in range(fields.count()):
        page.keyboard.type("2")
        if number + 1 < fields.count():
            page.keyboard.press("Tab")
    press(page, "Save", "button")
    page.get_by_text("Saved. Values kept:").wait_for()


@pytest.mark.slow
def test_the_table_of_the_compass_is_read(on: Opener) -> None:
    page = on("Amara", "compass")
    press(page, "How to read it, and more", "button")
    choose(page, "More", "As a table")
    page.get_by_test_id("stDataFrame").wait_for()
    settle(page)
    table = page.locator("[data-testid=stDataFrame] [role=gridcell], [data-testid=stDataFrame] td")
    assert table.count() > 40, "a screen reader finds the cells"


def test_a_session_is_opened_and_closed(on: Opener) -> None:
    page = on("Noor", "")
    press(page, "Session with Amara", "button")
    page.get_by_role("heading", name="Session with Amara").wait_for()
    settle(page)
    press(page, "Begin a session", "button")
    page.locator(".session-time").wait_for()
    settle(page)
    choose(page, "Part", "Commitment")
    write(page, "One commitment", "One open question in every call")
    press(page, "End the session", "button")
    page.get_by_text("The session has ended").wait_for()


def test_a_sprint_is_made(on: Opener) -> None:
    page = on("Dalia", "sprints")
    choose(page, "View", "New sprint")
    write(page, "What you expect", "More energy in the afternoon")
    write(page, "What you will do", "Walk at noon")
    write(page, "What is rated", "Energy in the afternoon")
    choose(page, "Which way is better?", "More")
    write(page, "It worked if", "A four on most days")
    press(page, "Start the sprint", "button")
    page.get_by_text("is kept as it is written").wait_for()


@pytest.mark.slow
def test_a_sprint_is_reviewed(on: Opener) -> None:
    page = on("Bruno", "sprints")
    write(page, "What was learned", "Mornings decide the day")
    choose(page, "Decision", "Abandon")
    press(page, "Save the retrospective", "button")
    assert "closed: abandoned" in main(page)


@pytest.mark.slow
def test_a_file_is_imported(on: Opener, tmp_path: Path) -> None:
    page = on("Ann", "bring_in")
    file = tmp_path / "days.csv"
    file.write_text("date,Walk\n2026-05-01,3\n2026-05-02,4\n")
    page.on("filechooser", lambda _: None)  # known to the browser before the key can open one
    reach(page, "Upload", "button")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(str(file))
    page.get_by_text("Walk").first.wait_for()
    settle(page)
    press(page, "A new behaviour", key="Space")
    press(page, "Bring it in", "button")
    page.get_by_text("2 new, 0 changed").last.wait_for()
    assert page.get_by_role("link", name="Read the compass").count()


@pytest.mark.slow
def test_a_consent_is_given_and_withdrawn(on: Opener) -> None:
    page = on("Hiro", "my_data")
    assert page.get_by_role("button", name="Withdraw").count() == 0
    press(page, "Allow", "button")
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(1)
    press(page, "Withdraw", "button")
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(0)


@pytest.mark.slow
def test_everything_is_exported(on: Opener, tmp_path: Path) -> None:
    page = on("Amara", "my_data")
    choose(page, "Section", "Export")
    reach(page, "Download everything", "button")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    with ZipFile(download.value.path()) as file:
        assert "everything.json" in file.namelist()


@pytest.mark.slow
def test_somebody_is_erased(on: Opener) -> None:
    page = on("Jakub", "my_data")
    choose(page, "Section", "Erasure")
    write(page, "Type your name", "Jakub", leave=False)
    press(page, "Erase me for good", "button")
    page.get_by_text("You are erased").wait_for()


@pytest.mark.slow
def test_the_browser_is_left(on: Opener) -> None:
    page = on("Emil", "")
    press(page, "Somebody else is here", "button")
    page.get_by_label("Your name").wait_for()


@pytest.mark.slow
def test_the_tour_is_taken_and_skipped(on: Opener) -> None:
    page = on("Fatima", "")
    press(page, "Take the tour", "button")
    page.get_by_text("Tour, 1 of 5").wait_for()
    settle(page)
    press(page, "Next: Compass", "button")
    page.get_by_text("Tour, 2 of 5").wait_for()
    settle(page)
    page.reload()
    page.get_by_text("Tour, 2 of 5").wait_for()
    settle(page)
    press(page, "Skip the tour", "button")
    expect(page.get_by_text("Tour, ")).to_have_count(0)
