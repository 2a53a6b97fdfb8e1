"""One series on a calendar grid: designs, gaps, outliers and intervals, each against a second way."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from coach_data.statistics.series import (
    as_pair,
    as_series,
    calendar_design,
    earlier,
    fisher_interval,
    independent,
    interpolated,
    known_span,
    negligible,
    residual,
    t_quantile,
    t_upper,
    t_uppers,
    trend_design,
    winsorised,
)
from tests.statistics.made import MONDAY, NAN, ar1


def test_gaps_are_filled_with_the_conditional_mean():
    rng = np.random.default_rng(3)
    rest = ar1(rng, 40, 0.7)
    known = rng.random(40) < 0.6
    known[[0, 1, 38, 39]] = False
    dense = 0.7 ** np.abs(np.arange(40)[:, None] - np.arange(40)[None, :])
    mean = dense[:, known] @ np.linalg.solve(dense[np.ix_(known, known)], rest[known])
    filled = interpolated(np.where(known, rest, NAN), 0.7)
    np.testing.assert_allclose(filled, mean, atol=1e-9)


@pytest.mark.parametrize("df", [3, 5, 10, 30, 200])
def test_own_t_against_scipy(df):
    for p in (0.1, 0.5, 0.9, 0.95):
        assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), abs=0.02)
    for t in (-3.0, -1, 0, 0.5, 1.7, 4):
        assert t_upper(t, df) == pytest.approx(stats.t.sf(t, df), abs=0.005)


def test_many_tails_of_t_are_those_of_one():
    t = np.array([-2.5, -0.1, 0.0, 1.3, 4.0])
    np.testing.assert_allclose(t_uppers(t, 12), [t_upper(float(each), 12) for each in t])


@pytest.mark.parametrize("values", [[[1.0, 2]], [np.inf], [-1e101]])
def test_what_is_no_series_is_refused_and_nan_is_not(values):
    with pytest.raises(ValueError, match="values"):
        as_series(values)
    assert np.isnan(as_series([NAN])).all()


def test_a_pair_lies_on_one_grid():
    with pytest.raises(ValueError, match="3 and 2 days"):
        as_pair([1, 2, 3], [1, 2])


def test_the_span_of_what_is_known_of_either():
    lead, result = np.array([NAN, NAN, 1, NAN, NAN]), np.array([NAN, NAN, NAN, 2, NAN])
    assert known_span(lead, result) == (2, 4)
    assert known_span(np.full(3, NAN), np.full(3, NAN)) == (0, 0)


@pytest.mark.parametrize(("days", "columns"), [(179, 8), (180, 10)])
def test_the_design_bends_from_half_a_year_on(days, columns):
    design = calendar_design(MONDAY, days)
    assert design.shape == (days, columns)
    assert (design[0, 1], design[-1, 1]) == (-1, 1)
    np.testing.assert_array_equal(trend_design(days), design[:, :2])


def test_a_weekday_is_that_of_the_calendar():
    tuesday = calendar_design(date(2026, 1, 1), 14)[:, 2]  # a Thursday
    assert np.flatnonzero(tuesday).tolist() == [5, 12]


def test_columns_that_add_nothing_are_dropped():
    design = np.column_stack([np.ones(5), np.arange(5), 2 * np.arange(5) - 1])
    basis = independent(design)
    assert basis.shape == (5, 2)
    np.testing.assert_allclose(basis.T @ basis, np.eye(2), atol=1e-12)
    assert independent(np.empty((4, 0))).shape == (4, 0)


def test_a_residual_is_that_of_least_squares_on_the_known_days():
    rng = np.random.default_rng(4)
    design, values = calendar_design(MONDAY, 60), rng.standard_normal(60)
    values[5:9] = NAN
    known = np.isfinite(values)
    fit = np.linalg.lstsq(design[known], values[known])[0]
    rest = residual(values, design)
    np.testing.assert_allclose(rest[known], values[known] - design[known] @ fit, atol=1e-12)
    assert np.isnan(rest[~known]).all()


def test_what_the_design_explains_leaves_zero_and_no_rounding():
    assert (residual(1e6 + 3 * np.arange(40.0), calendar_design(MONDAY, 40)) == 0).all()


def test_rounding_is_told_by_the_size_of_the_numbers():
    assert negligible(1e-5, np.array([1e6]))
    assert not negligible(1e-5, np.array([1.0]))
    assert negligible(0.0, np.array([]))


def test_one_slip_of_the_finger_is_pulled_in_and_the_others_stay():
    rng = np.random.default_rng(5)
    values = rng.standard_normal(90)
    values[40] = 5000.0
    tamed = winsorised(values, trend_design(90))
    assert abs(tamed[40]) < 5
    others = np.delete(np.arange(90), 40)
    assert np.abs(tamed - values)[others].max() < 1
    alike = np.where(np.arange(90) == 40, 7.0, 1.0)
    np.testing.assert_allclose(winsorised(alike, np.ones((90, 1))), alike, atol=1e-12)


def test_before_the_series_there_is_what_is_said():
    assert earlier(np.array([1.0, 2, 3]), 2, -9).tolist() == [-9, -9, 1]
    assert earlier(np.array([1.0, 2, 3]), 5, 0).tolist() == [0, 0, 0]


def test_the_interval_of_a_correlation():
    """Against scipy's, which is Fisher's too."""
    rng = np.random.default_rng(6)
    x = rng.standard_normal(30)
    y = 0.5 * x + rng.standard_normal(30)
    found = stats.pearsonr(x, y)
    wanted = found.confidence_interval(0.95)
    low, high = fisher_interval(found.statistic, 30)
    assert (low, high) == pytest.approx((wanted.low, wanted.high))
    assert fisher_interval(0.9, 3) is None
    assert fisher_interval(NAN, 30) is None
