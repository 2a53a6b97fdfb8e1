"""What is marked on the time axis: an event, a leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coach_data.model import Annotation, Event, Incomplete, new_id
from coach_data.privacy import Visit
from coach_data.text import blank


def annotations_of(visit: Visit) -> list[Annotation]:
    """What is marked on the time axis, earliest first."""
    kept = (a for a in visit.records(Annotation) if not a.removed)
    return sorted(kept, key=lambda a: a.first_day)


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
