"""What is written in a session: a shared note for each part, and notebooks that only their writer sees.

What two tabs or two people write at the same time is joined, never replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coach_data.model import CoachNote, OwnNote, Session, SessionNote
from coach_data.privacy import Visit
from coach_data.text import clean

Note = SessionNote | OwnNote | CoachNote


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
