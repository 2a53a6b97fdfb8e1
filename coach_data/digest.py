"""The line a day: what is still open today, for somebody who asked to be told.

A cron job hands the lines on, for instance by e-mail; no address is kept here. A line holds counts
and no value, no name of a behaviour, nothing that was written. Nobody gets one who did not ask, none
comes where nothing is open or somebody is on leave, and none after a fortnight in which nothing
changed: a line that nobody answers stops by itself.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from coach_data.dates import stamp
from coach_data.devices import people_on_this_device
from coach_data.entries import day_of
from coach_data.library import words
from coach_data.model import Annotation, Digest, EntryState, Event
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.sessions import agreed_of
from coach_data.sprints import LENGTH, running_of
from coach_data.store import Store

QUIET = timedelta(days=14)
PROOF_HOLDS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line; the id and the name are for whoever knows where to send it."""

    person_id: int
    name: str
    line: str

    def as_json(self) -> dict[str, Any]:
        """The line for a program; the id as a text, because it is longer than some numbers may be."""
        return {**asdict(self), "person_id": str(self.person_id)}


def wish_of(visit: Visit) -> Digest:
    """Whether the person wants the line, and when they last had it."""
    found = visit.records(Digest)
    return found[0] if found else Digest(person_id=visit.about.person_id)


def wish(visit: Visit, *, wanted: bool) -> None:
    """From now on the viewer gets the line, or gets it no more."""
    with visit.alone():
        visit.save(replace(wish_of(visit), wanted=wanted))


def lines_of(store: Store, now: datetime) -> list[Line]:
    """The lines of today, each person's once a day; asked a second time there are none left.

    Durable when it returns: a line that then gets lost is not given out again. ``now``: aware.
    """
    given = []
    for person_id, name, _ in people_on_this_device(store):
        visit = Visit.open(store, person_id, now)
        with visit.alone():  # so that two who ask at the same moment do not both get it
            wished = wish_of(visit)
            if not wished.wanted or wished.last_day == visit.today:
                continue
            if line := line_of(visit):
                visit.save(replace(wished, last_day=visit.today))
                given.append(Line(person_id, name, line))
    return given


def line_of(visit: Visit) -> str:
    """What is open today, in one line; empty where nothing is, on leave, or after a long quiet."""
    if _quiet(visit) or _on_leave(visit):
        return ""
    running = running_of(visit)
    waiting = [r for r in running if r.over]
    parts = [*_to_log(visit), *_meeting(visit)]
    parts += [words("digest.retrospective")] if waiting else []
    if not parts:
        return ""
    parts += [words("digest.sprint", day=r.day, of=LENGTH) for r in running if not r.over]
    line = "; ".join(parts)
    return f"{line[:1].upper()}{line[1:]}."


def _to_log(visit: Visit) -> list[str]:
    leading = plan_of(visit).leading
    rows = day_of(visit, visit.today, [(i, None) for i in leading])
    known = [r for r in rows if r.known and r.known.state is not EntryState.CLEARED]
    open_ = len(rows) - len(known)
    if not open_:
        return []
    return [words("digest.one" if len(rows) == 1 else "digest.open", count=open_, of=len(rows))]


def _meeting(visit: Visit) -> list[str]:
    soon = {visit.today: "digest.today", visit.today + timedelta(days=1): "digest.tomorrow"}
    days = [s.next_day for s in agreed_of(visit)]
    return [words(key) for day, key in soon.items() if day in days]


def _quiet(visit: Visit) -> bool:
    """Whether nothing was logged or changed for a fortnight."""
    sql = """
        SELECT max(recorded_at) FROM (
            SELECT recorded_at FROM entry_history WHERE person_id = ?
            UNION ALL SELECT recorded_at FROM indicator_history WHERE person_id = ?
            UNION ALL SELECT recorded_at FROM sprint_history WHERE person_id = ?)
    """
    last = visit.read(sql, [visit.about.person_id] * 3)[0][0]
    return last is None or stamp(visit.now) - last > QUIET


def _on_leave(visit: Visit) -> bool:
    return any(
        a.event is Event.LEAVE and not a.removed and a.first_day <= visit.today <= a.last_day
        for a in visit.records(Annotation)
    )


def as_text(lines: Sequence[Line]) -> str:
    """One line a person: name, id and the line, with tabs between."""
    return "\n".join(f"{one.name}\t{one.person_id}\t{one.line}" for one in lines)


def proof(key: str, now: datetime) -> str:
    """That whoever asks holds the data key, without telling it; good for a minute. ``now``: aware."""
    at = str(int(now.timestamp()))
    return f"{at}.{_signed(key, at)}"


def proves(key: str, given: str, now: datetime) -> bool:
    """Whether ``given`` is such a proof of that key."""
    at, _, signature = given.partition(".")
    if not (at.isascii() and at.isdigit() and len(at) <= 12 and signature.isascii()):
        return False
    fresh = abs(now.timestamp() - int(at)) <= PROOF_HOLDS.total_seconds()
    return hmac.compare_digest(_signed(key, at), signature) and fresh


def _signed(key: str, at: str) -> str:
    return hmac.new(key.encode(), f"coach compass digest {at}".encode(), hashlib.sha256).hexdigest()
