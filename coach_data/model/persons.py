"""Who is here: people, their roles, who works with whom, and what was agreed to."""

from __future__ import annotations

from dataclasses import dataclass

from coach_data.model.choices import Purpose, Role
from coach_data.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """Somebody in one programme, and where and when their days end."""

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
    """Whether a person agrees to one purpose, since when and to which wording."""

    TABLE = "consent"
    KEY = ("person_id", "purpose")

    purpose: Purpose
    given: bool
    version: int = 1
    """Of the wording that was agreed to."""
