"""Do the values bunch exactly at the aim? Fisher's exact test against the time before the aim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.series import Floats, as_series

NEAR_STEPS, NEAR_PART, NEAR_VALUES = 2, 0.25, 10


class Bunched(StrEnum):
    """What is said of the values near an aim."""

    TOO_EARLY = "too early"
    NO_SIGN = "no sign"
    BUNCHED = "bunched"


@dataclass(frozen=True)
class Bunching:
    """Values exactly at the aim among those near it, before and after it was agreed.

    ``p``: one-sided, that there are more at the aim after; None where one side has fewer than ten
    values near it. ``near``: how far from the aim still counts as near, in the indicator's unit.
    """

    verdict: Bunched
    p: float | None
    at_before: int
    near_before: int
    at_after: int
    near_after: int
    near: float


def bunching(
    before: ArrayLike,
    after: ArrayLike,
    aim: float,
    *,
    near: float | None = None,
    level: float = 0.05,
) -> Bunching:
    """Whether values bunch at the aim since it was agreed, by Fisher's exact test (1922).

    ``before``, ``after``: the days before and since the aim, any lengths, nan = not known. ``near``
    defaults to a quarter of the aim, at least two of the smallest steps in which the values come.
    The comparison with the person's own values before is what spares steady and rounded habits.
    People who honestly stop at the aim are found too: a reason to talk, not a finding.

    ``near_before`` and ``near_after`` count the other values near the aim, without those at it.
    Raises ValueError for infinite numbers, an aim that is not a number, and a ``near`` of 0 or less.
    """
    old, new = as_series(before, "before"), as_series(after, "after")
    if not math.isfinite(aim):
        raise ValueError("the aim must be a number")
    if near is not None and not near > 0:
        raise ValueError("near must be more than nothing")
    values = np.concatenate([old[np.isfinite(old)], new[np.isfinite(new)]])
    reach = _near(values, aim) if near is None else near
    rounding = 1e-9 * max(abs(aim), reach)
    counts = []
    for part in (old, new):
        away = np.abs(part[np.isfinite(part)] - aim)
        at = int((away <= rounding).sum())
        counts += [at, int((away <= reach + rounding).sum()) - at]
    at_before, near_before, at_after, near_after = counts
    p = None
    if min(at_before + near_before, at_after + near_after) >= NEAR_VALUES:
        p = fisher_more(at_after, near_after, at_before, near_before)
    verdict = Bunched.BUNCHED if p is not None and p <= level else Bunched.NO_SIGN
    return Bunching(
        verdict=Bunched.TOO_EARLY if p is None else verdict,
        p=p,
        at_before=at_before,
        near_before=near_before,
        at_after=at_after,
        near_after=near_after,
        near=reach,
    )


def _near(values: Floats, aim: float) -> float:
    steps = np.diff(np.unique(values))
    step = float(steps[steps > 1e-9 * max(abs(aim), 1e-9)].min(initial=np.inf))
    return max(NEAR_PART * abs(aim), NEAR_STEPS * step if math.isfinite(step) else 0.0, 1e-9)


def fisher_more(a: int, b: int, c: int, d: int) -> float:
    """One-sided p of the table [[a, b], [c, d]]: as many as ``a`` or more, given its margins.

    The upper tail of the hypergeometric distribution (Fisher 1922), summed from log factorials.
    """
    row, column, total = a + b, a + c, a + b + c + d

    def log_choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    whole = log_choose(total, row)
    terms = (
        math.exp(log_choose(column, k) + log_choose(total - column, row - k) - whole)
        for k in range(a, min(row, column) + 1)
    )
    return min(1.0, math.fsum(terms))
