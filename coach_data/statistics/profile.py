"""One pair over several lags: partial correlations in whitened space, against permuted residuals.

The lagging series is design x beta + noise. Not its raw values are shuffled but the whitened
residuals (Freedman & Lane 1983, doi 10.1080/07350015.1983.10509354): those are exchangeable where
days with memory, a rhythm and a trend are not. The family of lags is judged by its maximum
(Westfall & Young 1993), each lag measured by its own permutation spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach_data.statistics.noise import Memory, memory_of, whitened
from coach_data.statistics.series import (
    Flags,
    Floats,
    Ints,
    earlier,
    independent,
    interpolated,
    negligible,
    residual,
    winsorised,
)

SPARE_ROWS = 6  # rows a lag needs beyond the columns of the design
WINDOW = 7


@dataclass(frozen=True, eq=False)
class Profile:
    """Whitened rows of one pair; n known lagging days, k columns (a lag or a window each).

    ``ahead`` (n, k): the leading columns without the design, 0 where not known (``there`` False).
    ``noise`` (n, k): the lagging residual on each column's own rows; both in standard deviations.
    ``r``, ``slope``: (k,), nan where a column has too few rows; ``slope`` in lagging units per
    leading unit. ``count``: rows of each column. ``rank``: columns of the design. ``days``: the
    places of the n rows. ``swing``: standard deviation of the leading residual, in its unit.
    ``residuals`` (n,), ``basis`` (n, rank): the whitened lagging residual and design.
    """

    days: Ints
    rank: int
    memory: Memory
    swing: float
    ahead: Floats
    noise: Floats
    there: Flags
    count: Ints
    r: Floats
    slope: Floats
    residuals: Floats
    basis: Floats


@dataclass(frozen=True, eq=False)
class Chance:
    """What shuffling gives: ``z`` (k,) observed, ``drawn`` (draws, k), both in permutation spreads.

    ``unit`` (k,): the r of one permutation spread.
    """

    z: Floats
    drawn: Floats
    unit: Floats


def constant(values: Floats, design: Floats) -> bool:
    """Whether a series has nothing left to learn from once its design is taken out."""
    known = values[np.isfinite(values)]
    rest = residual(winsorised(values, design), design)
    return not known.size or negligible(float(np.nanmax(np.abs(rest))), known)


def profile(
    leading: Floats, lagging: Floats, design: Floats, lags: Sequence[int | None]
) -> Profile:
    """The pair at each lag, None for the mean of the previous seven days.

    ``leading``, ``lagging``: shape (days,), nan unknown, neither constant. ``design``: (days, p).
    """
    result = residual(winsorised(lagging, design), design)
    lead = residual(winsorised(leading, design), design)
    swing, reply = _spread(lead), _spread(result)
    days = np.flatnonzero(np.isfinite(result))
    basis = independent(design[days])
    target = result[days] / reply
    memory = memory_of(target, basis, days)
    columns, there = look_back(lead / swing, days, lags)
    white = whitened(np.column_stack([target, basis, columns]), days, memory)
    base = independent(white[:, 1 : basis.shape[1] + 1])
    residuals = white[:, 0] - base @ (base.T @ white[:, 0])
    ahead, noise = _without_design(white[:, basis.shape[1] + 1 :], residuals, base, there)
    count = there.sum(axis=0)
    ahead_size, noise_size = (ahead**2).sum(axis=0), (noise**2).sum(axis=0)
    enough = (count >= base.shape[1] + SPARE_ROWS) & (ahead_size > 1e-9) & (noise_size > 1e-9)
    product = (ahead * noise).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.where(enough, product / np.sqrt(ahead_size * noise_size), np.nan)
        slope = np.where(enough, product / ahead_size * reply / swing, np.nan)
    return Profile(
        days=days,
        rank=base.shape[1],
        memory=memory,
        swing=swing,
        ahead=ahead,
        noise=noise,
        there=there,
        count=count,
        r=r,
        slope=slope,
        residuals=residuals,
        basis=base,
    )


def _spread(rest: Floats) -> float:
    """Standard deviation of what the design leaves."""
    return float(np.sqrt(np.nanmean(rest**2)))


def look_back(rest: Floats, days: Ints, lags: Sequence[int | None]) -> tuple[Floats, Flags]:
    """The leading residuals that each lagging day looks back on, and which of them are known.

    ``rest``: shape (days,), the leading residual; ``days``: the places of the n lagging rows. Two
    arrays (n, len(lags)). Gaps are filled only so that the filter has something to run over; their
    rows are then dropped.
    """
    known = np.isfinite(rest)
    filled = interpolated(rest, _neighbour_memory(rest))
    columns = np.empty((days.size, len(lags)))
    there = np.empty((days.size, len(lags)), np.bool_)
    for k, lag in enumerate(lags):
        if lag is None:
            column, seen = _previous_days(filled, known)
        else:
            column = earlier(filled, lag, 0.0)
            seen = earlier(known.astype(np.float64), lag, 0.0) > 0
        columns[:, k], there[:, k] = column[days], seen[days]
    return columns, there


def _previous_days(filled: Floats, known: Flags) -> tuple[Floats, Flags]:
    """Mean of the known ones of the seven days before each day; known with at least half of them.

    Before there is half a week to look back on, the mean of the filled days keeps the filter going.
    """
    past = np.cumsum(np.concatenate([[0.0], filled]))
    past_known = np.cumsum(np.concatenate([[0.0], np.where(known, filled, 0.0)]))
    past_count = np.cumsum(np.concatenate([[0], known]))
    end = np.arange(filled.size)
    start = np.maximum(end - WINDOW, 0)
    count = past_count[end] - past_count[start]
    mean = (past_known[end] - past_known[start]) / np.maximum(count, 1)
    rough = (past[end] - past[start]) / np.maximum(end - start, 1)
    seen = 2 * count >= WINDOW
    return np.where(seen, mean, rough), seen


def _neighbour_memory(rest: Floats) -> float:
    """Correlation of neighbouring days, between 0 and .95; only for filling gaps."""
    pair = np.isfinite(rest[1:]) & np.isfinite(rest[:-1])
    if pair.sum() < SPARE_ROWS:
        return 0.0
    a, b = rest[1:][pair], rest[:-1][pair]
    size = float(np.sqrt(a @ a) * np.sqrt(b @ b))
    return min(max(float(a @ b) / size, 0.0), 0.95) if size > 0 else 0.0


def _without_design(
    ahead: Floats, residuals: Floats, basis: Floats, there: Flags
) -> tuple[Floats, Floats]:
    """Leading columns and lagging residual without the design, each on the column's own rows."""
    mask = there.astype(np.float64)
    p, k = basis.shape[1], mask.shape[1]
    squares = (basis[:, :, None] * basis[:, None, :]).reshape(-1, p * p)
    gram = (mask.T @ squares).reshape(k, p, p)
    inverse = np.linalg.pinv(gram, rcond=1e-8, hermitian=True)
    ahead, noise = ahead * mask, residuals[:, None] * mask
    ahead -= mask * (basis @ np.einsum("kij,jk->ik", inverse, basis.T @ ahead))
    noise -= mask * (basis @ np.einsum("kij,jk->ik", inverse, basis.T @ noise))
    return ahead, noise


