"""Who may write what: one line for each kind of record, and whose things a field may point at."""

from __future__ import annotations

from dataclasses import fields

from coach_data.model import (
    RECORDS,
    CoachNote,
    Commitment,
    Membership,
    Pairing,
    Session,
    SessionClock,
    SessionNote,
)
from coach_data.writers import REFERENCES, WRITERS, Relation


def test_a_coach_writes_what_belongs_to_a_session_the_own_notebook_and_the_end() -> None:
    assert {kind for kind, who in WRITERS.items() if Relation.COACH in who} == {
        *(Session, SessionClock, SessionNote, Commitment, CoachNote, Pairing)
    }
    others = {kind for kind, who in WRITERS.items() if Relation.SELF not in who}
    assert others == {CoachNote, Membership}, "nobody gives themselves a role"


def test_every_kind_of_record_has_a_line_and_somebody_who_writes_it() -> None:
    assert set(WRITERS) == set(RECORDS)
    assert all(WRITERS.values())


OWN_NAME = {"annotation_id", "commitment_id", "token_id"}
"""Ids that name the record itself, and that no other record points at."""
PEOPLE = {"person_id", "coach_id"}


def test_every_field_that_points_at_something_says_at_what() -> None:
    """Else somebody could hang a record on another person's indicator, unseen by the door."""
    tables = {kind.TABLE for kind in RECORDS}
    assert set(REFERENCES.values()) <= tables
    pointing = {f.name for kind in RECORDS for f in fields(kind) if f.name.endswith("_id")}
    pointing |= {"guard_of", "adapted_from"}
    assert pointing - OWN_NAME - PEOPLE == set(REFERENCES)


def test_what_is_pointed_at_has_that_id_in_its_key() -> None:
    keys = {kind.TABLE: kind.KEY for kind in RECORDS}
    assert all(f"{table}_id" in keys[table] for table in REFERENCES.values())
