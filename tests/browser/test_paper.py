"""On paper: what is said and drawn, from the first line to the last, and nothing to press."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page
from pypdf import PdfReader

from tests.browser.conftest import WIDE, settle
from tests.browser.screens import LONG_NAME, TEXT, be, show
from tests.browser.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAVIGATION = ("Today", "Compass", "My data", "Guide", "Import")


def printed(page: Page) -> tuple[list[str], str]:
    """The pages of the print, and all of it in one line."""
    reader = PdfReader(BytesIO(page.pdf(format="A4")))
    pages = [sheet.extract_text() for sheet in reader.pages]
    return pages, " ".join(" ".join(pages).split())


def clean(said: str) -> None:
    """No navigation, and nothing that only a hand could use."""
    assert sum(word in said for word in NAVIGATION) < 3, said
    for label in ("Download", "Markdown", "Share screen", "New aim", "Begin a session"):
        assert label not in said


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_summary_of_a_session(
    everybody: Server, context: Callable[..., BrowserContext], theme: str
) -> None:
    page = be(context(WIDE, theme), everybody, LONG_NAME)
    show(page, everybody, "session")
    page.locator("summary", has_text="Earlier sessions").click()
    settle(page)
    page.get_by_role("combobox", name="Read the summary of").click()
    page.get_by_role("option").first.click()
    page.locator(".told").wait_for()
    settle(page)
    shown = " ".join(page.locator(".told").inner_text().split())
    pages, said = printed(page)
    assert len(pages) <= 4
    clean(said)
    assert said.replace(" ", "").count(TEXT.replace(" ", "")) >= 5, "every note, to the end"
    assert shown[-40:].replace(" ", "") in said.replace(" ", "")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_there_is_ink_on_white_paper_in_either_theme(
    everybody: Server, context: Callable[..., BrowserContext], theme: str
) -> None:
    page = be(context(WIDE, theme), everybody, "Amara")
    show(page, everybody, "compass")
    page.locator(".row-chart img").nth(5).wait_for()
    page.emulate_media(media="print", color_scheme=theme)  # type: ignore[arg-type]
    settle(page)
    paper = Image.open(BytesIO(page.screenshot())).convert("L").histogram()
    assert paper[255] > 0.7 * sum(paper), "most of it is white"
    assert sum(paper[:80]) > 0.005 * sum(paper), "and some of it is ink"
    assert sum(paper[:80]) < 0.1 * sum(paper)


def test_a_sprint_and_its_retrospective(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    page = be(context(WIDE), everybody, "Chen")
    show(page, everybody, "sprints")
    page.get_by_test_id("stButtonGroup").get_by_text("Ledger", exact=True).click()
    settle(page)
    page.locator("summary").first.click()
    page.get_by_test_id("stVegaLiteChart").wait_for()
    settle(page)
    _, said = printed(page)
    clean(said)
    body = page.get_by_test_id("stExpanderDetails").first.inner_text()
    assert len(body) > 200
    assert "".join(body.split())[:200] in said.replace(" ", "")


def test_the_outcome_read_back(everybody: Server, context: Callable[..., BrowserContext]) -> None:
    page = be(context(WIDE), everybody, LONG_NAME)
    show(page, everybody, "outcome")
    _, said = printed(page)
    clean(said)
    assert "".join(TEXT.split()) in said.replace(" ", "")


def test_the_compass_is_not_cut_at_the_end_of_the_screen(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    page = be(context({"width": 1440, "height": 500}), everybody, "Amara")
    show(page, everybody, "compass")
    page.locator(".row-chart img").nth(5).wait_for()
    settle(page)
    rows = page.locator(".compass-row strong").all_inner_texts()
    pages, said = printed(page)
    clean(said)
    assert len(pages) <= 3
    assert [r for r in rows if r.replace(" ", "") not in said.replace(" ", "")] == []
