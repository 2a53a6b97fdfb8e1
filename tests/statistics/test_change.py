"""The last two weeks against the usual: how wide the fan is, and when nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.change import memory, recent_change
from coach_data.statistics.variation import variation
from tests.statistics.made import MONDAY, NAN, ar1, with_rhythm_and_gaps


@pytest.mark.parametrize(("phi", "days"), [(0.0, 40), (0.3, 60), (0.6, 60), (0.6, 180)])
def test_the_fan_of_the_needle_holds_eighty_of_a_hundred(phi, days):
    rng = np.random.default_rng([7, int(10 * phi), days])
    board = with_rhythm_and_gaps(rng, ar1(rng, (500, days), phi))
    found = [variation(row, first_day=MONDAY) for row in board]
    inside = [f.change_low <= 0 <= f.change_high for f in found]
    assert abs(np.mean(inside) - 0.8) <= 0.05 + 3 * np.sqrt(0.16 / 500)


def test_the_needle_says_nothing_with_too_little():
    rng = np.random.default_rng(8)
    values = rng.standard_normal(60)
    assert variation(values[:23], first_day=MONDAY).change is None  # nine days before the last 14
    assert variation(values[:24], first_day=MONDAY).change is not None
    quiet = values.copy()
    quiet[-14:-4] = NAN
    assert variation(quiet, first_day=MONDAY).change is None  # four of the last 14


def test_the_needle_measures_in_standard_deviations():
    rng = np.random.default_rng(9)
    values = rng.normal(100, 4, 98)
    values[-14:] += 8
    change = variation(values, first_day=MONDAY).change
    assert change == pytest.approx(2, abs=0.8)


def days(values):
    """A series of which every day is known, and counts for the usual."""
    where = np.arange(len(values))
    return np.array(values, float), where, where


def test_a_constant_base_is_measured_by_how_much_everything_varies():
    change, low, high = recent_change(*days([4.0] * 40 + [4.0, 6.0] * 7))
    assert change > 0
    assert low < change < high


def test_where_nothing_ever_varies_there_is_no_change_and_no_doubt():
    assert recent_change(*days([4.0] * 60)) == (0.0, 0.0, 0.0)


def test_memory_is_found_and_never_below_nought():
    rng = np.random.default_rng(4)
    where = np.arange(4000)
    assert memory(ar1(rng, 4000, 0.7), where, 2000) == pytest.approx(0.7, abs=0.05)
    assert memory((-1.0) ** where, where, 2000) == 0.0


def test_memory_is_by_the_day_where_only_every_second_is_known():
    rng = np.random.default_rng(5)
    every_second = ar1(rng, 8000, 0.8)[::2]
    assert memory(every_second, 2 * np.arange(4000), 2000) == pytest.approx(0.8, abs=0.05)


def test_too_few_neighbours_remember_nothing():
    assert memory(np.array([1.0, 1, 1, -1, -1, -1]), np.arange(6), 3) == 0.0
    assert memory(np.zeros(40), np.arange(40), 20) == 0.0
