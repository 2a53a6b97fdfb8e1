"""Habits, sprints and sessions of the sample: read from rhythm.toml, turned into records of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from coach_data.library.loader import parse
from coach_data.model import (
    CoachNote,
    Commitment,
    Decision,
    Habit,
    HabitPart,
    OwnNote,
    Record,
    Retrospective,
    Session,
    SessionClock,
    SessionNote,
    Sprint,
    Standing,
    new_id,
)

FILE = Path(__file__).with_name("rhythm.toml")
SPRINT_DAYS = 14
FRIDAY = 4
PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleHabit:
    """``at``: the time of day of the cue, "08:45"."""

    behaviour: str
    cue: str
    routine: str
    two_minute_start: str = ""
    reward: str = ""
    obstacle: str = ""
    if_then: str = ""
    at: str | None = None
    minutes: int = 15
    weekdays: str = "MO,TU,WE,TH,FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSprint:
    """``days_ago``: its first day; without a decision it runs, or waits for its retrospective."""

    behaviour: str
    indicator: str | None = None
    measure: str
    rising_is_better: bool = True
    hypothesis: str
    success_rule: str
    days_ago: int
    adapts: bool = False
    """Whether it came out of the sprint before it in the file."""
    tried: str = ""
    surprised: str = ""
    learned: str = ""
    weak_part: HabitPart | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleNote:
    """What both wrote down in a part of a session, 1 to 4."""

    part: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSession:
    """``next_in``: days to the next one, where that is not in the file."""

    days_ago: int
    notes: tuple[SampleNote, ...]
    commitment: str
    follows: str | None = None
    tracked: str = ""
    support: str = ""
    standing: Standing
    coach_note: str = ""
    own_note: str = ""
    next_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRhythm:
    """What one person does; sprints and sessions earliest first."""

    name: str
    habits: tuple[SampleHabit, ...]
    sprints: tuple[SampleSprint, ...] = ()
    sessions: tuple[SampleSession, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythms:
    """rhythm.toml."""

    people: tuple[SampleRhythm, ...]


@cache
def rhythms() -> dict[str, SampleRhythm]:
    """The rhythm of each coachee by name."""
    read = parse(Rhythms, FILE.read_text(encoding="utf-8"), FILE.name)
    return {person.name: person for person in read.people}


def own_records(me: int, rhythm: SampleRhythm, ids: Mapping[str, int], until: date) -> list[Record]:
    """Habits and sprints of a person. ``ids``: of their indicators by name."""
    records: list[Record] = [_habit(me, habit, ids) for habit in rhythm.habits]
    before: Sprint | None = None
    for sample in rhythm.sprints:
        sprint = Sprint(
            person_id=me,
            sprint_id=new_id(),
            behaviour=sample.behaviour,
            behaviour_id=ids[sample.indicator] if sample.indicator else None,
            measure_id=ids[sample.measure],
            hypothesis=sample.hypothesis,
            success_rule=sample.success_rule,
            rising_is_better=sample.rising_is_better,
            first_day=until - timedelta(days=sample.days_ago),
            adapted_from=before.sprint_id if sample.adapts and before else None,
        )
        records.append(sprint)
        if sample.decision is not None:
            records.append(
                Retrospective(
                    person_id=me,
                    sprint_id=sprint.sprint_id,
                    tried=sample.tried,
                    surprised=sample.surprised,
                    learned=sample.learned,
                    weak_part=sample.weak_part,
                    decision=sample.decision,
                    day=sprint.first_day + timedelta(days=SPRINT_DAYS),
                )
            )
        before = sprint
    return records


def _habit(me: int, habit: SampleHabit, ids: Mapping[str, int]) -> Habit:
    hour, minute = map(int, habit.at.split(":")) if habit.at else (0, 0)
    return Habit(
        person_id=me,
        indicator_id=ids[habit.behaviour],
        cue=habit.cue,
        routine=habit.routine,
        two_minute_start=habit.two_minute_start,
        reward=habit.reward,
        obstacle=habit.obstacle,
        if_then=habit.if_then,
        at_minute=60 * hour + minute if habit.at else None,
        minutes=habit.minutes,
        weekdays=habit.weekdays,
    )


def session_records(
    me: int, coach_id: int, rhythm: SampleRhythm, ids: Mapping[str, int], until: date
) -> tuple[list[Record], list[Record]]:
    """The sessions of a person: what the coach writes down, and what only the person can."""
    by_coach: list[Record] = []
    own: list[Record] = []
    days = [_working(until - timedelta(days=sample.days_ago)) for sample in rhythm.sessions]
    for k, (day, sample) in enumerate(zip(days, rhythm.sessions, strict=True)):
        session_id = new_id()
        after = (
            days[k + 1] if k + 1 < len(days) else _working(day + timedelta(sample.next_in or 14))
        )
        both: dict[str, Any] = {"person_id": me, "session_id": session_id, "coach_id": coach_id}
        by_coach.append(Session(**both, day=day, next_day=after, ended=True))
        by_coach.append(SessionClock(**both, part=PARTS))
        by_coach += [SessionNote(**both, part=note.part, text=note.text) for note in sample.notes]
        by_coach.append(
            Commitment(
                **both,
                commitment_id=new_id(),
                text=sample.commitment,
                indicator_id=ids[sample.follows] if sample.follows else None,
                tracked=sample.tracked,
                support=sample.support,
                standing=sample.standing,
            )
        )
        if sample.coach_note:
            by_coach.append(CoachNote(**both, text=sample.coach_note))
        if sample.own_note:
            own.append(OwnNote(person_id=me, session_id=session_id, text=sample.own_note))
    return by_coach, own


def _working(day: date) -> date:
    """That day, or the Friday before it where it is a weekend's."""
    return day - timedelta(days=max(day.weekday() - FRIDAY, 0))
