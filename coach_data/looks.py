"""Who looked: every look at one's data by others, as the access log holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coach_data.access_log import verify_access_log
from coach_data.dates import local_time
from coach_data.privacy import Visit


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at the viewer's data, or tried to."""

    name: str
    """The name that they had then; empty where they are gone."""
    screen: str
    allowed: bool
    at: datetime
    """Aware, in the viewer's time zone."""


def looks_of(visit: Visit, count: int) -> list[Look]:
    """The latest ``count`` looks at the viewer's data, latest first."""
    rows = visit.read(
        """
        SELECT l.screen, l.allowed, l.recorded_at, (
            SELECT arg_max(m.name, m.recorded_at) FROM met m
            WHERE m.person_id = l.viewer_id AND m.recorded_at <= l.recorded_at)
        FROM access_log l WHERE l.person_id = ? ORDER BY l.recorded_at DESC LIMIT ?
        """,
        [visit.viewer_id, count],
    )
    zone = visit.about.time_zone
    return [
        Look(name or "", screen, allowed, local_time(at, zone))
        for screen, allowed, at, name in rows
    ]


def count_looks_of(visit: Visit) -> int:
    """How many looks there are at the viewer's data."""
    rows = visit.read("SELECT count(*) FROM access_log WHERE person_id = ?", [visit.viewer_id])
    return int(rows[0][0])


def looks_are_whole(visit: Visit) -> bool:
    """Whether no look at the viewer's data was changed, added or taken out behind the app's back."""
    return not verify_access_log(visit.store, visit.viewer_id)
