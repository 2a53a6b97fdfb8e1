"""Has a behaviour whose aim is met stopped moving its result? For a compass row, and for the check.

What a person declared (aim, expected lag, which way is better) as the statistics take it, and the
answer for all rows at once. Kept answers are of pure functions on what the asker has just read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import numpy as np

from coach_data.model import Aim, Comparison, Indicator, Measure, Period
from coach_data.plan import Plan
from coach_data.series import Floats, Series
from coach_data.statistics import fixation as statistics
from coach_data.statistics.bunching import Bunched, Bunching, bunching
from coach_data.statistics.fixation import Drift, Fixation
from coach_data.statistics.pairs import week_sums
from coach_data.statistics.variation import Signal, variation

READ_DAYS = 730
"""How far back a check reads: what was true three years ago says little about now."""
ABOUT = 0.1
"""As a part of the aim: how near to it an "about" counts as met."""
WEEKLY_FROM, TOO_SLOW_FROM = 4, 21
"""Days between two values of a result, as a rule: from these on it is weekly, or too slow."""


class Concern(StrEnum):
    """Why it is worth asking whether a behaviour is still the best way."""

    DRIFTED = "drifted"
    BUNCHED = "bunched"
    GUARD = "guard"


class Pace(StrEnum):
    """How often a result is known: that decides which test can be asked."""

    DAILY = "daily"
    WEEKLY = "weekly"
    TOO_SLOW = "too slow"


def pace_of(lagging: Indicator, values: Floats) -> Pace:
    """How often the result is known, by its days so far; with few of them as it was set up."""
    known = np.flatnonzero(np.isfinite(values))
    gap = float(np.median(np.diff(known))) if known.size >= 3 else None
    if gap is not None and gap >= TOO_SLOW_FROM:
        return Pace.TOO_SLOW
    if lagging.period is Period.WEEK or (gap is not None and gap >= WEEKLY_FROM):
        return Pace.WEEKLY
    return Pace.DAILY


def helpful_way(lagging: Indicator, aim: Aim | None) -> int:
    """+1 where more of the behaviour should raise the result's number, -1 where it should lower it."""
    less_is_meant = aim is not None and aim.comparison is Comparison.AT_MOST
    return (1 if lagging.rising_is_better else -1) * (-1 if less_is_meant else 1)


def agreed(indicator: Indicator, aim: Aim) -> statistics.Aim:
    """The aim as bounds that a day, or the sum of a week, lies within. Raises nothing."""
    reach = ABOUT * abs(aim.amount) if aim.comparison is Comparison.ABOUT else 0.0
    low, high = aim.amount - reach, aim.amount + reach
    return statistics.Aim(
        low=None if aim.comparison is Comparison.AT_MOST else low,
        high=None if aim.comparison is Comparison.AT_LEAST else high,
        weekly=by_week(indicator, aim),
    )


def by_week(indicator: Indicator, aim: Aim) -> bool:
    """Whether the aim is for the sum of a week; a rating has no sum."""
    return aim.period is Period.WEEK and indicator.measure is not Measure.RATING


def look_days(aim: Aim, today: date, most: int) -> tuple[date, ...]:
    """The latest looks at an aim, at most so many: every four weeks from eight weeks after it."""
    start = aim.since + timedelta(days=statistics.LATE_DAYS - 1)
    count = (today - start).days // statistics.LOOK_EVERY + 1
    return tuple(
        start + timedelta(days=statistics.LOOK_EVERY * k)
        for k in range(max(count - most, 0), max(count, 0))
    )


def drift_of(
    leading: Indicator,
    lagging: Indicator,
    aim: Aim | None,
    lead: Series,
    result: Series,
    looks: tuple[date, ...],
) -> Fixation | None:
    """Whether the two have come apart, at these looks; None where that cannot be asked.

    It takes an aim, a declared lag of a day or more and a result that is known most days. The two
    series lie on one grid.
    """
    lag, size = leading.expected_lag, len(result.values)
    if aim is None or not lag or not looks:
        return None
    if pace_of(lagging, result.values) is not Pace.DAILY:
        return None
    end = min((looks[-1] - result.first_day).days + 1, size)
    start = max(end - READ_DAYS, 0)
    if end <= 0:
        return None
    return _drift(
        lead.values[start:end].tobytes(),
        result.values[start:end].tobytes(),
        result.first_day + timedelta(days=start),
        lag,
        agreed(leading, aim),
        aim.since,
        looks,
        helpful_way(lagging, aim),
    )


