"""The compass: where each behaviour and the result are heading, against the person's own usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from coach_data.annotations import annotations_of
from coach_data.drift import drifted
from coach_data.model import (
    Aim,
    Annotation,
    Comparison,
    EntryNote,
    Indicator,
    Kind,
    Measure,
    Period,
)
from coach_data.plan import Plan, aim_on, plan_of
from coach_data.privacy import Visit
from coach_data.series import Series, series_of
from coach_data.statistics.variation import Knowledge, Signal, Variation, variation

WEEKS_SHOWN = 6
QUIET_DAYS = 14
"""After as many days without a value nothing is said about a direction."""
KEPT = 1024
"""Rows that are kept, of about 20 kB each: a look at a page that has changed elsewhere asks again."""
LEANING = 0.5
"""Standard deviations that the whole fan of the needle lies off the usual: worth a word, no signal."""

Floats = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)


class Reading(StrEnum):
    """What a row says; the words for it are in the library under ``compass.state``."""

    TOWARDS = "towards"
    USUAL = "usual"
    AWAY = "away"
    LEANING_TOWARDS = "leaning_towards"
    LEANING_AWAY = "leaning_away"
    NOTHING = "nothing"
    LEARNING = "learning"
    TRIAL = "trial"
    MISSING = "missing"
    NO_AIM = "no_aim"


@dataclass(frozen=True, eq=False)
class Needle:
    """Towards (+) or away from (-) the aim, in standard deviations, with its 80 % interval."""

    change: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Row:
    """One indicator over the days shown. Arrays: one place a day, nan where nothing is known."""

    indicator: Indicator
    aim: Aim | None
    values: Floats
    skipped: NDArray[np.bool_]
    usual_low: Floats
    usual_centre: Floats
    usual_high: Floats
    outside: NDArray[np.int64]
    aimed: Floats
    """The aim of each day, as the amount for one day."""
    reading: Reading
    signal: Signal
    needle: Needle | None
    n_known: int


@dataclass(frozen=True, eq=False)
class Compass:
    """All rows on one time axis, ``days``; the outcome's own row last and apart."""

    plan: Plan
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    result: Row | None
    annotations: tuple[Annotation, ...]
    drifted: frozenset[int]
    """The behaviours whose aim is met while the result no longer follows."""


@dataclass(frozen=True, eq=False)
class GuardDays:
    """A guard over the days shown, as it was logged; nan where nothing is known."""

    indicator: Indicator
    values: Floats
    skipped: NDArray[np.bool_]


def compass_of(visit: Visit, weeks: int = WEEKS_SHOWN) -> Compass:
    """The compass of the person this visit is about, over the last ``weeks`` weeks."""
    plan = plan_of(visit)
    first = visit.today - timedelta(days=7 * weeks - 1)
    shown = tuple(first + timedelta(days=k) for k in range(7 * weeks))
    annotations = annotations_of(visit)
    series = series_of(visit, [i.indicator_id for i in plan.logged], annotations)
    rows = {
        i.indicator_id: _row(i, plan.aims.get(i.indicator_id, ()), series[i.indicator_id], shown)
        for i in plan.logged
        if i.kind is not Kind.GUARD
    }
    return Compass(
        plan=plan,
        days=shown,
        rows=tuple(rows[i.indicator_id] for i in plan.leading),
        result=rows[plan.lagging.indicator_id] if plan.lagging else None,
        annotations=tuple(a for a in annotations if a.last_day >= first),
        drifted=drifted(plan, series, visit.today),
    )


def guards_of(visit: Visit, compass: Compass) -> list[GuardDays]:
    """The guards of the behaviours on the compass. They get no needle: a guard is to stay as it is,
    and "Does it matter?" asks about it where it does not."""
    guards = [i for i in compass.plan.logged if i.kind is Kind.GUARD]
    if not guards:
        return []
    series = series_of(visit, [i.indicator_id for i in guards], annotations_of(visit))
    found = [(i, series[i.indicator_id]) for i in guards]
    shown = len(compass.days)
    return [
        GuardDays(i, _tail(s.values, shown, np.nan), _tail(s.skipped, shown, False))
        for i, s in found
    ]


