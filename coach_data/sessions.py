"""Sessions: a conversation in four timed parts, its notes, its two notebooks and its commitment.

A session is between a coachee and one coach; held alone, the coachee is named as their own coach.
What two tabs or two people write at the same time is joined, never replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from coach_data.library import session_parts, words
from coach_data.model import (
    CoachError,
    CoachNote,
    Commitment,
    OwnNote,
    Pairing,
    Session,
    SessionClock,
    SessionNote,
    Standing,
    new_id,
)
from coach_data.privacy import Visit
from coach_data.text import blank, clean

PARTS = 4


class NoSession(CoachError):
    """A session needs one of the two whose conversation it is. Nothing was saved."""


class NoPromise(CoachError):
    """The commitment is still empty: one sentence in your own words is enough."""


class DateHasPassed(CoachError):
    """The next session lies in the past; choose today or a later day. Nothing was saved."""


class CommitmentChanged(CoachError):
    """The commitment was changed in another window meanwhile. Look at both, then keep yours."""


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
        visit.save(ended, _stopped(clock_of(visit, session), visit.now))
    return ended


# The clock: what is stored changes only when somebody presses a button.


def clock_of(visit: Visit, session: Session) -> SessionClock:
    """The timer of a session as it was set last."""
    return _clocks(visit, session)[-1]


def elapsed(clock: SessionClock, now: datetime) -> float:
    """Seconds spent in the clock's part up to ``now`` (aware)."""
    return clock.spent + (max(now.timestamp() - clock.since, 0.0) if clock.running else 0.0)


def run(visit: Visit, session: Session, *, running: bool) -> SessionClock:
    """Let the clock go on, or pause it; what is so already stays as it is."""
    with visit.alone():
        clock = clock_of(visit, session)
        if clock.running == running:
            return clock
        now = visit.now.timestamp()
        clock = replace(clock, spent=elapsed(clock, visit.now), running=running, since=now)
        visit.save(clock)
    return clock


def move(visit: Visit, session: Session, part: int) -> SessionClock:
    """Go to another part, 1 to 4: the clock goes on with the time already spent in that part."""
    if not 1 <= part <= PARTS:
        raise NoSession("There is no such part of a session. Nothing was changed.")
    with visit.alone():
        clocks = _clocks(visit, session)
        if clocks[-1].part == part:
            return clocks[-1]
        now = visit.now.timestamp()
        clock = replace(clocks[-1], part=part, spent=_spent_in(clocks, part), since=now)
        visit.save(clock)
    return clock


def _clocks(visit: Visit, session: Session) -> list[SessionClock]:
    """All settings of the clock, the latest last."""
    rows = visit.read(
        "SELECT part, spent, running, since FROM session_clock_history"
        " WHERE person_id = ? AND session_id = ? ORDER BY recorded_at",
        [session.person_id, session.session_id],
    )
    ids = {
        "person_id": session.person_id,
        "session_id": session.session_id,
        "coach_id": session.coach_id,
    }
    if not rows:
        raise NoSession("This session is no longer yours to see.")
    return [SessionClock(**ids, part=p, spent=s, running=r, since=t) for p, s, r, t in rows]


def _spent_in(clocks: list[SessionClock], part: int) -> float:
    """Seconds in a part that was left: as it was set last, up to the moment of leaving."""
    last = max((k for k, c in enumerate(clocks) if c.part == part), default=None)
    if last is None:
        return 0.0
    clock, left = clocks[last], clocks[last + 1].since
    return clock.spent + (max(left - clock.since, 0.0) if clock.running else 0.0)


def _stopped(clock: SessionClock, now: datetime) -> SessionClock:
    return replace(clock, spent=elapsed(clock, now), running=False, since=now.timestamp())


def clock_words(seconds: float) -> str:
    """Minutes and seconds as a clock shows them: "03:07", from an hour on "1:03:07"."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def minutes_of(part: int) -> int:
    """How many minutes a part is meant to last."""
    return session_parts()[part - 1].minutes or 0


# Notes: shared ones for each part, and a notebook that only its writer ever sees.


def notes_of(visit: Visit, session: Session) -> dict[int, str]:
    """The shared notes by part; a part without any is left out."""
    rows = visit.records(SessionNote)
    return {n.part: n.text for n in rows if n.session_id == session.session_id and n.text}


def keep_note(visit: Visit, session: Session, part: int, text: str, seen: str | None) -> str:
    """Save the shared note of a part; the note as it is kept now.

    ``seen``: the note that the writer had before typing; what others wrote since is kept as well.
    None where that is not known: a browser that comes back after a restart of the server.
    Raises BadText or NotAllowed; then nothing was saved.
    """
    ids = {"person_id": session.person_id, "session_id": session.session_id}
    made = SessionNote(**ids, coach_id=session.coach_id, part=part, text=text)
    return _keep(visit, made, seen, lambda: notes_of(visit, session).get(part, ""))


def notebook_of(visit: Visit, session: Session) -> str:
    """The viewer's own notebook about a session; of the other's there is nothing to be had."""
    notes: list[OwnNote] | list[CoachNote]
    notes = visit.records(OwnNote) if visit.own else visit.records(CoachNote)
    return next((n.text for n in notes if n.session_id == session.session_id), "")


def keep_notebook(visit: Visit, session: Session, text: str, seen: str | None) -> str:
    """Save the viewer's own notebook, as ``keep_note`` does; the text as it is kept now."""
    ids = {"person_id": session.person_id, "session_id": session.session_id}
    made: OwnNote | CoachNote = OwnNote(**ids, text=text)
    if not visit.own:
        made = CoachNote(**ids, coach_id=visit.viewer_id, text=text)
    return _keep(visit, made, seen, lambda: notebook_of(visit, session))


