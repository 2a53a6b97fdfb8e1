"""Usual or not: one person's own range, the days outside it, the weekly signal and the needle.

Sources: individuals chart with limits from the mean moving range, Wheeler & Chambers,
*Understanding Statistical Process Control* (1992); ties with the centre neither lengthen nor break
a run, as in Anhøj & Olesen (2014), doi 10.1371/journal.pone.0113825; the weekday effects are shrunk
with the positive-part rule of Efron & Morris (1973), doi 10.1080/01621459.1973.10481350. Limits and
figures: 3 sigma for a day, 3.5 sigma or a run of 10 for a week, chosen by simulation for at most
one false alarm a quarter on a board of five rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.change import recent_change
from coach_data.statistics.series import (
    Flags,
    Floats,
    Ints,
    as_series,
    negligible,
    weekdays,
)
from coach_data.statistics.spread import spread_of

LEARNING_UNTIL = 6  # known days before there is a band at all


KNOWN_FROM = 20  # known days from which the band is no longer a trial


BASE_DAYS = 84  # twelve weeks: the base that later days are read against


DAY_LIMIT, WEEK_LIMIT, RUN = 3.0, 3.5, 10
BASE_WEEKS, FIRST_BASE_WEEKS = 12, 8


class Knowledge(StrEnum):
    """How well the usual is known: no value; 1-5 known days; 6-19; 20 and more."""

    NONE = "none"
    LEARNING = "learning"
    TRIAL = "trial"
    KNOWN = "known"


class Signal(StrEnum):
    """Which way the weeks have moved, if they have."""

    NONE = "none"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, eq=False)
class Variation:
    """What one row of the compass draws and says. Arrays have one place a day, in the value's unit.

    ``centre``, ``lower``, ``upper``: the usual of each day with its weekday, nan where there is
    none (too few days, or before the base). ``usual_*``: the same as one flat band, None without.
    ``outside``: -1 below, +1 above, 0 usual or not known. ``weekday_effects``: seven numbers,
    Monday first, already in ``centre``.

    ``n_known``: known days since the start of the base; ``n_base``: those the limits come from.
    ``signal``: of the latest complete week. ``week_days``: each read week's Monday in days from
    the first day (may be negative); ``week_means``: its mean without the weekday effects;
    ``week_signals``: -1, 0, +1 for each.

    ``change``: the last 14 days against the base, in standard deviations of a day, with its 80 %
    interval; all three None with too little data.
    """

    state: Knowledge
    n_known: int
    n_base: int
    centre: Floats
    lower: Floats
    upper: Floats
    outside: Ints
    usual_centre: float | None
    usual_low: float | None
    usual_high: float | None
    weekday_effects: Floats
    signal: Signal
    week_days: Ints
    week_means: Floats
    week_signals: Ints
    change: float | None
    change_low: float | None
    change_high: float | None


def variation(values: ArrayLike, *, first_day: date, rebased_on: date | None = None) -> Variation:
    """The usual range of a series, its days outside, its weekly signal and its recent change.

    ``values``: shape (days,), a full calendar grid from ``first_day``; nan = not known.
    ``rebased_on``: the day from which a person wants the usual to be counted; without it the base
    starts at the first known day. The base lasts twelve weeks, or longer until it has 20 known
    days; then it stands, because limits that follow the data hide a slow change. Days before the
    base get no band and no mark.

    Too little for ``change``: fewer than 10 known days in the base before the last 14 days, or in
    the last 14 fewer than about a third of what the base's own rhythm gives (at least 2, at most
    5). Too little for ``signal``: fewer than eight readable weeks before the week in question; a
    week is readable with 4 known days (fewer where the series is kept on fewer days, down to 1).

    Raises ValueError for an infinite number or anything but one dimension.
    """
    series = as_series(values)
    start = _base_start(series, first_day, rebased_on)
    known = np.isfinite(series)
    known[:start] = False
    where = np.flatnonzero(known)
    weekday = weekdays(first_day, series.size)
    base = where[where < _base_end(where, start)]
    effects, spent = _weekday_effects(series[base], weekday[base])
    adjusted = series - effects[weekday]
    middle, reach = _day_limits(adjusted[base], spent)
    in_base = np.arange(series.size) >= start
    centre = np.where(in_base & (middle is not None), (middle or 0.0) + effects[weekday], np.nan)
    weeks, means, signals, latest = _weekly(adjusted, known, first_day.weekday())
    change, low, high = recent_change(adjusted, where, base)
    return Variation(
        state=_state(where.size),
        n_known=int(where.size),
        n_base=int(base.size),
        centre=centre,
        lower=centre - reach,
        upper=centre + reach,
        outside=_outside(series, known, centre, reach),
        usual_centre=middle,
        usual_low=None if middle is None else middle - reach,
        usual_high=None if middle is None else middle + reach,
        weekday_effects=effects,
        signal=latest,
        week_days=weeks,
        week_means=means,
        week_signals=signals,
        change=change,
        change_low=low,
        change_high=high,
    )


def _state(n_known: int) -> Knowledge:
    if n_known == 0:
        return Knowledge.NONE
    if n_known < LEARNING_UNTIL:
        return Knowledge.LEARNING
    return Knowledge.TRIAL if n_known < KNOWN_FROM else Knowledge.KNOWN


def _base_start(series: Floats, first_day: date, rebased_on: date | None) -> int:
    """The place of the first day of the base; the length of the series where there is none."""
    if rebased_on is not None:
        return min(max((rebased_on - first_day).days, 0), series.size)
    known = np.isfinite(series)
    return int(known.argmax()) if known.any() else series.size


def _base_end(where: Ints, start: int) -> int:
    """The place after the base: twelve weeks, longer where that holds fewer than 20 known days."""
    end = start + BASE_DAYS
    if where.size >= KNOWN_FROM:
        end = max(end, int(where[KNOWN_FROM - 1]) + 1)
    elif where.size:
        end = max(end, int(where[-1]) + 1)
    return end


def _weekday_effects(values: Floats, weekday: Ints) -> tuple[Floats, float]:
    """Seven shrunk weekday effects and the degrees of freedom that they cost.

    Shrunk by 1 - 1/F, with F the one-way analysis of variance: no rhythm, no adjustment; a clear
    rhythm, nearly all of it. With fewer than two values a weekday there is nothing to tell them
    apart by, and the effects are zero.
    """
    none = np.zeros(7), 0.0
    count = np.bincount(weekday, minlength=7)
    seen = count > 0
    groups = int(seen.sum())
    within_df = values.size - groups
    if groups < 2 or values.size < 2 * groups or within_df < LEARNING_UNTIL:
        return none
    deviation = values - values.mean()
    mean = np.bincount(weekday, deviation, minlength=7) / np.maximum(count, 1)
    between = float((count * mean**2).sum()) / (groups - 1)
    within = float(((deviation - mean[weekday]) ** 2).sum()) / within_df
    if between <= within or negligible(np.sqrt(between), values):
        return none
    keep = 1.0 - within / between
    return keep * mean, keep * (groups - 1)


def _day_limits(base: Floats, spent: float) -> tuple[float | None, float]:
    """Centre and reach of the usual range, (None, nan) while it is still being learnt."""
    if base.size < LEARNING_UNTIL:
        return None, np.nan
    reach = DAY_LIMIT * spread_of(base, spent) * np.sqrt(1 + 1 / base.size)
    return float(base.mean()), float(reach)


def _outside(series: Floats, known: Flags, centre: Floats, reach: float) -> Ints:
    away = np.where(known & np.isfinite(centre), series - centre, 0.0)
    # a constant base has no reach: do not take the rounding of its mean for a change
    rounding = 1e-9 * np.abs(series[known]).max(initial=0.0)
    beyond = np.abs(away) > (reach if np.isfinite(reach) else np.inf) + rounding
    return np.where(beyond, np.sign(away), 0).astype(np.int64)


def _weekly(
    adjusted: Floats, known: Flags, first_weekday: int
) -> tuple[Ints, Floats, Ints, Signal]:
    """Readable complete calendar weeks: Monday's place, mean, signal, and the latest's signal."""
    week = (first_weekday + np.arange(adjusted.size)) // 7
    complete = (first_weekday + adjusted.size) // 7
    days = np.flatnonzero(known & (week < complete))
    count = np.bincount(week[days], minlength=complete)
    if not days.size:
        return np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), Signal.NONE
    needed = min(max(int(np.ceil(np.median(count[count > 0]) / 2)), 1), 4)
    readable = np.flatnonzero(count >= needed)
    means = np.bincount(week[days], adjusted[days], minlength=complete)[readable] / count[readable]
    signals = _week_signals(means)
    latest = Signal.NONE
    # a signal of two weeks ago and nothing since is no longer news
    if readable.size and readable[-1] >= complete - 2 and signals[-1]:
        latest = Signal.UP if signals[-1] > 0 else Signal.DOWN
    return readable * 7 - first_weekday, means, signals, latest


def _week_signals(means: Floats) -> Ints:
    """-1, 0, +1 for each week: beyond 3.5 sigma of the base, or tenth week on one side of it."""
    signals = np.zeros(means.size, np.int64)
    run, run_side = 0, 0
    centre = reach = rounding = 0.0
    for k in range(FIRST_BASE_WEEKS, means.size):
        if k <= BASE_WEEKS:  # the base grows from eight to twelve weeks, then it stands
            base = means[:k]
            centre = float(base.mean())
            reach = WEEK_LIMIT * spread_of(base) * float(np.sqrt(1 + 1 / k))
            rounding = 1e-9 * float(np.abs(base).max())
        away = float(means[k]) - centre
        if abs(away) <= rounding:  # a tie neither lengthens nor breaks a run
            continue
        side = 1 if away > 0 else -1
        run, run_side = (run + 1 if side == run_side else 1), side
        if abs(away) > reach + rounding or run >= RUN:
            signals[k] = side
    return signals
