"""One pair over a year against the loop that people write with pandas."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from coach_data.statistics.association import associate

DAYS, LAGS, DRAWS = 365, range(1, 29), 999


def _pair() -> tuple[np.ndarray, np.ndarray]:
    """A year of both, one day in five unknown."""
    rng = np.random.default_rng(0)
    lead, result = rng.standard_normal(DAYS), rng.standard_normal(DAYS)
    lead[rng.random(DAYS) < 0.2] = np.nan
    result[rng.random(DAYS) < 0.2] = np.nan
    return lead, result


def _seconds(work: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def _loop(lead: np.ndarray, result: np.ndarray, draws: int) -> float:
    """The largest r over the lags under ``draws`` shuffles, by shift and corr."""
    before, after = pd.Series(lead), pd.Series(result)
    rng = np.random.default_rng(0)
    most = []
    for _ in range(draws):
        mixed = pd.Series(rng.permutation(after.to_numpy()))
        most.append(max(abs(before.shift(lag).corr(mixed)) for lag in LAGS))
    return float(np.quantile(most, 0.95))


def pairs() -> dict[str, float]:
    """Seconds of one association and of the loop for as many draws, both in this run, and the ratio.

    The loop is timed over a tenth of the draws and counted ten times.
    """
    lead, result = _pair()

    def ours() -> object:
        return associate(
            lead, result, first_day=date(2026, 1, 5), expected_lag=3, lags=LAGS, draws=DRAWS
        )

    ours()
    mine = _seconds(ours, 15)
    theirs = 10 * _seconds(lambda: _loop(lead, result, DRAWS // 10), 1)
    return {
        "one pair, a year": mine,
        "pandas loop": theirs,
        "pandas loop / one pair": theirs / mine,
    }