Note = SessionNote | OwnNote | CoachNote


def _keep(visit: Visit, made: Note, seen: str | None, stored_now: Callable[[], str]) -> str:
    """Save ``made`` joined with what is stored; its own wording goes into the history as well."""
    mine = clean(made.text, f"{made.TABLE}.text")
    with visit.alone():
        stored = stored_now()
        if mine == stored:
            return stored
        if seen is None:
            before = _versions(visit, made)
            if mine in before:
                return stored  # an old tab: what it holds was kept, and the note has gone on
            seen = max((v for v in before if v in mine), key=len, default="")
        kept = joined(clean(seen, f"{made.TABLE}.text"), mine, stored)
        if kept != stored:
            own_words = [replace(made, text=mine)] if kept != mine else []
            visit.save(*own_words, replace(made, text=kept))
    return kept


def _versions(visit: Visit, note: Note) -> list[str]:
    """All that ever was in that note."""
    key = [(name, getattr(note, name)) for name in note.KEY]
    where = " AND ".join(f"{name} = ?" for name, _ in key)
    rows = visit.read(
        f"SELECT text FROM {note.TABLE}_history WHERE {where}", [value for _, value in key]
    )
    return [text for (text,) in rows]


def joined(seen: str, mine: str, theirs: str) -> str:
    """One text of two that were written at the same time; no line of either is lost.

    ``seen``: what both began with. Where one of them left it whole, the other's version of it takes
    its place; otherwise both stand one below the other.
    """
    if mine in (seen, theirs):
        return theirs
    if theirs == seen:
        return mine
    if seen and seen in theirs:
        return theirs.replace(seen, mine, 1)
    if seen and seen in mine:
        return mine.replace(seen, theirs, 1)
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


# Commitments.


def commitments_of(visit: Visit, coach_id: int | None = None) -> list[Commitment]:
    """What was promised, in the order of its sessions, latest first."""
    days = {s.session_id: s.day for s in sessions_of(visit, coach_id)}
    found = [c for c in visit.records(Commitment) if c.session_id in days]
    return sorted(found, key=lambda c: days[c.session_id], reverse=True)


def commitment_in(visit: Visit, session: Session) -> Commitment | None:
    """The one commitment of a session."""
    found = (c for c in visit.records(Commitment) if c.session_id == session.session_id)
    return next(found, None)


def carried(visit: Visit, session: Session) -> list[Commitment]:
    """What is looked back at: the commitment of the session before, and all that are still open."""
    before = [s for s in sessions_of(visit, session.coach_id) if s.session_id != session.session_id]
    last = before[0].session_id if before else None
    return [
        c
        for c in commitments_of(visit, session.coach_id)
        if c.session_id != session.session_id
        and (c.standing is Standing.OPEN or c.session_id == last)
    ]


def keep_commitment(
    visit: Visit,
    session: Session,
    promise: str,
    *,
    indicator_id: int | None = None,
    tracked: str = "",
    support: str = "",
    seen: Commitment | None = None,
) -> Commitment:
    """Save the one commitment of a session; an earlier wording of it stays in the history.

    ``seen``: the commitment as the writer saw it. Raises NoPromise, CommitmentChanged or BadText.
    """
    if blank(promise):
        raise NoPromise
    with visit.alone():
        stored = commitment_in(visit, session)
        if stored is not None and stored != seen:
            raise CommitmentChanged(words("session.commitment_changed", text=stored.text))
        made = stored or Commitment(
            person_id=session.person_id,
            commitment_id=new_id(),
            session_id=session.session_id,
            coach_id=session.coach_id,
            text=promise,
        )
        made = replace(
            made,
            text=clean(promise, "commitment.text"),
            indicator_id=indicator_id,
            tracked=clean(tracked, "tracked"),
            support=clean(support, "support"),
        )
        if made != stored:
            visit.save(made)
    return made


def settle(visit: Visit, commitment: Commitment, standing: Standing) -> None:
    """Mark a commitment kept or let go, or open it again."""
    visit.save(replace(commitment, standing=standing))
