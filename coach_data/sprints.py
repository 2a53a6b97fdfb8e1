"""Sprints: two-week experiments, written before the first day and never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from coach_data.model import (
    CoachError,
    Indicator,
    Kind,
    Measure,
    Record,
    Retrospective,
    Sprint,
    Status,
    new_id,
)
from coach_data.privacy import Visit
from coach_data.text import blank, same

LENGTH = 14
"""Days of a sprint."""
BASELINE = 14
LONGEST_BASELINE = 56


class BadSprint(CoachError):
    """Something is still missing for this sprint. Nothing was saved, what you typed is still here."""


class Overlapping(CoachError):
    """Another sprint on the same behaviour runs in these days."""


class Ended(CoachError):
    """This sprint has ended already. Nothing was changed."""


class Stage(StrEnum):
    """Where a sprint stands on a day."""

    PLANNED = "planned"
    RUNNING = "running"
    WAITING = "waiting for its retrospective"
    DECIDED = "decided"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class Line:
    """A sprint with what ended it, as the ledger shows it."""

    sprint: Sprint
    retrospective: Retrospective | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class Running:
    """A sprint that runs, or is over and waits for its retrospective."""

    sprint_id: int
    behaviour: str
    measure_id: int
    first_day: date
    day: int
    """1 to 14; more once the two weeks are over."""

    @property
    def over(self) -> bool:
        """Whether its two weeks have passed."""
        return self.day > LENGTH

    def holds(self, day: date) -> bool:
        """Whether ``day`` is one of its fourteen."""
        return 0 <= (day - self.first_day).days < LENGTH


def short_day(day: date) -> str:
    """A day in a sentence: "4 May"."""
    return f"{day.day} {day:%B}"


def last_day(sprint: Sprint) -> date:
    """The fourteenth day."""
    return sprint.first_day + timedelta(days=LENGTH - 1)


def running_of(visit: Visit) -> tuple[Running, ...]:
    """What the strip tells, in one query: begun, not called off, not decided. Latest first."""
    rows = visit.read(
        """
        SELECT sprint_id, called_off, first_day, behaviour, measure_id
        FROM sprint_history WHERE person_id = ? AND first_day <= ?
        UNION ALL SELECT sprint_id, true, NULL, NULL, NULL
        FROM retrospective_history WHERE person_id = ?
        """,
        [visit.about.person_id, visit.today, visit.about.person_id],
    )
    over = {sprint_id for sprint_id, ended, *_ in rows if ended}
    begun = sorted((first, sprint_id, *rest) for sprint_id, _, first, *rest in rows if first)
    return tuple(
        Running(sprint_id, behaviour, measure_id, first_day, (visit.today - first_day).days + 1)
        for first_day, sprint_id, behaviour, measure_id in reversed(begun)
        if sprint_id not in over
    )


def asked_of(
    made: Sequence[Indicator], running: Sequence[Running], day: date
) -> list[tuple[Indicator, None]]:
    """What Today asks for on ``day`` beside the plan: the measures ``made`` for sprints of that day."""
    known = {i.indicator_id: i for i in made}
    ids = dict.fromkeys(r.measure_id for r in running if r.holds(day))
    return [(known[i], None) for i in ids if i in known]


def ledger_of(visit: Visit) -> list[Line]:
    """All sprints, newest first."""
    ended = {r.sprint_id: r for r in visit.records(Retrospective)}
    sprints = sorted(visit.records(Sprint), key=lambda s: (s.first_day, s.sprint_id), reverse=True)
    return [
        Line(s, ended.get(s.sprint_id), stage_of(s, ended.get(s.sprint_id), visit.today))
        for s in sprints
    ]


def stage_of(sprint: Sprint, ended: Retrospective | None, today: date) -> Stage:
    """Where a sprint stands."""
    if ended is not None:
        return Stage.DECIDED
    if sprint.called_off:
        return Stage.CALLED_OFF
    if sprint.first_day > today:
        return Stage.PLANNED
    return Stage.RUNNING if last_day(sprint) >= today else Stage.WAITING


def found(lines: Sequence[Line], text: str) -> list[Line]:
    """The lines that hold every word of ``text``: hypothesis, behaviour, learnings, decision."""
    wanted = same(text).split()

    def held(line: Line) -> str:
        ended = line.retrospective
        said = [line.sprint.hypothesis, line.sprint.behaviour, line.stage.value]
        if ended is not None:
            said += [ended.learned, ended.surprised, ended.tried, ended.decision.value]
        return same(" ".join(said))

    return [line for line in lines if all(word in held(line) for word in wanted)]


def new_sprint(visit: Visit, *, measure_id: int = 0, behaviour: str = "") -> Sprint:
    """A sprint of the person this visit is about that begins today; not saved yet."""
    return Sprint(
        person_id=visit.about.person_id,
        sprint_id=new_id(),
        behaviour=behaviour,
        measure_id=measure_id,
        hypothesis="",
        success_rule="",
        first_day=visit.today,
    )


def new_rating(visit: Visit, name: str) -> Indicator:
    """A rating from 1 to 5 made for one sprint; it never counts among the three to five."""
    return Indicator(
        person_id=visit.about.person_id,
        indicator_id=new_id(),
        kind=Kind.SPRINT,
        name=name,
        unit="of 5",
        measure=Measure.RATING,
        low=1,
        high=5,
    )


def start(visit: Visit, sprint: Sprint, made: Indicator | None = None) -> None:
    """Begin a sprint, now or on a later day; from here on it stays as it is written.

    ``made``: the measure, where it was made for this sprint. Raises BadSprint, Overlapping, BadText
    or NotAllowed; then nothing was saved.
    """
    with visit.alone():  # so that two tabs do not begin the same one twice
        beside = prepared(visit, sprint, made)
        visit.save(*beside, sprint)


def prepared(visit: Visit, sprint: Sprint, made: Indicator | None) -> list[Record]:
    """What is saved beside the sprint, once all is checked. Raises BadSprint or Overlapping."""
    for text, what in (
        (sprint.behaviour, "what you will do"),
        (sprint.hypothesis, "what you expect"),
        (sprint.success_rule, "how you will know whether it worked"),
    ):
        if blank(text):
            raise BadSprint(f"Say in a sentence {what}. Nothing was saved.")
    if sprint.called_off:
        raise BadSprint("A sprint begins before it is called off. Nothing was saved.")
    if sprint.first_day < visit.today:
        raise BadSprint("A sprint begins today or later: its rules are written before its days.")
    if not 7 <= sprint.baseline_days <= LONGEST_BASELINE:
        raise BadSprint(f"The days before go from 7 to {LONGEST_BASELINE}.")
    if made is not None:
        if blank(made.name):
            raise BadSprint("What is rated needs a name. Nothing was saved.")
        if made.kind is not Kind.SPRINT or made.indicator_id != sprint.measure_id:
            raise BadSprint("That measure was not made for this sprint. Nothing was saved.")
    elif sprint.measure_id == sprint.behaviour_id:
        raise BadSprint("The behaviour cannot be its own measure; choose what it should move.")
    ledger = ledger_of(visit)
    # the rating made for a sprint may measure the one that it led to, and nothing else
    usable = {x.sprint.measure_id for x in ledger if x.sprint.sprint_id == sprint.adapted_from}
    usable |= {i.indicator_id for i in measures_of(visit)}
    if made is None and sprint.measure_id not in usable:
        raise BadSprint("Choose what should move. Nothing was saved.")
    for line in ledger:
        if line.sprint.sprint_id == sprint.sprint_id:
            raise BadSprint("This sprint has begun; it stays as it was written.")
        _refuse_overlap(line, sprint)
    return [made] if made is not None else []


def measures_of(visit: Visit) -> list[Indicator]:
    """The indicators that a sprint can be measured by: all in use but those of other sprints."""
    return sorted(
        (
            i
            for i in visit.records(Indicator)
            if i.status is Status.ACTIVE and i.kind is not Kind.SPRINT
        ),
        key=lambda i: (i.kind is not Kind.LAGGING, i.position, i.indicator_id),
    )


def _refuse_overlap(line: Line, sprint: Sprint) -> None:
    other = line.sprint
    if line.stage in (Stage.CALLED_OFF, Stage.DECIDED):
        return
    alike = same(other.behaviour) == same(sprint.behaviour) or (
        other.behaviour_id is not None and other.behaviour_id == sprint.behaviour_id
    )
    if alike and abs((other.first_day - sprint.first_day).days) < LENGTH:
        raise Overlapping(
            f"A sprint on this behaviour goes from {short_day(other.first_day)} to "
            f"{short_day(last_day(other))}. Two at once could not be told apart: begin after it, "
            "or end it first. Nothing was saved."
        )


def call_off(visit: Visit, sprint_id: int) -> None:
    """End a sprint early, without a retrospective: all that can be changed. Raises Ended."""
    with visit.alone():
        line = line_of(visit, sprint_id)
        if line.stage in (Stage.DECIDED, Stage.CALLED_OFF):
            raise Ended
        visit.save(replace(line.sprint, called_off=True))


def line_of(visit: Visit, sprint_id: int) -> Line:
    """One sprint with what ended it; raises BadSprint where there is none."""
    for line in ledger_of(visit):
        if line.sprint.sprint_id == sprint_id:
            return line
    raise BadSprint("That sprint is not there.")


def checked_end(visit: Visit, ended: Retrospective) -> Line:
    """The sprint that a retrospective may end now. Raises BadSprint or Ended."""
    line = line_of(visit, ended.sprint_id)
    if line.stage in (Stage.DECIDED, Stage.CALLED_OFF):
        raise Ended
    if line.stage is not Stage.WAITING:
        raise BadSprint("The two weeks are not over yet. Nothing was saved.")
    if blank(ended.learned):
        raise BadSprint("Say in a sentence what was learned. Nothing was saved.")
    return line


def adapted(visit: Visit, line: Line) -> Sprint:
    """The next sprint, filled in from one that ended with *adapt*; not saved yet."""
    return replace(
        line.sprint,
        sprint_id=new_id(),
        first_day=visit.today,
        adapted_from=line.sprint.sprint_id,
        called_off=False,
    )
