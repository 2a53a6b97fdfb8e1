"""Who is who: people, their roles, their pairings and their consents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from coach_data.dates import time_zone
from coach_data.model import (
    CoachError,
    Consent,
    Membership,
    Pairing,
    Person,
    Purpose,
    Role,
    new_id,
)
from coach_data.privacy import Visit
from coach_data.store import Store
from coach_data.text import blank


class NoName(CoachError):
    """A name is needed, so that you can be told apart on this device. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Coachee:
    """Somebody whom the viewer coaches."""

    person_id: int
    name: str


def join(
    store: Store,
    name: str,
    now: datetime,
    *,
    roles: tuple[Role, ...] = (Role.COACHEE,),
    zone: str = "UTC",
    programme: str = "own",
) -> Person:
    """Make a new person with their roles. Raises NoName or BadText."""
    if blank(name):
        raise NoName
    person = Person(
        person_id=new_id(), name=name, time_zone=time_zone(zone).key, programme=programme
    )
    visit = Visit.first(store, person, now)
    visit.save(person, *(Membership(person_id=person.person_id, role=role) for role in roles))
    return person


def roles_of(visit: Visit) -> frozenset[Role]:
    """The roles of the viewer."""
    rows = visit.read(
        "SELECT role FROM membership WHERE person_id = ? AND active", [visit.viewer_id]
    )
    return frozenset(Role(role) for (role,) in rows)


def coachees_of(visit: Visit) -> list[Coachee]:
    """Everybody whom the viewer coaches at present, by name."""
    if not visit.coachees:
        return []  # most people coach nobody, and every screen asks
    rows = visit.read(
        "SELECT person_id, name FROM person WHERE person_id IN (FROM coachee) ORDER BY name"
    )
    return [Coachee(person_id, name) for person_id, name in rows]


def keep_day(visit: Visit, *, zone: str, day_ends: int) -> None:
    """Set the person's time zone and the minute after midnight at which their day ends.

    Raises CoachError where the zone is unknown or the day would end later than noon.
    """
    if time_zone(zone).key != zone:
        raise CoachError(f"The time zone {zone} is not known. Nothing was saved.")
    if not 0 <= day_ends <= 720:
        raise CoachError("A day can end between midnight and noon. Nothing was saved.")
    visit.save(replace(visit.about, time_zone=zone, day_ends=day_ends))


def pair(visit: Visit, coach_id: int, *, cadence_days: int = 14, active: bool = True) -> None:
    """The viewer, a coachee, begins (or ends) to be coached by that person."""
    visit.save(
        Pairing(
            person_id=visit.viewer_id, coach_id=coach_id, cadence_days=cadence_days, active=active
        )
    )


def consent(visit: Visit, purpose: Purpose, *, given: bool) -> None:
    """The viewer gives or withdraws a consent; it counts from the next run of any screen."""
    visit.save(Consent(person_id=visit.viewer_id, purpose=purpose, given=given))
