"""The whole rhythm on one fresh store: outcome, days, sprints, decisions, a session and the next one.

Only the clock is injected (the server is started anew on a later day), and the days between are
logged behind the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from coach_data.devices import people_on_this_device
from coach_data.entries import Logged, day_of, log_day
from coach_data.places import Places
from coach_data.plan import plan_of
from coach_data.privacy import Visit, open_store
from coach_data.sprints import asked_of, running_of
from tests.browser.conftest import set_up, settle
from tests.browser.screens import show, turn_to
from tests.browser.server import ForkedServer, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BEGIN = datetime(2026, 5, 4, 12, tzinfo=UTC)
PROMISE = "Ask one open question in every call"
TRIED = {"Adopt": "Walk at noon", "Adapt": "Write at nine", "Abandon": "Read at night"}


def lived(server: Server, first: int, last: int) -> None:
    """Log everything that Today would ask for on those days, while the server is away.

    It is started anew on the day after them, at noon.
    """
    server.stop()
    store = open_store(Places(server.folder / "c.duckdb", server.folder / "key"))
    person_id = people_on_this_device(store)[0][0]
    for number in range(first, last + 1):
        visit = Visit.open(store, person_id, BEGIN + timedelta(days=number))
        plan = plan_of(visit)
        beside = asked_of(plan.made, running_of(visit), visit.today)
        asked = day_of(visit, visit.today, [*plan.asked(visit.today), *beside])
        values = [(k + number) % 3 + (1 if number < 14 else 2) for k, _ in enumerate(asked)]
        given = [
            Logged(
                row.indicator, float(min(v, 1) if row.indicator.measure == "yes/no" else min(v, 5))
            )
            for row, v in zip(asked, values, strict=True)
        ]
        log_day(visit, visit.today, given)
    store.close()
    server.more["COACH_NOW"] = (BEGIN + timedelta(days=last + 1)).isoformat()
    server.start()


def choice(page: Page, name: str) -> Locator:
    """One of a row of buttons."""
    return page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first


def log_first_day(page: Page, server: Server) -> None:
    turn_to(page, server, "today")
    for box in page.get_by_role("spinbutton").all():
        box.fill("2")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. Values kept:").wait_for()


def start_sprint(page: Page, server: Server, behaviour: str) -> None:
    turn_to(page, server, "sprints")
    choice(page, "New sprint").click()
    settle(page)
    page.get_by_label("What you expect").fill("More energy in the afternoon")
    page.get_by_label("What you will do").fill(behaviour)
    page.get_by_label("What is rated").fill(f"Energy: {behaviour}")
    choice(page, "More").click()
    page.get_by_label("It worked if").fill("A four on most days")
    page.get_by_role("button", name="Start the sprint").click()
    page.get_by_text("is kept as it is written").wait_for()


def decide(page: Page, server: Server) -> str:
    """Look back at the sprint that stands first; the decision that it gets."""
    turn_to(page, server, "sprints")
    plan = page.locator("dt:text-is('Behaviour') + dd")
    decision = next(d for d, tried in TRIED.items() if plan.filter(has_text=tried).count())
    page.get_by_label("What was learned").fill("Mornings decide the day")
    page.get_by_label("What was learned").blur()
    settle(page)
    choice(page, decision).click()
    settle(page)
    page.get_by_role("button", name="Save the retrospective").click()
    settle(page)
    return decision


def see_through(page: Page, server: Server, decision: str) -> None:
    """What follows from a decision is there at once."""
    if decision == "Adopt":
        turn_to(page, server, "compass")
        expect(page.get_by_text(TRIED["Adopt"]).first).to_be_visible()
    elif decision == "Adapt":
        expect(page.get_by_label("What you will do")).to_have_value(TRIED["Adapt"])
        page.get_by_label("What you will do").fill("Write at half past nine")
        page.get_by_role("button", name="Start the sprint").click()
        page.get_by_text("is kept as it is written").wait_for()
    else:
        page.get_by_text("closed: abandoned").wait_for()


def hold_session(page: Page, server: Server) -> None:
    """All four parts, each with a note; at the end a commitment that an indicator follows."""
    turn_to(page, server, "session")
    page.get_by_role("button", name="Begin a session").click()
    page.locator(".session-time").wait_for()
    for part in ("Looking back", "Reading the compass"):
        choice(page, part).click()
        settle(page)
        page.get_by_label("Shared notes", exact=False).fill(f"Noted while {part.lower()}")
        page.get_by_label("Shared notes", exact=False).blur()
        settle(page)
    expect(page.locator(".row-chart img").first).to_be_visible()
    parts = page.locator('[class*="st-key-part_"]').first
    for number in (2, 3):
        parts.get_by_role("radio").or_(parts.get_by_role("button")).nth(number).click()
        settle(page)
    page.get_by_label("One commitment").fill(PROMISE)
    page.get_by_role("combobox", name="Which indicator follows it").click()
    page.get_by_role("option").nth(1).click()
    settle(page)
    page.get_by_role("button", name="End the session").click()
    page.get_by_text("The session has ended").wait_for()
    expect(page.get_by_text("Noted while looking back")).to_be_visible()


def test_the_whole_rhythm(tmp_path: Path, context: Callable[..., BrowserContext]) -> None:
    server = ForkedServer(tmp_path, COACH_NOW=BEGIN.isoformat())
    try:
        page = context().new_page()
        set_up(page, server.url)
        log_first_day(page, server)
        lived(server, 1, 13)
        show(page, server, "today")
        for behaviour in TRIED.values():
            start_sprint(page, server, behaviour)
        turn_to(page, server, "today")
        expect(page.get_by_text("Day 1 of 14").first).to_be_visible()

        lived(server, 14, 27)
        show(page, server, "today")
        made = set()
        for _ in TRIED:
            made.add(decision := decide(page, server))
            see_through(page, server, decision)
        assert made == set(TRIED)
        hold_session(page, server)

        lived(server, 28, 41)
        show(page, server, "session")
        page.get_by_role("button", name="Begin a session").click()
        expect(page.get_by_text(PROMISE).first).to_be_visible()
        did = re.compile(r"a day on average before \(\d+ days known\), .* since \(13 of 14 days\)")
        expect(page.get_by_text(did).first).to_be_visible()
    finally:
        server.stop()
