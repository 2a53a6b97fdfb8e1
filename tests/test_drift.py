"""What was declared as the statistics take it, and which rows have drifted: small invented days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from coach_data import drift
from coach_data.drift import agreed, aim_met, by_week, drifted, helpful_way, look_days, since_aim
from coach_data.model import Aim, Comparison, Indicator, Kind, Measure, Period
from coach_data.plan import Plan
from coach_data.series import Series

START = date(2026, 1, 5)
DAYS = 280
TODAY = START + timedelta(days=DAYS - 1)
CALLS = Indicator(person_id=1, indicator_id=2, kind=Kind.LEADING, name="Calls", expected_lag=3)
SALES = Indicator(person_id=1, indicator_id=3, kind=Kind.LAGGING, name="Sales")


def aim(amount: float = -9, **given: Any) -> Aim:
    return Aim(person_id=1, indicator_id=2, since=START, amount=amount, **given)


def series(values: Any) -> Series:
    values = np.array(values, dtype=float)
    return Series(START, values, np.zeros(values.size, bool))


def plan(*aims: Aim, leading: Indicator = CALLS) -> Plan:
    return Plan(None, SALES, (leading,), (), (), {2: aims})


def worn_out() -> dict[int, Series]:
    """A lever whose effect ends in its 168th day."""
    rng = np.random.default_rng(8)
    lead = rng.standard_normal(DAYS + 3)
    strength = np.where(np.arange(DAYS) >= 168, 0.0, 0.8)
    result = strength * lead[:DAYS] + np.sqrt(1 - strength**2) * rng.standard_normal(DAYS)
    return {2: series(lead[3:]), 3: series(result)}


def test_a_worn_out_lever_has_drifted_while_its_aim_is_met() -> None:
    assert drifted(plan(aim()), worn_out(), TODAY) == {2}
    assert drifted(plan(aim(99)), worn_out(), TODAY) == frozenset()
    assert drifted(plan(), worn_out(), TODAY) == frozenset()


def test_nothing_is_said_without_days_a_lag_or_a_result() -> None:
    assert drifted(plan(aim()), {}, TODAY) == frozenset()
    nothing = series(np.full(DAYS, np.nan))
    assert drifted(plan(aim()), {2: nothing, 3: nothing}, TODAY) == frozenset()
    for lag in (None, 0):
        leading = replace(CALLS, expected_lag=lag)
        assert drifted(plan(aim(), leading=leading), worn_out(), TODAY) == frozenset()
    without = Plan(None, None, (CALLS,), (), (), {2: (aim(),)})
    assert drifted(without, worn_out(), TODAY) == frozenset()


def test_a_look_is_worked_out_once() -> None:
    drift._drift.cache_clear()
    drifted(plan(aim()), worn_out(), TODAY)
    drifted(plan(aim()), worn_out(), TODAY)
    later = {key: series([*s.values, 1.0]) for key, s in worn_out().items()}
    drifted(plan(aim()), later, TODAY + timedelta(days=1))
    assert drift._drift.cache_info().misses == 1


def test_the_looks_follow_from_the_aim() -> None:
    days = look_days(aim(), TODAY, 3)
    assert [(day - START).days for day in days] == [55 + 28 * k for k in (6, 7, 8)]
    assert look_days(aim(), START + timedelta(days=54), 3) == ()
    assert look_days(aim(), START + timedelta(days=55), 3) == (START + timedelta(days=55),)


@pytest.mark.parametrize(
    ("comparison", "low", "high"),
    [(Comparison.AT_LEAST, 10, None), (Comparison.AT_MOST, None, 10), (Comparison.ABOUT, 9, 11)],
)
def test_an_aim_is_met_within_its_bounds(
    comparison: Comparison, low: float | None, high: float | None
) -> None:
    found = agreed(CALLS, aim(10, comparison=comparison))
    assert (found.low, found.high, found.weekly) == (low, high, False)


def test_four_of_five_days_meet_the_aim() -> None:
    days = series(np.where(np.arange(100) % 5 == 0, 1.0, 6.0))
    assert aim_met(CALLS, aim(6), days, START + timedelta(days=99))
    assert not aim_met(CALLS, aim(7), days, START + timedelta(days=99))
    assert not aim_met(CALLS, aim(6), days, START - timedelta(days=1)), "nothing is known yet"


def test_less_of_the_one_or_of_the_other_can_be_meant() -> None:
    falling = replace(SALES, rising_is_better=False)
    at_most = aim(comparison=Comparison.AT_MOST)
    assert [helpful_way(r, a) for r in (SALES, falling) for a in (None, at_most)] == [1, -1, -1, 1]


def test_a_rating_has_no_sum_of_a_week() -> None:
    weekly = aim(7, period=Period.WEEK)
    assert by_week(CALLS, weekly)
    assert not by_week(replace(CALLS, measure=Measure.RATING), weekly)
    assert since_aim(CALLS, weekly, series(np.ones(21)))[0].tolist() == [7, 7, 7]
