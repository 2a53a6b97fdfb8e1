"""The same question for a whole programme: does this behaviour move with its result, across people?

Each day's programme mean is taken away, so that a launch week or a holiday that everybody shares is
no evidence; then each person's weekday and trend; then the memory. What is left is judged by label
swap: one person's behaviour with another's result has everything in common with the true pairs but
the person. Raw repeated-measures correlation finds something in nine of ten unrelated programmes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.innovations import innovations
from coach_data.statistics.profile import exceeds
from coach_data.statistics.question import Window
from coach_data.statistics.series import Flags, Floats, as_pair
from coach_data.statistics.swap import MIN_PAIRS, Sums, swapped
from coach_data.statistics.verdicts import Verdict

MIN_PEOPLE = 5  # with fewer there are too few ways to swap
BAND = 0.95
BLOCK = 64


class PoolReason(StrEnum):
    """Why there is no verdict on a programme, or how far one carries."""

    TOO_FEW_PEOPLE = "too few people"
    NO_VARIATION = "no variation"
    NOT_DECLARED = "no lag declared"


@dataclass(frozen=True, eq=False)
class Pooled:
    """A behaviour and a result across people. Figures of the group only.

    ``p_declared``: one-sided at the declared lag; ``p_scan``: of the maximum over the lags;
    ``r_by_lag``: mean correlation of the innovations (Fisher's z, weighted by the root of each
    person's days), ``p_by_lag`` (family-wise), ``band`` (chance over the whole profile, 95 %); nan
    where nobody has enough days. ``r``: of the declared lag, else of ``best_lag``. ``n_people``,
    ``n_pairs``: people and days with both values at that lag.
    """

    verdict: Verdict
    reasons: tuple[PoolReason, ...]
    p_declared: float | None
    p_scan: float | None
    lags: tuple[int, ...]
    r_by_lag: Floats
    p_by_lag: Floats
    band: Floats
    best_lag: int | None
    r: float | None
    n_people: int
    n_pairs: int


def pool(
    people: Sequence[tuple[ArrayLike, ArrayLike]],
    *,
    first_day: date,
    lags: Sequence[int] = range(1, 15),
    expected_lag: int | Window | None = None,
    direction: int = 1,
    draws: int = 999,
    seed: int = 0,
    level: float = 0.05,
    block: int = BLOCK,
    progress: Callable[[float], None] | None = None,
) -> Pooled:
    """The association of one behaviour with one result across people, under label swap.

    ``people``: one (leading, lagging) each, shape (days,), all on one calendar grid from
    ``first_day``; nan = not known. ``lags``, ``expected_lag`` in days, from 1 on, or WINDOW_7.
    ``block``: people swapped among each other; memory beyond the series themselves grows with
    block x (days + lags x block). ``progress``: called with the share done, 0 to 1.

    TOO_EARLY below five people; TOGETHER for the declared lag, POSSIBLE for the scan alone.
    Who may see the result at all, and from how many people on, is decided above this floor.

    Raises ValueError for series of unequal length, infinite numbers, a lag below one day, a
    direction other than +1 and -1, no draws, and a block below two people.
    """
    family, columns = _checked(lags, expected_lag, direction, draws, block)
    undeclared = () if expected_lag is not None else (PoolReason.NOT_DECLARED,)
    leading, lagging = _stacked(people)
    enough = [(np.isfinite(m).sum(axis=1) >= MIN_PAIRS) for m in (leading, lagging)]
    counted = enough[0] & enough[1] if len(people) else np.zeros(0, np.bool_)
    if counted.sum() < MIN_PEOPLE:
        return _silent(family, Verdict.TOO_EARLY, (PoolReason.TOO_FEW_PEOPLE, *undeclared), counted)
    ahead = innovations(leading, first_day)[counted]
    behind = innovations(lagging, first_day)[counted]
    rng = np.random.default_rng(seed)
    true, drawn = swapped(ahead, behind, columns, draws, block, rng, progress)
    if not (true.people[: len(family)] >= MIN_PEOPLE).any():
        varies = [bool((np.nan_to_num(m) ** 2).sum() > 0) for m in (ahead, behind)]
        reason = PoolReason.TOO_FEW_PEOPLE if all(varies) else PoolReason.NO_VARIATION
        verdict = Verdict.TOO_EARLY if all(varies) else Verdict.NO_VARIATION
        return _silent(family, verdict, (reason, *undeclared), counted)
    declared = None if expected_lag is None else _place(columns, expected_lag)
    return _judged(family, declared, direction, level, true, drawn, undeclared)


def _checked(
    lags: Sequence[int], expected: int | Window | None, direction: int, draws: int, block: int
) -> tuple[tuple[int, ...], tuple[int | None, ...]]:
    """The lags, and the columns: the lags with the declared one; None is the window."""
    family = tuple(int(lag) for lag in lags)
    if not family or len(set(family)) < len(family):
        raise ValueError("lags must be named, each once")
    for lag in (*family, *([expected] if isinstance(expected, int) else [])):
        if lag < 1:
            raise ValueError(f"lag {lag}: the result is read from the day after on")
    if direction not in (1, -1):
        raise ValueError(f"direction is +1 or -1, not {direction}")
    if draws < 1 or block < 2:
        raise ValueError("at least one draw and blocks of two people are needed")
    if expected is None or expected in family:
        return family, family
    return family, (*family, None if isinstance(expected, Window) else expected)


def _place(columns: tuple[int | None, ...], expected: int | Window) -> int:
    return columns.index(None if isinstance(expected, Window) else expected)


def _stacked(people: Sequence[tuple[ArrayLike, ArrayLike]]) -> tuple[Floats, Floats]:
    """All leading and all lagging series, shape (people, days) each."""
    pairs = [as_pair(lead, result) for lead, result in people]
    if len({lead.size for lead, _ in pairs}) > 1:
        raise ValueError("all people must lie on one calendar grid")
    if not pairs:
        return np.empty((0, 0)), np.empty((0, 0))
    return np.stack([lead for lead, _ in pairs]), np.stack([result for _, result in pairs])


def _judged(
    family: tuple[int, ...],
    declared: int | None,
    direction: int,
    level: float,
    true: Sums,
    swapped: Floats,
    reasons: tuple[PoolReason, ...],
) -> Pooled:
    """The verdict, each lag measured by its own spread under label swap."""
    inside = slice(0, len(family))
    centre, spread = swapped.mean(axis=0), swapped.std(axis=0)
    usable = (true.people >= MIN_PEOPLE) & (spread > 1e-9)
    unit = np.where(usable, spread, np.nan)
    z, drawn = (true.total - centre) / unit, (swapped - centre) / unit
    if not usable[inside].any():
        return _silent(family, Verdict.TOO_EARLY, (PoolReason.TOO_FEW_PEOPLE, *reasons), usable)
    largest = np.nanmax(np.abs(drawn[:, inside]), axis=1)
    p_by_lag = exceeds(np.abs(z[inside]), largest)
    best = int(np.nanargmax(np.abs(z[inside])))
    p_declared = _p_declared(declared, direction, z, drawn)
    spoken = best if p_declared is None or declared is None else declared
    weight = np.where(usable, np.maximum(true.weight, 1e-12), np.nan)
    r = np.tanh(true.total / weight)
    verdict = Verdict.POSSIBLE if p_by_lag[best] <= level else Verdict.CANNOT_TELL
    if p_declared is not None and p_declared <= level:
        verdict = Verdict.TOGETHER
    return Pooled(
        verdict=verdict,
        reasons=reasons,
        p_declared=p_declared,
        p_scan=float(p_by_lag[best]),
        lags=family,
        r_by_lag=r[inside],
        p_by_lag=p_by_lag,
        band=np.tanh(float(np.quantile(largest, BAND)) * unit / weight)[inside],
        best_lag=family[best],
        r=float(r[spoken]),
        n_people=int(true.people[spoken]),
        n_pairs=int(true.pairs[spoken]),
    )


def _p_declared(declared: int | None, direction: int, z: Floats, drawn: Floats) -> float | None:
    """One-sided, at the declared lag; None without one, or where too few people have it."""
    if declared is None or np.isnan(z[declared]):
        return None
    return float(exceeds(direction * z[[declared]], direction * drawn[:, declared])[0])


def _silent(
    family: tuple[int, ...], verdict: Verdict, reasons: tuple[PoolReason, ...], counted: Flags
) -> Pooled:
    """No figures, only why."""
    nothing = np.full(len(family), np.nan)
    return Pooled(
        verdict=verdict,
        reasons=reasons,
        p_declared=None,
        p_scan=None,
        lags=family,
        r_by_lag=nothing,
        p_by_lag=nothing.copy(),
        band=nothing.copy(),
        best_lag=None,
        r=None,
        n_people=int(counted.sum()),
        n_pairs=0,
    )
