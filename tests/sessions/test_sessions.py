"""Sessions: who may hold one with whom, and which day is the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from coach_data.model import NotAllowed, Person, Role
from coach_data.people import pair
from coach_data.privacy import Visit
from coach_data.session_clock import NoSession, clock_of
from coach_data.session_notes import keep_note, notes_of
from coach_data.sessions import begin, end, open_of, partners_of, sessions_of, usual_next_day
from tests.sessions.conftest import Pair


def test_both_come_into_the_one_open_session(two: Pair) -> None:
    first = begin(two.coach(), two.cleo.person_id)
    assert begin(two.coachee(5), two.cleo.person_id) == first
    assert open_of(two.coachee(), two.cleo.person_id) == first
    end(two.coachee(6), first, None)
    assert open_of(two.coach(), two.cleo.person_id) is None
    assert begin(two.coach(7), two.cleo.person_id).session_id != first.session_id


def test_with_whom(two: Pair, person: Callable[..., Person], now: datetime) -> None:
    assert [p.name for p in partners_of(two.coachee())] == ["Cleo"]
    assert [p.coach_id for p in partners_of(two.coach())] == [two.cleo.person_id]
    bea = person("Bea")
    alone = Visit.open(two.store, bea.person_id, now)
    assert [(p.coach_id, p.name) for p in partners_of(alone)] == [(bea.person_id, "")]
    assert begin(alone, bea.person_id).coach_id == bea.person_id
    with pytest.raises(NoSession):
        begin(two.coach(), bea.person_id)


def test_a_later_coach_sees_no_earlier_session(
    two: Pair, person: Callable[..., Person], now: datetime
) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    keep_note(two.coach(), session, 1, "between us", "")
    dora = person("Dora", roles=(Role.COACH,))
    pair(two.coachee(), two.cleo.person_id, active=False)
    pair(two.coachee(), dora.person_id)
    later = Visit.open(two.store, dora.person_id, now, two.ann.person_id)
    assert sessions_of(later) == []
    assert notes_of(later, session) == {}
    with pytest.raises(NoSession):
        clock_of(later, session)
    with pytest.raises(NotAllowed):
        keep_note(later, replace(session, coach_id=dora.person_id), 1, "mine now", "")
    assert notes_of(two.coachee(), session) == {1: "between us"}


def test_the_next_day_may_be_today(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    today: date = two.coach().today
    assert end(two.coach(), session, today).next_day == today


def test_the_next_day_is_offered_as_the_cadence_has_it(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    pair(two.coachee(), two.cleo.person_id, cadence_days=10)
    for visit in (two.coach(), two.coachee()):
        assert usual_next_day(visit, session) == visit.today + timedelta(days=10)
    assert usual_next_day(two.coachee(), replace(session, coach_id=two.ann.person_id)) is None
