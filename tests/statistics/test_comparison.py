"""Before and during: how often it is wrong, and what it says when it cannot tell."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from coach_data.statistics.comparison import Moved, Why, compare
from coach_data.statistics.series import t_upper, t_uppers
from tests.thorough import times

MONDAY = date(2026, 1, 5)
SEED, SIMULATED = 20264, times(300, 1000)
PROMISED = 0.07
ERROR = np.sqrt(PROMISED * (1 - PROMISED) / SIMULATED)


def noise(rng: np.random.Generator, n: int, phi: float) -> np.ndarray:
    """AR(1) of unit variance."""
    out = rng.standard_normal(n)
    for t in range(1, n):
        out[t] = phi * out[t - 1] + np.sqrt(1 - phi**2) * out[t]
    return out


def two_weeks(values, earlier: int = 0):
    """The two weeks from ``earlier`` on against the two after them."""
    during = (earlier + 14, earlier + 28)
    return compare(values, first_day=MONDAY, before=(earlier, earlier + 14), during=during)


def days(rng: np.random.Generator, phi: float, gaps: float, weekend: float, step: float = 0.0):
    values = noise(rng, 28, phi) - weekend * np.isin(np.arange(28) % 7, (5, 6))
    values[14:] += step
    values[rng.random(28) < gaps] = np.nan
    return values


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
@pytest.mark.parametrize(("gaps", "weekend"), [(0.0, 0.0), (0.2, 0.0), (0.2, 1.5)])
def test_a_change_that_is_none_is_seldom_called_one(
    phi: float, gaps: float, weekend: float
) -> None:
    """At most .07, with one standard error of the simulations allowed on top (of a thousand: .008)."""
    rng = np.random.default_rng([SEED, int(10 * phi), int(10 * gaps), int(10 * weekend)])
    verdicts = [two_weeks(days(rng, phi, gaps, weekend)).verdict for _ in range(SIMULATED)]
    assert np.mean([v is Moved.MOVED for v in verdicts]) <= PROMISED + ERROR


def test_a_clear_change_is_found() -> None:
    rng = np.random.default_rng(SEED)
    found = [two_weeks(days(rng, 0.3, 0.2, 1.0, step=3.0)) for _ in range(100)]
    assert sum(f.verdict is Moved.MOVED for f in found) >= 90
    assert np.mean([f.difference for f in found]) == pytest.approx(3.0, abs=0.25)


def test_the_interval_holds_the_step_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(SEED)
    found = [two_weeks(days(rng, 0.3, 0.0, 1.0, step=1.0)) for _ in range(300)]
    assert np.mean([f.low <= 1.0 <= f.high for f in found]) >= 0.93


def test_a_longer_history_makes_the_interval_narrower() -> None:
    rng = np.random.default_rng(SEED)
    widths = []
    for _ in range(40):
        values = noise(rng, 70, 0.0)
        long, short = two_weeks(values, 42), two_weeks(values[42:])
        widths.append((long.high - long.low) / (short.high - short.low))
    assert np.median(widths) < 0.9


def test_a_weekend_more_before_than_during_is_no_change() -> None:
    values = np.tile([5.0, 5.2, 4.8, 5.1, 4.9, 1.0, 1.1], 4) + 0.1 * np.sin(np.arange(28))
    values[[19, 20, 26]] = np.nan  # weekends that nobody logged during it
    found = two_weeks(values)
    assert found.during - found.before > 0.4
    assert abs(found.difference) < 0.2
    assert found.verdict is Moved.NOT_MOVED


@pytest.mark.parametrize(
    ("known_before", "known_during", "why"),
    [
        (0, 0, (Why.NOTHING,)),
        (0, 14, (Why.FEW_BEFORE,)),
        (6, 14, (Why.FEW_BEFORE,)),
        (14, 6, (Why.FEW_DURING,)),
        (3, 3, (Why.FEW_BEFORE, Why.FEW_DURING)),
    ],
)
def test_with_few_days_it_cannot_tell(known_before, known_during, why) -> None:
    values = np.full(28, np.nan)
    values[:known_before] = np.arange(known_before)
    values[14 : 14 + known_during] = 9 + np.arange(known_during)
    found = two_weeks(values)
    assert (found.verdict, found.why) == (Moved.CANNOT_TELL, why)
    assert found.low is None
    assert (found.known_before, found.known_during) == (known_before, known_during)


@pytest.mark.parametrize("during", [2.0, 5.0])
def test_days_that_are_all_alike_cannot_tell(during: float) -> None:
    found = two_weeks(np.repeat([2.0, during], 14))
    assert (found.verdict, found.why) == (Moved.CANNOT_TELL, (Why.CONSTANT,))
    assert (found.before, found.during) == (2.0, during)


def test_days_not_known_are_not_zero() -> None:
    values = 5 + 0.5 * np.sin(np.arange(28) * 2.0)
    values[[15, 18, 22, 25]] = np.nan
    found = two_weeks(values)
    assert found.known_during == 10
    assert found.during == pytest.approx(np.nanmean(values[14:]))
    assert found.verdict is Moved.NOT_MOVED


def test_units_do_not_matter() -> None:
    values = days(np.random.default_rng(SEED), 0.3, 0.0, 0.0, step=2.0)
    one, many = two_weeks(values), two_weeks(1e6 * values + 1e6)
    assert many.low == pytest.approx(1e6 * one.low, rel=1e-3)
    assert many.verdict is one.verdict


def test_parts_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        compare(np.zeros(28), first_day=MONDAY, before=(14, 28), during=(0, 14))


def test_many_tails_are_those_of_one() -> None:
    t = np.array([-3.0, -0.5, 0.0, 0.7, 40.0])
    assert t_uppers(t, 9) == pytest.approx([t_upper(float(each), 9) for each in t])
