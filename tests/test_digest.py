"""The line a day: who gets one, what it says and does not say, and that it comes once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from coach_data.annotations import mark, new_annotation, unmark
from coach_data.behaviours import add_leading
from coach_data.digest import (
    as_text,
    line_of,
    lines_of,
    proof,
    proves,
    wish,
    wish_of,
)
from coach_data.entries import Logged, day_of, log_day
from coach_data.model import Event, Measure, NotAllowed, Person, Role
from coach_data.people import pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from coach_data.sessions import begin, end
from coach_data.sprints import new_rating, new_sprint, start
from coach_data.store import Store

Look = Callable[..., Visit]
DAY = timedelta(days=1)


@pytest.fixture
def look(store: Store, person: Callable[..., Person], now: datetime) -> Look:
    """``look(days)``: Ann's visit so many days on; three behaviours, and the line is wished."""
    ann = person("Ann")

    def visit(days: float = 0) -> Visit:
        return Visit.open(store, ann.person_id, now + days * DAY)

    for name in ("Calls", "Walk", "Read"):
        add_leading(visit(), replace(new_indicator(visit(), name), measure=Measure.COUNT), None)
    wish(visit(), wanted=True)
    return visit


def log(visit: Visit, *names: str, value: float = 61) -> None:
    rows = day_of(visit, visit.today, plan_of(visit).asked(visit.today))
    given = [
        Logged(r.indicator, value, seen=r.known.recorded_at if r.known else None)
        for r in rows
        if r.indicator.name in names
    ]
    log_day(visit, visit.today, given)


def test_what_is_open_without_a_name_or_a_value(look: Look) -> None:
    assert line_of(look()) == "3 of 3 behaviours not logged yet today."
    log(look(), "Calls", "Walk")
    assert line_of(look()) == "1 of 3 behaviours not logged yet today."
    log(look(), "Read")
    assert line_of(look()) == ""
    assert lines_of(look().store, look().now) == []
    assert line_of(look(1)) == "3 of 3 behaviours not logged yet today.", "another day"


def test_a_skip_is_logged_and_what_was_taken_back_is_not(look: Look) -> None:
    calls = plan_of(look()).leading[0]
    log_day(look(), look().today, [Logged(calls, skipped=True)])
    assert line_of(look()).startswith("2 of 3")
    seen = day_of(look(), look().today, [(calls, None)])[0].known
    assert seen is not None
    log_day(look(), look().today, [Logged(calls, cleared=True, seen=seen.recorded_at)])
    assert line_of(look()).startswith("3 of 3")


def test_a_sprint_and_its_retrospective(look: Look) -> None:
    made = new_rating(look(), "Ease")
    written = {"behaviour": "Walk first", "hypothesis": "calmer", "success_rule": "calmer"}
    start(look(), replace(new_sprint(look(), measure_id=made.indicator_id), **written), made)
    assert line_of(look(8)) == "3 of 3 behaviours not logged yet today; day 9 of 14 of a sprint."
    log(look(8), "Calls", "Walk", "Read")
    assert line_of(look(8)) == "", "a sprint that runs is no reason for a mail"
    log(look(14), "Calls", "Walk", "Read")
    assert line_of(look(14)) == "A retrospective is waiting."
    assert "Walk" not in line_of(look(13)) + line_of(look(15))


def test_a_session_agreed_for_today_or_tomorrow(look: Look) -> None:
    end(look(), begin(look(), look().viewer_id), date(2026, 6, 5))
    for days, said in (
        (4, "a session is agreed for tomorrow"),
        (5, "a session is agreed for today"),
    ):
        log(look(days), "Calls", "Walk", "Read")
        assert line_of(look(days)).lower() == f"{said}."
    for days in (3, 6):
        assert "session" not in line_of(look(days))


def test_nobody_who_did_not_ask(look: Look, person: Callable[..., Person]) -> None:
    bob = Visit.open(look().store, person("Bob").person_id, look().now)
    add_leading(bob, new_indicator(bob, "Runs"), None)
    assert line_of(bob)
    assert [one.name for one in lines_of(bob.store, bob.now)] == ["Ann"]
    wish(look(1), wanted=False)
    assert lines_of(bob.store, look(1).now) == []


def test_once_a_day_also_for_two_who_ask_at_the_same_moment(look: Look) -> None:
    store, now = look().store, look().now
    ready, given = threading.Barrier(4), []

    def asking() -> None:
        ready.wait()
        given.extend(lines_of(store, now))

    threads = [threading.Thread(target=asking) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 1
    assert wish_of(look()).last_day == look().today
    assert lines_of(store, now + timedelta(hours=8)) == []
    wish(look(), wanted=False)
    wish(look(), wanted=True)
    assert lines_of(store, now) == [], "nor by asking anew"
    assert len(lines_of(store, now + DAY)) == 1


def test_it_stops_by_itself_and_begins_again(look: Look) -> None:
    assert line_of(look(14)) != ""
    assert line_of(look(15)) == ""
    log(look(20), "Calls")
    assert line_of(look(21)) != ""


def test_nothing_while_on_leave(look: Look) -> None:
    today = look().today
    leave = new_annotation(look(), "by the sea", today, today + DAY, Event.LEAVE)
    mark(look(), leave)
    assert [line_of(look(k)) != "" for k in range(3)] == [False, False, True]
    unmark(look(), leave)
    assert line_of(look()) != ""


def test_the_wish_is_ones_own_affair(look: Look, person: Callable[..., Person]) -> None:
    coach = person("Cleo", roles=(Role.COACH,))
    pair(look(), coach.person_id)
    about = Visit.open(look().store, coach.person_id, look().now, look().viewer_id)
    assert about.read("FROM digest") == []
    with pytest.raises(NotAllowed):
        wish(about, wanted=False)
    assert wish_of(look()).wanted


def test_as_text_and_as_json(look: Look) -> None:
    lines = lines_of(look().store, look().now)
    assert as_text(lines) == f"Ann\t{look().viewer_id}\t3 of 3 behaviours not logged yet today."
    assert lines[0].as_json() == {
        "person_id": str(look().viewer_id),
        "name": "Ann",
        "line": "3 of 3 behaviours not logged yet today.",
    }


def test_the_proof_of_the_key(now: datetime) -> None:
    given = proof("key", now)
    assert proves("key", given, now)
    assert proves("key", given, now + timedelta(seconds=59))
    assert proves("key", given, now - timedelta(seconds=59))
    assert not proves("key", given, now + timedelta(seconds=62))
    assert not proves("other", given, now)
    at, _, signature = given.partition(".")
    for wrong in ("", ".", at, f"{at}.", f".{signature}", f"{int(at) + 1}.{signature}", "é.é"):
        assert not proves("key", wrong, now)
    assert not proves("key", f"{'9' * 5000}.{signature}", now)
    assert "key" not in given
