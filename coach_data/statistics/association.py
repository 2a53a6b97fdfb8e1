"""Does what I do move what I want? One behaviour and one result, some days or weeks later.

Method: ``profile`` (permuted whitened residuals), ``noise`` (memory), ``verdicts`` (what follows
from it). Lag 0 is left out of daily series: a common cause of the same day looks like an effect in
three cases of four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.profile import constant, profile
from coach_data.statistics.question import WINDOW_7, Question, Window
from coach_data.statistics.series import (
    Floats,
    Ints,
    as_pair,
    calendar_design,
    fisher_intervals,
    known_span,
    residual,
    trend_design,
    winsorised,
)
from coach_data.statistics.verdicts import Association, Reason, Reverse, Verdict, effective_n, judge

__all__ = [
    "WINDOW_7",
    "Association",
    "Reason",
    "Reverse",
    "Rolling",
    "Verdict",
    "Window",
    "associate",
    "associate_weekly",
    "effective_n",
    "rolling",
    "rolling_weekly",
]

MIN_DAYS = 30  # days with both values before there is any verdict
MIN_WEEKS, NO_LINK_WEEKS = 16, 26  # weeks to test at all, and to say "no strong link"
DAYS_OF_WEEK_MEAN = 4
ROLLING_ROWS = 15  # days with both values that one window needs


def associate(
    leading: ArrayLike,
    lagging: ArrayLike,
    *,
    first_day: date,
    expected_lag: int | Window | None = None,
    direction: int = 1,
    lags: Sequence[int] = range(1, 15),
    draws: int = 999,
    seed: int = 0,
    level: float = 0.05,
) -> Association:
    """The association of a daily behaviour with a daily result.

    ``leading``, ``lagging``: shape (days,), one calendar grid from ``first_day``; nan = not known.
    ``expected_lag``: the declared lag in days, or WINDOW_7. ``direction``: +1 or -1, how a helpful
    effect would show. ``level``: .05 at the first look, .01 at the checks after it, because a year
    of looks at .05 finds something in 22-34 % of unrelated pairs. Same ``seed``, same result.

    Verdicts: TOO_EARLY below 30 days with both values; NO_VARIATION; TOGETHER only for the declared
    lag; POSSIBLE for a hit of the scan alone; REVERSE where the result moves first, and more
    clearly; else CANNOT_TELL.

    Raises ValueError for series of unequal length, infinite numbers, a lag below one day, a
    direction other than +1 and -1, and no draws.
    """
    lead, result = as_pair(leading, lagging)
    family = _checked(lags, expected_lag, direction, draws, lowest=1)
    start, end = known_span(lead, result)
    question = Question(
        lead[start:end], result[start:end], family, expected_lag, direction, draws, seed, level
    )
    design = calendar_design(first_day + timedelta(days=start), end - start)
    return judge(question, design, enough=MIN_DAYS)


def associate_weekly(
    leading: ArrayLike,
    lagging: ArrayLike,
    *,
    first_day: date,
    expected_lag: int | Window | None = None,
    direction: int = 1,
    lags: Sequence[int] = range(4),
    draws: int = 999,
    seed: int = 0,
    level: float = 0.05,
) -> Association:
    """The association of a daily behaviour with a result known once a week.

    Both series on the *daily* grid, shape (days,), nan = not known; the result usually has one
    value a week, and several are averaged. A week is the seven days up to and including the weekday
    on which the result is usually known (Sunday where it has no such day), so lag 0 is the week
    that leads up to the value. ``lags`` and ``expected_lag`` in weeks, 0 and up; WINDOW_7 is lag 0.

    The behaviour is freed of weekday and trend *before* it is averaged, because raw means of weeks
    with missing weekends are biased; a week needs 4 known days. TOO_EARLY below 16 weeks with both;
    below 26 a CANNOT_TELL carries the reason SHORT. ``n_both`` and ``days_needed`` count weeks.

    Raises ValueError like ``associate``; the lowest lag is 0.
    """
    lead, result = as_pair(leading, lagging)
    declared = 0 if isinstance(expected_lag, Window) else expected_lag
    family = _checked(lags, declared, direction, draws, lowest=0)
    start, end = known_span(lead, result)
    first = first_day + timedelta(days=start)
    lead, result = lead[start:end], result[start:end]
    design = calendar_design(first, lead.size)
    lead = residual(winsorised(lead, design), design)
    week = weeks_ending(result, first)
    means = means_of_weeks(lead, week, at_least=DAYS_OF_WEEK_MEAN)
    values = means_of_weeks(result, week, at_least=1)
    question = Question(means, values, family, declared, direction, draws, seed, level)
    found = judge(question, trend_design(means.size), enough=MIN_WEEKS)
    if found.verdict is Verdict.CANNOT_TELL and found.n_both < NO_LINK_WEEKS:
        return replace(found, reasons=(*found.reasons, Reason.SHORT))
    return found


@dataclass(frozen=True, eq=False)
class Rolling:
    """The association of the window that ends on each day, with its interval.

    ``days``: places from the first day. ``r``, ``low``, ``high``: nan where the window has fewer
    than 15 days with both values. ``n``: how many it has.
    """

    days: Ints
    r: Floats
    low: Floats
    high: Floats
    n: Ints


def rolling(
    leading: ArrayLike,
    lagging: ArrayLike,
    *,
    first_day: date,
    lag: int | Window,
    window: int = 56,
    coverage: float = 0.95,
) -> Rolling:
    """How the association at one lag moved on: correlation of the whitened rows of each window.

    ``leading``, ``lagging``: shape (days,), nan = not known. ``lag`` in days, or WINDOW_7.
    ``window``: days, at least 15. Weekday, trend and memory are taken out of the whole series
    first, so the days of a window count as independent and the interval is Fisher's (1921).
    Neighbouring windows overlap: the line wanders smoothly even where nothing changes.

    Empty with fewer than 30 days with both values, or where one of the two does not vary.
    Raises ValueError like ``associate``, and for a window below 15 days.
    """
    lead, result = as_pair(leading, lagging)
    _checked((1,), lag, 1, 1, lowest=1)
    if window < ROLLING_ROWS:
        raise ValueError(f"a window of {window} days is too short; at least {ROLLING_ROWS}")
    start, end = known_span(lead, result)
    lead, result = lead[start:end], result[start:end]
    design = calendar_design(first_day + timedelta(days=start), lead.size)
    days = np.arange(start, end)
    return _moving(
        Question(lead, result, (1,), lag, 1, 1, 0, 0.05), design, days, window, MIN_DAYS, coverage
    )


def rolling_weekly(
    leading: ArrayLike,
    lagging: ArrayLike,
    *,
    first_day: date,
    lag: int,
    window: int = 26,
    coverage: float = 0.95,
) -> Rolling:
    """The same of a result known once a week: at the end of each week, ``window`` weeks back.

    Both series on the daily grid as in ``associate_weekly``; ``lag`` in weeks, 0 and up. Empty with
    fewer than 16 weeks with both. Raises ValueError like ``rolling``.
    """
    lead, result = as_pair(leading, lagging)
    _checked((0,), lag, 1, 1, lowest=0)
    if window < ROLLING_ROWS:
        raise ValueError(f"a window of {window} weeks is too short; at least {ROLLING_ROWS}")
    start, end = known_span(lead, result)
    first = first_day + timedelta(days=start)
    lead, result = lead[start:end], result[start:end]
    design = calendar_design(first, lead.size)
    week = weeks_ending(result, first)
    means = means_of_weeks(
        residual(winsorised(lead, design), design), week, at_least=DAYS_OF_WEEK_MEAN
    )
    values = means_of_weeks(result, week, at_least=1)
    ends = start + np.flatnonzero(np.diff(week, append=-1))
    question = Question(means, values, (lag,), lag, 1, 1, 0, 0.05)
    return _moving(question, trend_design(means.size), ends, window, MIN_WEEKS, coverage)


def _moving(
    question: Question,
    design: Floats,
    days: Ints,
    window: int,
    enough: int,
    coverage: float = 0.95,
) -> Rolling:
    """The declared lag's rows in a window that moves over ``days``, the day of each place."""
    lead, result = question.leading, question.lagging
    if question.places_with_both() < enough or constant(lead, design) or constant(result, design):
        none = np.empty(0)
        return Rolling(np.empty(0, np.int64), none, none, none, np.empty(0, np.int64))
    lag = question.declared
    pair = profile(lead, result, design, (None if isinstance(lag, Window) else lag,))
    rows = pair.days[pair.there[:, 0]]
    x, y = (np.zeros(lead.size) for _ in range(2))
    x[rows], y[rows] = pair.ahead[pair.there[:, 0], 0], pair.noise[pair.there[:, 0], 0]
    seen = np.bincount(rows, minlength=lead.size).astype(np.float64)
    n, r = _window_correlation(x, y, seen, window)
    low, high = fisher_intervals(r, n, coverage)
    return Rolling(days, r, low, high, n.astype(np.int64))


