"""The session's cockpit: what the indicators of commitments did since, beside what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from coach_data.compass import WEEKS_SHOWN, Compass, Row, compass_of
from coach_data.model import Commitment
from coach_data.privacy import Visit
from coach_data.sessions import sessions_of
from coach_data.statistics.comparison import BeforeDuring, compare

BEFORE_DAYS = 14
MOST_WEEKS = 26


@dataclass(frozen=True, eq=False)
class Followed:
    """A commitment, and what its indicator did since the day of its session.

    ``change``: the two weeks up to and including that day against the ``days`` after it, with the
    verdict; None where no indicator on the compass follows it.
    """

    commitment: Commitment
    day: date
    row: Row | None = None
    change: BeforeDuring | None = None
    days: int = 0


@dataclass(frozen=True, eq=False)
class LookBack:
    """The commitments to look back at, and a compass of their indicators alone to draw."""

    followed: tuple[Followed, ...]
    compass: Compass | None


def look_back(visit: Visit, commitments: Sequence[Commitment]) -> LookBack:
    """What was promised and what its indicators did since; the compass is asked only if one has any."""
    if not commitments:
        return LookBack((), None)
    days = {s.session_id: s.day for s in sessions_of(visit)}
    shown = [Followed(c, days[c.session_id]) for c in commitments if c.session_id in days]
    if not any(f.commitment.indicator_id for f in shown):
        return LookBack(tuple(shown), None)
    farthest = max((visit.today - f.day).days + BEFORE_DAYS for f in shown)
    weeks = min(max(WEEKS_SHOWN, -(-farthest // 7)), MOST_WEEKS)
    compass = compass_of(visit, weeks)
    rows = {r.indicator.indicator_id: r for r in (*compass.rows, compass.result) if r is not None}
    followed = tuple(_followed(f, rows.get(f.commitment.indicator_id or 0), compass) for f in shown)
    kept = {f.row.indicator.indicator_id: f.row for f in followed if f.row is not None}
    return LookBack(
        followed, replace(compass, rows=tuple(kept.values()), result=None) if kept else None
    )


def _followed(followed: Followed, row: Row | None, compass: Compass) -> Followed:
    if row is None:
        return followed
    after = sum(day <= followed.day for day in compass.days)
    change = compare(
        row.values,
        first_day=compass.days[0],
        before=(max(after - BEFORE_DAYS, 0), after),
        during=(after, len(compass.days)),
    )
    return replace(followed, row=row, change=change, days=len(compass.days) - after)