@lru_cache(maxsize=512)
def _drift(
    lead: bytes,
    result: bytes,
    first_day: date,
    lag: int,
    aim: statistics.Aim,
    since: date,
    looks: tuple[date, ...],
    way: int,
) -> Fixation:
    """Kept, because a look changes only when its own days do: once in four weeks."""
    return statistics.fixation(
        np.frombuffer(lead),
        np.frombuffer(result),
        first_day=first_day,
        expected_lag=lag,
        aim=aim,
        aim_since=since,
        looks=looks,
        direction=way,
    )


def drifted(plan: Plan, series: Mapping[int, Series], today: date) -> frozenset[int]:
    """The leading indicators whose aim is met while the result no longer follows.

    ``series``: of all that is logged, as ``series_of`` gives them. Looks happen every four weeks
    and it takes two in a row, so the answer does not change from day to day.
    """
    if plan.lagging is None or plan.lagging.indicator_id not in series:
        return frozenset()
    result = series[plan.lagging.indicator_id]
    return frozenset(
        i.indicator_id
        for i in plan.leading
        if i.indicator_id in series
        and _has_drifted(
            i, plan.lagging, plan.aim(i.indicator_id, today), series[i.indicator_id], result, today
        )
    )


def _has_drifted(
    leading: Indicator,
    lagging: Indicator,
    aim: Aim | None,
    lead: Series,
    result: Series,
    today: date,
) -> bool:
    looks = () if aim is None else look_days(aim, today, 2)
    # whether the aim is met is asked first, because that costs next to nothing
    if aim is None or len(looks) < 2 or not aim_met(leading, aim, lead, looks[-1]):
        return False
    found = drift_of(leading, lagging, aim, lead, result, looks)
    return found is not None and found.verdict is Drift.SIGNAL


def aim_met(leading: Indicator, aim: Aim, lead: Series, day: date) -> bool:
    """Whether the aim was met on 80 % of the known days (weeks) of the eight weeks up to a day."""
    end = (day - lead.first_day).days + 1
    recent = lead.values[max(end - statistics.LATE_DAYS, 0) : max(end, 0)]
    share = statistics.aim_hit(recent, day, agreed(leading, aim))
    return share is not None and share >= statistics.AIM_HIT


def since_aim(leading: Indicator, aim: Aim | None, lead: Series) -> tuple[Floats, Floats]:
    """The behaviour since its aim and before: days, or sums of weeks where the aim is for those."""
    if aim is None:
        return lead.values, lead.values[:0]
    cut = max((aim.since - lead.first_day).days, 0)
    after, before = lead.values[cut:], lead.values[:cut]
    if not by_week(leading, aim):
        return after, before
    return week_sums(after, lead.first_day + timedelta(days=cut)), week_sums(before, lead.first_day)


def bunching_of(leading: Indicator, aim: Aim | None, lead: Series) -> Bunching | None:
    """Whether values bunch at the aim since it was agreed; None without an aim."""
    if aim is None:
        return None
    after, before = since_aim(leading, aim, lead)
    return bunching(before, after, aim.amount)


def guard_worsens(guard: Indicator, quality: Series) -> bool:
    """Whether the guard's weekly signal, as on a row of the compass, leads the wrong way."""
    usual = variation(quality.values, first_day=quality.first_day, rebased_on=guard.usual_since)
    return usual.signal is (Signal.DOWN if guard.rising_is_better else Signal.UP)


def concerns_of(
    leading: Indicator,
    aim: Aim | None,
    lead: Series,
    guard: Indicator | None,
    quality: Series | None,
    fixed: Fixation | None,
    bunched: Bunching | None,
) -> tuple[Concern, ...]:
    """What speaks for asking whether this is still the best way; nothing where the aim is missed."""
    today = lead.first_day + timedelta(days=lead.values.size - 1)
    met = aim is not None and aim_met(leading, aim, lead, today)
    worse = met and guard is not None and quality is not None and guard_worsens(guard, quality)
    speaks = {
        Concern.DRIFTED: fixed is not None and fixed.verdict is Drift.SIGNAL,
        Concern.BUNCHED: met and bunched is not None and bunched.verdict is Bunched.BUNCHED,
        Concern.GUARD: worse,
    }
    return tuple(concern for concern, so in speaks.items() if so)