def _window_correlation(x: Floats, y: Floats, seen: Floats, window: int) -> tuple[Floats, Floats]:
    """Rows and Pearson's r of the last ``window`` places; nan with too few of them."""

    def of_window(values: Floats) -> Floats:
        total = np.concatenate([np.zeros(window), np.cumsum(values)])
        return np.asarray(total[window:] - total[:-window])

    n = np.round(of_window(seen))
    count = np.maximum(n, 1)
    a, b = of_window(x), of_window(y)
    both = of_window(x * y) - a * b / count
    size = (of_window(x * x) - a * a / count) * (of_window(y * y) - b * b / count)
    enough = (n >= ROLLING_ROWS) & (size > 1e-12)
    r = np.full(x.shape, np.nan)
    r[enough] = np.clip(both[enough] / np.sqrt(size[enough]), -1, 1)
    return n, r


def _checked(
    lags: Sequence[int], expected: int | Window | None, direction: int, draws: int, *, lowest: int
) -> tuple[int, ...]:
    """The lags as a tuple, after refusing what cannot be asked."""
    family = tuple(int(lag) for lag in lags)
    if not family:
        raise ValueError("no lags to look at")
    if len(set(family)) < len(family):
        raise ValueError("a lag is named twice")
    for lag in (*family, *([expected] if isinstance(expected, int) else [])):
        if lag < lowest:
            raise ValueError(
                f"lag {lag}: a behaviour is read against what comes after it, from lag {lowest} on"
            )
    if direction not in (1, -1):
        raise ValueError(f"direction is +1 or -1, not {direction}")
    if draws < 1:
        raise ValueError("at least one draw is needed")
    return family


def weeks_ending(result: Floats, first: date) -> Ints:
    """The week of each day, counted from 0; weeks end on the result's usual weekday."""
    weekday = (first.weekday() + np.arange(result.size)) % 7
    known = weekday[np.isfinite(result)]
    count = np.bincount(known, minlength=7)
    last = int(count.argmax()) if 2 * count.max() > known.size else 6
    offset = (first.weekday() - last - 1) % 7
    return np.asarray((offset + np.arange(result.size)) // 7)


def means_of_weeks(values: Floats, week: Ints, *, at_least: int) -> Floats:
    """Mean of the known days of each week, nan with fewer than ``at_least``."""
    known = np.isfinite(values)
    weeks = int(week[-1]) + 1 if week.size else 0
    count = np.bincount(week[known], minlength=weeks)
    total = np.bincount(week[known], values[known], minlength=weeks)
    return np.where(count >= at_least, total / np.maximum(count, 1), np.nan)
