"""How much values vary: two measures by hand, and what is only rounding."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.spread import MOVING_RANGE, spread_of


def test_it_is_the_larger_of_two_measures_by_hand():
    to_and_fro = np.array([0.0, 4, 0, 4])
    assert spread_of(to_and_fro) == pytest.approx(4 / MOVING_RANGE)
    slow = np.array([0.0, 0, 0, 4, 4, 4])
    assert spread_of(slow) == pytest.approx(np.std(slow, ddof=1))


def test_what_was_spent_beside_the_mean_widens_it():
    values = np.array([0.0, 0, 0, 4, 4, 4])
    assert spread_of(values, spent=2) == pytest.approx(np.sqrt(24 / 3))


@pytest.mark.parametrize("level", [0.0, 0.1, 1e9, -1e-9])
def test_a_constant_has_none_whatever_its_size(level):
    assert spread_of(np.full(30, level)) == 0.0
    assert spread_of(np.full(30, level) + 0.1 - 0.1) == 0.0


def test_it_is_in_the_unit_of_the_values():
    values = np.random.default_rng(1).standard_normal(50)
    assert spread_of(60 * values + 7) == pytest.approx(60 * spread_of(values))
