"""One pair over a year against the loops that people write: the same draws, or at least the lags."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coach_data.statistics.association import associate
from tests.bench.rows import SECONDS, Row, by_turns

DAYS, LAGS, DRAWS = 365, range(1, 29), 999
SHARE = 10
"""The loop is timed over one draw in so many, and counted as often."""
DECLARED = 3


def _pair() -> tuple[np.ndarray, np.ndarray]:
    """A year of both, one day in five unknown."""
    rng = np.random.default_rng(0)
    lead, result = rng.standard_normal(DAYS), rng.standard_normal(DAYS)
    lead[rng.random(DAYS) < 0.2] = np.nan
    result[rng.random(DAYS) < 0.2] = np.nan
    return lead, result


def _loop(lead: np.ndarray, result: np.ndarray, draws: int) -> float:
    """The largest r over the lags under ``draws`` shuffles, by shift and corr."""
    before, after = pd.Series(lead), pd.Series(result)
    rng = np.random.default_rng(0)
    most = []
    for _ in range(draws):
        mixed = pd.Series(rng.permutation(after.to_numpy()))
        most.append(max(abs(before.shift(lag).corr(mixed)) for lag in LAGS))
    return float(np.quantile(most, 0.95))


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Ours is the whole of it: the noise model, the reverse and the whole family of lags."""
    lead, result = _pair()

    def ours() -> object:
        return associate(
            *(lead, result),
            first_day=date(2026, 1, 5),
            expected_lag=DECLARED,
            lags=LAGS,
            draws=DRAWS,
        )

    turns = by_turns(
        2 if quick else 5, ours, ours, ours, lambda: _loop(lead, result, DRAWS // SHARE)
    )
    mine = statistics.median(s for spent in turns[:3] for s in spent)
    theirs = SHARE * statistics.median(turns[3])
    size = f"{DAYS} days, {len(LAGS)} lags, {DRAWS} draws"
    yield Row("one pair: pandas loop / ours", theirs / mine, size=size, least=80)
    yield Row("one pair", mine, SECONDS, size)
