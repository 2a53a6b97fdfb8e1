"""The one file with everything: made at the click, and nothing after somebody has signed out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Download, Page, expect

from tests.browser.conftest import PHONE, Watch, set_up, settle
from tests.browser.server import ForkedServer, Server
from tests.browser.test_looks import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BUTTON = "Download everything"


def open_section(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/my_data")
    settle(page)
    page.get_by_role("radio", name=name).click()
    page.get_by_role("button", name=BUTTON).wait_for()
    settle(page)


@pytest.mark.abuse(49)
def test_49_a_download_is_made_at_the_click_and_dead_after_leaving(
    server: Server, context: Callable[..., BrowserContext]
) -> None:
    browser = context()
    page = browser.new_page()
    set_up(page, server.url)
    open_section(page, server, "Export")
    with page.expect_download() as taken:
        page.get_by_role("button", name=BUTTON).click()
    content = taken.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "everything.json" in archive.namelist()
        assert b"Ann" in archive.read("everything.json")
    link = taken.value.url
    assert page.request.get(link).body() == content, "the link works while its person is here"

    left = browser.new_page()  # another tab, from before
    open_section(left, server, "Export")
    page.goto(server.url)
    settle(page)
    page.get_by_role("button", name="Somebody else is here").click()
    page.get_by_role("button", name="Begin").wait_for()
    settle(page)
    handed: list[Download] = []
    left.on("download", lambda one: handed.append(one))
    left.get_by_role("button", name=BUTTON).click()
    left.wait_for_timeout(3000)
    assert handed == []
    assert page.request.get(link).status == 404
    left.reload()
    settle(left)
    expect(left.get_by_role("button", name=BUTTON)).to_have_count(0)


def test_export_and_erasure_are_sound_on_a_phone(
    server: Server, context: Callable[..., BrowserContext]
) -> None:
    page = context(PHONE, "dark").new_page()
    watch = Watch(page, server.url)
    set_up(page, server.url)
    for section in ("Export", "Erasure"):
        open_section(page, server, section)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("Type your name").focus()
    page.keyboard.type("Somebody")
    page.keyboard.press("Enter")
    page.get_by_text("That is not your name").wait_for()
    assert (watch.errors, watch.foreign) == ([], [])


MARKER = "Zebrafink-7041-Holunder"


def found(folder: Path) -> set[str]:
    """The files below a folder that hold the marker; the database is encrypted and tells nothing."""
    return {f.name for f in folder.rglob("*") if f.is_file() and MARKER.encode() in f.read_bytes()}


def test_after_an_erasure_no_trace_is_left_in_log_or_temporary_files(
    tmp_path: Path, context: Callable[..., BrowserContext]
) -> None:
    """As name, note, import and export; the database itself: tests/test_erasure.py, TestBytes."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    server = ForkedServer(tmp_path, TMPDIR=str(temporary))
    try:
        page = context().new_page()
        page.goto(server.url)
        page.get_by_label("Your name").fill(MARKER)
        page.get_by_role("button", name="Begin").click()
        settle(page)
        page.goto(f"{server.url}/bring_in")
        settle(page)
        content = f"date,indicator,value,note\n2026-01-01,{MARKER},3,{MARKER}\n".encode()
        page.locator('input[type="file"]').set_input_files(
            {"name": f"{MARKER}.csv", "mimeType": "text/csv", "buffer": content}
        )
        page.get_by_text("A new behaviour").click()
        settle(page)
        page.get_by_role("button", name="Bring it in").click()
        page.get_by_test_id("stAlertContentSuccess").wait_for()
        open_section(page, server, "Export")
        with page.expect_download() as taken:
            page.get_by_role("button", name=BUTTON).click()
        with zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes())) as archive:
            assert MARKER.encode() in archive.read("entries.csv"), "the control: it was there"
        page.get_by_role("radio", name="Erasure").click()
        page.get_by_label("Type your name").fill(MARKER)
        page.get_by_role("button", name="Erase me for good").click()
        page.get_by_text("You are erased").wait_for()
        page.get_by_role("button", name="Begin").wait_for()
        assert MARKER not in page.content()
        assert page.request.get(taken.value.url).status == 404
        assert found(tmp_path) == set()
        (temporary / "planted").write_text(f"a {MARKER}")
        assert found(tmp_path) == {"planted"}, "the control: the search can find"
    finally:
        server.stop()
    assert found(tmp_path) == {"planted"}
