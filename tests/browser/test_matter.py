"""From a click to four charts, as a person sees them: sound, readable by all, and at home."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import PHONE, WIDE, Watch, enter_sample, settle
from tests.browser.server import Server
from tests.browser.test_looks import violations

pytestmark = pytest.mark.browser
DRAWN = '[data-testid="stVegaLiteChart"] :is(canvas, svg.marks)'


@pytest.mark.parametrize(
    ("size", "theme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"]
)
def test_a_click_draws_four_charts(
    sample_server: Server,
    context: Callable[..., BrowserContext],
    size: dict[str, int],
    theme: str,
) -> None:
    page = context(size, theme).new_page()
    watch = Watch(page, sample_server.url)
    enter_sample(page, sample_server.url, "Bruno")
    if size is WIDE:
        page.get_by_role("link", name="Does it matter?", exact=True).first.click()
    else:
        page.goto(f"{sample_server.url}/matter")
    page.get_by_role("heading", name="Drifted apart").first.wait_for()
    page.locator(DRAWN).nth(3).wait_for()
    settle(page)
    assert page.locator(DRAWN).count() == 4
    boxes = [chart.bounding_box() for chart in page.get_by_test_id("stVegaLiteChart").all()]
    lefts = {round(box["x"]) for box in boxes if box}
    assert len(lefts) == (2 if size is WIDE else 1), "two by two, one column on a phone"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_text("Figures", exact=True).click()
    page.get_by_role("table").wait_for()
    settle(page)
    assert violations(page) == []
    assert not watch.foreign
    assert not watch.errors
