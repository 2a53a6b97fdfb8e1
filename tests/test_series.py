"""Days of indicators as arrays: one grid, what is not known is not zero, a leave is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.model import (
    Annotation,
    Entry,
    EntryState,
    Event,
    Indicator,
    Kind,
    Person,
    new_id,
)
from coach_data.people import join
from coach_data.privacy import Visit
from coach_data.series import Series, series_of
from coach_data.store import Store
from tests.cluster import FEWER
from tests.kept_database import KeptDatabase
from tests.kept_store import KeptStore

NAN = float("nan")


@pytest.fixture
def visit(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    return Visit.open(store, person("Ann").person_id, now)


@pytest.fixture
def calls(visit: Visit) -> Indicator:
    made = Indicator(
        person_id=visit.viewer_id, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    )
    visit.save(made)
    return made


def entry(visit: Visit, indicator: Indicator, ago: int, value: float | None = None) -> Entry:
    """An entry so many days ago; without a value it is a skip."""
    return Entry(
        person_id=visit.viewer_id,
        indicator_id=indicator.indicator_id,
        day=visit.today - timedelta(days=ago),
        state=EntryState.SKIPPED if value is None else EntryState.VALUE,
        value=value,
    )


def test_all_lie_on_one_grid_up_to_today(visit: Visit, calls: Indicator) -> None:
    other = Indicator(person_id=visit.viewer_id, indicator_id=new_id(), kind=Kind.LEADING, name="B")
    visit.save(other, entry(visit, calls, 4, 7.0), entry(visit, other, 1, 0.0))
    visit.save(entry(visit, calls, 2), entry(visit, calls, -1, 9.0))
    found = series_of(visit, [calls.indicator_id, other.indicator_id, 5], [])
    assert {s.first_day for s in found.values()} == {visit.today - timedelta(days=4)}
    np.testing.assert_array_equal(found[calls.indicator_id].values, [7, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(found[other.indicator_id].values, [NAN, NAN, NAN, 0, NAN])
    assert found[calls.indicator_id].skipped.tolist() == [False, False, True, False, False]
    assert np.isnan(found[5].values).all(), "an indicator without entries"


def test_without_any_entry_there_is_today_alone(visit: Visit) -> None:
    (found,) = series_of(visit, [5], []).values()
    assert found == Series(visit.today, np.array([NAN]), np.array([False]))


def test_what_was_taken_back_is_not_known(visit: Visit, calls: Indicator) -> None:
    visit.save(entry(visit, calls, 1, 7.0))
    cleared = entry(visit, calls, 1)
    visit.save(
        Entry(
            person_id=cleared.person_id,
            indicator_id=cleared.indicator_id,
            day=cleared.day,
            state=EntryState.CLEARED,
        )
    )
    (found,) = series_of(visit, [calls.indicator_id], []).values()
    assert found.values.size == 1
    assert np.isnan(found.values).all()


@settings(max_examples=40 // FEWER, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3]),
            st.integers(-2, 12),
            st.sampled_from(list(EntryState)),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
def test_of_whatever_was_written_of_a_day_the_latest_counts(
    kept_store: KeptStore | KeptDatabase, written: list[tuple[int, int, EntryState, int]]
) -> None:
    """As the engine itself says it in the view of what is current, which this does without."""
    store, now = kept_store.anew(), datetime(2026, 5, 31, 12, tzinfo=UTC)
    visit = Visit.open(store, join(store, "Ann", now).person_id, now)
    me, day = visit.viewer_id, visit.today
    ids = {k: new_id() for k in (1, 2, 3)}
    own = {"person_id": me, "kind": Kind.LEADING, "name": "I"}
    visit.save(*(Indicator(**own, indicator_id=i) for i in ids.values()))
    visit.save(
        *(
            Entry(
                person_id=me,
                indicator_id=ids[k],
                day=day - timedelta(days=ago),
                state=state,
                value=float(value) if state is EntryState.VALUE else None,
            )
            for k, ago, state, value in written
        )
    )
    sql = "SELECT indicator_id, day, state, value FROM entry WHERE state <> 'cleared' AND day <= ?"
    current = {(i, d): (state, value) for i, d, state, value in visit.read(sql, [day])}
    series = series_of(visit, list(ids.values()), [])
    assert {s.first_day for s in series.values()} == {min([d for _, d in current], default=day)}
    for i, one in series.items():
        days = [one.first_day + timedelta(days=k) for k in range(one.values.size)]
        assert days[-1] == day
        wanted = [current.get((i, d), ("", None)) for d in days]
        np.testing.assert_array_equal(one.values, [NAN if v is None else v for _, v in wanted])
        assert one.skipped.tolist() == [state == "skipped" for state, _ in wanted]


@pytest.mark.parametrize(
    ("event", "begin", "end", "known"),
    [
        (Event.LEAVE, 3, 2, [5, NAN, NAN, 5, 5]),
        (Event.LEAVE, 90, 4, [NAN, 5, 5, 5, 5]),
        (Event.LEAVE, 0, -90, [5, 5, 5, 5, NAN]),
        (Event.LEAVE, 90, 80, [5, 5, 5, 5, 5]),
        (Event.EVENT, 3, 2, [5, 5, 5, 5, 5]),
    ],
)
def test_only_the_days_of_a_leave_are_taken_out(
    visit: Visit, calls: Indicator, event: Event, begin: int, end: int, known: list[float]
) -> None:
    visit.save(*(entry(visit, calls, ago, 5.0) for ago in range(5)))
    away = Annotation(
        person_id=visit.viewer_id,
        annotation_id=1,
        first_day=visit.today - timedelta(days=begin),
        last_day=visit.today - timedelta(days=end),
        event=event,
        text="away",
    )
    (found,) = series_of(visit, [calls.indicator_id], [away]).values()
    np.testing.assert_array_equal(found.values, known)


def test_equal_days_are_equal_series_and_nobody_changes_one(visit: Visit) -> None:
    """So that what was worked out from one can be kept for its equal."""

    def made(*values: float) -> Series:
        return Series(visit.today, np.array(values), np.zeros(len(values), bool))

    assert made(1, NAN) == made(1, NAN)
    assert hash(made(1, NAN)) == hash(made(1, NAN))
    assert made(1, NAN) != made(1, 2)
    assert made(1) != made(1, 2)
    assert made(1) != "another thing"
    with pytest.raises(ValueError, match="read-only"):
        made(1).values[0] = 2
