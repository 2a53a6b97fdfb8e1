"""What is asked about a pair: the columns that it needs, and the days that can answer."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.question import WINDOW_7, Question
from tests.statistics.made import NAN


def question(leading=(), lagging=(), lags=(1, 2, 3), declared=None):
    return Question(
        np.array(leading, float), np.array(lagging, float), lags, declared, 1, 99, 1, 0.05
    )


@pytest.mark.parametrize(
    ("declared", "columns", "place"),
    [
        (None, (1, 2, 3), None),
        (2, (1, 2, 3), 1),
        (30, (1, 2, 3, 30), 3),
        (WINDOW_7, (1, 2, 3, None), 3),
    ],
)
def test_a_declared_lag_outside_the_scan_has_a_column_of_its_own(declared, columns, place):
    asked = question(declared=declared)
    assert asked.columns == columns
    assert asked.place == place


def test_backwards_there_is_no_lag_zero():
    assert question(lags=(0, 1, 2)).backwards == (1, 2)


def test_places_with_both_are_those_of_the_declared_lag():
    leading, lagging = [1, NAN, 1, 1, NAN, NAN], [NAN, 2, 2, 2, 2, NAN]
    assert question(leading, lagging, declared=1).places_with_both() == 3
    assert question(leading, lagging, declared=3).places_with_both() == 1
    assert question(leading, lagging, declared=30).places_with_both() == 0


def test_without_one_the_lag_with_most_counts():
    leading, lagging = [1, NAN, NAN, NAN, NAN, NAN], [NAN, NAN, NAN, 2, NAN, NAN]
    assert question(leading, lagging).places_with_both() == 1
    assert question(leading, lagging, lags=(1, 2)).places_with_both() == 0


def test_a_window_needs_half_of_its_week():
    known = [1.0] * 4 + [NAN] * 10
    result = [2.0] * 14
    assert question(known, result, declared=WINDOW_7).places_with_both() == 4  # days 5 to 8
    assert question(known[1:], result[1:], declared=WINDOW_7).places_with_both() == 0
