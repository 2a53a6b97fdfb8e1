"""One pair as it can be looked at: the pairs of a scatter, the days on which to look, the values.

What is drawn is what was tested: weekday, trend and gross outliers are taken out as in
``association``, and the mean is put back so that the axes keep their units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.association import (
    DAYS_OF_WEEK_MEAN,
    MIN_DAYS,
    MIN_WEEKS,
    means_of_weeks,
    weeks_ending,
)
from coach_data.statistics.series import (
    Floats,
    Ints,
    as_pair,
    as_series,
    calendar_design,
    earlier,
    known_span,
    residual,
    trend_design,
    winsorised,
)
from coach_data.statistics.verdicts import Association

LOOK_EVERY = 28  # days between two looks at the same pair
MOST_BARS = 18
EARLIER_VALUES = 10  # values before the aim that "expected" needs
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of a behaviour and the result after it, each freed of weekday and trend, in its unit."""

    lead: Floats
    result: Floats


@dataclass(frozen=True, eq=False)
class Line:
    """A line through the pairs over ``at``, with its 95 % range."""

    at: Floats
    fitted: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Values:
    """How often which values came. ``edges``: one more than ``counts``.

    ``expected``: how often they would have come at the rates before; None with fewer than ten
    values before.
    """

    edges: Floats
    counts: Floats
    expected: Floats | None


def day_pairs(leading: ArrayLike, lagging: ArrayLike, *, first_day: date, lag: int) -> Pairs:
    """The pairs of a daily result at one lag in days (1 and up).

    ``leading``, ``lagging``: shape (days,), one calendar grid from ``first_day``; nan = not known.
    Raises ValueError for series of unequal length and infinite numbers.
    """
    lead, result = as_pair(leading, lagging)
    start, end = known_span(lead, result)
    design = calendar_design(first_day + timedelta(days=start), end - start)
    return _known(
        earlier(_freed(lead[start:end], design), lag, np.nan), _freed(result[start:end], design)
    )


def week_pairs(leading: ArrayLike, lagging: ArrayLike, *, first_day: date, lag: int) -> Pairs:
    """The pairs of a weekly result at one lag in weeks (0 and up), as in ``associate_weekly``."""
    lead, result = as_pair(leading, lagging)
    start, end = known_span(lead, result)
    first = first_day + timedelta(days=start)
    lead, result = lead[start:end], result[start:end]
    week = weeks_ending(result, first)
    free = _freed(lead, calendar_design(first, lead.size))
    means = means_of_weeks(free, week, at_least=DAYS_OF_WEEK_MEAN)
    values = means_of_weeks(result, week, at_least=1)
    return _known(earlier(means, lag, np.nan), _freed(values, trend_design(values.size)))


def _freed(values: Floats, design: Floats) -> Floats:
    known = np.isfinite(values)
    centre = float(values[known].mean()) if known.any() else 0.0
    return centre + residual(winsorised(values, design), design)


def _known(lead: Floats, result: Floats) -> Pairs:
    both = np.isfinite(lead) & np.isfinite(result)
    return Pairs(lead[both], result[both])


def line_through(pairs: Pairs, found: Association) -> Line | None:
    """The line with the association's own slope and interval; None where it has none.

    Not fitted to the dots: they still hold the memory of the result, which the test takes out.
    """
    if found.effect is None or not found.swing or not found.r or found.interval is None:
        return None
    if not pairs.lead.size:
        return None
    slope = found.effect / found.swing
    steeper = (found.interval[1] - found.interval[0]) / 2 * abs(slope / found.r)
    at = np.linspace(float(pairs.lead.min()), float(pairs.lead.max()), 20)
    away = at - pairs.lead.mean()
    n = max(found.n_effective or 0.0, 4.0)
    centre = float(pairs.result.mean())
    off = pairs.result - centre - slope * (pairs.lead - pairs.lead.mean())
    level = 1.96 * float(off.std()) / np.sqrt(n)
    reach = np.sqrt((steeper * away) ** 2 + level**2)
    fitted = centre + slope * away
    return Line(at, fitted, fitted - reach, fitted + reach)


