"""Label swap: everybody's behaviour with their own result, and dealt out anew among the people.

The swaps stay within blocks of people drawn at random. Any group of permutations under which the
null model does not change gives an exact test (Lehmann & Romano 2005, 15.2), and blocks bound the
memory and the work to people x block x days x lags.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coach_data.statistics.profile import WINDOW
from coach_data.statistics.series import Floats, Ints
from coach_data.statistics.threads import each

MIN_PAIRS = 10  # days with both values at a lag before a person counts there


@dataclass(frozen=True, eq=False)
class Sums:
    """Per column: the sum of z x root(days - 3), of the roots, and how many people and days."""

    total: Floats
    weight: Floats
    people: Ints
    pairs: Ints


def swapped(
    ahead: Floats,
    behind: Floats,
    columns: tuple[int | None, ...],
    draws: int,
    block: int,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
) -> tuple[Sums, Floats]:
    """The sums of the true pairs, and the totals of each swap, shape (draws, columns).

    ``ahead``, ``behind``: innovations, shape (people, days). ``columns``: lags from 1 on; None is
    the mean of the previous seven days. ``block``: people swapped among each other. ``progress``:
    called with the share done, 0 to 1.
    """
    order = rng.permutation(ahead.shape[0])
    blocks = np.array_split(order, math.ceil(order.size / block))
    parts = list(zip(blocks, rng.spawn(len(blocks)), strict=True))

    def dealt(part: tuple[Ints, np.random.Generator]) -> tuple[Floats, Floats]:
        members, own = part
        return _block(ahead[members], behind[members], columns, draws, own)

    true, totals = np.zeros((4, len(columns))), np.zeros((draws, len(columns)))
    for done, (its_own, its_draws) in enumerate(each(dealt, parts), start=1):
        true += its_own
        totals += its_draws
        if progress is not None:
            progress(done / len(blocks))
    return Sums(true[0], true[1], true[2].astype(np.int64), true[3].astype(np.int64)), totals


def _block(
    ahead: Floats,
    behind: Floats,
    columns: tuple[int | None, ...],
    draws: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """The same of one block: the four sums of the true pairs by column, and the totals."""
    size = len(ahead)
    swaps = rng.permuted(np.broadcast_to(np.arange(size), (draws, size)), axis=1)
    dealt = swaps + size * np.arange(size)  # where each draw's pairs lie in a square
    true, totals = np.zeros((4, len(columns))), np.zeros((draws, len(columns)))
    before, after = _known(ahead), _known(behind)
    for k, lag in enumerate(columns):
        if lag is None:
            score, weight, pairs = _crossed(_known(looking_back(ahead, None)), after)
        else:
            score, weight, pairs = _crossed(before.until(-lag), after.since(lag))
        totals[:, k] = score.ravel().take(dealt).sum(axis=1)
        own = np.diagonal(weight)
        counted = own > 0
        pairs_there = (np.diagonal(pairs) * counted).sum()
        true[:, k] = np.trace(score), own.sum(), counted.sum(), pairs_there
    return true, totals


def looking_back(ahead: Floats, lag: int | None) -> Floats:
    """The innovation of ``lag`` days before, or the mean of the previous seven (half known)."""
    out = np.full(ahead.shape, np.nan)
    if lag is not None:
        out[:, lag:] = ahead[:, : max(ahead.shape[1] - lag, 0)]
        return out
    known = np.isfinite(ahead)
    zero = np.zeros((ahead.shape[0], 1))
    total = np.cumsum(np.hstack([zero, np.where(known, ahead, 0.0)]), axis=1)
    count = np.cumsum(np.hstack([zero, known]), axis=1)
    end = np.arange(ahead.shape[1])
    start = np.maximum(end - WINDOW, 0)
    seen = count[:, end] - count[:, start]
    mean = (total[:, end] - total[:, start]) / np.maximum(seen, 1)
    return np.where(2 * seen >= WINDOW, mean, np.nan)


@dataclass(frozen=True, eq=False)
class _Known:
    """Rows with 0 where nothing is known, their squares, and where something is, as 0 and 1."""

    value: Floats
    square: Floats
    there: Floats

    def since(self, day: int) -> _Known:
        return _Known(*(m[:, day:] for m in (self.value, self.square, self.there)))

    def until(self, day: int) -> _Known:
        return _Known(*(m[:, :day] for m in (self.value, self.square, self.there)))


def _known(rows: Floats) -> _Known:
    there = np.isfinite(rows)
    value = np.where(there, rows, 0.0)
    return _Known(value, value**2, there.astype(np.float64))


def _crossed(x: _Known, y: _Known) -> tuple[Floats, Floats, Floats]:
    """Everybody's behaviour with everybody's result: z x root(days - 3), the root, the days."""
    pairs = x.there @ y.there.T
    size = (x.square @ y.there.T) * (x.there @ y.square.T)
    enough = (pairs >= MIN_PAIRS) & (size > 1e-12)
    r = np.where(enough, (x.value @ y.value.T) / np.sqrt(np.where(enough, size, 1.0)), 0.0)
    weight = np.where(enough, np.sqrt(np.maximum(pairs - 3, 0.0)), 0.0)
    return np.arctanh(np.clip(r, -0.9999, 0.9999)) * weight, weight, pairs
