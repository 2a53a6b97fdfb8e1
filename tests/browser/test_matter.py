"""From a click to four charts, as a person sees them: sound, readable by all, and at home."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import PHONE, WIDE, Watch, settle
from tests.browser.screens import be, show
from tests.browser.server import Server
from tests.browser.test_looks import violations

pytestmark = pytest.mark.browser
DRAWN = '[data-testid="stVegaLiteChart"] :is(canvas, svg.marks)'


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        pytest.param(WIDE, "light", id="wide"),
        pytest.param(PHONE, "dark", id="phone", marks=pytest.mark.slow),
    ],
)
def test_a_click_draws_four_charts(
    everybody: Server,
    context: Callable[..., BrowserContext],
    size: dict[str, int],
    theme: str,
) -> None:
    page = be(context(size, theme), everybody, "Bruno")
    watch = Watch(page, everybody.url)
    if size is WIDE:
        show(page, everybody, "compass")
        page.get_by_role("link", name="Does it matter?", exact=True).first.click()
    else:
        show(page, everybody, "matter")
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
