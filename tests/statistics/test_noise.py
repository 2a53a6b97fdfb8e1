"""How noise remembers: the filter against the dense formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import cholesky, solve_triangular

from coach_data.statistics.noise import GRID, WHITE, Memory, memory_of, whitened
from coach_data.statistics.series import calendar_design, independent
from tests.statistics.made import MONDAY, ar1, covariance


@pytest.mark.parametrize("memory", [Memory(0.6, 0.5), Memory(0.98, 1.0), Memory(0.2, 0.15), WHITE])
def test_whitening_is_the_cholesky_factor_of_the_dense_covariance(memory):
    rng = np.random.default_rng(1)
    days = np.sort(rng.choice(90, 60, replace=False))
    columns = rng.standard_normal((60, 4))
    factor = cholesky(covariance(days, memory), lower=True)
    dense = solve_triangular(factor, columns, lower=True)
    np.testing.assert_allclose(whitened(columns, days, memory), dense, atol=1e-9)


def test_the_memory_is_the_most_likely_one_of_the_grid():
    rng = np.random.default_rng(2)
    for phi in (0.0, 0.6, 0.9):
        values, days = ar1(rng, 80, phi), np.flatnonzero(rng.random(80) < 0.8)
        values = values[days]
        basis = independent(calendar_design(MONDAY, 80)[days])
        n, p = basis.shape
        deviance = []
        for memory in GRID:
            dense = covariance(days, memory)
            inverse = np.linalg.inv(dense)
            gram = basis.T @ inverse @ basis
            rest = values - basis @ np.linalg.solve(gram, basis.T @ inverse @ values)
            deviance.append(
                (n - p) * np.log(rest @ inverse @ rest)
                + np.linalg.slogdet(dense)[1]
                + np.linalg.slogdet(gram)[1]
            )
        assert memory_of(values, basis, days) == GRID[int(np.argmin(deviance))]


def test_where_the_design_leaves_nothing_the_noise_is_white():
    basis = independent(calendar_design(MONDAY, 8))
    days = np.arange(8)
    assert memory_of(np.arange(8.0), basis, days) == WHITE  # as many columns as days
    basis = independent(calendar_design(MONDAY, 40))
    assert memory_of(2 + 3 * np.arange(40.0), basis, np.arange(40)) == WHITE  # a straight line


def test_white_noise_is_handed_back_as_a_copy():
    columns = np.arange(6.0).reshape(3, 2)
    white = whitened(columns, np.arange(3), WHITE)
    np.testing.assert_array_equal(white, columns)
    assert white is not columns


def test_a_gap_counts_by_its_days():
    """Two days k apart have the correlation share * phi**k, also where none between is known."""
    memory = Memory(0.5, 0.8)
    columns = np.eye(2)
    factor = whitened(columns, np.array([0, 3]), memory)
    np.testing.assert_allclose(
        np.linalg.inv(factor) @ np.linalg.inv(factor).T, covariance(np.array([0, 3]), memory)
    )
