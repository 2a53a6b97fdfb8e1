"""Set and forget: what has gone quiet against the agreed cadence, and which shorter loop may help.

The rules, each counted without the days of a leave and never before the pairing began:

- sessions: none for more than one and a half times the cadence;
- entries: none on the last five working days before today, Monday to Friday. Only where there was
  an entry before: who has not begun is helped by Start, and a coach without the consent, who sees
  no entry, is told nothing about them;
- commitments: one open for more than twice the cadence.

One thing at a time is said, in this order. Without an active pairing there is no cadence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from coach_data.model import Standing
from coach_data.privacy import Visit

SESSIONS_AFTER, COMMITMENTS_AFTER = 1.5, 2.0
"""Cadences after which they have gone quiet."""
ENTRIES_AFTER = 5
"""Working days without an entry."""
FORTNIGHT, WEEK = 14, 7


class Quiet(StrEnum):
    """What has become quiet, where it was not before."""

    SESSIONS = "sessions"
    ENTRIES = "entries"
    COMMITMENTS = "commitments"


class Shorter(StrEnum):
    """The loop to try instead of the agreed one."""

    FORTNIGHT = "fortnight"
    HUDDLE = "huddle"
    ONE_BEHAVIOUR = "one_behaviour"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What has gone quiet, since when, and what to try. ``days``: of quiet, without leave."""

    quiet: Quiet
    coach_id: int
    since: date
    days: int
    cadence_days: int
    shorter: Shorter
    never: bool = False
    """Whether there was none at all since the pairing began."""

    @property
    def shorter_days(self) -> int:
        """The cadence of the loop to try, in days."""
        return FORTNIGHT if self.shorter is Shorter.FORTNIGHT else WEEK


@dataclass(frozen=True, slots=True)
class _Agreed:
    coach_id: int
    cadence_days: int
    since: date


Rows = list[tuple[Any, ...]]


def quiet_of(visit: Visit) -> Reminder | None:
    """What has gone quiet between the person and their coach, the one thing to be said; two queries."""
    pairings = _pairings(visit)
    if not pairings:
        return None
    rows = _rhythm(visit)
    leaves = [
        (first, last) for kind, _, _, first, last, gone in rows if kind == "leave" and not gone
    ]
    for agreed in pairings:
        for quiet, since, limit in _latest(agreed, rows):
            if quiet is Quiet.ENTRIES:
                days = _days(since, visit.today - timedelta(days=1), leaves, working=True)
                late = days >= limit
            else:
                days = _days(since, visit.today, leaves)
                late = days > limit
            if late:
                shorter = _shorter(agreed.cadence_days)
                never = quiet is Quiet.SESSIONS and agreed.coach_id not in {r[2] for r in rows}
                return Reminder(
                    quiet, agreed.coach_id, since, days, agreed.cadence_days, shorter, never
                )
    return None


def _pairings(visit: Visit) -> list[_Agreed]:
    """The active pairings that the viewer has a part in, each with the day on which it began."""
    rows = visit.read(
        "SELECT coach_id, cadence_days, active, recorded_at FROM pairing_history"
        " WHERE person_id = ? ORDER BY recorded_at",
        [visit.about.person_id],
    )
    found: dict[int, _Agreed] = {}
    for coach_id, cadence_days, active, at in rows:
        if not active:
            found.pop(coach_id, None)
        elif visit.own or coach_id == visit.viewer_id:
            since = found[coach_id].since if coach_id in found else at.date()
            found[coach_id] = _Agreed(coach_id, cadence_days, since)
    return list(found.values())


def _rhythm(visit: Visit) -> Rows:
    """Sessions, open commitments, the last entry and leaves in one query: (kind, id, coach, ...)."""
    me = visit.about.person_id
    return visit.read(
        """
        SELECT 'session', session_id, coach_id, day, NULL::DATE, NULL::BOOLEAN
        FROM session_history WHERE person_id = ?
        UNION ALL
        SELECT 'commitment', session_id, NULL, NULL, NULL,
               arg_max(standing, recorded_at) <> ?
        FROM commitment_history WHERE person_id = ? GROUP BY session_id, commitment_id
        UNION ALL
        SELECT 'entry', NULL, NULL, max(day), NULL, NULL
        FROM entry_history WHERE person_id = ? AND state <> 'cleared' AND day <= ?
        UNION ALL
        SELECT 'leave', annotation_id, NULL, arg_max(first_day, recorded_at),
               arg_max(last_day, recorded_at),
               arg_max(removed OR event <> 'leave', recorded_at)
        FROM annotation_history WHERE person_id = ? GROUP BY annotation_id
        """,
        [me, Standing.OPEN.value, me, me, visit.today, me],
    )


def _latest(agreed: _Agreed, rows: Rows) -> list[tuple[Quiet, date, float]]:
    """Since when each has been quiet, and after how many days that is worth a line."""
    held = {
        i: day for kind, i, coach, day, *_ in rows if kind == "session" and coach == agreed.coach_id
    }
    entered = [day for kind, _, _, day, *_ in rows if kind == "entry" and day]
    promised = [
        held[i] for kind, i, *_, gone in rows if kind == "commitment" and not gone and i in held
    ]
    cadence = agreed.cadence_days
    found = [(Quiet.SESSIONS, max([agreed.since, *held.values()]), SESSIONS_AFTER * cadence)]
    if entered:
        found.append((Quiet.ENTRIES, max(entered[0], agreed.since), float(ENTRIES_AFTER)))
    if promised:
        found.append((Quiet.COMMITMENTS, min(promised), COMMITMENTS_AFTER * cadence))
    return found


def _days(
    since: date, until: date, leaves: list[tuple[date, date]], *, working: bool = False
) -> int:
    """The days after ``since`` up to ``until``, without those of a leave; only working days."""
    after = (since + timedelta(days=k) for k in range(1, (until - since).days + 1))
    return sum(
        1
        for day in after
        if not (working and day.weekday() >= 5) and not any(a <= day <= b for a, b in leaves)
    )


def _shorter(cadence_days: int) -> Shorter:
    """Monthly becomes every two weeks, that a ten-minute weekly huddle, and that one behaviour."""
    if cadence_days > FORTNIGHT:
        return Shorter.FORTNIGHT
    return Shorter.HUDDLE if cadence_days > WEEK else Shorter.ONE_BEHAVIOUR
