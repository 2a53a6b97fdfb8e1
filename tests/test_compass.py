"""The compass: what each row reads from a small series, and what is never made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from coach_data.annotations import mark
from coach_data.behaviours import add_leading
from coach_data.compass import (
    QUIET_DAYS,
    Compass,
    Reading,
    Row,
    compass_of,
    day_amount,
    guards_of,
    notes_of,
)
from coach_data.library import words
from coach_data.model import (
    Aim,
    Annotation,
    Comparison,
    Entry,
    EntryNote,
    EntryState,
    Event,
    Indicator,
    Kind,
    Measure,
    Period,
    Person,
    Purpose,
    Role,
    new_id,
)
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import consent, pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from sample_data.load import load
from tests.cluster import places_at

TODAY = date(2026, 5, 31)
LONG_AGO = TODAY - timedelta(days=500)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("compass")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@pytest.fixture
def visit(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    """Ann on a Sunday at noon."""
    return Visit.open(store, person("Ann").person_id, now)


def add(
    visit: Visit,
    name: str = "Calls",
    aim: tuple[Comparison, float] | None = (Comparison.AT_LEAST, 5),
    guard: str = "",
    **given: Any,
) -> Indicator:
    """A behaviour with a daily aim since long ago."""
    made = replace(new_indicator(visit, name), **given)
    agreed = None
    if aim:
        ids = {"person_id": made.person_id, "indicator_id": made.indicator_id}
        agreed = Aim(**ids, since=LONG_AGO, comparison=aim[0], amount=aim[1])
    add_leading(visit, made, agreed, new_indicator(visit, guard, Kind.GUARD) if guard else None)
    return made


def log(visit: Visit, indicator: Indicator, values: Sequence[float | None], ago: int = 0) -> None:
    """One value a day, the last one ``ago`` days before today; None: nothing is known."""
    last = TODAY - timedelta(days=ago)
    days = [last - timedelta(days=k) for k in range(len(values))][::-1]
    ids = {"person_id": indicator.person_id, "indicator_id": indicator.indicator_id}
    visit.save(
        *(Entry(**ids, day=d, value=v) for d, v in zip(days, values, strict=True) if v is not None)
    )


def row_of(visit: Visit) -> Row:
    """The first row."""
    return compass_of(visit).rows[0]


def wave(days: int, low: float = 3) -> list[float]:
    """Up and down by one."""
    return [low + k % 2 for k in range(days)]


UP_IN_THE_LAST_WEEK = wave(12 * 7) + [9.0] * 7
LEAST, MOST, ABOUT = Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOUT


@dataclass(frozen=True)
class Case:
    """What was logged, what was agreed, what is read."""

    values: list[float]
    aim: tuple[Comparison, float] | None
    reading: Reading
    ago: int = 0


CASES = {
    "no entry": Case([], (LEAST, 5), Reading.NOTHING),
    "one entry": Case([3], (LEAST, 5), Reading.LEARNING),
    "five entries": Case(wave(5), (LEAST, 5), Reading.LEARNING),
    "six entries": Case(wave(6), (LEAST, 5), Reading.TRIAL),
    "nineteen entries": Case(wave(19), (LEAST, 5), Reading.TRIAL),
    "twenty entries": Case(wave(20), (LEAST, 5), Reading.USUAL),
    "the last entry 13 days ago": Case(wave(40), (LEAST, 5), Reading.USUAL, QUIET_DAYS - 1),
    "the last entry 14 days ago": Case(wave(40), (LEAST, 5), Reading.MISSING, QUIET_DAYS),
    "few entries, long ago": Case(wave(3), (LEAST, 5), Reading.MISSING, 30),
    "no aim": Case(wave(40), None, Reading.NO_AIM),
    "no aim, but a change": Case(UP_IN_THE_LAST_WEEK, None, Reading.NO_AIM),
    "no aim and still learning": Case(wave(3), None, Reading.LEARNING),
    "up, at least": Case(UP_IN_THE_LAST_WEEK, (LEAST, 5), Reading.TOWARDS),
    "up, at most": Case(UP_IN_THE_LAST_WEEK, (MOST, 5), Reading.AWAY),
    "up, about more than usual": Case(UP_IN_THE_LAST_WEEK, (ABOUT, 8), Reading.TOWARDS),
    "up, about less than usual": Case(UP_IN_THE_LAST_WEEK, (ABOUT, 1), Reading.AWAY),
    "down, at least": Case([-v for v in UP_IN_THE_LAST_WEEK], (LEAST, 5), Reading.AWAY),
    "down, at most": Case([-v for v in UP_IN_THE_LAST_WEEK], (MOST, 5), Reading.TOWARDS),
    "leaning up": Case(wave(28) + wave(14, 4.5), (LEAST, 5), Reading.LEANING_TOWARDS),
    "leaning up, at most": Case(wave(28) + wave(14, 4.5), (MOST, 5), Reading.LEANING_AWAY),
    "always the same": Case([4.0] * 60, (LEAST, 5), Reading.USUAL),
    "always zero": Case([0.0] * 60, (LEAST, 5), Reading.USUAL),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_a_row_reads(visit: Visit, case: Case) -> None:
    calls = add(visit, aim=case.aim)
    log(visit, calls, case.values, case.ago)
    row = row_of(visit)
    assert row.reading is case.reading
    assert row.n_known == len(case.values)
    if row.needle:
        assert row.needle.low <= row.needle.change <= row.needle.high


def test_every_reading_is_reached_and_has_its_words() -> None:
    assert {case.reading for case in CASES.values()} == set(Reading)
    for reading in Reading:
        assert words(f"compass.state.{reading}", known=1, needed=6)
        assert words(f"compass.question.{reading}")


def test_the_result_is_read_by_what_is_better(visit: Visit) -> None:
    errors = replace(new_indicator(visit, "Errors"), rising_is_better=False)
    keep_outcome(visit, new_outcome(visit, "Fewer errors"), errors)
    log(visit, errors, UP_IN_THE_LAST_WEEK)
    result = compass_of(visit).result
    assert result is not None
    assert (result.reading, result.aim) == (Reading.AWAY, None)
    assert result.needle is not None
    assert result.needle.change < 0


# --- missing is not zero ---


def test_missing_is_never_zero(visit: Visit) -> None:
    calls = add(visit)
    log(visit, calls, [3, None, 0, None, 5])
    row = row_of(visit)
    assert row.values[-5:].tolist() == pytest.approx([3, np.nan, 0, np.nan, 5], nan_ok=True)
    assert np.isnan(row.values[:-5]).all()
    assert row.n_known == 3


def test_a_skip_and_a_cleared_entry_have_no_value(visit: Visit) -> None:
    calls = add(visit)
    log(visit, calls, wave(10))
    ids = {"person_id": calls.person_id, "indicator_id": calls.indicator_id}
    visit.save(
        Entry(**ids, day=TODAY, state=EntryState.SKIPPED, reason="ill"),
        Entry(**ids, day=TODAY - timedelta(days=1), state=EntryState.CLEARED, value=7),
    )
    row = row_of(visit)
    assert np.isnan(row.values[-2:]).all()
    assert row.skipped[-2:].tolist() == [False, True]
    assert (row.n_known, int(row.skipped.sum())) == (8, 1)


def test_missing_days_change_no_usual(visit: Visit) -> None:
    dense, sparse = add(visit, "Dense"), add(visit, "Sparse")
    log(visit, dense, wave(12))
    log(visit, sparse, [v for x in wave(12) for v in (x, None)])
    rows = compass_of(visit).rows
    assert rows[0].usual_centre[-1] == rows[1].usual_centre[-1] == 3.5


def leave(visit: Visit, first: date, last: date, event: Event = Event.LEAVE) -> None:
    """Days on the time axis."""
    me = visit.about.person_id
    mark(
        visit,
        Annotation(
            person_id=me,
            annotation_id=new_id(),
            first_day=first,
            last_day=last,
            text="x",
            event=event,
        ),
    )


def test_days_of_a_leave_are_not_known(visit: Visit) -> None:
    calls = add(visit)
    log(visit, calls, wave(30))
    leave(visit, TODAY - timedelta(days=4), TODAY - timedelta(days=2))
    row = row_of(visit)
    assert np.isnan(row.values[-5:]).tolist() == [True, True, True, False, False]
    assert row.n_known == 27


@pytest.mark.parametrize(
    ("first", "last", "known"),
    [
        (TODAY - timedelta(days=900), TODAY - timedelta(days=800), 30),  # before all entries
        (TODAY - timedelta(days=900), TODAY - timedelta(days=29), 29),  # into them
        (TODAY - timedelta(days=35), TODAY - timedelta(days=31), 30),  # just before them
        (TODAY - timedelta(days=35), TODAY - timedelta(days=29), 29),
        (TODAY, TODAY + timedelta(days=30), 29),  # out of them
        (TODAY + timedelta(days=1), TODAY + timedelta(days=30), 30),
        (TODAY - timedelta(days=900), TODAY + timedelta(days=30), 0),
    ],
)
def test_a_leave_may_reach_beyond_the_series(
    visit: Visit, first: date, last: date, known: int
) -> None:
    log(visit, add(visit), wave(30))
    leave(visit, first, last)
    assert row_of(visit).n_known == known


def test_an_event_takes_nothing_away(visit: Visit) -> None:
    log(visit, add(visit), wave(30))
    leave(visit, TODAY - timedelta(days=4), TODAY, Event.EVENT)
    assert row_of(visit).n_known == 30


# --- the aim ---


def test_the_aim_is_a_step_line(visit: Visit) -> None:
    calls = add(visit, aim=None, measure=Measure.COUNT)
    ids = {"person_id": calls.person_id, "indicator_id": calls.indicator_id}
    visit.save(
        Aim(**ids, since=TODAY - timedelta(days=20), amount=3),
        Aim(**ids, since=TODAY - timedelta(days=6), amount=35, period=Period.WEEK),
        Aim(**ids, since=TODAY + timedelta(days=1), amount=99),
    )
    row = row_of(visit)
    assert np.isnan(row.aimed[:-21]).all()
    assert row.aimed[-21:].tolist() == [3.0] * 14 + [5.0] * 7
    assert row.aim is not None
    assert row.aim.amount == 35


def test_a_weekly_aim_for_one_day() -> None:
    calls = Indicator(person_id=1, indicator_id=2, kind=Kind.LEADING, name="x")
    aim = Aim(person_id=1, indicator_id=2, since=TODAY, amount=14, period=Period.WEEK)
    assert day_amount(calls, aim) == 2
    assert day_amount(calls, replace(aim, period=Period.DAY)) == 14
    assert day_amount(replace(calls, measure=Measure.RATING), replace(aim, amount=4)) == 4


# --- the whole ---


def test_rows_stand_in_order_and_the_result_apart(visit: Visit) -> None:
    keep_outcome(visit, new_outcome(visit, "Win"), new_indicator(visit, "Sales"))
    for name in ("C", "A", "B"):
        add(visit, name, guard=f"guard of {name}")
    found = compass_of(visit)
    assert [r.indicator.name for r in found.rows] == ["C", "A", "B"]
    assert found.result is not None
    assert found.result.indicator.name == "Sales"


@pytest.mark.parametrize("weeks", [1, 6, 12])
def test_every_row_has_a_place_for_each_day(visit: Visit, weeks: int) -> None:
    log(visit, add(visit, "Short"), wave(3))
    log(visit, add(visit, "Long"), wave(200))
    add(visit, "Empty")
    found = compass_of(visit, weeks)
    assert list(found.days) == [TODAY - timedelta(days=k) for k in range(7 * weeks)][::-1]
    for row in found.rows:
        for name in ("values", "skipped", "usual_low", "usual_high", "outside", "aimed"):
            assert getattr(row, name).shape == (7 * weeks,), name


def test_an_empty_compass(visit: Visit) -> None:
    found = compass_of(visit)
    assert (found.rows, found.result, found.annotations) == ((), None, ())


def test_a_day_that_stands_out_is_marked(visit: Visit) -> None:
    log(visit, add(visit), [*wave(40), 30, 3])
    outside = row_of(visit).outside
    assert outside[-2] == 1
    assert not outside[:-2].any()


def test_only_annotations_that_reach_into_the_days_shown(visit: Visit) -> None:
    leave(visit, TODAY - timedelta(days=60), TODAY - timedelta(days=42), Event.EVENT)
    leave(visit, TODAY - timedelta(days=60), TODAY - timedelta(days=41), Event.EVENT)
    assert [a.last_day for a in compass_of(visit).annotations] == [TODAY - timedelta(days=41)]


def test_a_usual_that_is_counted_anew_forgets_what_was_before(visit: Visit) -> None:
    calls = add(visit)
    log(visit, calls, [*([100.0] * 40), *wave(10)])
    visit.save(replace(plan_of(visit).leading[0], usual_since=TODAY - timedelta(days=9)))
    row = row_of(visit)
    assert (row.n_known, row.reading, row.usual_centre[-1]) == (10, Reading.TRIAL, 3.5)
    assert row.values[-11] == 100


# --- the viewer ---


def test_a_coach_reads_what_the_consents_allow(
    store: Store, visit: Visit, person: Callable[..., Person]
) -> None:
    calls, coach = add(visit), person("Cleo", roles=(Role.COACH,))
    pair(visit, coach.person_id)
    log(visit, calls, wave(30))
    ids = {"person_id": calls.person_id, "indicator_id": calls.indicator_id}
    visit.save(EntryNote(**ids, day=TODAY, note="mine"))

    def seen() -> tuple[Compass, int]:
        about = Visit.open(store, coach.person_id, visit.now, visit.viewer_id)
        return compass_of(about), len(notes_of(about, LONG_AGO))

    found, notes = seen()
    assert (found.rows[0].reading, found.rows[0].n_known, notes) == (Reading.NOTHING, 0, 0)
    consent(visit, Purpose.ENTRIES, given=True)
    found, notes = seen()
    assert (found.rows[0].reading, notes) == (Reading.USUAL, 0)
    consent(visit, Purpose.NOTES, given=True)
    assert seen()[1] == 1
    assert notes_of(visit, LONG_AGO) == {(calls.indicator_id, TODAY): "mine"}


# --- the cost ---


class Counting:
    """A cursor that counts the queries it is asked."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.count = cursor, 0

    def execute(self, *given: Any) -> Any:
        """One query more."""
        self.count += 1
        return self.cursor.execute(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


def queries(visit: Visit) -> int:
    """How many queries a compass takes."""
    visit.read("SELECT 1")  # after a save the visit settles anew whom it sees; that is not counted
    counting = Counting(visit.cursor)
    compass_of(replace(visit, cursor=counting))  # type: ignore[arg-type]
    return counting.count


def test_the_number_of_queries_does_not_grow(visit: Visit) -> None:
    empty = queries(visit)
    keep_outcome(visit, new_outcome(visit, "Win"), new_indicator(visit, "Sales"))
    for name in ("A", "B", "C", "D", "E"):
        log(visit, add(visit, name, guard=f"guard of {name}"), wave(50))
    assert queries(visit) == empty
    assert 1 <= empty <= 5


def test_of_the_sample_only_the_worn_out_lever_has_drifted_away_from_its_result(
    store: Store, now: datetime
) -> None:
    found = {
        name: [
            r.indicator.name for r in compass.rows if r.indicator.indicator_id in compass.drifted
        ]
        for name, person_id in load(store, now).items()
        if (compass := compass_of(Visit.open(store, person_id, now)))
    }
    assert {name: rows for name, rows in found.items() if rows} == {
        "Bruno": ["Customers contacted without being asked"]
    }


def test_a_guard_is_read_beside_the_rows_and_gets_none_itself(visit: Visit) -> None:
    add(visit, "Calls", guard="Complaints")
    add(visit, "Walks")
    (guard,) = [i for i in plan_of(visit).logged if i.kind is Kind.GUARD]
    log(visit, guard, [2, None, 4])
    compass = compass_of(visit)
    assert [r.indicator.name for r in compass.rows] == ["Calls", "Walks"]
    (found,) = guards_of(visit, compass)
    assert found.indicator.name == "Complaints"
    assert found.values.size == len(compass.days)
    assert list(found.values[-3:]) == pytest.approx([2, np.nan, 4], nan_ok=True)
    assert np.isnan(found.values[:-3]).all()


def test_without_a_guard_nothing_is_asked(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    add(visit, "Calls")
    compass = compass_of(visit)
    monkeypatch.setattr(Visit, "arrays", None)
    assert guards_of(visit, compass) == []
