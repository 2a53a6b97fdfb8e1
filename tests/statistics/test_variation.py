"""The usual range, the marked days, the weekly signal and the needle.

Rates come from seeded simulation; each bound is the promise plus three binomial standard errors.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.statistics.variation import Knowledge, Signal, Variation, variation
from tests.statistics.made import MONDAY, NAN, ar1, with_rhythm_and_gaps

SCALARS = ("usual_centre", "usual_low", "usual_high", "change", "change_low", "change_high")


def has_no_nan(found: Variation) -> bool:
    return not any(getattr(found, name) is not None and np.isnan(getattr(found, name))
                   for name in SCALARS)  # fmt: skip


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (0, Knowledge.NONE), (1, Knowledge.LEARNING), (5, Knowledge.LEARNING),
        (6, Knowledge.TRIAL), (19, Knowledge.TRIAL), (20, Knowledge.KNOWN),
    ],
)  # fmt: skip
def test_what_is_known_grows_with_the_known_days(known, state):
    values = np.full(60, NAN)
    values[2 : 2 + 2 * known : 2] = np.arange(known)
    found = variation(values, first_day=MONDAY)
    assert (found.state, found.n_known) == (state, known)
    assert (found.usual_low is None) == (known < 6)
    assert np.isnan(found.lower).all() == (known < 6)


def test_limits_by_hand():
    values = [3.0, 5, 4, 8, 2, 6, 5, 7]
    found = variation(values, first_day=MONDAY)
    moving = np.mean([2, 1, 4, 6, 4, 1, 2]) / 1.128
    sigma = max(moving, np.std(values, ddof=1))
    reach = 3 * sigma * np.sqrt(1 + 1 / 8)
    assert found.usual_centre == pytest.approx(5)
    assert found.usual_low == pytest.approx(5 - reach)
    assert found.usual_high == pytest.approx(5 + reach)
    np.testing.assert_allclose(found.upper, 5 + reach)


def test_a_day_outside_is_marked_and_an_unknown_day_is_not():
    values = np.tile([4.0, 5, 6, 5], 10)
    values[[20, 25, 30]] = [30, NAN, -30]
    marked = variation(values, first_day=MONDAY).outside
    assert marked[20] == 1
    assert marked[30] == -1
    assert np.count_nonzero(marked) == 2


def test_the_rhythm_of_the_week_is_usual():
    rng = np.random.default_rng(1)
    values = np.tile([10.0, 10, 10, 10, 10, 0, 0], 12) + 0.3 * rng.standard_normal(84)
    found = variation(values, first_day=MONDAY)
    assert not found.outside.any()
    np.testing.assert_allclose(found.centre[:7], [10, 10, 10, 10, 10, 0, 0], atol=0.4)
    values[82] = 10.0  # a full day on a Saturday
    assert variation(values, first_day=MONDAY).outside[82] == 1


def test_without_a_rhythm_nothing_is_adjusted_for_long():
    rng = np.random.default_rng(2)
    effects = [variation(rng.standard_normal(84), first_day=MONDAY).weekday_effects
               for _ in range(200)]  # fmt: skip
    assert np.median(np.abs(effects)) < 0.05


def test_later_days_do_not_move_the_limits_until_a_person_says_so():
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(5, 1, 100), rng.normal(50, 1, 100)])
    before = variation(values[:100], first_day=MONDAY)
    after = variation(values, first_day=MONDAY)
    assert after.usual_centre == before.usual_centre
    assert after.outside[100:].all()
    rebased = variation(values, first_day=MONDAY, rebased_on=MONDAY + timedelta(days=100))
    assert rebased.usual_centre == pytest.approx(50, abs=0.5)
    assert not rebased.outside.any()
    assert np.isnan(rebased.centre[:100]).all()
    assert rebased.n_known == 100


def test_the_base_waits_for_twenty_known_days():
    values = np.full(300, NAN)
    values[::10] = np.arange(30) % 3
    assert variation(values, first_day=MONDAY).n_base == 20


@pytest.mark.parametrize(
    "values", [[], [NAN], [NAN] * 40, [3.0], [3.0] * 40, [0.1] * 3650, [NAN, 1.0]]
)
def test_nothing_to_learn_from_is_no_crash(values):
    found = variation(values, first_day=MONDAY)
    assert has_no_nan(found)
    assert not found.outside.any()
    assert found.signal is Signal.NONE


def test_a_change_of_a_constant_habit_stands_out():
    found = variation([1.0] * 40 + [0.0], first_day=MONDAY)
    assert found.outside[-1] == -1
    shifted = variation([0.1] * 100 + [0.3] * 14, first_day=MONDAY)
    assert shifted.change is not None
    assert shifted.change > 2
    assert variation([0.1] * 100, first_day=MONDAY).change == 0.0


@pytest.mark.parametrize("values", [[1.0, float("inf")], [[1.0, 2.0]], [-float("inf")], [1e200]])
def test_what_cannot_be_a_series_is_refused(values):
    with pytest.raises(ValueError, match="values"):
        variation(values, first_day=MONDAY)


def weeks(*means):
    rng = np.random.default_rng(4)
    inside = rng.standard_normal((len(means), 7))
    inside -= inside.mean(axis=1, keepdims=True)
    return (np.array(means)[:, None] + 0.1 * inside).ravel()


QUIET = [5.0, 5.2, 4.9, 5.1, 5.0, 4.8, 5.2, 5.1, 4.9, 5.0, 5.1, 4.8]


def test_one_week_far_away_is_a_signal():
    assert variation(weeks(*QUIET, 5.1), first_day=MONDAY).signal is Signal.NONE
    assert variation(weeks(*QUIET, 7), first_day=MONDAY).signal is Signal.UP
    assert variation(weeks(*QUIET, 3), first_day=MONDAY).signal is Signal.DOWN
    assert variation(weeks(*QUIET, 3, 5), first_day=MONDAY).signal is Signal.NONE


def test_ten_weeks_on_one_side_are_a_signal_and_nine_are_not():
    nine = variation(weeks(*QUIET, *[5.15] * 9), first_day=MONDAY)
    ten = variation(weeks(*QUIET, *[5.15] * 10), first_day=MONDAY)
    assert nine.signal is Signal.NONE
    assert ten.signal is Signal.UP


def test_a_tie_neither_lengthens_nor_breaks_a_run():
    base = [6.0, 4.0] * 6
    tied = [5.0, *[5.5] * 5, 5.0, *[5.5] * 4]
    values = np.repeat([*base, *tied], 7)
    assert variation(values, first_day=MONDAY).signal is Signal.NONE
    assert variation([*values, *[5.5] * 7], first_day=MONDAY).signal is Signal.UP


def test_half_a_week_is_no_week():
    values = weeks(*QUIET, 7)
    assert variation(values[:-1], first_day=MONDAY).signal is Signal.NONE
    values[-7:-3] = NAN
    assert variation(values, first_day=MONDAY).signal is Signal.NONE


def test_an_old_signal_is_no_news():
    values = np.concatenate([weeks(*QUIET, 9), np.full(28, NAN)])
    found = variation(values, first_day=MONDAY)
    assert found.week_signals[-1] == 1
    assert found.signal is Signal.NONE


def test_weeks_start_on_mondays_wherever_the_series_starts():
    found = variation(np.arange(21.0), first_day=date(2026, 1, 8))  # a Thursday
    assert found.week_days.tolist() == [-3, 4, 11]
    np.testing.assert_allclose(
        found.week_means, [np.mean([0, 1, 2, 3]), np.arange(4, 11).mean(), np.arange(11, 18).mean()]
    )


def test_a_result_kept_once_a_week_has_a_signal_and_a_needle_too():
    rng = np.random.default_rng(5)
    values = np.full(7 * 20, NAN)
    values[4::7] = rng.normal(10, 1, 20)
    values[-3] = 30
    found = variation(values, first_day=MONDAY)
    assert found.signal is Signal.UP
    assert found.change is not None
    assert found.change > 0


def onsets(signals):
    return ((signals != 0) & (np.concatenate([[0], signals[:-1]]) != signals)).sum()


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_a_board_of_five_alarms_at_most_once_a_quarter_and_finds_a_shift(phi):
    rng = np.random.default_rng([6, int(10 * phi)])
    rows, quarter = 600, slice(12, 25)
    board = with_rhythm_and_gaps(rng, ar1(rng, (rows, 7 * 25), phi))
    alarms = sum(onsets(variation(r, first_day=MONDAY).week_signals[quarter]) for r in board)
    # rare and nearly independent: three Poisson standard errors
    assert 5 * alarms / rows <= 1 + 3 * 5 * np.sqrt(0.2 / rows)

    read = [variation(row, first_day=MONDAY).week_means for row in board]
    shift = 2 * np.std(np.concatenate(read))
    board[:, 84:] += shift
    found = [(variation(r, first_day=MONDAY).week_signals[quarter] > 0).any() for r in board]
    assert np.mean(found) >= 0.85 - 3 * np.sqrt(0.85 * 0.15 / rows)


def test_the_alarms_stay_rare_over_the_three_quarters_after_the_base():
    rng = np.random.default_rng(11)
    rows, quarters = 300, 3
    board = with_rhythm_and_gaps(rng, ar1(rng, (rows, 7 * (12 + 13 * quarters)), 0.6))
    alarms = sum(onsets(variation(r, first_day=MONDAY).week_signals[12:]) for r in board)
    assert 5 * alarms / (rows * quarters) <= 1


numbers = st.one_of(st.just(NAN), st.integers(0, 9).map(float), st.floats(-1e6, 1e6))
series = st.lists(numbers, max_size=160)


@settings(max_examples=150, deadline=None)
@given(series, st.integers(0, 6), st.one_of(st.none(), st.integers(-50, 300)))
def test_any_series_gives_numbers_or_none(values, offset, rebased):
    first = MONDAY + timedelta(days=offset)
    start = None if rebased is None else first + timedelta(days=rebased)
    found = variation(values, first_day=first, rebased_on=start)
    assert has_no_nan(found)
    assert found.outside.shape == found.centre.shape == (len(values),)
    assert set(found.outside.tolist()) <= {-1, 0, 1}
    assert not found.outside[np.isnan(np.array(values, float))].any()
    if found.change is not None:
        assert found.change_low <= found.change <= found.change_high


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 200), st.floats(-100, 100), st.floats(0.1, 50))
def test_shift_and_scale_change_nothing_but_the_unit(seed, days, shift, scale):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(days)
    values[rng.random(days) < 0.2] = NAN
    one = variation(values, first_day=MONDAY)
    other = variation(shift + scale * values, first_day=MONDAY)
    np.testing.assert_array_equal(one.outside, other.outside)
    np.testing.assert_array_equal(one.week_signals, other.week_signals)
    np.testing.assert_allclose(shift + scale * one.upper, other.upper, rtol=1e-6, atol=1e-6)
    if one.change is not None:
        assert other.change == pytest.approx(one.change, abs=1e-6)
        assert other.change_low == pytest.approx(one.change_low, abs=1e-6)


def test_upside_down_is_the_mirror_image():
    rng = np.random.default_rng(10)
    values = rng.standard_normal(150)
    values[100:] += 3
    one, other = (variation(sign * values, first_day=MONDAY) for sign in (1, -1))
    np.testing.assert_array_equal(one.outside, -other.outside)
    assert one.change == pytest.approx(-other.change)
    assert (one.signal, other.signal) == (Signal.UP, Signal.DOWN)
