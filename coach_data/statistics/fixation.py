"""The aim is still hit: does the result still follow? And do the values bunch at the aim?

Two slopes, before and in the last eight weeks. Slopes and not correlations: "significant before, not
now" is false in every third case where the behaviour only became steadier. The lag is the declared
one; picking it on the early half gives 9-22 % false.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.bunching import Bunched, Bunching, bunching
from coach_data.statistics.profile import constant
from coach_data.statistics.question import Window
from coach_data.statistics.series import Floats, as_pair, calendar_design, known_span
from coach_data.statistics.slopes import Slopes, both_slopes, whitened_look

__all__ = [
    "Aim",
    "Bunched",
    "Bunching",
    "Drift",
    "Fixation",
    "Look",
    "Why",
    "bunching",
    "fixation",
]

LATE_DAYS, LOOK_EVERY = 56, 28
EARLY_ROWS, LATE_ROWS = 30, 20  # days with both values that the two parts need
# .02 and not .05 before: looks repeat, and at .05 a pair that was never related signals in 5 % of years
P_EARLY, P_DROP, KEPT_SLOPE = 0.02, 0.10, 0.5
AIM_HIT = 0.80


@dataclass(frozen=True)
class Aim:
    """What counts as hit: from ``low`` to ``high``, each None where there is no such bound.

    ``weekly``: the bounds are for the sum of a calendar week (Monday first), not for a day.
    """

    low: float | None = None
    high: float | None = None
    weekly: bool = False

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("an aim needs a lower or an upper bound")

    @property
    def sense(self) -> int:
        """Which way more of the behaviour is meant: -1 only for "at most"."""
        return -1 if self.low is None else 1


class Drift(StrEnum):
    """TOO_EARLY: no look possible. WATCH: the last look alarms. SIGNAL: the last two do."""

    TOO_EARLY = "too early"
    NO_SIGN = "no sign"
    WATCH = "watch"
    SIGNAL = "signal"


class Why(StrEnum):
    """Why a look did not alarm."""

    TOO_FEW_BEFORE = "too few days before"
    TOO_FEW_LATELY = "too few days lately"
    LEADING_CONSTANT = "the behaviour does not vary"
    LAGGING_CONSTANT = "the result does not vary"
    NEVER_RELATED = "they did not move together before"
    STILL_RELATED = "the slope has not clearly fallen"
    AIM_MISSED = "the aim is not hit"
    IMPROVING = "the result improves"


@dataclass(frozen=True)
class Look:
    """One look: the last eight weeks up to ``day`` against everything before.

    ``slope_before``, ``slope_lately``: lagging units per leading unit, positive where helpful.
    ``p_before``: that there was an effect before; ``p_drop``: that it is smaller now; one-sided.
    ``aim_hit``: share of known days (weeks) of the eight weeks. None where not computable.
    ``reasons``: everything that spoke against an alarm.
    """

    day: date
    alarm: bool
    reasons: tuple[Why, ...]
    slope_before: float | None = None
    slope_lately: float | None = None
    p_before: float | None = None
    p_drop: float | None = None
    aim_hit: float | None = None
    n_before: int = 0
    n_lately: int = 0


@dataclass(frozen=True)
class Fixation:
    """``verdict`` of the latest looks; ``since``: the day of the second of two alarms in a row."""

    verdict: Drift
    looks: tuple[Look, ...]
    since: date | None


def fixation(
    leading: ArrayLike,
    lagging: ArrayLike,
    *,
    first_day: date,
    expected_lag: int | Window,
    aim: Aim | float,
    aim_since: date,
    looks: Sequence[date] | None = None,
    direction: int = 1,
) -> Fixation:
    """Whether a behaviour whose aim is hit has stopped moving its result.

    ``leading``, ``lagging``: shape (days,), one calendar grid from ``first_day``; nan = not known.
    ``expected_lag``: the declared lag in days, or WINDOW_7. ``aim``: a number is "at least that
    much a day". ``looks``: the days looked at; by default every four weeks from eight weeks after
    ``aim_since``, so that the days do not slide with the reader's (looking daily alarms far more
    often). Each look knows only what was known on its day. ``direction``: which way a helpful
    effect shows in the result.

    A look alarms when there was an effect before (p < .02), it is smaller now (p < .10) and less
    than half, the aim was hit on 80 % of the known days of the last eight weeks, and the result
    does not improve. The signal takes two alarms in a row: one alone comes in about half of all
    working levers within a year.

    Raises ValueError for series of unequal length, infinite numbers, a lag below one day, a
    direction other than +1 and -1, looks that are not in order, and an aim without bounds.
    """
    lead, result = as_pair(leading, lagging)
    if isinstance(expected_lag, int) and expected_lag < 1:
        raise ValueError(f"lag {expected_lag}: the result is read from the day after on")
    if direction not in (1, -1):
        raise ValueError(f"direction is +1 or -1, not {direction}")
    agreed = aim if isinstance(aim, Aim) else Aim(low=float(aim))
    days = _look_days(looks, aim_since, first_day, lead.size)
    lag = None if isinstance(expected_lag, Window) else expected_lag
    seen = [
        _look(lead[:end], direction * result[:end], first_day, day, lag, agreed)
        for day, end in days
    ]
    return _judged(tuple(seen))


def _judged(looks: tuple[Look, ...]) -> Fixation:
    twice = [b.day for a, b in zip(looks, looks[1:], strict=False) if a.alarm and b.alarm]
    possible = [look for look in looks if look.p_drop is not None]
    if not possible:
        verdict = Drift.TOO_EARLY
    elif twice and twice[-1] == looks[-1].day:
        verdict = Drift.SIGNAL
    else:
        verdict = Drift.WATCH if looks[-1].alarm else Drift.NO_SIGN
    return Fixation(verdict, looks, twice[0] if twice else None)


def _look_days(
    looks: Sequence[date] | None, since: date, first_day: date, n: int
) -> list[tuple[date, int]]:
    """The looks within the series, each with the place after its day."""
    if looks is None:
        last = first_day + timedelta(days=n - 1)
        start = since + timedelta(days=LATE_DAYS - 1)
        count = max(0, (last - start).days // LOOK_EVERY + 1)
        looks = [start + timedelta(days=LOOK_EVERY * k) for k in range(count)]
    if any(b <= a for a, b in zip(looks, looks[1:], strict=False)):
        raise ValueError("looks must be in order, each later than the one before")
    ends = [(day, (day - first_day).days + 1) for day in looks]
    return [(day, end) for day, end in ends if 0 < end <= n]


def _look(
    lead: Floats, result: Floats, first_day: date, day: date, lag: int | None, aim: Aim
) -> Look:
    """One look at series that end on its day; ``result`` already turned to helpful = positive."""
    hit = aim_hit(lead[-LATE_DAYS:], day, aim)
    start, _ = known_span(lead, result)
    lead, result = lead[start:], result[start:]
    design = calendar_design(first_day + timedelta(days=start), lead.size)
    for series, why in ((lead, Why.LEADING_CONSTANT), (result, Why.LAGGING_CONSTANT)):
        if constant(series, design):
            return Look(day, False, (why,), aim_hit=hit)
    late = np.arange(lead.size) >= lead.size - LATE_DAYS
    white = whitened_look(lead, result, design, late, lag)
    before, lately = int((~white.late).sum()), int(white.late.sum())
    if before < EARLY_ROWS or lately < LATE_ROWS:
        why = Why.TOO_FEW_BEFORE if before < EARLY_ROWS else Why.TOO_FEW_LATELY
        return Look(day, False, (why,), aim_hit=hit, n_before=before, n_lately=lately)
    slopes = both_slopes(white)
    if slopes is None:
        return Look(
            day, False, (Why.LEADING_CONSTANT,), aim_hit=hit, n_before=before, n_lately=lately
        )
    reasons = _against(slopes, hit, white.improves(aim.sense))
    return Look(
        day=day,
        alarm=not reasons,
        reasons=reasons,
        slope_before=slopes.before,
        slope_lately=slopes.lately,
        p_before=slopes.p_before,
        p_drop=slopes.p_drop,
        aim_hit=hit,
        n_before=before,
        n_lately=lately,
    )


def _against(slopes: Slopes, hit: float | None, improves: bool) -> tuple[Why, ...]:
    """Everything that speaks against an alarm."""
    held = slopes.p_drop >= P_DROP or slopes.lately >= KEPT_SLOPE * slopes.before
    checks = (
        (slopes.p_before >= P_EARLY, Why.NEVER_RELATED),
        (held, Why.STILL_RELATED),
        (hit is None or hit < AIM_HIT, Why.AIM_MISSED),
        (improves, Why.IMPROVING),
    )
    return tuple(why for speaks, why in checks if speaks)


def aim_hit(lead: Floats, last_day: date, aim: Aim) -> float | None:
    """Share of known days (of complete weeks with a known day) on which the aim was hit.

    ``lead``: shape (days,), ending on ``last_day``; None where nothing is known.
    """
    values = lead[np.isfinite(lead)]
    if aim.weekly:
        weekday = (last_day.weekday() - np.arange(lead.size)[::-1]) % 7
        week = np.cumsum(weekday == 0)
        size, known = np.bincount(week), np.bincount(week, np.isfinite(lead))
        total = np.bincount(week, np.nan_to_num(lead))
        values = total[(size == 7) & (known > 0)]
    if not values.size:
        return None
    rounding = 1e-9 * float(np.abs(values).max())
    low = -np.inf if aim.low is None else aim.low - rounding
    high = np.inf if aim.high is None else aim.high + rounding
    return float(((values >= low) & (values <= high)).mean())