def first_look(
    leading: ArrayLike, lagging: ArrayLike, *, first_day: date, lags: Iterable[int], weekly: bool
) -> int | None:
    """The place of the first day with enough pairs for a verdict, None where there is none yet.

    ``lags``: the declared one alone, else all that are scanned; days, or weeks where ``weekly``.
    Thirty days, or sixteen weeks, with both values at one of the lags.
    """
    lead, result = as_pair(leading, lagging)
    if not np.isfinite(result).any():
        return None
    start, end = known_span(lead, result)
    ends: Ints = np.arange(start, end)
    lead, result, enough = lead[start:end], result[start:end], MIN_DAYS
    if weekly:
        week, enough = weeks_ending(result, first_day + timedelta(days=start)), MIN_WEEKS
        lead = means_of_weeks(lead, week, at_least=DAYS_OF_WEEK_MEAN)
        result = means_of_weeks(result, week, at_least=1)
        ends = start + np.flatnonzero(np.diff(week, append=week[-1] + 1))
    looks = []
    for lag in lags:
        pairs = np.flatnonzero(np.isfinite(earlier(lead, lag, np.nan)) & np.isfinite(result))
        if pairs.size >= enough:
            looks.append(int(ends[pairs[enough - 1]]))
    return min(looks, default=None)


def values_around(after: ArrayLike, before: ArrayLike, aim: float | None) -> Values | None:
    """The values since an aim was agreed, in bars of one width with the aim in the middle of one.

    ``after``, ``before``: any lengths, nan = not known. Whole numbers get bars of whole numbers.
    None without a value. Raises ValueError for infinite numbers.
    """
    new, old = (v[np.isfinite(v)] for v in (as_series(after), as_series(before)))
    if not new.size:
        return None
    everything = np.concatenate([new, old, [] if aim is None else [aim]])
    whole = bool((everything == np.round(everything)).all())
    low, high = float(everything.min()), float(everything.max())
    least = 4 * float(
        np.spacing(max(abs(low), abs(high)))
    )  # what numbers of this size can tell apart
    width = max(_bar_width(high - low, whole), least)
    anchor = low if aim is None else aim
    first = int(np.floor((low - anchor) / width + 0.5))
    last = int(np.floor((high - anchor) / width + 0.5))
    edges = np.asarray(anchor + width * (np.arange(first, last + 2) - 0.5), dtype=np.float64)
    counts = np.histogram(np.clip(new, edges[0], edges[-1]), edges)[0].astype(np.float64)
    expected = None
    if old.size >= EARLIER_VALUES:
        rates = np.histogram(np.clip(old, edges[0], edges[-1]), edges)[0] / old.size
        expected = rates * new.size
    return Values(edges, counts, expected)


def week_sums(values: ArrayLike, first_day: date) -> Floats:
    """Sums of the complete calendar weeks (Monday first) with a known day; unknown adds nothing."""
    series = as_series(values)
    week = (first_day.weekday() + np.arange(series.size)) // 7
    size, known = np.bincount(week), np.bincount(week, np.isfinite(series))
    total = np.bincount(week, np.nan_to_num(series))
    return np.asarray(total[(size == 7) & (known > 0)], dtype=np.float64)


def _bar_width(reach: float, whole: bool) -> float:
    """The smallest round width that needs no more bars than can be told apart."""
    if reach <= 0:
        return 1.0
    least = max(reach / (MOST_BARS - 2), 1.0) if whole else reach / (MOST_BARS - 2)
    size = 10.0 ** np.floor(np.log10(least))
    steps = (s for s in STEPS if s * size >= least and not (whole and s * size % 1))
    return float(next(steps, 10.0) * size)
