"""The words of the product. One name each, everywhere: table, class, module, screen.

A record is one row of an append-only table: its fields are the table's columns. ``KEY`` says which
fields name the thing; of all rows with the same key the latest is current, the others are its
history. ``person_id`` is the person whom the row is about, and part of every key: nobody can
overwrite another person's row by guessing its id.
"""

from __future__ import annotations

from coach_data.model.choices import (
    Comparison,
    Decision,
    EntryState,
    Event,
    HabitPart,
    Kind,
    Measure,
    Period,
    Purpose,
    Role,
    Standing,
    Status,
    TokenFor,
)
from coach_data.model.errors import (
    CoachError,
    Incomplete,
    NotAllowed,
)
from coach_data.model.indicators import (
    Aim,
    Annotation,
    DayLog,
    Entry,
    EntryNote,
    Habit,
    Indicator,
    Outcome,
)
from coach_data.model.outside import (
    Digest,
    Request,
    Token,
)
from coach_data.model.persons import (
    Consent,
    Membership,
    Pairing,
    Person,
)
from coach_data.model.record import (
    NOBODY,
    Record,
    new_id,
)
from coach_data.model.sessions import (
    CoachNote,
    Commitment,
    OwnNote,
    Session,
    SessionClock,
    SessionNote,
)
from coach_data.model.sprints import (
    Retrospective,
    Sprint,
)

__all__ = [
    "Aim",
    "Annotation",
    "CoachError",
    "CoachNote",
    "Commitment",
    "Comparison",
    "Consent",
    "DayLog",
    "Decision",
    "Digest",
    "Entry",
    "EntryNote",
    "EntryState",
    "Event",
    "Habit",
    "HabitPart",
    "Incomplete",
    "Indicator",
    "Kind",
    "Measure",
    "Membership",
    "NOBODY",
    "NotAllowed",
    "Outcome",
    "OwnNote",
    "Pairing",
    "Period",
    "Person",
    "Purpose",
    "RECORDS",
    "Record",
    "Request",
    "Retrospective",
    "Role",
    "Session",
    "SessionClock",
    "SessionNote",
    "Sprint",
    "Standing",
    "Status",
    "Token",
    "TokenFor",
    "new_id",
]

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
