"""The clock: it runs, pauses, goes on, and each part keeps its own time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coach_data.session_clock import NoSession, clock_of, clock_words, elapsed, move, run
from coach_data.sessions import DateHasPassed, begin, end, sessions_of
from tests.sessions.conftest import Pair


def test_the_clock_runs_pauses_and_goes_on(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)

    def shown(after: float) -> float:
        return elapsed(clock_of(two.coachee(), session), two.now + timedelta(seconds=after))

    assert shown(75) == pytest.approx(75)
    run(two.coach(80), session, running=False)
    run(two.coachee(90), session, running=False)  # both press it: the first one counts
    assert shown(1000) == pytest.approx(80)
    run(two.coachee(100), session, running=True)
    assert shown(130) == pytest.approx(110)


def test_each_part_keeps_the_time_spent_in_it(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    move(two.coach(60), session, 2)
    move(two.coachee(65), session, 2)  # already there
    move(two.coach(100), session, 1)
    clock = clock_of(two.coach(), session)
    assert (clock.part, elapsed(clock, two.now + timedelta(seconds=110))) == (1, pytest.approx(70))
    move(two.coach(120), session, 2)
    assert elapsed(clock_of(two.coach(), session), two.now + timedelta(seconds=125)) == (
        pytest.approx(45)
    )
    with pytest.raises(NoSession):
        move(two.coach(130), session, 5)


def test_a_paused_clock_stays_paused_in_the_next_part(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    run(two.coach(30), session, running=False)
    move(two.coach(40), session, 2)
    assert elapsed(clock_of(two.coach(), session), two.now + timedelta(seconds=900)) == 0
    move(two.coach(50), session, 1)
    assert elapsed(clock_of(two.coach(), session), two.now + timedelta(seconds=900)) == (
        pytest.approx(30)
    )


def test_the_end_stops_the_clock_and_refuses_a_day_that_has_passed(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    with pytest.raises(DateHasPassed):
        end(two.coach(), session, two.coach().today - timedelta(days=1))
    ended = end(two.coach(600), session, two.coach().today + timedelta(days=14))
    assert sessions_of(two.coachee()) == [ended]
    assert elapsed(clock_of(two.coach(), session), two.now + timedelta(hours=9)) == 600


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "00:00"), (59.99, "00:59"), (187, "03:07"), (3787, "1:03:07")]
)
def test_clock_words(seconds: float, shown: str) -> None:
    assert clock_words(seconds) == shown
