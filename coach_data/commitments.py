"""What the coachee promises at the end of a session, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from coach_data.library import words
from coach_data.model import CoachError, Commitment, Session, Standing, new_id
from coach_data.privacy import Visit
from coach_data.sessions import sessions_of
from coach_data.text import blank, clean


class NoPromise(CoachError):
    """The commitment is still empty: one sentence in your own words is enough."""


class CommitmentChanged(CoachError):
    """The commitment was changed in another window meanwhile. Look at both, then keep yours."""


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