def notes_of(visit: Visit, first: date) -> dict[tuple[int, date], str]:
    """The notes beside entries from ``first`` on that the viewer may read."""
    return {(n.indicator_id, n.day): n.note for n in visit.records(EntryNote, first)}


def day_amount(indicator: Indicator, aim: Aim) -> float:
    """The aim's amount for one day: a weekly sum spread evenly, a rating as it is."""
    spread = aim.period is Period.WEEK and indicator.measure is not Measure.RATING
    return aim.amount / 7 if spread else aim.amount


@lru_cache(maxsize=KEPT)
def _row(
    indicator: Indicator, aims: tuple[Aim, ...], series: Series, shown: tuple[date, ...]
) -> Row:
    """Kept from one look to the next, for whoever has the very same days to ask about."""
    usual = variation(series.values, first_day=series.first_day, rebased_on=indicator.usual_since)
    agreed = [aim_on(aims, day) for day in shown]
    aim = agreed[-1]
    towards = _towards(indicator, aim, usual)
    return Row(
        indicator=indicator,
        aim=aim,
        values=_tail(series.values, len(shown), np.nan),
        skipped=_tail(series.skipped, len(shown), False),
        usual_low=_tail(usual.lower, len(shown), np.nan),
        usual_centre=_tail(usual.centre, len(shown), np.nan),
        usual_high=_tail(usual.upper, len(shown), np.nan),
        outside=_tail(usual.outside, len(shown), 0),
        aimed=np.array([day_amount(indicator, a) if a else np.nan for a in agreed]),
        reading=_reading(usual, series.values, towards),
        signal=usual.signal,
        needle=_needle(usual, towards),
        n_known=usual.n_known,
    )


def _tail(values: NDArray[Scalar], size: int, fill: object) -> NDArray[Scalar]:
    """The last ``size`` places, filled up in front where there are fewer."""
    kept = values[-size:]
    made = np.full(size, fill, dtype=values.dtype)
    made[size - kept.size :] = kept
    return made


def _towards(indicator: Indicator, aim: Aim | None, usual: Variation) -> int | None:
    """+1 where more is towards the aim, -1 where less is, None where nobody has said.

    0 where the usual is at an aim of "about" (within half a standard deviation of a day): whatever
    changes then leads away from it.
    """
    if indicator.kind is Kind.LAGGING:
        return 1 if indicator.rising_is_better else -1
    if aim is None:
        return None
    if aim.comparison is Comparison.ABOUT and usual.usual_centre is not None:
        distance = day_amount(indicator, aim) - usual.usual_centre
        reach = (usual.usual_high or usual.usual_centre) - usual.usual_centre
        return 0 if abs(distance) <= reach / 6 else 1 if distance > 0 else -1
    return -1 if aim.comparison is Comparison.AT_MOST else 1


def _reading(usual: Variation, values: Floats, towards: int | None) -> Reading:
    if usual.state is Knowledge.NONE:
        return Reading.NOTHING
    if not np.isfinite(values[-QUIET_DAYS:]).any():
        return Reading.MISSING
    if usual.state is Knowledge.LEARNING:
        return Reading.LEARNING
    if towards is None:
        return Reading.NO_AIM
    if usual.signal is not Signal.NONE:
        up = 1 if usual.signal is Signal.UP else -1
        return Reading.TOWARDS if up == towards else Reading.AWAY
    if usual.state is Knowledge.TRIAL:
        return Reading.TRIAL
    needle = _needle(usual, towards)
    if needle and needle.low > LEANING:
        return Reading.LEANING_TOWARDS
    if needle and needle.high < -LEANING:
        return Reading.LEANING_AWAY
    return Reading.USUAL


def _needle(usual: Variation, towards: int | None) -> Needle | None:
    if usual.change is None or usual.change_low is None or usual.change_high is None or not towards:
        return None
    ends = sorted((towards * usual.change_low, towards * usual.change_high))
    return Needle(towards * usual.change, *ends)
