"""Two slopes of one pair: the errors against the dense formula, and what has no answer."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.series import calendar_design
from coach_data.statistics.slopes import both_slopes, least_squares, whitened_look
from tests.statistics.made import MONDAY


def test_hc3_is_the_dense_formula():
    rng = np.random.default_rng(1)
    columns = np.column_stack([np.ones(40), rng.standard_normal((40, 3))])
    values = rng.standard_normal(40) * (1 + columns[:, 1] ** 2)
    beta, covariance, spare = least_squares(columns, values)
    bread = np.linalg.inv(columns.T @ columns)
    hat = columns @ bread @ columns.T
    error = values - columns @ np.linalg.lstsq(columns, values)[0]
    meat = columns.T @ np.diag((error / (1 - np.diag(hat))) ** 2) @ columns
    np.testing.assert_allclose(beta, np.linalg.lstsq(columns, values)[0], atol=1e-10)
    np.testing.assert_allclose(covariance, bread @ meat @ bread, atol=1e-10)
    assert spare == 36


def two_parts(r_before, r_lately, n=160):
    """A behaviour whose effect changes half-way, without memory, rhythm or gaps."""
    rng = np.random.default_rng(3)
    lead = rng.standard_normal(n)
    late = np.arange(n) >= n // 2
    result = np.where(late, r_lately, r_before) * np.roll(lead, 1) + 0.5 * rng.standard_normal(n)
    return lead, result, late


def test_each_part_has_its_own_slope():
    lead, result, late = two_parts(1.0, -1.0)
    found = both_slopes(whitened_look(lead, result, calendar_design(MONDAY, 160), late, 1))
    assert found.before > 0.5
    assert found.lately == pytest.approx(-found.before, rel=0.3)
    assert found.p_before < 1e-6
    assert found.p_drop < 1e-6


def test_a_drop_that_is_none_is_not_called_one():
    lead, result, late = two_parts(1.0, 1.0)
    found = both_slopes(whitened_look(lead, result, calendar_design(MONDAY, 160), late, 1))
    assert found.p_before < 1e-6
    assert found.p_drop > 0.05


def test_a_part_without_a_day_has_no_slopes():
    lead, result, late = two_parts(1.0, 1.0)
    for nobody in (np.zeros(160, bool), np.ones(160, bool)):
        look = whitened_look(lead, result, calendar_design(MONDAY, 160), nobody, 1)
        assert both_slopes(look) is None


@pytest.mark.parametrize(("step", "sense", "better"), [(2, 1, True), (2, -1, False), (0, 1, False)])
def test_whether_the_result_is_better_lately(step, sense, better):
    lead, result, late = two_parts(0.0, 0.0)
    look = whitened_look(lead, result + step * late, calendar_design(MONDAY, 160), late, 1)
    assert look.improves(sense) is better
