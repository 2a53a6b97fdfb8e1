"""Fixation: rates from seeded simulation, and what is said."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach_data.statistics.association import WINDOW_7
from coach_data.statistics.fixation import Aim, Drift, Why, fixation
from tests.statistics.made import MONDAY, NAN, ar1, at_most
from tests.thorough import times

ALWAYS = Aim(low=-99)
SINCE = MONDAY + timedelta(days=28)


def lever(rng, n, r, gone_on=None, gaps=0.0, phi=0.6, lag=3):
    """A behaviour whose effect r on the result, three days later, ends on a day."""
    long = ar1(rng, n + lag, phi)
    strength = np.where(np.arange(n) >= (n if gone_on is None else gone_on), 0.0, r)
    result = strength * long[:n] + np.sqrt(1 - strength**2) * ar1(rng, n, phi)
    weekend = 0.8 * np.isin(np.arange(n) % 7, (5, 6))
    lead, result = long[lag:] - weekend, result - weekend
    lead[rng.random(n) < gaps] = NAN
    result[rng.random(n) < gaps] = NAN
    return lead, result


def ask(lead, result, **how):
    how = {"expected_lag": 3, "aim": ALWAYS, "aim_since": SINCE} | how
    return fixation(lead, result, first_day=MONDAY, **how)


# --- rates -------------------------------------------------------------------------------------------


def signals(found):
    return found.since is not None


def test_a_working_lever_is_rarely_called_worn_out_within_a_year():
    rng = np.random.default_rng(2)
    sims = times(30, 60)
    found = [ask(*lever(rng, 365, 0.4)) for _ in range(sims)]
    assert at_most(np.mean([signals(f) for f in found]), 0.17, sims)
    # the reason for asking for two in a row
    single = np.mean([any(look.alarm for look in f.looks) for f in found])
    assert single > np.mean([signals(f) for f in found])


def test_what_was_never_related_cannot_come_apart():
    rng = np.random.default_rng(3)
    sims = times(30, 60)
    found = [ask(*lever(rng, 365, 0.0)) for _ in range(sims)]
    assert at_most(np.mean([signals(f) for f in found]), 0.03, sims)


def test_an_effect_that_goes_is_found_by_fourteen_weeks():
    rng = np.random.default_rng(4)
    gone, end = 182, 182 + 98
    looks = [MONDAY + timedelta(days=end - 1 - 28 * k) for k in (2, 1, 0)]
    sims = 80
    found = [ask(*lever(rng, end, 0.4, gone), looks=looks) for _ in range(sims)]
    assert np.mean([signals(f) for f in found]) >= 0.70 - 3 * np.sqrt(0.7 * 0.3 / sims)


def test_a_steadier_behaviour_alone_is_no_fixation():
    rng = np.random.default_rng(5)
    sims, end = 60, 280
    looks = [MONDAY + timedelta(days=end - 1 - 28 * k) for k in (1, 0)]
    found = []
    for _ in range(sims):
        lead = rng.standard_normal(end)
        lead[200:] *= 0.3
        result = 0.45 * np.roll(lead, 3) + 0.9 * ar1(rng, end, 0.3)
        found.append(signals(ask(lead, result, looks=looks)))
    assert at_most(np.mean(found), 0.10, sims)


# --- what is said -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worn_out():
    return lever(np.random.default_rng(8), 280, 0.75, 168)


def test_two_alarms_in_a_row_are_a_signal(worn_out):
    found = ask(*worn_out)
    assert found.verdict is Drift.SIGNAL
    assert found.looks[-1].alarm
    assert found.looks[-2].alarm
    assert found.looks[-1].slope_lately < 0.5 * found.looks[-1].slope_before
    assert found.since in [look.day for look in found.looks]
    assert found.looks[-1].n_before + found.looks[-1].n_lately == 280 - 3


def test_one_alarm_is_a_reason_to_look_again(worn_out):
    found = ask(*worn_out, looks=[MONDAY + timedelta(days=279)])
    assert found.verdict is Drift.WATCH
    assert found.since is None


def test_a_look_knows_only_what_was_known_on_its_day(worn_out):
    lead, result = worn_out
    early = ask(lead[:200], result[:200]).looks
    assert ask(lead, result).looks[: len(early)] == early


def test_looks_are_four_weeks_apart_and_do_not_slide(worn_out):
    lead, result = worn_out
    days = [look.day for look in ask(lead, result).looks]
    assert days[0] == SINCE + timedelta(days=55)
    assert {b - a for a, b in zip(days, days[1:], strict=False)} == {timedelta(days=28)}
    assert [look.day for look in ask(lead[:-10], result[:-10]).looks] == days[:-1]


def test_an_aim_that_is_missed_is_no_fixation(worn_out):
    found = ask(*worn_out, aim=50.0)
    assert found.verdict is Drift.NO_SIGN
    assert Why.AIM_MISSED in found.looks[-1].reasons
    assert found.looks[-1].aim_hit == 0


def test_a_result_that_improves_is_no_fixation(worn_out):
    lead, result = worn_out
    better = result + 2.0 * (np.arange(280) >= 168)
    assert Why.IMPROVING in ask(lead, better).looks[-1].reasons
    assert Why.IMPROVING not in ask(lead, 2 * result.mean() - better).looks[-1].reasons


def test_down_can_be_the_helpful_way(worn_out):
    lead, result = worn_out
    found = ask(lead, -result, direction=-1)
    assert found.verdict is Drift.SIGNAL
    assert found.looks == ask(lead, result).looks
    # of "at most", less is meant: more of the behaviour harms, and its own slope is the other way
    turned = ask(-lead, result, direction=-1, aim=Aim(high=99))
    assert turned.looks[-1].p_drop == pytest.approx(found.looks[-1].p_drop, abs=1e-6)


def test_a_working_lever_stays_quiet():
    found = ask(*lever(np.random.default_rng(9), 280, 0.75))
    assert found.verdict is Drift.NO_SIGN
    assert Why.STILL_RELATED in found.looks[-1].reasons


def test_the_previous_seven_days_can_be_the_lag():
    rng = np.random.default_rng(11)
    lead = rng.standard_normal(280)
    week = np.convolve(lead, np.ones(7))[:280] / np.sqrt(7)
    result = np.roll(week, 1) * (np.arange(280) < 168) + 0.4 * rng.standard_normal(280)
    assert ask(lead, result, expected_lag=WINDOW_7).verdict is Drift.SIGNAL


def test_a_weekly_aim_counts_whole_weeks():
    rng = np.random.default_rng(11)
    lead = np.tile([2.0, 0, 0, 2, 0, 1, 0], 30) + 0.01 * rng.standard_normal(210)
    lead[7 * 25 : 7 * 26] = 0.0
    found = ask(lead, rng.standard_normal(210), aim=Aim(low=4, weekly=True))
    assert found.looks[-1].aim_hit == pytest.approx(7 / 8)
    assert ask(lead, lead, aim=Aim(4)).looks[-1].aim_hit == 0


@pytest.mark.parametrize("n", [0, 10, 60, 90])
def test_too_early_for_any_look(n):
    rng = np.random.default_rng(12)
    found = ask(rng.random(n), rng.random(n))
    assert found.verdict is Drift.TOO_EARLY
    assert found.since is None


def test_what_does_not_vary_is_said():
    rng = np.random.default_rng(13)
    noise, same = rng.standard_normal(200), np.full(200, 0.1)
    assert ask(same, noise).looks[-1].reasons == (Why.LEADING_CONSTANT,)
    assert ask(noise, same).looks[-1].reasons == (Why.LAGGING_CONSTANT,)
    lately = np.concatenate([noise[:100], np.full(100, 5.0)])
    assert ask(lately, noise, aim=5.0).verdict in (Drift.NO_SIGN, Drift.TOO_EARLY)
    gone = np.where(np.arange(200) < 120, noise, NAN)
    assert ask(gone, noise).looks[-1].reasons == (Why.TOO_FEW_LATELY,)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"expected_lag": 0}, "lag 0"),
        ({"expected_lag": -3}, "lag -3"),
        ({"direction": 2}, "direction"),
        ({"looks": [SINCE, SINCE]}, "order"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, word):
    with pytest.raises(ValueError, match=word):
        ask(np.zeros(50), np.zeros(50), **change)


def test_odd_series_are_refused():
    with pytest.raises(ValueError, match="calendar grid"):
        ask(np.zeros(50), np.zeros(49))
    with pytest.raises(ValueError, match="infinite"):
        ask(np.full(50, np.inf), np.zeros(50))
    with pytest.raises(ValueError, match="bound"):
        Aim()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 260), st.sampled_from([1, 3, 40, WINDOW_7]))
@example(290, 213, 1)  # so few results that the design explains them all
def test_any_pair_gives_a_verdict_and_no_nan(seed, n, lag):
    rng = np.random.default_rng(seed)
    lead, result = (rng.poisson(rng.uniform(0, 2), n).astype(float) for _ in range(2))
    for series in (lead, result):
        series[rng.random(n) < rng.uniform(0, 1)] = NAN
    found = ask(lead, result, expected_lag=lag, aim=Aim(low=1, high=3, weekly=seed % 2 == 0))
    for look in found.looks:
        for name in ("slope_before", "slope_lately", "p_before", "p_drop", "aim_hit"):
            value = getattr(look, name)
            assert value is None or np.isfinite(value)
        assert look.alarm == (not look.reasons)
