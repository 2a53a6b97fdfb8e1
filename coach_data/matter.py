"""Does it matter? Which behaviours and results can be looked at together, and the review of a pair."""

from __future__ import annotations

from dataclasses import dataclass

from coach_data.annotations import annotations_of
from coach_data.model import Indicator, Kind, Status
from coach_data.plan import Plan, plan_of
from coach_data.privacy import Visit
from coach_data.review import Pair, Review, reviewed
from coach_data.series import series_of


@dataclass(frozen=True)
class Choices:
    """What can be looked at together: behaviours, the one with a declared lag first, and results."""

    plan: Plan
    leading: tuple[Indicator, ...]
    lagging: tuple[Indicator, ...]


def pairs_of(visit: Visit) -> Choices:
    """The behaviours and results that can be looked at together, the likeliest first."""
    plan = plan_of(visit)
    active = sorted(plan.leading, key=lambda i: (not i.expected_lag, not i.keystone, i.position))
    results = [
        i
        for i in visit.records(Indicator)
        if i.kind is Kind.LAGGING and i.status is not Status.CLOSED and i != plan.lagging
    ]
    return Choices(
        plan=plan,
        leading=(*active, *plan.parked),
        lagging=(*([plan.lagging] if plan.lagging else []), *results),
    )


def review_of(visit: Visit, choices: Choices, leading: Indicator, lagging: Indicator) -> Review:
    """What the days say about a pair, as far as the viewer may see them."""
    guard = next((g for g in choices.plan.guards if g.guard_of == leading.indicator_id), None)
    asked = [i.indicator_id for i in (leading, lagging, *([guard] if guard else []))]
    series = series_of(visit, asked, annotations_of(visit))
    pair = Pair(
        leading,
        lagging,
        choices.plan.aim(leading.indicator_id, visit.today),
        series[leading.indicator_id],
        series[lagging.indicator_id],
        guard,
        series[guard.indicator_id] if guard else None,
    )
    return reviewed(pair)
