"""A sprint across features: what moved, and what a decision brings about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from coach_data.annotations import annotations_of
from coach_data.behaviours import add_leading, resume
from coach_data.model import (
    Aim,
    Comparison,
    Decision,
    Indicator,
    Kind,
    Measure,
    Period,
    Retrospective,
    Status,
    new_id,
)
from coach_data.plan import MOST_LEADING, plan_of
from coach_data.privacy import Visit
from coach_data.series import Floats, Series, series_of
from coach_data.sprints import LENGTH, BadSprint, Line, checked_end
from coach_data.statistics.comparison import EARLIER_DAYS, BeforeDuring, compare

DAYS_A_WEEK = 5
"""How often an adopted behaviour is meant to be done, where nothing else is said."""


@dataclass(frozen=True, eq=False)
class Trial:
    """What the measure of a sprint did: ``days`` are those before and during, ``values`` theirs.

    ``values``: nan unknown, also for days that have not come. ``n_before``: how many days of it lie
    before. ``towards``: +1 where it moved the better way, -1 the other, 0 where it did not move.
    """

    measure: Indicator
    days: tuple[date, ...]
    values: Floats
    n_before: int
    result: BeforeDuring
    towards: int


def trial_of(visit: Visit, line: Line) -> Trial:
    """Before and during of one sprint, as far as it has gone. Raises BadSprint."""
    sprint = line.sprint
    measures = {i.indicator_id: i for i in visit.records(Indicator)}
    if sprint.measure_id not in measures:
        raise BadSprint("What this sprint was measured by is not there.")
    measure = measures[sprint.measure_id]
    series = series_of(visit, [measure.indicator_id], annotations_of(visit))
    first = sprint.first_day - timedelta(days=sprint.baseline_days + EARLIER_DAYS)
    size = EARLIER_DAYS + sprint.baseline_days + LENGTH
    values = _window(series[measure.indicator_id], first, size)
    begin = EARLIER_DAYS + sprint.baseline_days
    result = compare(
        values, first_day=first, before=(EARLIER_DAYS, begin), during=(begin, begin + LENGTH)
    )
    step = result.difference or 0.0
    better = (1 if step > 0 else -1) * (1 if sprint.rising_is_better else -1)
    return Trial(
        measure=measure,
        days=tuple(first + timedelta(days=k) for k in range(EARLIER_DAYS, size)),
        values=values[EARLIER_DAYS:],
        n_before=sprint.baseline_days,
        result=result,
        towards=better if result.verdict == "moved" else 0,
    )


def _window(series: Series, first: date, size: int) -> Floats:
    """The days from ``first``, shape (size,); nan where the series has none."""
    out = np.full(size, np.nan)
    start = (series.first_day - first).days
    low, high = max(start, 0), min(start + series.values.size, size)
    if high > low:
        out[low:high] = series.values[low - start : high - start]
    return out


@dataclass(frozen=True, slots=True)
class Adoption:
    """How an adopted behaviour comes onto the compass."""

    name: str
    days_a_week: int = DAYS_A_WEEK


def has_room(visit: Visit, line: Line) -> bool:
    """Whether the behaviour is on the compass already, or there is room for it."""
    leading = plan_of(visit).leading
    return len(leading) < MOST_LEADING or line.sprint.behaviour_id in {
        i.indicator_id for i in leading
    }


def on_compass(visit: Visit, line: Line) -> bool:
    """Whether the behaviour is one of the leading indicators at present."""
    return line.sprint.behaviour_id in {i.indicator_id for i in plan_of(visit).leading}


def decide(visit: Visit, ended: Retrospective, adoption: Adoption | None = None) -> None:
    """End a sprint with its retrospective, and do what the decision brings, all or nothing.

    ``adoption``: for *adopt*, the behaviour becomes a leading indicator; None leaves the compass as
    it is. Raises BadSprint, Ended, TooManyLeading, Incomplete, BadText or NotAllowed.
    """
    with visit.alone():
        line = checked_end(visit, ended)
        if adoption is None or ended.decision is not Decision.ADOPT:
            visit.save(ended)
            return
        plan = plan_of(visit)
        known = {i.indicator_id: i for i in visit.records(Indicator)}
        behaviour = known.get(line.sprint.behaviour_id or 0)
        if behaviour in plan.leading:
            visit.save(ended)
        elif behaviour is not None and behaviour.status is not Status.CLOSED:
            resume(visit, behaviour, beside=[ended])
        else:
            indicator, aim = _adopted(visit, adoption)
            add_leading(visit, indicator, aim, beside=[ended])


def _adopted(visit: Visit, adoption: Adoption) -> tuple[Indicator, Aim]:
    indicator = Indicator(
        person_id=visit.about.person_id,
        indicator_id=new_id(),
        kind=Kind.LEADING,
        name=adoption.name,
        measure=Measure.YES_NO,
        controllable=True,
    )
    aim = Aim(
        person_id=indicator.person_id,
        indicator_id=indicator.indicator_id,
        since=visit.today,
        comparison=Comparison.AT_LEAST,
        amount=float(adoption.days_a_week),
        period=Period.WEEK,
    )
    return indicator, aim
