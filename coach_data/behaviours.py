"""The three to five behaviours that should drive an outcome: what is agreed about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from coach_data.annotations import new_annotation
from coach_data.library import words
from coach_data.model import Aim, CoachError, Incomplete, Indicator, Kind, Measure, Record, Status
from coach_data.plan import MOST_LEADING, Plan, plan_of
from coach_data.privacy import Visit
from coach_data.text import blank, same
from coach_data.values import BadValue, bounds, check_range, span


class TooManyLeading(CoachError):
    """Five leading indicators are on the compass already."""

    def __str__(self) -> str:
        return words("outcome.six_refused")


def add_leading(
    visit: Visit,
    indicator: Indicator,
    aim: Aim | None,
    guard: Indicator | None = None,
    *,
    beside: Sequence[Record] = (),
) -> None:
    """Add a behaviour with its aim and guard. Raises TooManyLeading, Incomplete or BadValue.

    ``beside``: what is saved with it or, if it cannot be, is not.
    """
    with visit.alone():  # so that two tabs do not make six of five
        plan = plan_of(visit)
        if len(plan.leading) >= MOST_LEADING:
            raise TooManyLeading
        if blank(indicator.name):
            raise Incomplete("The behaviour needs a name.")
        guard = None if guard is None or blank(guard.name) else guard
        taken = {same(i.name) for i in (*plan.logged, *plan.parked)}
        for new in (indicator, guard):
            if new is not None:
                if same(new.name) in taken:
                    raise Incomplete(f"There is already an indicator called {new.name.strip()}.")
                taken.add(same(new.name))
                check_range(new)
        if aim is not None:
            check_aim(indicator, aim)
        visit.save(*_added(plan, indicator, guard), *([aim] if aim else []), *beside)


def _added(plan: Plan, indicator: Indicator, guard: Indicator | None) -> list[Indicator]:
    """A behaviour and its guard in their place: behind the others, of the present outcome."""
    position = 1 + max((i.position for i in (*plan.leading, *plan.parked)), default=0)
    outcome_id = plan.outcome.outcome_id if plan.outcome else None
    placed = [
        replace(
            indicator,
            kind=Kind.LEADING,
            outcome_id=outcome_id,
            position=position,
            keystone=False,  # one is marked, and only by mark_keystone
        )
    ]
    if guard is not None:
        placed.append(
            replace(
                guard,
                kind=Kind.GUARD,
                outcome_id=outcome_id,
                guard_of=indicator.indicator_id,
                position=position,
            )
        )
    return placed


def check_aim(indicator: Indicator, aim: Aim) -> None:
    """Raises BadValue where no day, or no week, could meet the aim."""
    low, high = bounds(indicator)
    days = 7 if aim.period == "week" and indicator.measure is not Measure.RATING else 1
    highest = None if high is None else high * days
    if (low is not None and aim.amount < low) or (highest is not None and aim.amount > highest):
        raise BadValue(
            f"{indicator.name}: an aim of {aim.amount:g} a {aim.period} lies outside what can be"
            f" entered ({span(low, highest)})."
        )


def agree_aim(visit: Visit, indicator: Indicator, aim: Aim) -> None:
    """A new aim from a day on; the days before keep the aim that they had.

    Raises BadValue, or Incomplete where the day has passed and had an aim already.
    """
    check_aim(indicator, aim)
    with visit.alone():
        if aim.since < visit.today and plan_of(visit).aims.get(indicator.indicator_id):
            raise Incomplete(
                "A new aim begins today or later, so that the days that have passed keep theirs."
            )
        visit.save(aim)


def describe(visit: Visit, indicator: Indicator) -> None:
    """Save another name, unit or expected lag of an indicator; its entries and aims stay.

    Raises Incomplete or BadValue.
    """
    if blank(indicator.name):
        raise Incomplete("The behaviour needs a name.")
    plan = plan_of(visit)
    others = (i for i in (*plan.logged, *plan.parked) if i.indicator_id != indicator.indicator_id)
    if same(indicator.name) in {same(i.name) for i in others}:
        raise Incomplete(f"There is already an indicator called {indicator.name.strip()}.")
    check_range(indicator)
    visit.save(indicator)


def park(visit: Visit, indicator: Indicator) -> None:
    """Take a behaviour off the compass; its entries stay."""
    with visit.alone():
        visit.save(replace(_as_it_is(visit, indicator), status=Status.PARKED, keystone=False))


def resume(visit: Visit, indicator: Indicator, *, beside: Sequence[Record] = ()) -> None:
    """Bring a parked behaviour back, and save ``beside`` with it. Raises TooManyLeading."""
    with visit.alone():
        others = [i for i in plan_of(visit).leading if i.indicator_id != indicator.indicator_id]
        if len(others) >= MOST_LEADING:
            raise TooManyLeading
        back = replace(_as_it_is(visit, indicator), status=Status.ACTIVE, keystone=False)
        visit.save(back, *beside)


def _as_it_is(visit: Visit, indicator: Indicator) -> Indicator:
    """The indicator as it is stored now: a tab from before may still have its old name."""
    stored = {i.indicator_id: i for i in visit.records(Indicator)}
    return stored.get(indicator.indicator_id, indicator)


def mark_keystone(visit: Visit, indicator_id: int) -> None:
    """Mark the one behaviour that makes the others easier. Raises Incomplete where it is none."""
    with visit.alone():
        leading = plan_of(visit).leading
        if indicator_id not in {i.indicator_id for i in leading}:
            raise Incomplete("That behaviour is not on the compass. Nothing was changed.")
        changed = [
            replace(i, keystone=i.indicator_id == indicator_id)
            for i in leading
            if i.keystone != (i.indicator_id == indicator_id)
        ]
        if changed:
            visit.save(*changed)


def count_usual_from(visit: Visit, indicator: Indicator, day: date, reason: str) -> None:
    """From ``day`` on the usual range is counted anew; the reason stands on the time axis."""
    if day > visit.today:
        raise Incomplete("That day has not come yet.")
    note = new_annotation(visit, reason, day, day)
    if blank(reason):
        raise Incomplete("A new start for the usual range needs its reason.")
    with visit.alone():
        visit.save(replace(_as_it_is(visit, indicator), usual_since=day), note)
