"""Days of indicators as arrays: one grid, what is not known is not zero, a leave is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest

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
from coach_data.privacy import Visit
from coach_data.series import Series, series_of
from coach_data.store import Store

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
