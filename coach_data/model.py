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
    ADMINISTRATOR = "administrator"


class Purpose(StrEnum):
    """What a consent is for. Separate, and off until given."""

    ENTRIES = "coach sees my entries"
    NOTES = "coach sees my notes"
    PATTERN = "my indicators count in the group pattern"


class Kind(StrEnum):
    """What an indicator is: a result, a behaviour, the check on a behaviour's quality, or what was
    made to measure one sprint."""

    LAGGING = "lagging"
    LEADING = "leading"
    GUARD = "guard"
    SPRINT = "sprint"


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


class HabitPart(StrEnum):
    """A part of the habit loop; a retrospective may name the one that failed."""

    CUE = "cue"
    ROUTINE = "routine"
    START = "two-minute start"
    REWARD = "reward"


class Decision(StrEnum):
    """What ends a sprint."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class Standing(StrEnum):
    """Where a commitment stands."""

    OPEN = "open"
    KEPT = "kept"
    LET_GO = "let go"


class TokenFor(StrEnum):
    """What a token opens; it opens nothing else."""

    QUICK_LOG = "quick log"
    CALENDAR = "calendar"
    CALENDAR_IN_WORDS = "calendar in my words"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit(Record):
    """How a leading indicator becomes a habit: what sets it off, what is done, what it gives."""

    TABLE = "habit"
    KEY = ("person_id", "indicator_id")

    indicator_id: int
    cue: str
    """The time, place or event that comes just before."""
    routine: str
    two_minute_start: str = ""
    """The beginning of the routine that is too small to be put off."""
    reward: str = ""
    obstacle: str = ""
    if_then: str = ""
    """What to do when the obstacle is there."""
    at_minute: int | None = None
    """When the cue comes, in minutes after local midnight; None where it has no time."""
    minutes: int = 15
    """How long the calendar keeps the time free."""
    weekdays: str = "MO,TU,WE,TH,FR"
    """On which days, as iCalendar names them."""
    removed: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(Record):
    """A secret with which something outside the screens acts for a person; kept as its hash."""

    TABLE = "token"
    KEY = ("person_id", "token_id")

    token_id: int
    purpose: TokenFor
    name: str
    sha256: str
    last_used: date | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Record):
    """A request from outside that was done; ``request`` and ``content`` are hashes."""

    TABLE = "request"
    KEY = ("person_id", "request")

    request: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Record):
    """Whether a person wants the line a day, and the last day on which it was given out."""

    TABLE = "digest"
    KEY = ("person_id",)

    wanted: bool = False
    last_day: date | None = None


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
    Habit,
    Sprint,
    Retrospective,
    Session,
    SessionClock,
    SessionNote,
    Commitment,
    CoachNote,
    OwnNote,
    Token,
    Request,
    Digest,
)


NOBODY = 0
"""Nobody's id: stands where somebody stood who has erased their data, and is the viewer of a preview.
``new_id`` does not make it."""


def new_id() -> int:
    """An identifier that nobody can guess and no other process will make (62 random bits)."""
    return secrets.randbits(62) or 1


class CoachError(Exception):
    """Something went wrong, and what was typed is still here. Please try again."""

    def __str__(self) -> str:
        """What a person reads: the message given, else the docstring of the class."""
        return super().__str__() or (self.__doc__ or "").strip()


class NotAllowed(CoachError):
    """That is not yours to see or change. Nothing was saved."""