def chance(pair: Profile, draws: int, rng: np.random.Generator) -> Chance:
    """The profile under ``draws`` shuffles of the whitened residuals.

    A shuffled residual is taken off the design again; as the leading columns are free of the
    design already, that changes only its length.
    """
    shuffled = rng.permuted(np.broadcast_to(pair.residuals, (draws, pair.days.size)), axis=1)
    size = float(pair.residuals @ pair.residuals)
    length = np.sqrt(size - ((shuffled @ pair.basis) ** 2).sum(axis=1))
    drawn = (shuffled @ pair.ahead) / length[:, None]
    observed = pair.residuals @ pair.ahead / np.sqrt(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(np.isfinite(pair.r), np.sqrt((drawn**2).mean(axis=0)), np.nan)
        own_length = np.sqrt((pair.ahead**2).sum(axis=0) * (pair.noise**2).sum(axis=0))
        return Chance(
            z=observed / spread, drawn=drawn / spread, unit=spread * np.sqrt(size) / own_length
        )


def exceeds(observed: Floats, drawn: Floats) -> Floats:
    """(1 + draws at least as large) / (draws + 1) for each observed value; nan stays nan."""
    order = np.sort(drawn)
    reached = drawn.size - np.searchsorted(order, observed - 1e-12, side="left")
    return np.where(np.isfinite(observed), (1 + reached) / (drawn.size + 1), np.nan)
