"""Each screen as it is seen: its size, both themes, accessibility, and what leaves the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import PHONE, WIDE, Watch, settle
from tests.browser.screens import (
    LONG_NAME,
    OF_ROLE,
    SCREENS,
    be,
    compass_of,
    show,
    turn_to,
    wide,
)
from tests.browser.server import Server

pytestmark = pytest.mark.browser
# Streamlit's own, not to be helped from here; each only at the element that is named.
KNOWN = {"presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'}


def violations(page: Page) -> list[str]:
    there = page.evaluate("'axe' in window")  # from another screen before
    found: dict[str, Any] = (Axe("window.axe") if there else Axe()).run(page).response
    return [
        f"{v['id']}: {node['html'][:200]}"
        for v in found["violations"]
        for node in v["nodes"]
        if not (v["id"] in KNOWN and KNOWN[v["id"]] in node["html"])
    ]


TITLE_TOP = """() => { const title = document.createRange();
    title.selectNodeContents(document.querySelector('h1')); return title.getBoundingClientRect().top }"""
NARROW = ({"width": 720, "height": 450}, {"width": 320, "height": 640})
"""WCAG 1.4.4 and 1.4.10: 200 % of a screen of 1440×900, and 320 CSS pixels.

Each screen is loaded anew for them: Streamlit's field for a file goes on with the width it had before.
"""


def too_large(page: Page, width: int) -> list[str]:
    """What does not fit into a window of that width."""
    found = [f"{text!r} is cut in a window of {width}" for text in cut(page)]
    if (found_wide := wide(page)) > width:
        found.append(f"{found_wide} px wide in a window of {width}")
    return found


def faults(page: Page, *narrower: dict[str, int]) -> list[str]:
    """What is wrong with the screen that is shown; with ``narrower`` windows also in those."""
    wrong = violations(page)
    if page.get_by_test_id("stException").count():
        wrong.append("an exception")
    size = page.viewport_size
    assert size is not None
    for one in (size, *narrower):
        page.set_viewport_size(one)  # type: ignore[arg-type]
        if one is not size:
            page.wait_for_timeout(
                250
            )  # Streamlit measures a fifth of a second after the last change
        end = time.monotonic() + 2  # until then charts and lists take their new width
        while (told := too_large(page, one["width"])) and time.monotonic() < end:
            page.wait_for_timeout(50)
        wrong += told
    page.set_viewport_size(size)
    return wrong


BOTH = [
    pytest.param(WIDE, "light", id="wide-light"),
    pytest.param(PHONE, "dark", id="phone-dark", marks=pytest.mark.slow),
    pytest.param(WIDE, "dark", id="wide-dark", marks=pytest.mark.slow),
    pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.slow),
]
"""Each size and each theme; what is in a theme is the same at both sizes."""


@pytest.mark.abuse(52)
@pytest.mark.parametrize(("size", "theme"), BOTH)
def test_every_screen_is_sound(
    everybody: Server,
    context: Callable[..., BrowserContext],
    size: dict[str, int],
    theme: str,
) -> None:
    """No console error, no request to another host, no accessibility violation, no scroll sideways."""
    browser = context(size, theme)
    page = browser.new_page()
    watch = Watch(page, everybody.url)
    show(page, everybody, "")
    wrong = [f"first visit: {v}" for v in faults(page)]
    be(browser, everybody, "Amara").close()
    show(page, everybody, "guide")
    tops = {}
    come = show if size is PHONE else turn_to
    for screen in SCREENS:
        come(page, everybody, screen)
        tops[screen or "start"] = page.evaluate(TITLE_TOP)
        wrong += [f"{screen or 'start'}: {v}" for v in faults(page)]
    assert not wrong, "\n".join(wrong)
    assert max(tops.values()) - min(tops.values()) <= 2, f"the title jumps: {tops}"
    assert not watch.foreign
    assert not watch.errors


@pytest.mark.slow
def test_every_screen_fits_a_narrow_window(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    browser = context(WIDE)
    page = browser.new_page()
    show(page, everybody, "")
    wrong = [f"first visit: {v}" for v in faults(page, *NARROW)]
    be(browser, everybody, "Amara").close()
    for screen in SCREENS:
        show(page, everybody, screen)
        wrong += [f"{screen or 'start'}: {v}" for v in faults(page, *NARROW)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "size", "theme", "screens"),
    [
        pytest.param("Noor", PHONE, "dark", OF_ROLE["Noor"], marks=pytest.mark.slow),
        ("Wanda", WIDE, "dark", OF_ROLE["Wanda"]),
        pytest.param("Ada", PHONE, "light", OF_ROLE["Ada"], marks=pytest.mark.slow),
        pytest.param("Ann", PHONE, "dark", SCREENS[:7], marks=pytest.mark.slow),
        pytest.param(LONG_NAME, WIDE, "dark", SCREENS, marks=pytest.mark.slow),
    ],
    ids=["coach", "lead", "administrator", "first day", "long texts"],
)
def test_so_is_every_screen_of_every_role(
    everybody: Server,
    context: Callable[..., BrowserContext],
    name: str,
    size: dict[str, int],
    theme: str,
    screens: list[str],
) -> None:
    more = NARROW if name == LONG_NAME else ()
    come = show if more else turn_to
    page = be(context(size, theme), everybody, name)
    watch = Watch(page, everybody.url)
    wrong = []
    for screen in screens:
        come(page, everybody, screen)
        wrong += [f"{screen or 'start'}: {v}" for v in faults(page, *more)]
        assert page.get_by_test_id("stMain").inner_text().count("\n") >= 2, f"{screen} is empty"
    assert not wrong, "\n".join(wrong)
    assert not watch.errors


@pytest.mark.slow
def test_so_is_what_a_coach_shares(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    """From Start into a session, and with its coachee to the other screens; then a shared screen."""
    page = be(context(WIDE, "light"), everybody, "Noor")
    show(page, everybody, "")
    page.get_by_role("button", name="Session with Amara").click()
    page.get_by_role("heading", name="Session with Amara").wait_for()
    wrong = []
    for screen in ("Session", "Today", "Compass", "Does it matter?", "Sprints", "Outcome"):
        page.get_by_role("link", name=screen, exact=True).first.click()
        page.wait_for_url(f"**/{ADDRESS[screen]}")
        settle(page)
        wrong += [f"{screen}: {v}" for v in faults(page)]
    page.get_by_role("link", name="Compass", exact=True).first.click()
    page.get_by_role("heading", name="Compass of Amara").wait_for()
    page.get_by_role("button", name="Share screen").click()
    page.get_by_role("button", name="Show values").click()
    page.locator(".row-chart img").nth(4).wait_for()
    settle(page)
    wrong += [f"shared: {v}" for v in faults(page)]
    assert not wrong, "\n".join(wrong)
    said = page.locator("body").inner_text()
    assert "Emil" not in said, "another coachee of Noor's"


ADDRESS = {
    "Session": "session",
    "Today": "today",
    "Compass": "compass",
    "Does it matter?": "matter",
    "Sprints": "sprints",
    "Outcome": "outcome",
}


def cut(page: Page) -> list[str]:
    """Words on the screen that end before they end, other than in a list or field that scrolls."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')].filter(e => {
            if (!e.innerText || e.closest('input, textarea, [role=combobox], canvas')) return false;
            if ([...e.children].some(c => c.innerText)) return false;
            if (e.closest('[data-baseweb=select], [data-testid=stDataFrame]')) return false;
            const s = getComputedStyle(e);
            return s.overflowX !== 'visible' && s.clipPath === 'none' && e.scrollWidth > e.clientWidth + 1
        }).map(e => e.innerText.slice(0, 60))"""
    )
    return found


@pytest.mark.slow
def test_less_motion_where_the_system_asks_for_it(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    slowest = {}
    for motion in ("no-preference", "reduce"):
        page = be(context(WIDE, reduced_motion=motion), everybody, "Amara")
        show(page, everybody, "session")
        slowest[motion] = page.evaluate(
            """Math.max(...[...document.querySelectorAll('*')].flatMap(e => {
                const s = getComputedStyle(e);
                return `${s.transitionDuration}, ${s.animationDuration}`.split(', ').map(parseFloat)
            }))"""
        )
    assert slowest["no-preference"] > 0.1, "there is motion to be spared"
    assert slowest["reduce"] <= 0.001


def rows(page: Page) -> list[dict[str, float]]:
    return [
        box
        for chart in page.locator(".row-chart").all()
        if (box := chart.bounding_box()) is not None
    ]


@pytest.mark.slow
def test_dates_below_a_narrow_chart_stand_apart(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    for width, least in ((1440, 6), (300, 3)):
        page = compass_of(context({"width": width, "height": 844}), everybody, "Amara")
        dates = [d.bounding_box() for d in page.locator(".row-date:visible").all()]
        places = [(box["x"], box["x"] + box["width"]) for box in dates if box]
        assert len(places) >= least
        gaps = [left - right for (_, right), (left, _) in zip(places, places[1:], strict=False)]
        assert min(gaps) > 4, width


@pytest.mark.slow
@pytest.mark.parametrize(("width", "place"), [(1440, 0), (1440, 41), (800, 5), (390, 20)])
def test_a_day_that_is_pointed_at_is_told_within_the_screen(
    everybody: Server, context: Callable[..., BrowserContext], width: int, place: int
) -> None:
    """All rows of the day, beside it or at the foot: nothing else moves, nothing is cut."""
    page = compass_of(context({"width": width, "height": 844}), everybody, "Amara")
    day = page.locator(".row-days i").nth(place)
    before = rows(page)
    day.scroll_into_view_if_needed()
    box = day.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, 400)
    told = day.evaluate(
        """e => {
            const s = getComputedStyle(e, '::after'), b = e.getBoundingClientRect();
            return [s.content, s.position, parseFloat(s.width), b.left, b.right];
        }"""
    )
    content, position, size, left, right = told
    assert "Replies that restate the request first" in content
    assert "Requests solved with the first reply" in content
    if position == "fixed":
        assert size <= width - 16
    else:
        assert left >= size if place >= 21 else right + size <= width
    assert wide(page) <= width
    assert [b["width"] for b in rows(page)] == [b["width"] for b in before]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_compass_is_read_at_a_glance(
    everybody: Server, context: Callable[..., BrowserContext], theme: str
) -> None:
    page = compass_of(context(WIDE, theme), everybody, "Amara")
    boxes = rows(page)
    assert len(boxes) >= 5
    lowest = max(box["y"] + box["height"] for box in boxes)
    assert lowest <= 900, f"the last row ends at {lowest} px"


def test_the_compass_on_a_phone_takes_less_than_two_screens(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    page = compass_of(context(PHONE), everybody, "Amara")
    boxes = rows(page)
    fifth = sorted(box["y"] + box["height"] for box in boxes)[4]
    assert fifth < 2 * 844, f"the fifth row ends at {fifth} px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_the_theme_of_the_system_is_used(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    seen = set()
    for theme in ("light", "dark"):
        page = context(WIDE, theme).new_page()
        page.goto(everybody.url)
        settle(page)
        seen.add(
            page.evaluate(
                "getComputedStyle(document.querySelector('[data-testid=\"stApp\"]'))"
                ".backgroundColor"
            )
        )
    assert seen == {"rgb(255, 255, 255)", "rgb(20, 25, 31)"}
