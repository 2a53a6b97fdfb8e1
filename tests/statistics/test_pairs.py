"""What is drawn of a pair: the dots and the line that were tested, the looks, the bars."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.statistics.association import associate, associate_weekly, rolling_weekly
from coach_data.statistics.pairs import (
    day_pairs,
    first_look,
    line_through,
    values_around,
    week_pairs,
    week_sums,
)

MONDAY = date(2026, 1, 5)
NAN = float("nan")


def lever(n=200, lag=3, r=0.8, seed=1):
    rng = np.random.default_rng(seed)
    lead = rng.standard_normal(n + lag)
    return lead[lag:], r * lead[:n] + np.sqrt(1 - r**2) * rng.standard_normal(n)


def test_a_dot_is_a_behaviour_and_the_result_after_it():
    lead, result = lever()
    weekday = np.arange(200) % 7
    found = day_pairs(lead + 5 * (weekday > 4), 40 + result, first_day=MONDAY, lag=3)
    assert found.lead.size == 197
    assert np.corrcoef(found.lead, found.result)[0, 1] == pytest.approx(0.8, abs=0.08)
    assert found.result.mean() == pytest.approx(40, abs=0.3), "in the result's own unit"
    apart = day_pairs(lead, result, first_day=MONDAY, lag=4)
    assert abs(np.corrcoef(apart.lead, apart.result)[0, 1]) < 0.2


def test_unknown_days_are_no_dots():
    lead, result = lever()
    lead[10], result[50] = NAN, NAN
    assert day_pairs(lead, result, first_day=MONDAY, lag=3).lead.size == 195


def test_a_week_is_a_dot_where_the_result_is_weekly():
    lead, _ = lever(210)
    week = np.convolve(lead, np.ones(7) / 7)[:210]
    result = np.where(np.arange(210) % 7 == 4, week, NAN)
    found = week_pairs(lead, result, first_day=MONDAY, lag=0)
    asked = associate_weekly(lead, result, first_day=MONDAY, expected_lag=0)
    assert found.lead.size == asked.n_both
    assert np.corrcoef(found.lead, found.result)[0, 1] > 0.9
    moved = rolling_weekly(lead, result, first_day=MONDAY, lag=0)
    known = np.isfinite(moved.r)
    assert known.any()
    assert (moved.r[known] > 0.9).all()
    assert {(MONDAY + timedelta(days=int(k))).weekday() for k in moved.days[:-1]} == {4}


def test_the_line_has_the_slope_and_the_range_of_the_test():
    lead, result = lever()
    asked = associate(lead, 10 * result, first_day=MONDAY, expected_lag=3)
    pairs = day_pairs(lead, 10 * result, first_day=MONDAY, lag=3)
    line = line_through(pairs, asked)
    slope = (line.fitted[-1] - line.fitted[0]) / (line.at[-1] - line.at[0])
    assert slope == pytest.approx(asked.effect / asked.swing)
    assert slope == pytest.approx(8, abs=1.5)
    assert (line.low < line.fitted).all()
    assert (line.fitted < line.high).all()
    early = associate(lead[:20], result[:20], first_day=MONDAY, expected_lag=3)
    assert line_through(pairs, early) is None


@pytest.mark.parametrize(("lags", "place"), [((3,), 32), ((1, 5), 30), ((60,), 89)])
def test_the_first_look_is_the_thirtieth_pair(lags, place):
    assert first_look(*lever(), first_day=MONDAY, lags=lags, weekly=False) == place
    short = [v[:place] for v in lever()]
    assert first_look(*short, first_day=MONDAY, lags=lags, weekly=False) is None


def test_the_first_look_gives_a_verdict_and_the_day_before_gives_none():
    rng = np.random.default_rng(3)
    lead, result = lever()
    lead[rng.random(200) < 0.3], result[rng.random(200) < 0.3] = NAN, NAN
    place = first_look(lead, result, first_day=MONDAY, lags=(3,), weekly=False)
    ask = {"first_day": MONDAY, "expected_lag": 3}
    assert associate(lead[: place + 1], result[: place + 1], **ask).n_both == 30
    assert associate(lead[:place], result[:place], **ask).n_both == 29


def test_the_first_weekly_look_is_the_sixteenth_week():
    result = np.where(np.arange(210) % 7 == 4, np.arange(210.0), NAN)
    place = first_look(lever(210)[0], result, first_day=MONDAY, lags=(0,), weekly=True)
    assert place == 4 + 7 * 15
    assert first_look([NAN] * 9, [NAN] * 9, first_day=MONDAY, lags=(0,), weekly=True) is None


def test_whole_numbers_have_bars_of_their_own_with_the_aim_in_the_middle():
    found = values_around([5, 6, 6, 7, NAN], [4] * 5 + [6] * 5, 6)
    assert found.edges.tolist() == [3.5, 4.5, 5.5, 6.5, 7.5]
    assert found.counts.tolist() == [0, 1, 2, 1]
    assert found.expected.tolist() == [2, 0, 2, 0]
    assert values_around([5], [4] * 9, 6).expected is None
    assert values_around([NAN], [], 6) is None


def test_sums_are_of_whole_weeks_with_a_known_day():
    values = np.ones(7 * 4 + 3)
    values[7:14] = NAN
    values[14] = NAN
    assert week_sums(values, MONDAY).tolist() == [7, 6, 7]
    assert week_sums(values, MONDAY + timedelta(days=1)).size == 3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e90, 1e90), min_size=1, max_size=60),
    st.lists(st.floats(-1e3, 1e3), max_size=60),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
)
def test_every_value_is_in_a_bar(after, before, aim):
    found = values_around(after, before, aim)
    assert found.counts.sum() == len(after)
    assert 1 <= found.counts.size <= 20
    assert (np.diff(found.edges) > 0).all()
