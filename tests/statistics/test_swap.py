"""Label swap: everybody with everybody by a plain loop, and blocks that answer as one."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.swap import _crossed, _known, looking_back, swapped
from tests.statistics.made import NAN


def test_everybody_with_everybody_by_a_plain_loop():
    rng = np.random.default_rng(2)
    ahead, behind = rng.standard_normal((2, 4, 50))
    ahead[rng.random(ahead.shape) < 0.3] = NAN
    behind[rng.random(behind.shape) < 0.3] = NAN
    score, weight, pairs = _crossed(_known(ahead), _known(behind))
    for i in range(4):
        for j in range(4):
            both = np.isfinite(ahead[i]) & np.isfinite(behind[j])
            x, y = ahead[i, both], behind[j, both]
            r = x @ y / np.sqrt((x @ x) * (y @ y))
            assert pairs[i, j] == both.sum()
            assert weight[i, j] == pytest.approx(np.sqrt(both.sum() - 3))
            assert score[i, j] == pytest.approx(np.arctanh(r) * np.sqrt(both.sum() - 3))


def test_looking_back_is_the_day_so_many_before_or_the_mean_of_the_week_before():
    rows = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8, NAN, NAN, NAN, NAN, 0]])
    np.testing.assert_array_equal(looking_back(rows, 3)[0, :6], [NAN, NAN, NAN, 1, 2, 3])
    assert np.isnan(looking_back(rows, 50)).all()
    week = looking_back(rows, None)[0]
    assert np.isnan(week[:4]).all(), "less than half a week to look back on"
    assert (week[4], week[7]) == (2.5, 4)
    assert week[11] == 6.5, "of four known days"
    assert np.isnan(week[12]), "three of seven"


@pytest.mark.parametrize("columns", [(1, 3), (None,), (1, None, 60)])
def test_the_sums_of_the_true_pairs_are_those_of_each_person(columns):
    rng = np.random.default_rng(4)
    ahead, behind = rng.standard_normal((2, 5, 40))
    ahead[rng.random(ahead.shape) < 0.3] = NAN
    sums, _ = swapped(ahead, behind, columns, 3, 64, np.random.default_rng(1), None)
    for k, lag in enumerate(columns):
        total = weight = people = days = 0.0
        for x, y in zip(looking_back(ahead, lag), behind, strict=True):
            both = np.isfinite(x) & np.isfinite(y)
            if both.sum() < 10:
                continue
            a, b = x[both], y[both]
            root = np.sqrt(both.sum() - 3)
            total += np.arctanh(a @ b / np.sqrt((a @ a) * (b @ b))) * root
            weight, people, days = weight + root, people + 1, days + both.sum()
        assert (sums.total[k], sums.weight[k]) == (pytest.approx(total), pytest.approx(weight))
        assert (sums.people[k], sums.pairs[k]) == (people, days)


def test_who_has_too_few_days_does_not_count():
    rng = np.random.default_rng(5)
    ahead, behind = rng.standard_normal((2, 4, 40))
    ahead[0, 9:] = NAN
    sums, _ = swapped(ahead, behind, (1,), 3, 64, np.random.default_rng(1), None)
    assert (sums.people[0], sums.pairs[0]) == (3, 117)


def test_nobody_gets_another_ones_pair_twice():
    """Each draw deals out every result once: with equal results all draws are alike."""
    ahead = np.random.default_rng(6).standard_normal((6, 30))
    behind = np.tile(np.random.default_rng(7).standard_normal(30), (6, 1))
    sums, totals = swapped(ahead, behind, (1,), 20, 64, np.random.default_rng(1), None)
    np.testing.assert_allclose(totals[:, 0], sums.total[0])


def test_progress_is_told_block_by_block_and_ends_at_one():
    told = []
    rows = np.random.default_rng(8).standard_normal((2, 10, 30))
    swapped(*rows, (1,), 2, 3, np.random.default_rng(1), told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]
