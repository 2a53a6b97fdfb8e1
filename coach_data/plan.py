"""What is agreed at present: an outcome with its number, its behaviours and their aims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coach_data.model import Aim, Indicator, Kind, Outcome, Status, new_id
from coach_data.privacy import Visit

MOST_LEADING = 5


FEWEST_LEADING = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """An outcome with what belongs to it, as the compass and Today need it."""

    outcome: Outcome | None
    lagging: Indicator | None
    leading: tuple[Indicator, ...]
    guards: tuple[Indicator, ...]
    parked: tuple[Indicator, ...]
    aims: dict[int, tuple[Aim, ...]]
    """For each leading indicator its aims, earliest first."""
    made: tuple[Indicator, ...] = ()
    """Those made to measure a sprint: asked while it runs, and never on the compass."""

    def aim(self, indicator_id: int, day: date) -> Aim | None:
        """The aim that was agreed for that day."""
        return aim_on(self.aims.get(indicator_id, ()), day)

    def asked(self, day: date) -> list[tuple[Indicator, Aim | None]]:
        """What Today asks for on that day, each with the aim agreed for it."""
        return [(i, self.aim(i.indicator_id, day)) for i in self.logged]

    @property
    def logged(self) -> tuple[Indicator, ...]:
        """What is logged: the behaviours, each with its guard, and the result."""
        pairs = [
            (i, *(g for g in self.guards if g.guard_of == i.indicator_id)) for i in self.leading
        ]
        rows = tuple(indicator for group in pairs for indicator in group)
        return (*rows, self.lagging) if self.lagging else rows


def aim_on(aims: Sequence[Aim], day: date) -> Aim | None:
    """Of the aims of one indicator, earliest first, the one that was agreed for that day."""
    return next((a for a in reversed(aims) if a.since <= day), None)


def plan_of(visit: Visit) -> Plan:
    """The present outcome with its indicators and aims, empty where nothing is set up yet."""
    outcome = next((o for o in visit.records(Outcome) if o.status is not Status.CLOSED), None)
    indicators = sorted(
        (i for i in visit.records(Indicator) if i.status is not Status.CLOSED),
        key=lambda i: (i.position, i.indicator_id),
    )
    aims: dict[int, list[Aim]] = defaultdict(list)
    for aim in sorted(visit.records(Aim), key=lambda a: a.since):
        aims[aim.indicator_id].append(aim)
    lagging = [i for i in indicators if outcome and i.indicator_id == outcome.indicator_id]
    active = [i for i in indicators if i.status is Status.ACTIVE]
    return Plan(
        outcome=outcome,
        lagging=lagging[0] if lagging else None,
        leading=tuple(i for i in active if i.kind is Kind.LEADING),
        guards=tuple(i for i in active if i.kind is Kind.GUARD),
        parked=tuple(i for i in indicators if i.status is Status.PARKED and i.kind is Kind.LEADING),
        made=tuple(i for i in active if i.kind is Kind.SPRINT),
        aims={key: tuple(agreed) for key, agreed in aims.items()},
    )


def new_indicator(visit: Visit, name: str = "", kind: Kind = Kind.LEADING) -> Indicator:
    """An indicator of the person this visit is about, not saved yet."""
    return Indicator(person_id=visit.about.person_id, indicator_id=new_id(), kind=kind, name=name)
