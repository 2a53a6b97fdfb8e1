"""Across people: rates under label swap, every step against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.association import WINDOW_7, Verdict
from coach_data.statistics.pooling import PoolReason, pool
from tests.statistics.made import MONDAY, NAN, ar1


def programme(rng, people, n, r=0.0, phi=0.6, shock=0.0, lag=3, gaps=0.2):
    """People with a weekly rhythm, gaps, and a shock that all of them share two days apart."""
    long = ar1(rng, (people, n + lag), phi)
    lead = long[:, lag:].copy()
    result = r * long[:, :n] + np.sqrt(1 - r**2) * ar1(rng, (people, n), phi)
    weekend = 0.8 * np.isin(np.arange(n) % 7, (5, 6))
    shared = shock * ar1(rng, (1, n), 0.8)
    lead += shared - weekend
    result += np.roll(shared, 2) - weekend
    lead[rng.random(lead.shape) < gaps] = NAN
    result[rng.random(result.shape) < gaps] = NAN
    return list(zip(lead, result, strict=True))


@pytest.mark.parametrize(("people", "n", "phi", "shock"), [(12, 90, 0.6, 1), (20, 60, 0.85, 0)])
def test_unrelated_programmes_are_found_related_in_five_of_a_hundred(people, n, phi, shock):
    rng = np.random.default_rng([3, people])
    sims = 200
    found = [
        pool(
            programme(rng, people, n, phi=phi, shock=shock),
            first_day=MONDAY, expected_lag=3, draws=199, seed=s,
        )
        for s in range(sims)
    ]  # fmt: skip
    for name in ("p_declared", "p_scan"):
        rate = np.mean([getattr(f, name) <= 0.05 for f in found])
        assert rate <= 0.07 + 3 * np.sqrt(0.07 * 0.93 / sims)


def test_a_small_effect_that_many_share_is_found():
    rng = np.random.default_rng(4)
    found = [
        pool(
            programme(rng, 40, 90, r=0.12, shock=1.0),
            first_day=MONDAY, expected_lag=3, draws=199, seed=s,
        )
        for s in range(20)
    ]  # fmt: skip
    assert sum(f.verdict is Verdict.TOGETHER for f in found) >= 17
    assert np.mean([f.r for f in found]) == pytest.approx(0.11, abs=0.03)
    assert np.mean([f.best_lag == 3 for f in found]) >= 0.75


def test_a_clear_programme_in_full():
    rng = np.random.default_rng(5)
    told = []
    found = pool(
        programme(rng, 30, 120, r=0.4), first_day=MONDAY, expected_lag=3, block=8,
        progress=told.append,
    )  # fmt: skip
    assert found.verdict is Verdict.TOGETHER
    assert found.reasons == ()
    assert found.p_declared == 0.001
    assert found.best_lag == 3
    assert found.r > found.band[2] > 0
    assert found.n_people == 30
    assert 30 * 40 < found.n_pairs < 30 * 117
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) == 4


def test_the_scan_alone_is_a_possibility():
    people = programme(np.random.default_rng(6), 30, 120, r=0.4)
    found = pool(people, first_day=MONDAY, draws=199)
    assert found.verdict is Verdict.POSSIBLE
    assert found.reasons == (PoolReason.NOT_DECLARED,)
    against = pool(people, first_day=MONDAY, draws=199, expected_lag=3, direction=-1)
    assert against.p_declared > 0.95


def test_the_window_and_a_lag_outside_the_scan():
    people = programme(np.random.default_rng(7), 30, 120, r=0.5, lag=20)
    assert pool(people, first_day=MONDAY, expected_lag=20, draws=99).verdict is Verdict.TOGETHER
    people = programme(np.random.default_rng(7), 30, 120, r=0.5, lag=3)
    found = pool(people, first_day=MONDAY, expected_lag=WINDOW_7, draws=99)
    assert found.verdict is Verdict.TOGETHER
    assert len(found.r_by_lag) == 14


def test_small_blocks_answer_alike():
    people = programme(np.random.default_rng(8), 60, 80, r=0.1)
    whole, small = (pool(people, first_day=MONDAY, draws=999, block=b) for b in (60, 10))
    np.testing.assert_allclose(whole.r_by_lag, small.r_by_lag)
    np.testing.assert_allclose(whole.band, small.band, rtol=0.25)


def test_same_seed_same_result():
    people = programme(np.random.default_rng(9), 10, 60)
    one, same = (pool(people, first_day=MONDAY, draws=99, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.p_by_lag, same.p_by_lag)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_people(count):
    people = programme(np.random.default_rng(10), count, 60)
    found = pool(people, first_day=MONDAY, expected_lag=3)
    assert found.verdict is Verdict.TOO_EARLY
    assert found.reasons == (PoolReason.TOO_FEW_PEOPLE,)
    assert (found.p_declared, found.p_scan, found.r) == (None,) * 3


def test_what_says_nothing_is_no_crash():
    rng = np.random.default_rng(11)
    same = [(np.full(60, 0.1), rng.standard_normal(60)) for _ in range(8)]
    assert pool(same, first_day=MONDAY).verdict is Verdict.NO_VARIATION
    unknown = [(np.full(60, NAN), np.full(60, NAN)) for _ in range(8)]
    assert pool(unknown, first_day=MONDAY).verdict is Verdict.TOO_EARLY
    alike = [(s := np.arange(60.0) % 5, s) for _ in range(8)]
    assert pool(alike, first_day=MONDAY).p_scan is None
    apart = []
    for k in range(8):  # people who were never there at the same time
        lead, result = np.full(400, NAN), np.full(400, NAN)
        lead[50 * k : 50 * k + 50], result[50 * k : 50 * k + 50] = rng.standard_normal((2, 50))
        apart.append((lead, result))
    assert pool(apart, first_day=MONDAY).p_scan is None
    with_empty = [*programme(rng, 8, 60), *unknown[:2], *same[:1]]
    assert pool(with_empty, first_day=MONDAY, draws=99).n_people <= 9


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"lags": [0]}, "lag 0"), ({"lags": [-2]}, "lag -2"), ({"lags": []}, "lags"),
        ({"expected_lag": 0}, "lag 0"), ({"direction": 3}, "direction"),
        ({"draws": 0}, "draw"), ({"block": 1}, "block"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(change, word):
    with pytest.raises(ValueError, match=word):
        pool([], first_day=MONDAY, **change)


def test_unequal_grids_are_refused():
    with pytest.raises(ValueError, match="calendar grid"):
        pool([(np.zeros(5), np.zeros(4))], first_day=MONDAY)
    with pytest.raises(ValueError, match="calendar grid"):
        pool([(np.zeros(5), np.zeros(5)), (np.zeros(4), np.zeros(4))], first_day=MONDAY)
    with pytest.raises(ValueError, match="infinite"):
        pool([(np.full(5, np.inf), np.zeros(5))], first_day=MONDAY)


def test_as_many_threads_as_there_are_change_nothing(monkeypatch):
    people = programme(np.random.default_rng(8), 150, 60, r=0.3)
    found = []
    for most in (1, 4):
        monkeypatch.setattr("coach_data.statistics.threads.MOST", most)
        monkeypatch.setattr("os.cpu_count", lambda: 8)
        found.append(pool(people, first_day=MONDAY, draws=49, block=20))
    for name in ("r_by_lag", "p_by_lag", "band"):
        assert np.array_equal(*(getattr(f, name) for f in found)), name
