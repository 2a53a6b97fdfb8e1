"""Usual or not, against the figures of simulation: seeded, with the tolerance beside each."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coach_data.statistics.variation import Knowledge, Signal, variation

MONDAY = date(2026, 1, 5)


def series(rng, n, phi, gaps=0.15, weekly=0.8):
    """A standard AR(1) with a weekend dip and days that are not known."""
    noise = rng.standard_normal(n) * np.sqrt(1 - phi**2)
    x = np.empty(n)
    x[0] = rng.standard_normal()
    for t in range(1, n):
        x[t] = phi * x[t - 1] + noise[t]
    x -= weekly * np.isin(np.arange(n) % 7, (5, 6))
    x[rng.random(n) < gaps] = np.nan
    return x


def weeks_with_signal(values, first=13):
    """How often a signal begins in the weeks after the base."""
    signals = variation(values, first_day=MONDAY).week_signals
    started = (signals != 0) & (np.concatenate([[0], signals[:-1]]) == 0)
    return int(started[first:].sum())


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_a_board_of_five_gives_at_most_one_false_signal_a_quarter(phi):
    rng = np.random.default_rng([7, round(10 * phi)])
    boards, quarters = 60, 3
    false = sum(
        weeks_with_signal(series(rng, 7 * 13 * (1 + quarters), phi)) for _ in range(5 * boards)
    )
    per_quarter = false / (boards * quarters)
    # Poisson with mean 180: three standard errors of the bound at this number of quarters are .22
    assert per_quarter <= 1.0, per_quarter


def test_a_lasting_shift_of_two_sigma_is_found_within_thirteen_weeks():
    rng = np.random.default_rng(8)
    found = 0
    for _ in range(80):
        x = series(rng, 7 * 26, 0.3)
        x[7 * 13 :] += 2
        signals = variation(x, first_day=MONDAY).week_signals
        found += bool((signals[13:] > 0).any())
    assert found / 80 >= 0.85  # reference .91, standard error .03


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (0, Knowledge.NONE),
        (1, Knowledge.LEARNING),
        (5, Knowledge.LEARNING),
        (6, Knowledge.TRIAL),
        (19, Knowledge.TRIAL),
        (20, Knowledge.KNOWN),
    ],
)
def test_how_well_the_usual_is_known(known, state):
    x = np.full(40, np.nan)
    x[:known] = np.arange(known) % 3
    usual = variation(x, first_day=MONDAY)
    assert usual.state is state
    assert (usual.usual_low is None) == (known < 6)
    assert usual.n_known == known


def test_limits_are_those_of_an_individuals_chart():
    """Against the formula written out: max(mean moving range / 1.128, SD), 3 sigma, 1 + 1/n."""
    x = np.array([3.0, 5, 4, 6, 5, 4, 7, 5, 6, 4])
    usual = variation(x, first_day=MONDAY)
    sigma = max(np.abs(np.diff(x)).mean() / 1.128, x.std(ddof=1))
    assert usual.usual_centre == pytest.approx(x.mean())
    assert usual.usual_high == pytest.approx(x.mean() + 3 * sigma * np.sqrt(1 + 1 / 10))


def test_a_day_far_off_is_marked_and_an_unknown_one_is_not():
    rng = np.random.default_rng(3)
    x = series(rng, 100, 0.0, gaps=0.0, weekly=0.0)
    x[95], x[96] = 9.0, np.nan
    outside = variation(x, first_day=MONDAY).outside
    assert outside[95] == 1
    assert outside[96] == 0


def test_a_change_of_the_last_two_weeks_moves_the_needle_and_its_fan():
    rng = np.random.default_rng(4)
    x = series(rng, 120, 0.3, weekly=0.0)
    x[-14:] += 2
    usual = variation(x, first_day=MONDAY)
    assert 1 < usual.change < 3
    assert usual.change_low > 0


def test_the_fan_holds_what_it_says():
    """80 % intervals around no change hold zero in about 80 % of series."""
    rng = np.random.default_rng(5)
    holds = 0
    for _ in range(300):
        usual = variation(series(rng, 110, 0.3), first_day=MONDAY)
        holds += usual.change_low <= 0 <= usual.change_high
    assert 0.72 <= holds / 300 <= 0.90  # standard error .023


def test_the_usual_is_counted_anew_from_the_day_that_a_person_chose():
    x = np.concatenate([np.tile([1.0, 2, 3], 40), np.tile([11.0, 12, 13], 10)])
    before = variation(x, first_day=MONDAY)
    anew = variation(x, first_day=MONDAY, rebased_on=date(2026, 5, 5))
    assert (before.outside[-5:] == 1).all()
    assert (anew.outside == 0).all()
    assert anew.signal is Signal.NONE


@settings(max_examples=150, deadline=None)
@given(
    arrays(
        np.float64, st.integers(0, 200), elements=st.one_of(st.just(np.nan), st.floats(-1e6, 1e6))
    )
)
def test_whatever_is_logged_no_figure_is_nan(values):
    usual = variation(values, first_day=MONDAY)
    figures = (usual.usual_low, usual.usual_high, usual.change, usual.change_low, usual.change_high)
    assert all(f is None or np.isfinite(f) for f in figures)
    assert usual.outside.shape == values.shape


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 100), st.floats(-100, 100))
def test_the_unit_does_not_matter(seed, scale, shift):
    x = series(np.random.default_rng(seed), 150, 0.3)
    one, other = variation(x, first_day=MONDAY), variation(scale * x + shift, first_day=MONDAY)
    assert one.signal is other.signal
    assert other.change == pytest.approx(one.change, rel=1e-6, abs=1e-6)


def test_an_infinite_value_is_refused():
    with pytest.raises(ValueError, match="infinite"):
        variation([1.0, np.inf], first_day=MONDAY)
