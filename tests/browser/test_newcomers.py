"""Three people who have never been here do what they came for, from the welcome screen on.

Clicks are counted by the browser itself: every one that a hand or a finger would make.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach_data.behaviours import add_leading
from coach_data.devices import people_on_this_device
from coach_data.entries import day_of
from coach_data.library import session_parts, words
from coach_data.model import Aim, Measure
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import join
from coach_data.places import Places
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from sample_data.load import load
from sample_data.participants import fill_programme
from tests.browser.conftest import PHONE, WIDE, settle
from tests.browser.server import Server

pytestmark = pytest.mark.browser
THEN = datetime(2026, 5, 31, 12, tzinfo=UTC)
DAY = {
    "Calls": (Measure.COUNT, "", 3.0),
    "Focus": (Measure.MINUTES, "min", 50.0),
    "Sleep": (Measure.NUMBER, "h", 7.5),
    "Energy": (Measure.RATING, "", 4.0),
    "Walk": (Measure.YES_NO, "", 1.0),
}
"""Five behaviours, one of each kind, and what is logged of them."""


class Hand:
    """Counts the clicks on a page, and the seconds from the first screen on."""

    def __init__(self, page: Page, url: str) -> None:
        self.clicks = 0
        page.expose_function("counted", self._count)
        page.add_init_script("addEventListener('click', e => e.isTrusted && counted(), true)")
        page.goto(url)
        settle(page)
        self.begun = time.perf_counter()

    def _count(self) -> None:
        self.clicks += 1

    def done(self, page: Page) -> float:
        """The seconds until now; every click has been counted by then."""
        seconds = time.perf_counter() - self.begun
        page.evaluate("0")
        return seconds


def stored(folder: Path) -> Store:
    return open_store(Places(folder / "c.duckdb", folder / "key"))


@contextmanager
def served(folder: Path, **more: str) -> Iterator[Server]:
    server = Server(folder, **more)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def sample_copy(sample_folder: Path, tmp_path: Path) -> Path:
    """The sample programme in a store of the test's own."""
    shutil.copytree(sample_folder, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """A store with Ann and her five behaviours; nothing is logged yet."""
    now = datetime.now(UTC)
    store = stored(tmp_path)
    visit = Visit.open(store, join(store, "Ann", now).person_id, now)
    outcome = keep_outcome(visit, replace(new_outcome(visit), goal="Calmer weeks"))
    for name, (measure, unit, _) in DAY.items():
        made = replace(
            new_indicator(visit, name), measure=measure, unit=unit, outcome_id=outcome.outcome_id
        )
        since = visit.today - timedelta(days=1)
        aim = Aim(person_id=visit.viewer_id, indicator_id=made.indicator_id, since=since, amount=1)
        add_leading(visit, made, aim)
    store.close()
    return tmp_path


def logged(folder: Path) -> dict[str, float | None]:
    store = stored(folder)
    try:
        visit = Visit.open(store, people_on_this_device(store)[0][0], datetime.now(UTC))
        rows = day_of(visit, visit.today, plan_of(visit).asked(visit.today))
        return {r.indicator.name: r.known.value if r.known else None for r in rows}
    finally:
        store.close()


def test_a_coachee_on_a_phone_logs_five_values_within_15_seconds(
    five: Path, context: Callable[..., BrowserContext], capsys: pytest.CaptureFixture[str]
) -> None:
    with served(five) as server:
        page = context(PHONE).new_page()
        hand = Hand(page, server.url)
        page.get_by_role("button", name="Ann").click()
        page.get_by_role("heading", name="Today").wait_for()
        for name, typed in (("Calls", "3"), ("Focus", "50"), ("Sleep", "7.5")):
            page.get_by_role("spinbutton", name=name).click()
            page.keyboard.type(typed)
        for name, answer in (("Energy", "4"), ("Walk", "Yes")):
            group = page.get_by_test_id("stButtonGroup").filter(has_text=name)
            group.get_by_text(answer, exact=True).click()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved. Values kept: 5.").wait_for()
        seconds = hand.done(page)
    with capsys.disabled():
        print(f"\ncoachee, phone: five values in {hand.clicks} clicks, {seconds:.1f} s")
    assert logged(five) == {name: value for name, (_, _, value) in DAY.items()}
    assert hand.clicks == 7, "the name, five answers, Save"
    assert seconds <= 15


def test_a_coach_who_shares_the_screen_opens_a_prepared_session_in_three_clicks(
    sample_copy: Path, context: Callable[..., BrowserContext], capsys: pytest.CaptureFixture[str]
) -> None:
    with served(sample_copy) as server:
        page = context(WIDE).new_page()
        hand = Hand(page, server.url)
        page.get_by_role("button", name="As a coach", exact=True).click()
        page.get_by_role("button", name="Share screen with Amara").click()
        page.get_by_role("button", name="Begin a session").click()
        page.locator(".session-time").wait_for()
        seconds = hand.done(page)
        settle(page)
        expect(page.get_by_role("heading", name="Session with Amara")).to_be_visible()
        expect(page.get_by_role("button", name="End sharing")).to_be_visible()
        said = page.get_by_test_id("stMain").inner_text()
        names = [n for _, n, _ in people(sample_copy, server) if n not in ("Amara", "Noor")]
    with capsys.disabled():
        print(f"\ncoach, shared screen: a session in {hand.clicks} clicks, {seconds:.1f} s")
    assert hand.clicks <= 3
    assert session_parts()[0].questions[0] in said, "its questions lie ready"
    assert words("session.hidden") in said, "no value before the coachee says go"
    assert not [name for name in names if name in said]


def people(folder: Path, server: Server) -> list[tuple[int, str, str]]:
    """Who is in the store, once the server has let go of it."""
    server.stop()
    store = stored(folder)
    try:
        return people_on_this_device(store)
    finally:
        store.close()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The sample with what leads read, as of one day: which blocks have closed hangs on the day."""
    store = stored(tmp_path)
    load(store, THEN)
    fill_programme(store, THEN)
    store.close()
    return tmp_path


def test_a_lead_reads_which_indicator_drifted_in_two_clicks(
    published: Path, context: Callable[..., BrowserContext], capsys: pytest.CaptureFixture[str]
) -> None:
    with served(published, COACH_NOW=THEN.isoformat()) as server:
        page = context(WIDE).new_page()
        hand = Hand(page, server.url)
        page.get_by_role("button", name="As a lead", exact=True).click()
        page.get_by_role("link", name="Read the programme").click()
        page.locator("table.programme").wait_for()
        seconds = hand.done(page)
        settle(page)
        read = {
            row.locator("th").evaluate("e => e.firstChild.textContent"): row.locator(
                "th span"
            ).inner_text()
            for row in page.locator("table.programme tbody tr").all()
            if "apart" in (row.locator("td.word").last.get_attribute("class") or "")
        }
    with capsys.disabled():
        print(f"\nlead: {list(read)} read in {hand.clicks} clicks, {seconds:.1f} s")
    assert hand.clicks <= 2
    drifted = "Working time before the first look at messages"  # sample_data/participants.py
    assert read == {drifted: words("programme.now.apart")}
