"""Set and forget: what has gone quiet, against which cadence, and what is never said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from coach_data.cadence import Quiet, Reminder, Shorter, quiet_of
from coach_data.commitments import commitments_of, keep_commitment, settle
from coach_data.model import Annotation, Entry, Event, Kind, Person, Purpose, Role, Standing, new_id
from coach_data.people import consent, pair
from coach_data.plan import new_indicator
from coach_data.privacy import Visit
from coach_data.sessions import begin, end
from coach_data.store import Store

BEGAN = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""A Monday, after the day on which the people of the fixtures join."""


@dataclass
class Life:
    """Ann and her coach over the days since they began."""

    store: Store
    ann: Person
    cleo: Person

    def on(self, day: int, *, coach: bool = False) -> Visit:
        """The visit of the coachee, or the coach, that many days after the beginning."""
        viewer = self.cleo if coach else self.ann
        then = BEGAN + timedelta(days=day)
        return Visit.open(self.store, viewer.person_id, then, self.ann.person_id)

    def meet(self, day: int, promise: str = "") -> None:
        session = begin(self.on(day), self.cleo.person_id)
        if promise:
            keep_commitment(self.on(day), session, promise)
        end(self.on(day), session, None)

    def log(self, *days: int) -> None:
        visit = self.on(max(days))
        made = new_indicator(visit, "Calls", Kind.LEADING)
        me = self.ann.person_id
        first = visit.today - timedelta(days=max(days))
        entries = [
            Entry(person_id=me, indicator_id=made.indicator_id, day=first + timedelta(days=d),
                  value=1.0)
            for d in days
        ]  # fmt: skip
        visit.save(made, *entries)

    def quiet(self, day: int, *, coach: bool = False) -> Quiet | None:
        said = quiet_of(self.on(day, coach=coach))
        return said.quiet if said else None

    def leave(self, first: int, last: int) -> None:
        start: date = BEGAN.date()
        self.on(first).save(
            Annotation(
                person_id=self.ann.person_id,
                annotation_id=new_id(),
                first_day=start + timedelta(days=first),
                last_day=start + timedelta(days=last),
                event=Event.LEAVE,
                text="away",
            )
        )


@pytest.fixture
def life(store: Store, person: Callable[..., Person]) -> Life:
    made = Life(store, person("Ann"), person("Cleo", roles=(Role.COACH,)))
    pair(made.on(0), made.cleo.person_id, cadence_days=14)
    return made


def test_no_session_for_more_than_one_and_a_half_cadences(life: Life) -> None:
    assert life.quiet(21) is None
    said = quiet_of(life.on(22))
    assert said == Reminder(
        Quiet.SESSIONS, life.cleo.person_id, BEGAN.date(), 22, 14, Shorter.HUDDLE, never=True
    )
    assert quiet_of(life.on(22, coach=True)) == said
    life.meet(22)
    assert life.quiet(43) is None
    later = quiet_of(life.on(44))
    assert later is not None
    assert (later.quiet, later.days, later.never) == (Quiet.SESSIONS, 22, False)


@pytest.mark.parametrize(
    ("cadence", "shorter", "days"),
    [
        (30, Shorter.FORTNIGHT, 14),
        (14, Shorter.HUDDLE, 7),
        (7, Shorter.ONE_BEHAVIOUR, 7),
    ],
)
def test_the_loop_to_try_is_the_next_shorter_one(
    life: Life, cadence: int, shorter: Shorter, days: int
) -> None:
    pair(life.on(0), life.cleo.person_id, cadence_days=cadence)
    said = quiet_of(life.on(60))
    assert said is not None
    assert (said.shorter, said.shorter_days) == (shorter, days)


def test_no_entry_on_five_working_days(life: Life) -> None:
    life.meet(7)
    life.log(0, 4)  # the last one on a Friday
    assert life.quiet(4 + 3) is None  # Monday
    assert life.quiet(4 + 7) is None  # the next Friday, which is not over
    assert life.quiet(4 + 8) is Quiet.ENTRIES  # Saturday: Monday to Friday without one
    assert life.quiet(4 + 8, coach=True) is None  # without the consent there is nothing to say
    consent(life.on(10), Purpose.ENTRIES, given=True)
    assert life.quiet(4 + 8, coach=True) is Quiet.ENTRIES


def test_who_has_not_begun_to_log_is_not_told_so(life: Life) -> None:
    life.meet(10)
    assert life.quiet(20) is None


def test_a_commitment_open_for_more_than_two_cadences(life: Life) -> None:
    life.meet(1, "two calls")
    for day in (14, 28):
        life.meet(day)
    assert life.quiet(29) is None
    assert life.quiet(30) is Quiet.COMMITMENTS
    settle(life.on(30), commitments_of(life.on(30))[0], Standing.LET_GO)
    assert life.quiet(30) is None


def test_the_days_of_a_leave_are_not_counted(life: Life) -> None:
    life.leave(5, 24)
    life.log(0, 4)
    assert life.quiet(30) is None
    assert life.quiet(22 + 20) is not None


def test_without_an_active_pairing_there_is_no_cadence(life: Life) -> None:
    pair(life.on(1), life.cleo.person_id, active=False)
    assert quiet_of(life.on(300)) is None


def test_a_pairing_that_began_again_counts_from_then(life: Life) -> None:
    pair(life.on(1), life.cleo.person_id, active=False)
    pair(life.on(100), life.cleo.person_id)
    assert life.quiet(110) is None


def test_it_takes_two_queries(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.meet(3, "two calls")
    visit, asked = life.on(40), []
    real = Visit.read
    monkeypatch.setattr(Visit, "read", lambda *a: asked.append(a) or real(*a))
    assert quiet_of(visit) is not None
    assert len(asked) == 2
