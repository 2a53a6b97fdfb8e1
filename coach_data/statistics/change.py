"""The change of the last days against a person's own usual, and how sure it is."""

from __future__ import annotations

import math

import numpy as np

from coach_data.statistics.series import Floats, Ints, t_quantile
from coach_data.statistics.spread import spread_of

RECENT_DAYS, BASE_FOR_CHANGE = 14, 10
INTERVAL = 0.80
FEWEST_PAIRS = 6  # neighbours from which a memory is estimated


def recent_change(
    adjusted: Floats, where: Ints, base: Ints
) -> tuple[float | None, float | None, float | None]:
    """The last 14 days against the base before them, in base standard deviations, with 80 %."""
    nothing = None, None, None
    border = adjusted.size - RECENT_DAYS
    recent, before = where[where >= border], base[base < border]
    if before.size < BASE_FOR_CHANGE:
        return nothing
    rhythm = before.size / (before[-1] - before[0] + 1)
    if recent.size < min(max(round(RECENT_DAYS * rhythm / 3), 2), 5):
        return nothing
    new, old = adjusted[recent], adjusted[before]
    difference = float(new.mean() - old.mean())
    sigma = spread_of(old)
    if sigma == 0.0:  # a constant base: measure by how much everything varies
        sigma = spread_of(np.concatenate([old, new]))
    if sigma == 0.0:
        return 0.0, 0.0, 0.0
    change = difference / sigma
    margin = _change_margin(old - old.mean(), new - new.mean(), before, recent)
    return change, change - margin, change + margin


def _change_margin(old: Floats, new: Floats, before: Ints, recent: Ints) -> float:
    """Half the width of the 80 % interval, in standard deviations.

    The variance of a difference of two means under an AR(1) with the estimated memory, taken over
    the days that are really known; Student's t with the effective number of base days.
    """
    days = np.concatenate([before, recent])
    phi = memory(np.concatenate([old, new]), days, before.size)
    powers = phi ** np.arange(days[-1] - days[0] + 1)
    correlation = powers[np.abs(days[:, None] - days[None, :])]
    weight = np.concatenate([np.full(old.size, -1 / old.size), np.full(new.size, 1 / new.size)])
    variance = float(weight @ correlation @ weight)
    within = float(correlation[: old.size, : old.size].mean())
    effective = 1 / within
    # the standard deviation of a series with memory is too small by what its mean has taken
    inflate = 1 / math.sqrt(max(1 - within, 0.2))
    return t_quantile(0.5 + INTERVAL / 2, effective - 1) * math.sqrt(variance) * inflate


def memory(deviation: Floats, days: Ints, n_base: int) -> float:
    """phi of an AR(1) from neighbours at the usual distance, corrected for its bias.

    (r + 2/n)/(1 - 4/n), as in Marriott & Pope (1954), doi 10.1093/biomet/41.3-4.390; between 0 and
    .9. A negative estimate is read as none: it would only make the interval narrower.
    """
    gap = np.diff(days)
    gap[n_base - 1] = 0  # the two parts have their own means; no neighbours across the border
    step = max(int(np.median(gap)), 1)
    pairs = np.flatnonzero(gap == step)
    variance = float(deviation @ deviation) / deviation.size
    if pairs.size < FEWEST_PAIRS or variance <= 0:
        return 0.0
    r = float(deviation[pairs] @ deviation[pairs + 1]) / pairs.size / variance
    n = pairs.size
    corrected = (r + 2 / n) / (1 - 4 / n)
    return math.pow(min(max(corrected, 0.0), 0.9), 1 / step)
