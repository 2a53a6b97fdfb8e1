"""A conversation of two: its clock, its notes, its two notebooks and its commitment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model.choices import Standing
from coach_data.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Record):
    """A conversation of a coachee with one coach, in four parts."""

    TABLE = "session"
    KEY = ("person_id", "session_id")

    session_id: int
    coach_id: int
    day: date
    next_day: date | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClock(Record):
    """The timer of a session: kept here, so that a reload, a second tab or a restart finds it."""

    TABLE = "session_clock"
    KEY = ("person_id", "session_id")

    session_id: int
    coach_id: int
    part: int = 1
    spent: float = 0.0
    """Seconds spent in this part before ``since``."""
    running: bool = False
    since: float = 0.0
    """Seconds since 1970 at which it was started or paused last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNote(Record):
    """What both write down in one part of a session."""

    TABLE = "session_note"
    KEY = ("person_id", "session_id", "part")

    session_id: int
    coach_id: int
    part: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Record):
    """What the coachee promises in a session, tied to an indicator where it can be."""

    TABLE = "commitment"
    KEY = ("person_id", "commitment_id")

    commitment_id: int
    session_id: int
    coach_id: int
    text: str
    indicator_id: int | None = None
    tracked: str = ""
    """How it is tracked, in words."""
    support: str = ""
    """What the coachee would like to have from the coach or others."""
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachNote(Record):
    """The coach's notebook: nobody else ever sees it, the coachee neither."""

    TABLE = "coach_note"
    KEY = ("person_id", "session_id", "coach_id")

    session_id: int
    coach_id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNote(Record):
    """The coachee's notebook: nobody else ever sees it, the coach neither."""

    TABLE = "own_note"
    KEY = ("person_id", "session_id")

    session_id: int
    text: str
