"""A behaviour, a sprint and its end, as the tests of sprints make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from coach_data.behaviours import add_leading
from coach_data.entries import Logged, log_day
from coach_data.model import Decision, Indicator, Measure, Retrospective, Sprint
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from coach_data.sprints import new_sprint


def behaviour(visit: Visit, name: str) -> Indicator:
    made = replace(new_indicator(visit, name), measure=Measure.COUNT)
    add_leading(visit, made, None)
    return next(i for i in plan_of(visit).leading if i.name == name)


def sprint(visit: Visit, measure: Indicator, **given: Any) -> Sprint:
    made = replace(
        new_sprint(visit, measure_id=measure.indicator_id, behaviour="Begin with the hardest"),
        hypothesis="Then more gets done",
        success_rule="One more a day",
    )
    return replace(made, **given)


def ending(line_or_sprint: Sprint, decision: Decision, **given: Any) -> Retrospective:
    made = Retrospective(
        person_id=line_or_sprint.person_id,
        sprint_id=line_or_sprint.sprint_id,
        learned="Mornings work",
        decision=decision,
        day=date(2026, 6, 14),
    )
    return replace(made, **given)


def fill(visit: Visit, indicator: Indicator, values: dict[int, float]) -> None:
    """Values by days from today."""
    for days, value in values.items():
        log_day(visit, visit.today + timedelta(days=days), [Logged(indicator, value)])
