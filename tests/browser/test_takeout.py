"""The one file with everything: made at the click, and nothing after somebody has signed out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Download, Page, expect

from tests.browser.conftest import set_up, settle
from tests.browser.server import Server

pytestmark = pytest.mark.browser
BUTTON = "Download everything"


def open_export(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/my_data")
    settle(page)
    page.get_by_role("radio", name="Export").or_(page.get_by_role("button", name="Export")).click()
    page.get_by_role("button", name=BUTTON).wait_for()
    settle(page)


def test_49_a_download_is_made_at_the_click_and_dead_after_leaving(
    server: Server, context: Callable[..., BrowserContext]
) -> None:
    browser = context()
    page = browser.new_page()
    set_up(page, server.url)
    open_export(page, server)
    with page.expect_download() as taken:
        page.get_by_role("button", name=BUTTON).click()
    content = taken.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "everything.json" in archive.namelist()
        assert b"Ann" in archive.read("everything.json")
    link = taken.value.url
    assert page.request.get(link).body() == content, "the link works while its person is here"

    left = browser.new_page()  # another tab, from before
    open_export(left, server)
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
