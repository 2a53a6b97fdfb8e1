"""The session's cockpit: what the indicators of commitments did since, beside what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from coach_data.compass import WEEKS_SHOWN, Compass, Row, compass_of
from coach_data.model import Commitment
from coach_data.privacy import Visit
from coach_data.sessions import sessions_of

BEFORE_DAYS = 14
ENOUGH = 6
"""Known days on each side below which nothing is said about a difference."""
MOST_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of the known days among ``days``; nan without any."""

    mean: float
    known: int
    days: int


@dataclass(frozen=True, eq=False)
class Followed:
    """A commitment and its indicator before and since the day of its session.

    ``before``: the two weeks up to and including that day; ``since``: the days after it. Both are
    None where no indicator on the compass follows it. Two averages are no comparison: whether the
    difference is more than ordinary ups and downs is what ``row.reading`` says.
    """

    commitment: Commitment
    day: date
    row: Row | None = None
    before: Average | None = None
    since: Average | None = None

    @property
    def can_tell(self) -> bool:
        """Whether enough days are known on both sides."""
        return bool(
            self.before and self.since and min(self.before.known, self.since.known) >= ENOUGH
        )


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
    before, since = row.values[max(after - BEFORE_DAYS, 0) : after], row.values[after:]
    return replace(followed, row=row, before=_average(before), since=_average(since))


def _average(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Average:
    known = values[np.isfinite(values)]
    return Average(
        float(known.mean()) if known.size else float("nan"), int(known.size), values.size
    )
