"""Sessions: who may hold one, the clock, notes that lose nothing, notebooks, commitments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.model import CoachNote, NotAllowed, OwnNote, Person, Role, Standing
from coach_data.people import pair
from coach_data.privacy import Visit
from coach_data.sessions import (
    CommitmentChanged,
    DateHasPassed,
    NoPromise,
    NoSession,
    begin,
    carried,
    clock_of,
    clock_words,
    commitment_in,
    commitments_of,
    elapsed,
    end,
    joined,
    keep_commitment,
    keep_note,
    keep_notebook,
    move,
    notebook_of,
    notes_of,
    open_of,
    partners_of,
    run,
    sessions_of,
    settle,
    usual_next_day,
)
from coach_data.store import Store
from coach_data.text import BadText


@dataclass
class Pair:
    """Ann and her coach Cleo, each with a tab."""

    store: Store
    now: datetime
    ann: Person
    cleo: Person

    def coachee(self, after: float = 0) -> Visit:
        """Ann's tab, ``after`` seconds later."""
        return Visit.open(self.store, self.ann.person_id, self.now + timedelta(seconds=after))

    def coach(self, after: float = 0) -> Visit:
        then = self.now + timedelta(seconds=after)
        return Visit.open(self.store, self.cleo.person_id, then, self.ann.person_id)


@pytest.fixture
def two(store: Store, person: Callable[..., Person], now: datetime) -> Pair:
    made = Pair(store, now, person("Ann"), person("Cleo", roles=(Role.COACH,)))
    pair(made.coachee(), made.cleo.person_id)
    return made


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


def test_two_tabs_with_the_same_note_keep_both(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    assert keep_note(two.coach(1), session, 2, "Calls were easy", "") == "Calls were easy"
    # Ann's tab saw the empty note, and began to write meanwhile
    both = keep_note(two.coachee(2), session, 2, "Mondays are hard", "")
    assert both == "Calls were easy\n\nMondays are hard"
    # each goes on in a tab that still shows only the own text
    keep_note(two.coach(3), session, 2, "Calls were easy, really", "Calls were easy")
    keep_note(two.coachee(4), session, 2, "Mondays are hard: why?", "Mondays are hard")
    expected = "Calls were easy, really\n\nMondays are hard: why?"
    assert notes_of(two.coachee(), session) == {2: expected}
    assert keep_note(two.coach(5), session, 2, "", expected) == ""  # who has seen all may clear it


def test_a_tab_that_comes_back_after_a_restart_brings_no_old_text(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    keep_note(two.coach(1), session, 2, "easy", "")
    keep_note(two.coachee(2), session, 2, "hard", "")  # both are kept, and hers as she typed it
    both = "easy\n\nhard"
    keep_note(two.coach(3), session, 2, both + ", then a plan", both)
    # the server starts anew: nobody knows what the tabs had seen
    whole = both + ", then a plan"
    assert keep_note(two.coachee(4), session, 2, "hard", None) == whole
    assert keep_note(two.coach(5), session, 2, "easy", None) == whole
    assert keep_note(two.coach(6), session, 2, whole + ", not sent yet", None) == (
        whole + ", not sent yet"
    )
    assert keep_note(two.coachee(7), session, 2, "hard, really", None) == (
        "easy\n\nhard, really, then a plan, not sent yet"
    )
    keep_notebook(two.coach(8), session, "mine", "")
    assert keep_notebook(two.coach(9), session, "mine too", None) == "mine too"


LINES = st.lists(st.sampled_from(["a", "bc", "d e", "ff"]), max_size=4).map("\n".join)


@given(LINES, LINES, LINES)
def test_what_either_has_added_is_in_the_joined_text(seen: str, mine: str, theirs: str) -> None:
    text = joined(seen, mine, theirs)
    if theirs.startswith(seen) and mine.startswith(seen):  # both have only added
        assert mine.removeprefix(seen).strip() in text
        assert theirs.removeprefix(seen).strip() in text
    if not seen:
        assert mine in text
        assert theirs in text


def test_a_note_may_be_long_but_not_endless(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    long = "a line of a conversation\n" * 300
    assert keep_note(two.coach(), session, 1, long, "") == long.strip()
    with pytest.raises(BadText, match="session note holds 20,000"):
        keep_note(two.coach(), session, 1, "x" * 20_001, long)
    assert notes_of(two.coach(), session) == {1: long.strip()}


def test_each_reads_only_the_own_notebook(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    keep_notebook(two.coach(), session, "ask about the boss", "")
    keep_notebook(two.coachee(), session, "I did not say all", "")
    assert notebook_of(two.coach(), session) == "ask about the boss"
    assert notebook_of(two.coachee(), session) == "I did not say all"
    assert not two.coachee().records(CoachNote)
    assert not two.coach().records(OwnNote)
    for visit, tables in (
        (two.coachee(), ("coach_note", "coach_note_history")),
        (two.coach(), ("own_note", "own_note_history")),
    ):
        for table in tables:
            assert visit.read(f"SELECT * FROM {table}") == []
    with pytest.raises(NotAllowed):
        two.coach().save(OwnNote(person_id=session.person_id, session_id=session.session_id,
                                 text="in her name"))  # fmt: skip


def test_a_commitment_is_one_and_keeps_its_earlier_wording(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    with pytest.raises(NoPromise):
        keep_commitment(two.coach(), session, "  ")
    first = keep_commitment(two.coach(), session, "Two calls before ten", support="a nudge")
    assert commitment_in(two.coachee(), session) == first
    with pytest.raises(CommitmentChanged, match="Two calls before ten"):
        keep_commitment(two.coachee(1), session, "One call", seen=None)
    second = keep_commitment(two.coachee(2), session, "One call", seen=first)
    assert commitments_of(two.coach()) == [second]
    assert second.commitment_id == first.commitment_id


def test_what_is_looked_back_at(two: Pair) -> None:
    promised = []
    for k, text in enumerate(("first", "second", "third")):
        visit = two.coach(86400 * 14 * k)
        session = begin(visit, two.cleo.person_id)
        promised.append(keep_commitment(visit, session, text))
        end(visit, session, None)
    visit = two.coach(86400 * 42)
    now = begin(visit, two.cleo.person_id)
    keep_commitment(visit, now, "today's")
    assert [c.text for c in carried(visit, now)] == ["third", "second", "first"]
    settle(visit, promised[0], Standing.KEPT)
    settle(visit, promised[2], Standing.LET_GO)
    assert [(c.text, c.standing) for c in carried(visit, now)] == [
        ("third", Standing.LET_GO),  # of the last session: seen again, whatever became of it
        ("second", Standing.OPEN),
    ]


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
