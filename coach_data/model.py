"""The words of the product. One name each, everywhere: table, class, module, screen.

A record is one row of an append-only table: its fields are the table's columns. ``KEY`` says which
fields name the thing; of all rows with the same key the latest is current, the others are its
history. ``person_id`` is the person whom the row is about, and part of every key: nobody can
overwrite another person's row by guessing its id.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar


class Role(StrEnum):
    COACHEE = "coachee"
    COACH = "coach"
    LEAD = "lead"


class Purpose(StrEnum):
    """What a consent is for. Separate, and off until given."""

    ENTRIES = "coach sees my entries"
    NOTES = "coach sees my notes"
    PATTERN = "my indicators count in the group pattern"


class Kind(StrEnum):
    """What an indicator is: a result, a behaviour, or the check on a behaviour's quality."""

    LAGGING = "lagging"
    LEADING = "leading"
    GUARD = "guard"


class Measure(StrEnum):
    """How a value is given; decides the widget, the step and the range."""

    COUNT = "count"
    MINUTES = "minutes"
    NUMBER = "number"
    RATING = "rating"
    YES_NO = "yes/no"


class Comparison(StrEnum):
    """How an aim is met."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOUT = "about"


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"


class EntryState(StrEnum):
    """A day without an entry has no state: nothing is known of it. CLEARED takes an entry back."""

    VALUE = "value"
    SKIPPED = "skipped"
    CLEARED = "cleared"


class Status(StrEnum):
    """Where an outcome or an indicator stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    PARKED = "parked"
    CLOSED = "closed"


class Event(StrEnum):
    """What an annotation marks. The days of a leave are taken out of every reading."""

    EVENT = "event"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row. ``recorded_at`` and ``author`` are added by the door through which it is saved."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    TABLE = "person"
    KEY = ("person_id",)

    name: str
    time_zone: str = "UTC"
    day_ends: int = 180
    """Minutes after midnight at which this person's day ends."""
    programme: str = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Record):
    """A role of a person in their programme."""

    TABLE = "membership"
    KEY = ("person_id", "role")

    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing(Record):
    """One coach with one coachee (``person_id``): the unit of confidentiality."""

    TABLE = "pairing"
    KEY = ("person_id", "coach_id")

    coach_id: int
    cadence_days: int = 14
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    TABLE = "consent"
    KEY = ("person_id", "purpose")

    purpose: Purpose
    given: bool
    version: int = 1
    """Of the wording that was agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Record):
    """The observable result. ``goal`` is the vague sentence that it came from."""

    TABLE = "outcome"
    KEY = ("person_id", "outcome_id")

    outcome_id: int
    goal: str
    difference: str = ""
    """What will be visibly different when this succeeds."""
    noticed_by: str = ""
    indicator_id: int | None = None
    """The lagging indicator that shows it."""
    baseline: float | None = None
    target: float | None = None
    due: date | None = None
    status: Status = Status.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Record):
    """A number followed over time."""

    TABLE = "indicator"
    KEY = ("person_id", "indicator_id")

    indicator_id: int
    outcome_id: int | None = None
    kind: Kind
    name: str
    unit: str = ""
    measure: Measure = Measure.NUMBER
    low: float | None = None
    high: float | None = None
    """The range within which a value is taken; none means what the measure allows."""
    rising_is_better: bool = True
    """Only for lagging indicators and guards: a leading one is read against its aim."""
    period: Period = Period.DAY
    """How often it is measured."""
    controllable: bool | None = None
    expected_lag: int | None = None
    """Days until the result is expected to answer."""
    guard_of: int | None = None
    """For a guard: the leading indicator whose quality it watches."""
    usual_since: date | None = None
    """From which day the usual range is counted, when a person has chosen one."""
    keystone: bool = False
    status: Status = Status.ACTIVE
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim(Record):
    """What is agreed for a leading indicator from a day on; earlier days keep their earlier aim."""

    TABLE = "aim"
    KEY = ("person_id", "indicator_id", "since")

    indicator_id: int
    since: date
    comparison: Comparison = Comparison.AT_LEAST
    amount: float
    period: Period = Period.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """What is known of one indicator on one local day."""

    TABLE = "entry"
    KEY = ("person_id", "indicator_id", "day")

    indicator_id: int
    day: date
    state: EntryState = EntryState.VALUE
    value: float | None = None
    reason: str | None = None
    """Why it was skipped, if the person cares to say."""
    source: str = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNote(Record):
    """Words beside an entry; kept apart because a coach needs a consent of its own to read them."""

    TABLE = "entry_note"
    KEY = ("person_id", "indicator_id", "day")

    indicator_id: int
    day: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLog(Record):
    """How long it took to log one day, from the first sight of the form to "Saved"."""

    TABLE = "day_log"
    KEY = ("person_id", "day")

    day: date
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Record):
    """An event on the time axis: a launch, a leave."""

    TABLE = "annotation"
    KEY = ("person_id", "annotation_id")

    annotation_id: int
    first_day: date
    last_day: date
    event: Event = Event.EVENT
    text: str
    removed: bool = False


RECORDS: tuple[type[Record], ...] = (
    Person,
    Membership,
    Pairing,
    Consent,
    Outcome,
    Indicator,
    Aim,
    Entry,
    EntryNote,
    DayLog,
    Annotation,
)


def new_id() -> int:
    """An identifier that nobody can guess and no other process will make (62 random bits)."""
    return secrets.randbits(62)


class CoachError(Exception):
    """Something went wrong, and what was typed is still here. Please try again."""

    def __str__(self) -> str:
        """What a person reads: the message given, else the docstring of the class."""
        return super().__str__() or (self.__doc__ or "").strip()


class NotAllowed(CoachError):
    """That is not yours to see or change. Nothing was saved."""
