"""Sessions: a conversation of a coachee and one coach, from its beginning to the day of the next one.

Held alone, the coachee is named as their own coach. Its parts stand beside: the clock in
session_clock, what is written in session_notes, what is promised in commitments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from coach_data.model import CoachError, Pairing, Session, SessionClock, new_id
from coach_data.privacy import Visit
from coach_data.session_clock import NoSession, clock_of, stopped


class DateHasPassed(CoachError):
    """The next session lies in the past; choose today or a later day. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Partner:
    """With whom the person of the visit holds sessions; ``name`` is empty for sessions alone."""

    coach_id: int
    name: str


def partners_of(visit: Visit) -> list[Partner]:
    """With whom the viewer may open a session of this person: the coach with them, and no other.

    The coachee with each of their coaches, or alone where there is none.
    """
    if not visit.own:
        return [Partner(visit.viewer_id, _name(visit, visit.viewer_id))]
    active = [p.coach_id for p in visit.records(Pairing) if p.active]
    found = [Partner(coach_id, _name(visit, coach_id)) for coach_id in active]
    return sorted(found, key=lambda p: p.name) or [Partner(visit.viewer_id, "")]


def _name(visit: Visit, person_id: int) -> str:
    rows = visit.read("SELECT name FROM person WHERE person_id = ?", [person_id])
    return rows[0][0] if rows else ""


def sessions_of(visit: Visit, coach_id: int | None = None) -> list[Session]:
    """The sessions that the viewer may see, latest first; with ``coach_id`` only those with them."""
    found = [s for s in visit.records(Session) if coach_id in (None, s.coach_id)]
    return sorted(found, key=lambda s: (s.day, not s.ended, s.session_id), reverse=True)


def agreed_of(visit: Visit) -> list[Session]:
    """Those that agreed on a next one which is still to come, one for each coach, soonest first."""
    latest: dict[int, Session] = {}
    for held in sessions_of(visit):
        latest.setdefault(held.coach_id, held)
    to_come = [(s.next_day, s.session_id, s) for s in latest.values() if s.next_day is not None]
    return [s for day, _, s in sorted(to_come) if day >= visit.today]


def open_of(visit: Visit, coach_id: int) -> Session | None:
    """The session of the two that has begun and not ended."""
    return next((s for s in sessions_of(visit, coach_id) if not s.ended), None)


def begin(visit: Visit, coach_id: int) -> Session:
    """Begin a session with its clock running, or go on with the open one. Raises NoSession."""
    if coach_id not in {p.coach_id for p in partners_of(visit)}:
        raise NoSession
    with visit.alone():  # so that two who begin at the same moment are in the same one
        session = open_of(visit, coach_id)
        if session is None:
            me, new = visit.about.person_id, new_id()
            session = Session(person_id=me, session_id=new, coach_id=coach_id, day=visit.today)
            clock = SessionClock(person_id=me, session_id=new, coach_id=coach_id, running=True)
            visit.save(session, replace(clock, since=visit.now.timestamp()))
    return session


def usual_next_day(visit: Visit, session: Session) -> date | None:
    """The day of the next one as the pairing's cadence has it; None without a coach."""
    for pairing in visit.records(Pairing):
        if pairing.active and pairing.coach_id == session.coach_id:
            return visit.today + timedelta(days=pairing.cadence_days)
    return None


def end(visit: Visit, session: Session, next_day: date | None) -> Session:
    """End it, agree on the day of the next one, and stop the clock. Raises DateHasPassed."""
    if next_day is not None and next_day < visit.today:
        raise DateHasPassed
    ended = replace(session, next_day=next_day, ended=True)
    with visit.alone():
        visit.save(ended, stopped(clock_of(visit, session), visit.now))
    return ended
