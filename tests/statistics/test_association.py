"""One behaviour and one result: error rates, power, and what is said.

Rates come from seeded simulation; each bound is the reference figure of the design plus three
binomial standard errors at that number of simulations.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.statistics.association import (
    WINDOW_7,
    Reason,
    Verdict,
    associate,
    associate_weekly,
    rolling,
)
from coach_data.statistics.profile import profile
from coach_data.statistics.series import (
    calendar_design,
)
from tests.statistics.made import MONDAY, NAN, ar1, pair
from tests.thorough import times


def share(found, n_sims):
    """The share of hits and its three standard errors at least as wide as at a rate of 5 %."""
    rate = float(np.mean(found))
    return rate, 3 * np.sqrt(max(rate * (1 - rate), 0.05 * 0.95) / n_sims)


# --- error rates and power -----------------------------------------------------------------------


@pytest.mark.parametrize(("n", "phi"), [(60, 0.6), (90, 0.3), (180, 0.9)])
def test_unrelated_pairs_are_found_related_in_five_of_a_hundred(n, phi):
    rng = np.random.default_rng([11, n])
    sims = times(100, 250)
    found = [
        associate(*pair(rng, n, phi), first_day=MONDAY, expected_lag=3, draws=199, seed=s)
        for s in range(sims)
    ]
    asked = [f for f in found if f.p_scan is not None]
    for name in ("p_declared", "p_scan"):
        rate, _ = share([getattr(f, name) <= 0.05 for f in asked], sims)
        assert rate <= 0.06 + 3 * np.sqrt(0.06 * 0.94 / len(asked))
    reverse, _ = share([f.reverse.p <= 0.05 for f in asked], sims)
    assert reverse <= 0.06 + 3 * np.sqrt(0.06 * 0.94 / len(asked))


@pytest.mark.parametrize(
    ("n", "phi", "r", "declared", "scan"), [(90, 0.6, 0.4, 0.85, 0.41), (180, 0.3, 0.3, 0.93, 0.59)]
)
def test_a_real_effect_is_found_as_often_as_designed(n, phi, r, declared, scan):
    rng = np.random.default_rng([12, n])
    sims = times(75, 150)
    found = [
        associate(*pair(rng, n, phi, r), first_day=MONDAY, expected_lag=3, draws=199, seed=s)
        for s in range(sims)
    ]
    for reference, name in ((declared, "p_declared"), (scan, "p_scan")):
        rate = np.mean([getattr(f, name) <= 0.05 for f in found])
        assert rate >= reference - 3 * np.sqrt(reference * (1 - reference) / sims) - 0.02
    together = [f for f in found if f.verdict is Verdict.TOGETHER]
    assert len(together) >= 0.95 * sum(f.p_declared <= 0.05 for f in found)
    inside = [f.interval[0] <= r <= f.interval[1] for f in found]
    assert np.mean(inside) >= 0.85


def test_a_result_that_moves_first_is_called_so():
    rng = np.random.default_rng(13)
    verdicts = []
    for s in range(40):
        result, lead = pair(rng, 180, 0.6, r=0.45)
        verdicts.append(
            associate(lead, result, first_day=MONDAY, expected_lag=3, draws=199, seed=s).verdict
        )
    assert verdicts.count(Verdict.REVERSE) >= 28
    assert verdicts.count(Verdict.TOGETHER) <= 4


@pytest.mark.parametrize(("later", "bound"), [(0, 0.06), (3, 0.25)])
def test_a_slip_of_the_finger_in_both_is_no_link(later, bound):
    """On the same day it must not count; right at the declared lag, no more than two big days do."""
    rng = np.random.default_rng(14)
    found = []
    for s in range(120):
        lead, result = pair(rng, 90, 0.3, gaps=0.0)
        lead[40], result[40 + later] = 500.0, 500.0
        a = associate(lead, result, first_day=MONDAY, expected_lag=3, draws=199, seed=s)
        found.append(a.p_declared <= 0.05)
    assert np.mean(found) <= bound + 3 * np.sqrt(bound * (1 - bound) / 120)


def test_weekly_results():
    rng = np.random.default_rng(15)
    hits, found = [], []
    for s in range(120):
        for r, kept in ((0.0, hits), (0.7, found)):
            days = 7 * 40
            lead = ar1(rng, days, 0.3)
            week = np.array([lead[max(0, k - 6) : k + 1].mean() for k in range(days)])
            result = r * week / week.std() + np.sqrt(1 - r**2) * rng.standard_normal(days)
            result[np.arange(days) % 7 != 2] = NAN
            lead = lead - 0.8 * np.isin(np.arange(days) % 7, (5, 6))
            lead[rng.random(days) < 0.15] = NAN
            a = associate_weekly(lead, result, first_day=MONDAY, expected_lag=0, draws=199, seed=s)
            kept.append(a.p_declared <= 0.05)
    assert np.mean(hits) <= 0.052 + 3 * np.sqrt(0.052 * 0.948 / 120)
    assert np.mean(found) >= 0.8


# --- what is said ----------------------------------------------------------------------------------


def related(n=120, seed=20, **how):
    return pair(np.random.default_rng(seed), n, 0.3, r=0.7, **how)


def test_a_clear_pair_in_full():
    lead, result = related()
    found = associate(lead, 10 + 5 * result, first_day=MONDAY, expected_lag=3)
    assert found.verdict is Verdict.TOGETHER
    assert found.reasons == ()
    assert found.best_lag == 3
    assert found.lags == tuple(range(1, 15))
    assert found.p_scan == found.p_by_lag[2] == 0.001
    assert found.r == found.r_by_lag[2]
    assert found.r > found.band[2] > 0
    assert (np.delete(np.abs(found.r_by_lag), 2) < 0.6).all()
    assert found.interval[0] < found.r < found.interval[1]
    assert found.effect == pytest.approx(3.5, abs=1.2)
    assert found.n_both == int((np.isfinite(lead[:-3]) & np.isfinite(result[3:])).sum())
    assert found.n_effective <= found.n_both
    assert found.smallest_visible_r == pytest.approx(2.5 / np.sqrt(found.n_both - 11))
    assert found.days_needed == 81


def test_the_lag_alone_without_a_declaration_is_a_possibility():
    found = associate(*related(), first_day=MONDAY)
    assert found.verdict is Verdict.POSSIBLE
    assert found.p_declared is None
    assert found.reasons == (Reason.NOT_DECLARED,)
    assert found.smallest_visible_r == pytest.approx(3.8 / np.sqrt(found.n_both - 11))


def test_the_declared_direction_counts():
    lead, result = related()
    against = associate(lead, result, first_day=MONDAY, expected_lag=3, direction=-1)
    assert against.p_declared > 0.95
    assert against.verdict is Verdict.POSSIBLE
    assert (
        associate(lead, -result, first_day=MONDAY, expected_lag=3, direction=-1).verdict
        is Verdict.TOGETHER
    )


def test_a_declared_lag_outside_the_scan_is_tested_too():
    lead, result = related(lag=20, n=200)
    found = associate(lead, result, first_day=MONDAY, expected_lag=20)
    assert found.verdict is Verdict.TOGETHER
    assert len(found.lags) == len(found.r_by_lag) == 14


def test_the_previous_seven_days():
    rng = np.random.default_rng(21)
    lead = rng.standard_normal(200)
    week = np.array([lead[max(k - 7, 0) : k].sum() if k else 0.0 for k in range(200)])
    result = week / np.sqrt(7) + rng.standard_normal(200)
    lead[rng.random(200) < 0.15] = NAN
    found = associate(lead, result, first_day=MONDAY, expected_lag=WINDOW_7)
    assert found.verdict is Verdict.TOGETHER
    assert found.r > np.nanmax(found.r_by_lag)


@pytest.mark.parametrize("n", [0, 1, 5, 20, 32])
def test_too_few_days_give_no_figures(n):
    rng = np.random.default_rng(22)
    found = associate(rng.random(n), rng.random(n), first_day=MONDAY, expected_lag=3)
    assert found.verdict is Verdict.TOO_EARLY
    assert Reason.TOO_FEW in found.reasons
    assert found.n_both == max(0, n - 3)
    assert found.days_needed == 30
    assert (found.p_declared, found.p_scan, found.r, found.interval) == (None,) * 4
    assert np.isnan(found.p_by_lag).all()


def test_what_does_not_vary_teaches_nothing():
    rng = np.random.default_rng(23)
    noise, same = rng.standard_normal(60), np.full(60, 0.1)
    rhythm = np.tile([1.0, 1, 1, 1, 1, 0, 0], 9)[:60]
    for lead, result, reason in (
        (same, noise, Reason.LEADING_CONSTANT),
        (rhythm, noise, Reason.LEADING_CONSTANT),
        (np.arange(60.0), noise, Reason.LEADING_CONSTANT),
        (noise, same, Reason.LAGGING_CONSTANT),
    ):
        found = associate(lead, result, first_day=MONDAY, expected_lag=3)
        assert found.verdict is Verdict.NO_VARIATION
        assert found.reasons == (reason,)
        assert found.p_declared is None


def test_same_seed_same_result():
    lead, result = pair(np.random.default_rng(24), 90, 0.6)
    one, same, other = (associate(lead, result, first_day=MONDAY, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.p_by_lag, same.p_by_lag)
    assert not np.array_equal(one.p_by_lag, other.p_by_lag)


def test_empty_days_around_the_series_change_nothing():
    lead, result = pair(np.random.default_rng(25), 100, 0.6, r=0.4)
    empty = np.full(140, NAN)
    one = associate(lead, result, first_day=MONDAY, expected_lag=3)
    wide = associate(
        np.concatenate([empty, lead, empty]), np.concatenate([empty, result, empty]),
        first_day=MONDAY, expected_lag=3,
    )  # fmt: skip
    np.testing.assert_allclose(one.r_by_lag, wide.r_by_lag)
    assert one.p_declared == wide.p_declared


def test_ten_years():
    lead, result = pair(np.random.default_rng(26), 3650, 0.6, r=0.2)
    found = associate(lead, result, first_day=MONDAY, expected_lag=3, draws=199)
    assert found.verdict is Verdict.TOGETHER


@pytest.mark.parametrize("ask", [associate, associate_weekly])
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"lags": [-1]}, "lag -1"),
        ({"expected_lag": -2}, "lag -2"),
        ({"lags": []}, "no lags"),
        ({"lags": [1, 1]}, "twice"),
        ({"direction": 0}, "direction"),
        ({"draws": 0}, "draw"),
        ({"lagging": np.zeros(39)}, "one calendar grid"),
        ({"leading": np.full(40, np.inf)}, "leading holds an infinite"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(ask, change, word):
    asked = {"leading": np.zeros(40), "lagging": np.zeros(40), "first_day": MONDAY} | change
    with pytest.raises(ValueError, match=word):
        ask(asked.pop("leading"), asked.pop("lagging"), **asked)


def test_lag_zero_is_left_out_of_days():
    with pytest.raises(ValueError, match="lag 0"):
        associate(np.zeros(40), np.zeros(40), first_day=MONDAY, expected_lag=0)


def test_weeks_end_on_the_day_of_the_result():
    """A result known on Mondays answers to the seven days up to that Monday, not to the next."""
    rng = np.random.default_rng(27)
    days = 7 * 30
    lead = rng.standard_normal(days)
    result = np.full(days, NAN)
    for monday in range(7, days, 7):
        result[monday] = lead[monday - 6 : monday + 1].mean() + 0.05 * rng.standard_normal()
    found = associate_weekly(lead, result, first_day=MONDAY, expected_lag=WINDOW_7)
    assert found.verdict is Verdict.TOGETHER
    assert found.best_lag == 0
    assert found.r > 0.9


@pytest.mark.parametrize(("n", "verdict"), [(15, Verdict.TOO_EARLY), (24, Verdict.CANNOT_TELL)])
def test_a_short_weekly_series_says_so(n, verdict):
    rng = np.random.default_rng(28)
    lead, result = rng.standard_normal(7 * n), np.full(7 * n, NAN)
    result[6::7] = rng.standard_normal(n)
    found = associate_weekly(lead, result, first_day=MONDAY, expected_lag=0)
    assert found.verdict is verdict
    assert (Reason.SHORT in found.reasons) == (verdict is Verdict.CANNOT_TELL)
    assert found.n_both == n


def test_rolling_is_the_correlation_of_each_window():
    lead, result = related(n=150)
    found = rolling(lead, result, first_day=MONDAY, lag=3, window=42)
    rows = profile(lead, result, calendar_design(MONDAY, 150), (3,))
    for day in (60, 100, 149):
        inside = (rows.days > day - 42) & (rows.days <= day) & rows.there[:, 0]
        assert found.n[day] == inside.sum()
        r = np.corrcoef(rows.ahead[inside, 0], rows.noise[inside, 0])[0, 1]
        assert found.r[day] == pytest.approx(r)
        assert found.low[day] < r < found.high[day]
    assert np.isnan(found.r[:15]).all()


def test_rolling_of_nothing_is_empty():
    assert rolling(np.ones(80), np.ones(80), first_day=MONDAY, lag=3).days.size == 0
    assert rolling([], [], first_day=MONDAY, lag=WINDOW_7).days.size == 0
    with pytest.raises(ValueError, match="window"):
        rolling([], [], first_day=MONDAY, lag=3, window=5)


values = st.one_of(st.just(NAN), st.integers(0, 3).map(float), st.floats(-1e4, 1e4))


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(0, 130), st.sampled_from([None, 1, 3, 30, WINDOW_7]))
def test_any_pair_gives_a_verdict_and_no_nan(data, n, lag):
    filling = data.draw(st.sampled_from(["any", "sparse", "mixed"]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    if filling == "any":
        lead, result = (data.draw(st.lists(values, min_size=n, max_size=n)) for _ in range(2))
    else:
        lead, result = (rng.poisson(0.5, n).astype(float) for _ in range(2))
        lead[rng.random(n) < 0.3] = NAN
        if filling == "sparse":
            result[np.arange(n) % 7 > 1] = NAN
    for ask in (associate, associate_weekly):
        found = ask(lead, result, first_day=MONDAY, expected_lag=lag, draws=19)
        for name in ("p_declared", "p_scan", "r", "effect", "n_effective", "smallest_visible_r"):
            value = getattr(found, name)
            assert value is None or np.isfinite(value)
        spoken = found.verdict not in (Verdict.TOO_EARLY, Verdict.NO_VARIATION)
        assert (found.p_scan is not None) == spoken
        assert np.isfinite(found.p_by_lag).any() == spoken
    if lag is not None:
        line = rolling(lead, result, first_day=MONDAY, lag=lag)
        assert line.days.shape == line.r.shape == line.low.shape
