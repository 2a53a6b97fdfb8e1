"""With whom one works: since when, until when, and how it ends. It begins with an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.dates import local_time
from coach_data.model import Pairing
from coach_data.privacy import Visit


@dataclass(frozen=True, slots=True)
class Together:
    """One stretch of a pairing of the viewer; of the same two there may have been several."""

    person_id: int
    coach_id: int
    name: str
    """Of the other one: today's, or once it has ended the one of that day. Empty where they are gone."""
    since: date
    until: date | None
    """The day on which it ended; None while it lasts. Both in the viewer's time zone."""


def pairings_of(visit: Visit) -> list[Together]:
    """The viewer's own coaches, present and former, and whom they coach at present; latest first.

    A former coachee is nobody's business any more: of them nothing is left to see.
    """
    rows = visit.read(
        """
        SELECT p.person_id, p.coach_id, p.active, p.recorded_at,
            (SELECT name FROM person n WHERE n.person_id = CASE p.person_id
                WHEN v.person_id THEN p.coach_id ELSE p.person_id END),
            (SELECT arg_max(m.name, m.recorded_at) FROM met m
                WHERE m.person_id = p.coach_id AND m.recorded_at <= p.recorded_at)
        FROM pairing_history p, viewer v
        WHERE v.person_id IN (p.person_id, p.coach_id) ORDER BY p.recorded_at
        """
    )
    open_since: dict[tuple[int, int], date] = {}
    names: dict[tuple[int, int], str] = {}
    ended: list[Together] = []
    for person_id, coach_id, active, at, name, name_then in rows:
        both, day = (person_id, coach_id), local_time(at, visit.about.time_zone).date()
        names[both] = name or name_then or ""
        if active:
            open_since.setdefault(both, day)
        elif both in open_since:
            ended.append(Together(*both, name_then or name or "", open_since.pop(both), day))
    lasting = [Together(*both, names[both], since, None) for both, since in open_since.items()]
    by_start = sorted(lasting, key=lambda t: t.since, reverse=True)
    return by_start + ended[::-1]


def part(visit: Visit, pairing: Together) -> None:
    """End a pairing of the viewer, from either side. What has ended already stays as it is."""
    both = pairing.person_id, pairing.coach_id
    with visit.alone():
        active = visit.read(
            "SELECT cadence_days FROM pairing WHERE person_id = ? AND coach_id = ? AND active", both
        )
        for (days,) in active:
            visit.save(
                Pairing(person_id=both[0], coach_id=both[1], cadence_days=days, active=False)
            )
