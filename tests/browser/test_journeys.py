"""What a person does from the first click on, in a real browser, with the clock running."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach_data.behaviours import add_leading
from coach_data.devices import people_on_this_device
from coach_data.entries import day_of
from coach_data.model import Aim, Measure
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import join
from coach_data.places import Places
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from tests.browser.conftest import enter_sample, set_up, settle
from tests.browser.server import ForkedServer, Server

pytestmark = pytest.mark.browser
FIVE = ["Calls", "Walks", "Reviews", "Pages", "Breaks"]


def stored(folder: Path) -> Store:
    return open_store(Places(folder / "c.duckdb", folder / "key"))


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """A store with Ann, who has five behaviours and has logged nothing yet."""
    now = datetime.now(UTC)
    store = stored(tmp_path)
    ann = join(store, "Ann", now)
    visit = Visit.open(store, ann.person_id, now)
    outcome = keep_outcome(visit, replace(new_outcome(visit), goal="Calmer weeks"))
    for name in FIVE:
        made = replace(
            new_indicator(visit, name), measure=Measure.COUNT, outcome_id=outcome.outcome_id
        )
        aim = Aim(
            person_id=ann.person_id,
            indicator_id=made.indicator_id,
            since=visit.today - timedelta(days=1),
            amount=1,
        )
        add_leading(visit, made, aim)
    store.close()
    return tmp_path


def carry_on(page: Page, url: str, name: str = "Ann") -> None:
    page.goto(url)
    page.get_by_role("button", name=name).click()
    page.get_by_role("heading", name="Today").wait_for()
    settle(page)


@pytest.mark.slow
def test_from_the_welcome_to_a_first_day_in_three_minutes(
    server: Server, context: Callable[..., BrowserContext], capsys: pytest.CaptureFixture[str]
) -> None:
    page = context().new_page()
    start = time.perf_counter()
    set_up(page, server.url)
    settle(page)
    page.get_by_role("link", name="Log today").click()
    page.get_by_role("heading", name="Today").wait_for()
    settle(page)
    for box in page.get_by_role("spinbutton").all():
        box.fill("2")
    for group in page.get_by_test_id("stButtonGroup").all()[1:]:
        group.get_by_role("radio").or_(group.get_by_role("button")).first.click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. Values kept:").wait_for()
    seconds = time.perf_counter() - start
    with capsys.disabled():
        print(f"\nwelcome to a first day logged: {seconds:.1f} s")
    assert seconds < 180


def test_five_values_by_keyboard_alone(
    five: Path, context: Callable[..., BrowserContext], capsys: pytest.CaptureFixture[str]
) -> None:
    server = ForkedServer(five)
    try:
        page = context().new_page()
        carry_on(page, server.url)
        page.get_by_role("spinbutton").first.focus()
        start = time.perf_counter()
        for number in range(1, 6):
            page.keyboard.type(str(number))
            if number < 5:
                page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Saved. Values kept: 5.").wait_for()
        seconds = time.perf_counter() - start
    finally:
        server.stop()
    with capsys.disabled():
        print(f"\nfive values by keyboard: {seconds:.2f} s")
    assert seconds <= 5
    assert saved(five) == dict(zip(FIVE, [1, 2, 3, 4, 5], strict=True))


def saved(folder: Path) -> dict[str, float | None]:
    store = stored(folder)
    try:
        person_id = people_on_this_device(store)[0][0]
        visit = Visit.open(store, person_id, datetime.now(UTC))
        rows = day_of(visit, visit.today, plan_of(visit).asked(visit.today))
        return {r.indicator.name: r.known.value if r.known else None for r in rows}
    finally:
        store.close()


@pytest.mark.slow
def test_what_was_saved_survives_a_power_cut(
    five: Path, context: Callable[..., BrowserContext]
) -> None:
    server = ForkedServer(five)
    try:
        page = context().new_page()
        carry_on(page, server.url)
        for place, box in enumerate(page.get_by_role("spinbutton").all()):
            box.fill(str(place + 3))
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved. Values kept: 5.").wait_for()
        server.kill()
        assert saved(five) == dict(zip(FIVE, [3, 4, 5, 6, 7], strict=True))
        server.start()
        page.reload()
        page.get_by_role("spinbutton").first.wait_for()
        settle(page)
        assert [b.input_value() for b in page.get_by_role("spinbutton").all()] == list("34567")
    finally:
        server.stop()


@pytest.mark.slow
def test_the_sample_in_one_click(server: Server, context: Callable[..., BrowserContext]) -> None:
    page = context().new_page()
    page.goto(server.url)
    page.get_by_role("button", name="As a coachee").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Next: Compass").click()
    expect(page.get_by_role("heading", name="Compass")).to_be_visible()
    page.locator(".row-chart img").nth(3).wait_for()
    settle(page)
    assert page.locator(".row-chart img").count() >= 4


@pytest.mark.slow
@pytest.mark.abuse(41)
def test_an_old_tab_is_denied_once_somebody_else_is_here(
    everybody: Server, context: Callable[..., BrowserContext]
) -> None:
    browser = context()
    old = browser.new_page()
    enter_sample(old, everybody.url, "coachee")
    assert old.locator(".row-chart img").count() >= 4
    new = browser.new_page()
    new.goto(everybody.url)
    new.get_by_role("button", name="Somebody else is here").click()
    new.get_by_label("Your name").wait_for()
    old.get_by_role("button", name="Share screen").click()
    old.get_by_label("Your name").wait_for()
    settle(old)
    assert old.locator(".row-chart img").count() == 0
