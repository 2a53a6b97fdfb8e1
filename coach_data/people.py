"""Who is who: people, their roles, their pairings and their consents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from coach_data.dates import local_time, time_zone
from coach_data.invitations import accept, invite, programme_of
from coach_data.library import ConsentWording, consents
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
from coach_data.sign_in import Identity
from coach_data.store import Store
from coach_data.text import blank

USUAL_CADENCE = 14
"""Days from one session to the next, unless agreed otherwise."""


class NoName(CoachError):
    """A name is needed, so that you can be told apart on this device. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Coachee:
    """Somebody whom the viewer coaches."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the programme, as an administrator knows them."""

    person_id: int
    name: str
    roles: tuple[Role, ...]


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


def enter(
    store: Store,
    code: str,
    name: str,
    now: datetime,
    *,
    zone: str = "UTC",
    identity: Identity | None = None,
) -> Person:
    """Make a new person by an invitation: with its role, in its programme, with its coach.

    ``identity``: by which they will be known when they sign in. Raises NoName, BadText, WrongCode.
    """
    if blank(name):
        raise NoName
    person = Person(
        person_id=new_id(),
        name=name,
        time_zone=time_zone(zone).key,
        programme=programme_of(store, code, now),
    )
    accept(Visit.first(store, person, now), code, identity)
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


def programme_of_mine(visit: Visit) -> list[Member]:
    """Everybody in the programme by name, for an administrator of it; for others nobody."""
    rows = visit.read(
        "SELECT person_id, name, list(role) FROM roster GROUP BY person_id, name ORDER BY name"
    )
    return [Member(i, name, tuple(Role(r) for r in roles)) for i, name, roles in rows]


def keep_day(visit: Visit, *, zone: str, day_ends: int) -> None:
    """Set the person's time zone and the minute after midnight at which their day ends.

    Raises CoachError where the zone is unknown or the day would end later than noon.
    """
    if time_zone(zone).key != zone:
        raise CoachError(f"The time zone {zone} is not known. Nothing was saved.")
    if not 0 <= day_ends <= 720:
        raise CoachError("A day can end between midnight and noon. Nothing was saved.")
    visit.save(replace(visit.about, time_zone=zone, day_ends=day_ends))


def pair(
    visit: Visit, coach_id: int, *, cadence_days: int = USUAL_CADENCE, active: bool = True
) -> None:
    """The viewer, a coachee, begins (or ends) to be coached by that person.

    A beginning takes both sides at once, the coach's code and its acceptance: for the sample and
    for tests. No screen can hold both; there the coach hands the code over.
    """
    if active and not visit.read(
        "SELECT 1 FROM pairing WHERE person_id = ? AND coach_id = ? AND active",
        [visit.viewer_id, coach_id],
    ):
        accept(visit, invite(Visit.open(visit.store, coach_id, visit.now), Role.COACHEE))
        if cadence_days == USUAL_CADENCE:
            return
    visit.save(
        Pairing(
            person_id=visit.viewer_id, coach_id=coach_id, cadence_days=cadence_days, active=active
        )
    )


def keep_cadence(visit: Visit, coach_id: int, days: int) -> None:
    """How often the viewer, a coachee, meets that coach; raises NotAllowed where they are no pair."""
    visit.save(Pairing(person_id=visit.viewer_id, coach_id=coach_id, cadence_days=days))


def rename(visit: Visit, name: str) -> None:
    """Correct the viewer's own name. Raises NoName or BadText."""
    if blank(name):
        raise NoName
    visit.save(replace(visit.about, name=name))


def consent(visit: Visit, purpose: Purpose, *, given: bool) -> None:
    """The viewer gives or withdraws a consent; it counts from the next run of any screen.

    What is so already leaves no second receipt.
    """
    with visit.alone():
        stored = next((c for c in visit.records(Consent) if c.purpose is purpose), None)
        if given == (stored is not None and stored.given):
            return
        version = _wordings(purpose)[-1].version if given or not stored else stored.version
        visit.save(
            Consent(person_id=visit.viewer_id, purpose=purpose, given=given, version=version)
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a consent was given or withdrawn."""

    purpose: Purpose
    given: bool
    version: int
    """Of the wording that had been agreed to."""
    at: datetime
    """Aware, in the person's own time zone."""


@dataclass(frozen=True, slots=True)
class Consented:
    """Where one consent stands."""

    purpose: Purpose
    given: bool
    wording: ConsentWording
    """What was agreed to while it is given; else what is asked for now."""
    receipts: tuple[Receipt, ...]
    """Latest first."""


def consents_of(visit: Visit) -> list[Consented]:
    """Every consent of the viewer with its receipts, in the order of ``Purpose``."""
    rows = visit.read(
        "SELECT purpose, given, version, recorded_at FROM consent_history"
        " WHERE person_id = ? ORDER BY recorded_at DESC",
        [visit.viewer_id],
    )
    zone = visit.about.time_zone
    found = []
    for purpose in Purpose:
        known = {w.version: w for w in _wordings(purpose)}
        receipts = tuple(
            Receipt(purpose, given, version, local_time(at, zone))
            for kind, given, version, at in rows
            if kind == purpose
        )
        given = bool(receipts) and receipts[0].given
        latest = _wordings(purpose)[-1]
        wording = known.get(receipts[0].version, latest) if given else latest
        found.append(Consented(purpose, given, wording, receipts))
    return found


def _wordings(purpose: Purpose) -> list[ConsentWording]:
    return [w for w in consents() if w.purpose is purpose]
