"""What is new about each person each day: against a plain loop, and what says nothing."""

from __future__ import annotations

import numpy as np

from coach_data.statistics.innovations import innovations
from coach_data.statistics.series import calendar_design, residual
from tests.statistics.made import MONDAY, NAN, ar1


def test_innovations_by_a_plain_loop():
    rng = np.random.default_rng(1)
    values = ar1(rng, (6, 70), 0.5) + 0.5 * rng.standard_normal(70)
    values[rng.random(values.shape) < 0.3] = NAN
    found = innovations(values, MONDAY)
    known = np.isfinite(values)
    few = known.sum(axis=0) < 3
    shared = values - np.nanmean(values, axis=0)
    shared[:, few] = NAN
    for row in range(6):
        rest = residual(shared[row], calendar_design(MONDAY, 70))
        spread = 4 * 1.4826 * np.nanmedian(np.abs(rest))
        rest = np.clip(rest, -spread, spread)
        days = np.flatnonzero(np.isfinite(rest))
        n = days.size
        near = [rest[d] * rest[d - 1] for d in days if d and np.isfinite(rest[d - 1])]
        r1 = np.mean(near) / (np.nansum(rest**2) / n)
        phi = min(max((r1 + 2 / n) / (1 - 4 / n), 0), 0.95)
        slow = np.full(70, NAN)
        for before, day in zip(days, days[1:], strict=False):
            gap = day - before
            slow[day] = (rest[day] - phi**gap * rest[before]) / np.sqrt(
                (1 - phi ** (2 * gap)) / (1 - phi**2)
            )
        slow /= np.sqrt(np.nanmean(slow**2))
        np.testing.assert_allclose(found[row], slow, atol=1e-8)


def test_a_row_that_does_not_vary_is_nought_and_a_day_with_two_people_unknown():
    rng = np.random.default_rng(2)
    values = rng.standard_normal((5, 60))
    values[0] = values[1:].mean(axis=0)  # does what all do: nothing is new about this person
    values[2:, 30] = NAN
    found = innovations(values, MONDAY)
    assert (found[0, 1:30] == 0).all()
    assert np.isnan(found[:, 0]).all(), "the first known day has none before it"
    assert np.isnan(found[:, 30]).all()
    np.testing.assert_allclose(np.nanmean(found[1:] ** 2, axis=1), 1)


def test_nobody_known_is_no_crash():
    assert np.isnan(innovations(np.full((4, 30), NAN), MONDAY)).all()
    assert innovations(np.empty((0, 30)), MONDAY).shape == (0, 30)


def test_many_people_are_worked_out_in_parts_as_one():
    rng = np.random.default_rng(3)
    values = rng.standard_normal((300, 40))
    whole = innovations(values, MONDAY)
    shuffled = rng.permutation(300)
    np.testing.assert_allclose(innovations(values[shuffled], MONDAY), whole[shuffled], atol=1e-12)
