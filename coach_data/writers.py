"""Who may write what: one table. A record without a line here cannot be written by anybody."""

from __future__ import annotations

from enum import Enum

from coach_data.model import (
    Aim,
    Annotation,
    CoachNote,
    Commitment,
    Consent,
    DayLog,
    Digest,
    Entry,
    EntryNote,
    Habit,
    Indicator,
    Membership,
    Outcome,
    OwnNote,
    Pairing,
    Person,
    Record,
    Request,
    Retrospective,
    Session,
    SessionClock,
    SessionNote,
    Sprint,
    Token,
)


class Relation(Enum):
    """What the viewer is to the person whom a record is about."""

    SELF = "self"
    COACH = "coach"
    NEW = "new"
    """Oneself, in the save that makes one known; afterwards a role comes with an invitation."""


WRITERS: dict[type[Record], frozenset[Relation]] = {
    Person: frozenset({Relation.SELF}),
    Membership: frozenset({Relation.NEW}),
    Pairing: frozenset({Relation.SELF, Relation.COACH}),
    Consent: frozenset({Relation.SELF}),
    Outcome: frozenset({Relation.SELF}),
    Indicator: frozenset({Relation.SELF}),
    Aim: frozenset({Relation.SELF}),
    Entry: frozenset({Relation.SELF}),
    EntryNote: frozenset({Relation.SELF}),
    DayLog: frozenset({Relation.SELF}),
    Annotation: frozenset({Relation.SELF}),
    Habit: frozenset({Relation.SELF}),
    Sprint: frozenset({Relation.SELF}),
    Retrospective: frozenset({Relation.SELF}),
    Session: frozenset({Relation.SELF, Relation.COACH}),
    SessionClock: frozenset({Relation.SELF, Relation.COACH}),
    SessionNote: frozenset({Relation.SELF, Relation.COACH}),
    Commitment: frozenset({Relation.SELF, Relation.COACH}),
    CoachNote: frozenset({Relation.COACH}),
    OwnNote: frozenset({Relation.SELF}),
    Token: frozenset({Relation.SELF}),
    Request: frozenset({Relation.SELF}),
    Digest: frozenset({Relation.SELF}),
}


REFERENCES = {
    "indicator_id": "indicator",
    "guard_of": "indicator",
    "behaviour_id": "indicator",
    "measure_id": "indicator",
    "outcome_id": "outcome",
    "sprint_id": "sprint",
    "adapted_from": "sprint",
    "session_id": "session",
}
"""Fields that point at another record, which must belong to the same person: by name its table."""
