"""The clock of a session: what is stored changes only when somebody presses a button.

So a reload, a second tab or a restart of the server finds it as it was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from coach_data.library import session_parts
from coach_data.model import CoachError, Session, SessionClock
from coach_data.privacy import Visit

PARTS = 4


class NoSession(CoachError):
    """A session needs one of the two whose conversation it is. Nothing was saved."""


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


def stopped(clock: SessionClock, now: datetime) -> SessionClock:
    """The clock as it stands at ``now`` (aware), and goes no further."""
    return replace(clock, spent=elapsed(clock, now), running=False, since=now.timestamp())


def clock_words(seconds: float) -> str:
    """Minutes and seconds as a clock shows them: "03:07", from an hour on "1:03:07"."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def minutes_of(part: int) -> int:
    """How many minutes a part is meant to last."""
    return session_parts()[part - 1].minutes or 0
