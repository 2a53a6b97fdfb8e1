"""The sample programme in a store, written through the same doors as any screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from coach_data.dates import local_day
from coach_data.devices import people_on_this_device
from coach_data.model import (
    Aim,
    Annotation,
    Consent,
    Entry,
    EntryNote,
    Indicator,
    Kind,
    Outcome,
    Record,
    Role,
    Session,
    Status,
    new_id,
)
from coach_data.people import join, pair
from coach_data.privacy import Visit
from coach_data.store import Store
from sample_data.programme import generate
from sample_data.rhythm import own_records, rhythms, session_records
from sample_data.shapes import SampleIndicator, SamplePerson

PROGRAMME = "sample"
SOURCE = "sample"
WHO = {"Noor": "coach", "Samuel": "coach", "Wanda": "lead"}
"""What people are in the programme who are not coachees."""
GUIDES = {Role.COACHEE: "Amara", Role.COACH: "Noor", Role.LEAD: "Wanda"}
"""As whom the tour of each role goes round."""
NAMELESS = "Participant "
"""How the names of those begin who have no story (participants.py): nobody goes in as one."""


def load(
    store: Store,
    now: datetime,
    progress: Callable[[float], None] | None = None,
    *,
    zone: str = "UTC",
) -> dict[str, int]:
    """Write the sample programme; the id of each of its people by name, the honest lever first.

    ``now``: aware. ``zone``: where the people live; their last day is the one before today there.
    ``progress``: told the share that is done, 0 to 1. People who are there already are kept as
    they are, so a second call changes nothing and one that was cut off is completed.
    Raises a StoreError; then the people told as done are saved, each of them as a whole.
    """
    here = {n: i for i, n, programme in people_on_this_device(store) if programme == PROGRAMME}
    ids: dict[str, int] = {}
    until = local_day(now, zone, 180) - timedelta(days=1)
    people = generate(until)
    # coaches first, because a coachee names theirs
    for k, person in enumerate(sorted(people, key=lambda p: p.outcome is not None), start=1):
        ids[person.name] = here.get(person.name) or join_sample(store, person, now, zone)
        if person.outcome is not None:
            visit = Visit.open(store, ids[person.name], now)
            fill(visit, person, ids)
            _hold_sessions(visit, person, ids)
        if progress is not None:
            progress(k / len(people))
    return {person.name: ids[person.name] for person in people}


def join_sample(store: Store, person: SamplePerson, now: datetime, zone: str) -> int:
    """Somebody of the sample programme, with a role and nothing else yet; their id."""
    made = join(store, person.name, now, roles=person.roles, zone=zone, programme=PROGRAMME)
    return made.person_id


def fill(visit: Visit, person: SamplePerson, ids: dict[str, int]) -> None:
    """What one coachee has of their own, in one save, unless it is here already."""
    if visit.records(Outcome):
        return
    if person.coach:
        pair(visit, ids[person.coach], cadence_days=person.cadence_days)
    me, outcome = visit.viewer_id, person.outcome
    assert outcome is not None
    outcome_id = new_id()
    made = {i.name: _indicator(me, outcome_id, i, k) for k, i in enumerate(person.logged)}
    watched = {
        name: replace(indicator, guard_of=made[sample.guard_of].indicator_id)
        for (name, indicator), sample in zip(made.items(), person.logged, strict=True)
        if sample.guard_of
    }
    made |= watched
    records: list[Record] = [
        Outcome(
            person_id=me,
            outcome_id=outcome_id,
            goal=outcome.goal,
            difference=outcome.difference,
            noticed_by=outcome.noticed_by,
            indicator_id=made[outcome.lagging.name].indicator_id,
            baseline=outcome.baseline,
            target=outcome.target,
            due=outcome.due,
            status=Status.ACTIVE,
        ),
        *made.values(),
    ]
    for sample in person.logged:
        records += _days(me, made[sample.name].indicator_id, sample)
    records += _beside(me, person)
    known = {name: indicator.indicator_id for name, indicator in made.items()}
    if rhythm := rhythms().get(person.name):
        records += own_records(me, rhythm, known, visit.today - timedelta(days=1))
    visit.save(*records)


def _hold_sessions(visit: Visit, person: SamplePerson, ids: dict[str, int]) -> None:
    """The sessions of one coachee, written by their coach; not where there are any already."""
    rhythm = rhythms()[person.name]
    if not person.coach or not rhythm.sessions or visit.records(Session):
        return
    coach = Visit.open(visit.store, ids[person.coach], visit.now)
    if visit.viewer_id not in coach.coachees:  # they parted since an earlier load
        return
    known = {i.name: i.indicator_id for i in visit.records(Indicator)}
    until = visit.today - timedelta(days=1)
    by_coach, own = session_records(visit.viewer_id, coach.viewer_id, rhythm, known, until)
    coach.save(*by_coach)
    if own:
        visit.save(*own)


def _indicator(me: int, outcome_id: int, sample: SampleIndicator, position: int) -> Indicator:
    return Indicator(
        person_id=me,
        indicator_id=new_id(),
        outcome_id=outcome_id,
        kind=sample.kind,
        name=sample.name,
        unit=sample.unit,
        measure=sample.measure,
        low=sample.low,
        high=sample.high,
        rising_is_better=sample.rising_is_better,
        period=sample.period,
        controllable=True if sample.kind is Kind.LEADING else None,
        expected_lag=sample.expected_lag,
        keystone=sample.keystone,
        position=position,
    )


def _days(me: int, indicator_id: int, sample: SampleIndicator) -> list[Record]:
    """The aims, entries and notes of one indicator."""
    records: list[Record] = [
        Aim(
            person_id=me,
            indicator_id=indicator_id,
            since=a.since,
            comparison=a.comparison,
            amount=a.amount,
            period=a.period,
        )
        for a in sample.aims
    ]
    for e in sample.entries:
        records.append(
            Entry(
                person_id=me,
                indicator_id=indicator_id,
                day=e.day,
                state=e.state,
                value=e.value,
                reason=e.reason,
                source=SOURCE,
            )
        )
        if e.note:
            records.append(
                EntryNote(person_id=me, indicator_id=indicator_id, day=e.day, note=e.note)
            )
    return records


def _beside(me: int, person: SamplePerson) -> list[Record]:
    """What is marked on the time axis, and the consents."""
    records: list[Record] = [
        Annotation(
            person_id=me,
            annotation_id=new_id(),
            first_day=a.first_day,
            last_day=a.last_day,
            event=a.event,
            text=a.text,
        )
        for a in person.annotations
    ]
    records += [Consent(person_id=me, purpose=p, given=True) for p in person.consents]
    return records
