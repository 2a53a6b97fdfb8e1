"""Values exactly at the aim: rates from seeded simulation, Fisher's test against another tool."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from coach_data.statistics.bunching import Bunched, bunching, fisher_more
from tests.statistics.made import NAN, at_most


@given(*[st.integers(0, 60)] * 4)
def test_fisher_is_scipys(a, b, c, d):
    expected = stats.fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
    assert fisher_more(a, b, c, d) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("before", "after", "aim"),
    [
        (lambda g, n: g.poisson(5, n), lambda g, n: g.poisson(5, n), 6),
        (lambda g, n: g.poisson(5, n), lambda g, n: g.poisson(6, n), 6),
        (*[lambda g, n: np.where(g.random(n) < 0.8, 6, g.poisson(6, n))] * 2, 6),
        (*[lambda g, n: 5 * np.round(g.normal(30, 8, n) / 5) + (g.random(n) < 0.3)] * 2, 30),
    ],
    ids=["counts", "more than before", "steady", "rounded"],
)
def test_honest_habits_do_not_bunch(before, after, aim):
    rng = np.random.default_rng(6)
    sims = 400
    found = [bunching(before(rng, 56), after(rng, 182), aim).verdict for _ in range(sims)]
    assert at_most(found.count(Bunched.BUNCHED) / sims, 0.05, sims)


@pytest.mark.parametrize(("bumped", "power"), [(0.5, 0.80), (0.8, 0.99)])
def test_bumped_near_misses_are_found(bumped, power):
    rng = np.random.default_rng(7)
    sims, found = 200, 0
    for _ in range(sims):
        before, after = rng.poisson(5, 56), rng.poisson(5, 182)
        miss = np.isin(after, (4, 5)) & (rng.random(182) < bumped)
        found += bunching(before, np.where(miss, 6, after), 6).verdict is Bunched.BUNCHED
    assert found / sims >= power - 3 * np.sqrt(power * (1 - power) / sims)


def test_bunching_counts():
    before = [3.0, 4, 5, 6, 7, NAN, 5, 4, 6, 5, 4, 20, 3, 3]
    after = [5.0] * 12 + [4.0, NAN, 30]
    found = bunching(before, after, 5)
    assert (found.at_before, found.near_before) == (3, 9)
    assert (found.at_after, found.near_after) == (12, 1)
    assert found.near == 2
    assert found.verdict is Bunched.BUNCHED
    assert bunching(before[:5], after, 5).verdict is Bunched.TOO_EARLY
    assert bunching(before[:5], after, 5).p is None
    assert bunching([], [NAN], 5).verdict is Bunched.TOO_EARLY
    assert bunching([5.0] * 30, [5.0] * 30, 5).p == 1


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (([], [], NAN), "aim"),
        (([], [], np.inf), "aim"),
        (([np.inf], [], 5), "before"),
        (([], [-np.inf], 5), "after"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, word):
    with pytest.raises(ValueError, match=word):
        bunching(*asked)


@pytest.mark.parametrize("near", [0, -1, NAN])
def test_near_is_more_than_nothing(near):
    with pytest.raises(ValueError, match="near"):
        bunching([], [], 5, near=near)


def test_near_is_two_steps_at_least():
    """A quarter of a small aim would leave no value beside it."""
    assert bunching([1, 2, 3], [1, 2, 3], 2).near == 2
    assert bunching([10.0, 20, 30], [10.0, 20, 30], 200).near == 50
