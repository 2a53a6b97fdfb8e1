"""Did a daily number change: some days before against the days during, for one person.

A level before and a level during, weekdays, and noise that remembers the day before (AR(1)). How
much it remembers is not known from four weeks, so no single estimate is trusted: the interval is
averaged over all memories from 0 to .95, each weighed by how well it explains the days (the
posterior of a regression with autocorrelated errors under flat priors: Zellner & Tiao 1964,
doi 10.1080/01621459.1964.10480726; the weights are the residual likelihood of Harville 1974,
doi 10.1093/biomet/61.2.383). Days of which nothing is known stay unknown: the noise is given its
correlation over the days that are known, however far apart they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.series import (
    Floats,
    Ints,
    as_series,
    independent,
    negligible,
    t_uppers,
    weekdays,
    winsorised,
)

FEWEST_DAYS = 7
"""Known days on each side below which nothing is said: one week, so that each weekday can count."""
EARLIER_DAYS = 84
"""How far before the baseline a longer history is read, for rhythm and memory only."""
COVERAGE = 0.95
MEMORIES = np.linspace(0.0, 0.95, 20)


class Moved(StrEnum):
    """What is said of two weeks before against two weeks during."""

    MOVED = "moved"
    NOT_MOVED = "no clear change"
    CANNOT_TELL = "cannot tell"


class Why(StrEnum):
    """Why it cannot be told."""

    NOTHING = "nothing known"
    FEW_BEFORE = "too few days before"
    FEW_DURING = "too few days during"
    CONSTANT = "constant"
    """No day differs from the others of its part, so there is nothing to judge a step by."""


@dataclass(frozen=True, slots=True)
class BeforeDuring:
    """``difference``: during minus before, weekdays held equal, in the unit of the values.

    ``low``, ``high``: its 95 % interval. ``before``, ``during``: the plain means of the known days.
    All None where they cannot be given. ``memory``: the mean of the memories by their weights.
    """

    verdict: Moved
    why: tuple[Why, ...]
    known_before: int
    known_during: int
    before: float | None = None
    during: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    memory: float | None = None


def compare(
    values: ArrayLike, *, first_day: date, before: tuple[int, int], during: tuple[int, int]
) -> BeforeDuring:
    """``values``: one a day from ``first_day``, nan unknown. The parts as places (from, to).

    Raises ValueError where the parts are not in order within the series, or a value is infinite.
    """
    series = as_series(values)
    if not 0 <= before[0] <= before[1] <= during[0] <= during[1] <= series.size:
        raise ValueError(f"before {before} and during {during} must lie in order in the series")
    start = max(before[0] - EARLIER_DAYS, 0)
    part = np.full(series.size, -1)
    part[start : before[0]] = 2
    part[slice(*before)] = 0
    part[slice(*during)] = 1
    part[~np.isfinite(series)] = -1
    old, new = series[part == 0], series[part == 1]
    why = _too_little(old.size, new.size)
    plain = _means(old, new)
    if not why and all(negligible(float(np.ptp(side)), side) for side in (old, new)):
        why = (Why.CONSTANT,)
    if why:
        return BeforeDuring(Moved.CANNOT_TELL, why, old.size, new.size, *plain)
    days = np.flatnonzero(part >= 0)
    difference, low, high, memory = _step(series, part, days, first_day)
    moved = low > 0 or high < 0
    return BeforeDuring(
        verdict=Moved.MOVED if moved else Moved.NOT_MOVED,
        why=(),
        known_before=old.size,
        known_during=new.size,
        before=plain[0],
        during=plain[1],
        difference=difference,
        low=low,
        high=high,
        memory=memory,
    )


def _too_little(old: int, new: int) -> tuple[Why, ...]:
    if old + new == 0:
        return (Why.NOTHING,)
    few = ((Why.FEW_BEFORE, old), (Why.FEW_DURING, new))
    return tuple(why for why, known in few if known < FEWEST_DAYS)


def _means(old: Floats, new: Floats) -> tuple[float | None, float | None]:
    before, during = (float(side.mean()) if side.size else None for side in (old, new))
    return before, during


def _step(
    series: Floats, part: Ints, days: Ints, first_day: date
) -> tuple[float, float, float, float]:
    """The step from part 0 to part 1 with its interval, and the mean memory."""
    of_day = part[days]
    levels = (of_day[:, None] == [0, 1, 2]).astype(np.float64)
    weekday = weekdays(first_day, series.size)[days]
    rhythm = (weekday[:, None] == np.arange(1, 7)).astype(np.float64)
    step = levels[:, 1]
    others = independent(np.column_stack([np.ones(days.size), levels[:, 2], rhythm]))
    tamed = winsorised(series[days], np.column_stack([step, others]))
    scale = float(np.std(tamed)) or 1.0
    centre, reach, weight, spare = _fits(np.column_stack([step, others]), tamed / scale, days)
    middle = float(weight @ centre)
    tail = (1 - COVERAGE) / 2
    low, high = (_quantile(p, centre, reach, weight, spare) for p in (tail, 1 - tail))
    return middle * scale, low * scale, high * scale, float(weight @ MEMORIES)


def _fits(columns: Floats, values: Floats, days: Ints) -> tuple[Floats, Floats, Floats, float]:
    """For each memory: the first coefficient, its standard error and its weight; spare degrees.

    Generalised least squares, all memories at once. ``columns``: shape (n, p), ``values``: (n,).
    """
    n, p = columns.shape
    correlation = MEMORIES[:, None, None] ** np.abs(days[:, None] - days[None, :])
    root = np.linalg.cholesky(correlation)
    white = np.linalg.solve(root, np.column_stack([columns, values])[None])
    x, y = white[..., :p], white[..., p]
    gram = np.swapaxes(x, 1, 2) @ x
    inverse = np.linalg.inv(gram)
    beta = np.einsum("mij,mkj,mk->mi", inverse, x, y)
    rest = y - np.einsum("mki,mi->mk", x, beta)
    spare = float(n - p)
    square = np.maximum((rest**2).sum(axis=1), 1e-12)
    fit = -np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    fit -= 0.5 * np.linalg.slogdet(gram)[1] + 0.5 * spare * np.log(square)
    weight = np.exp(fit - fit.max())
    reach = np.sqrt(square / spare * inverse[:, 0, 0])
    return beta[:, 0], reach, weight / weight.sum(), spare


def _quantile(p: float, centre: Floats, reach: Floats, weight: Floats, spare: float) -> float:
    """Quantile of a mixture of Student's t, by halving."""
    far = 40 * float(reach.max())
    low, high = float(centre.min()) - far, float(centre.max()) + far
    while high - low > 1e-5 * far:
        middle = (low + high) / 2
        beyond = float(weight @ t_uppers((middle - centre) / reach, spare))
        low, high = (middle, high) if beyond > 1 - p else (low, middle)
    return (low + high) / 2
