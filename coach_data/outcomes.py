"""From a vague goal to an outcome, and the three to five behaviours that should drive it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from coach_data.library import outcome_sentence, vague, words
from coach_data.model import (
    Aim,
    Annotation,
    CoachError,
    Event,
    Indicator,
    Kind,
    Measure,
    Outcome,
    Record,
    Status,
    new_id,
)
from coach_data.privacy import Visit
from coach_data.text import blank, same
from coach_data.values import BadValue, bounds, checked, span

MOST_LEADING = 5
FEWEST_LEADING = 3


class TooManyLeading(CoachError):
    """Five leading indicators are on the compass already."""

    def __str__(self) -> str:
        return words("outcome.six_refused")


class Incomplete(CoachError):
    """Something is still missing. Nothing was saved, what you typed is still here."""


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


def vagueness(outcome: Outcome, lagging: Indicator | None) -> list[str]:
    """What is still vague, each with what would make it concrete; empty when nothing is."""
    lists = vague()
    goal, difference = outcome.goal.lower().strip(), outcome.difference.lower()
    said = next((w for w in sorted(lists.words) if _has(w, goal)), None)
    problems = {
        "activity": any(_has(w, goal.split(",")[0][: len(w) + 1]) for w in lists.activities),
        "vague_word": said is not None and (lagging is None or outcome.target is None),
        "not_observable": any(_has(w, difference) for w in lists.inner_states),
        "no_number": lagging is None or outcome.target is None,
        "no_baseline": outcome.baseline is None,
        "no_date": outcome.due is None,
    }
    return [words(f"outcome.vague.{key}", word=said or "") for key, so in problems.items() if so]


def _has(phrase: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text) is not None


def sentence_of(outcome: Outcome, lagging: Indicator | None) -> str:
    """The whole outcome read back as one sentence; what is not known yet is left out."""
    unit = f" {lagging.unit}" if lagging and lagging.unit else ""

    def amount(value: float | None) -> str:
        return "" if value is None else f"{value:g}{unit}"

    return outcome_sentence(
        indicator=lagging.name if lagging else "",
        baseline=amount(outcome.baseline),
        target=amount(outcome.target),
        due=f"{outcome.due.day} {outcome.due:%B %Y}" if outcome.due else "",
        difference=outcome.difference,
        noticed_by=outcome.noticed_by,
    )


def keep_outcome(visit: Visit, outcome: Outcome, lagging: Indicator | None = None) -> Outcome:
    """Save an outcome as far as it is known, with its lagging indicator. Raises Incomplete.

    A draft may lack anything but its goal; it becomes active when nothing is missing any more.
    """
    if blank(outcome.goal):
        raise Incomplete("The goal is still empty: one rough sentence is enough to begin.")
    records: list[Outcome | Indicator] = []
    if lagging is not None:
        if blank(lagging.name):
            raise Incomplete("The number that shows the result needs a name.")
        _check_range(lagging)
        outcome = replace(outcome, indicator_id=lagging.indicator_id)
        records.append(replace(lagging, kind=Kind.LAGGING, outcome_id=outcome.outcome_id))
        for value in (outcome.baseline, outcome.target):
            if value is not None:
                checked(lagging, value)
    if outcome.due is not None and outcome.due <= visit.today and outcome.status is Status.DRAFT:
        raise Incomplete("The date lies in the past; choose a day that is still to come.")
    outcome = completed(outcome)
    visit.save(outcome, *records)
    return outcome


def completed(outcome: Outcome) -> Outcome:
    """Active when nothing is missing, else a draft; parked and closed ones stay as they are."""
    if outcome.status in (Status.PARKED, Status.CLOSED):
        return outcome
    needed = (outcome.baseline, outcome.target, outcome.due, outcome.indicator_id)
    return replace(outcome, status=Status.DRAFT if None in needed else Status.ACTIVE)


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
                _check_range(new)
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
    _check_range(indicator)
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


def mark(visit: Visit, annotation: Annotation) -> None:
    """Write an event or a leave on the time axis. Raises Incomplete."""
    if blank(annotation.text):
        raise Incomplete("Say in a few words what happened.")
    if annotation.last_day < annotation.first_day:
        raise Incomplete("The last day lies before the first one.")
    visit.save(annotation)


def unmark(visit: Visit, annotation: Annotation) -> None:
    """Take it off the time axis again."""
    visit.save(replace(annotation, removed=True))


def count_usual_from(visit: Visit, indicator: Indicator, day: date, reason: str) -> None:
    """From ``day`` on the usual range is counted anew; the reason stands on the time axis."""
    if day > visit.today:
        raise Incomplete("That day has not come yet.")
    note = new_annotation(visit, reason, day, day)
    if blank(reason):
        raise Incomplete("A new start for the usual range needs its reason.")
    with visit.alone():
        visit.save(replace(_as_it_is(visit, indicator), usual_since=day), note)


def new_indicator(visit: Visit, name: str = "", kind: Kind = Kind.LEADING) -> Indicator:
    """An indicator of the person this visit is about, not saved yet."""
    return Indicator(person_id=visit.about.person_id, indicator_id=new_id(), kind=kind, name=name)


def new_outcome(visit: Visit, goal: str = "") -> Outcome:
    """An outcome of the person this visit is about, not saved yet."""
    return Outcome(person_id=visit.about.person_id, outcome_id=new_id(), goal=goal)


def new_annotation(
    visit: Visit, text: str, first_day: date, last_day: date, event: Event = Event.EVENT
) -> Annotation:
    """A mark on the time axis of the person this visit is about, not saved yet."""
    return Annotation(
        person_id=visit.about.person_id,
        annotation_id=new_id(),
        first_day=first_day,
        last_day=last_day,
        event=event,
        text=text,
    )


def _check_range(indicator: Indicator) -> None:
    low, high = bounds(indicator)
    if low is not None and high is not None and low >= high:
        raise BadValue(f"{indicator.name}: the lowest value must be below the highest.")
    if indicator.expected_lag is not None and not 0 <= indicator.expected_lag <= 60:
        raise BadValue(f"{indicator.name}: the expected lag goes from 0 to 60 days.")
