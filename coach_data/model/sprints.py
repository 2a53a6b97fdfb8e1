"""A behaviour tried for two weeks, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model.choices import Decision, HabitPart
from coach_data.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprint(Record):
    """A two-week experiment on one behaviour, written before its first day and never changed."""

    TABLE = "sprint"
    KEY = ("person_id", "sprint_id")

    sprint_id: int
    behaviour: str
    behaviour_id: int | None = None
    """The leading indicator that is this behaviour, where it is one already."""
    measure_id: int
    """The indicator that is to move; or a rating made for this sprint."""
    hypothesis: str
    success_rule: str
    rising_is_better: bool = True
    baseline_days: int = 14
    first_day: date
    adapted_from: int | None = None
    """The sprint whose retrospective led to this one."""
    called_off: bool = False
    """The one thing that may be added later: it was ended early, without a retrospective."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospective(Record):
    """What ends a sprint."""

    TABLE = "retrospective"
    KEY = ("person_id", "sprint_id")

    sprint_id: int
    tried: str = ""
    surprised: str = ""
    learned: str = ""
    weak_part: HabitPart | None = None
    decision: Decision
    day: date
