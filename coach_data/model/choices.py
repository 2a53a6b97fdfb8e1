"""What can be chosen: the words that a field may hold, as they are stored and as they are read."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in their programme; one person may be several."""

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
    """How often something is measured, or over how long an aim counts."""

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
