"""Getting days in from a CSV file: look first, answer what is unclear, then all of it or nothing.

Nothing is kept between the steps. A screen, or the command line, calls ``preview_of`` with what has
been answered so far until nothing stands in the way, and then ``bring_in``:

    preview = preview_of(visit, content, "days.csv", Choices(decimal=DecimalMark.COMMA))
    if preview.ready:
        bring_in(visit, preview)

Days that are here already are compared, not added: the same file a second time changes nothing. An
empty cell says nothing, so it takes nothing back; nor do a missing note or reason. How a file is
read: reader.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from coach_data.dates import local_day
from coach_data.files import FileRefused
from coach_data.matching import Found, Handling, Match, Units
from coach_data.model import CoachError, Entry, EntryNote, EntryState, Indicator, Kind, Record
from coach_data.parsing import DayOrder, DecimalMark
from coach_data.plan import plan_of
from coach_data.preview import Changes, Choices, Duplicates, Given, Preview, Question, Topic
from coach_data.privacy import Visit
from coach_data.reader import NOTHING_CHOSEN, placed, read
from coach_data.sheet import Format, Progress, Refusal
from coach_data.text import same

__all__ = [
    "Changes",
    "Choices",
    "DayOrder",
    "DecimalMark",
    "Duplicates",
    "FileRefused",
    "Format",
    "Found",
    "Handling",
    "Imported",
    "Match",
    "NotReady",
    "Outdated",
    "Preview",
    "Question",
    "Refusal",
    "Topic",
    "Units",
    "bring_in",
    "changes_of",
    "preview_of",
    "read",
]


SOURCE = "import"


class NotReady(CoachError):
    """Something still stands in the way of bringing the file in. Nothing was saved."""


class Outdated(CoachError):
    """Your indicators were changed meanwhile. Look at the file again. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was saved. ``left_out``: things that were refused and are not in it."""

    changes: Changes
    indicators: tuple[Indicator, ...]
    left_out: int


def preview_of(
    visit: Visit,
    content: bytes,
    name: str,
    choices: Choices = NOTHING_CHOSEN,
    progress: Progress | None = None,
) -> Preview:
    """What the file would bring in, compared with what is here. Raises FileRefused."""
    others = visit.records(Indicator)
    plan = plan_of(visit)
    seen = read(
        content,
        name,
        plan,
        visit.today,
        choices,
        others=others,
        progress=progress,
        day_of=lambda moment: _local_day(visit, moment),
    )
    return replace(seen, changes=changes_of(visit, seen))


def _local_day(visit: Visit, moment: float) -> date:
    """The person's own day of a moment in seconds since 1970."""
    about = visit.about
    return local_day(datetime.fromtimestamp(moment, UTC), about.time_zone, about.day_ends)


def changes_of(visit: Visit, preview: Preview) -> Changes:
    """How many of the entries are new here, how many change one, how many are here already."""
    return _compared(visit, preview)[0]


def bring_in(visit: Visit, preview: Preview, progress: Progress | None = None) -> Imported:
    """Save all that the preview holds and the store does not, in one transaction.

    Raises NotReady, Outdated, NotAllowed or a StoreError; then nothing was saved.
    """
    tell = progress or (lambda share: None)
    tell(0.0)
    _check_ready(preview)
    created, beside = _created(visit, preview)
    tell(0.1)
    changes, records = _compared(visit, preview)
    tell(0.4)
    if created or records:
        visit.save(*created, *beside, *records)
    tell(1.0)
    return Imported(changes, tuple(created), preview.refused)


def _check_ready(preview: Preview) -> None:
    if preview.questions:
        raise NotReady(f"{preview.questions[0].text} Nothing was saved.")
    if not preview.ready:
        first = preview.refusals[0]
        raise NotReady(
            f"{preview.refused:,} things in the file cannot be brought in; the first: line "
            f"{first.line:,}, {first.column}: {first.why}. Change the file, or bring in only the "
            "good rows. Nothing was saved."
        )


def _created(visit: Visit, preview: Preview) -> tuple[list[Indicator], list[Record]]:
    """The indicators to be made, and the outcome where one of them is its result."""
    here = visit.records(Indicator)
    ids = {i.indicator_id for i in here}
    names = {same(i.name) for i in here}
    plan = plan_of(visit)
    new = [f for f in preview.indicators if f.match is Match.NEW]
    new = [f for f in new if f.indicator is not None and f.indicator.indicator_id not in ids]
    created = []
    beside: list[Record] = []
    for made in (f.indicator for f in placed(plan, new)):
        if made is None or same(made.name) in names:
            raise Outdated
        made = replace(made, person_id=visit.about.person_id)
        created.append(made)
        if made.kind is Kind.LAGGING:
            if plan.outcome is None or plan.lagging is not None:
                raise Outdated
            beside.append(replace(plan.outcome, indicator_id=made.indicator_id))
    return created, beside


def _compared(visit: Visit, preview: Preview) -> tuple[Changes, list[Record]]:
    """The counts, and the records of all that is new or different."""
    person_id = visit.about.person_id
    entries, notes = _here(visit, preview)
    new = changed = unchanged = 0
    records: list[Record] = []
    beside: list[Record] = []
    for indicator_id, days in preview.given.items():
        for on, given in days.items():
            known = entries.get((indicator_id, on))
            if given.state is not None and known is not None and _same(given, known):
                unchanged += 1
            elif given.state is not None:
                new, changed = new + (known is None), changed + (known is not None)
                entry = Entry(
                    person_id=person_id,
                    indicator_id=indicator_id,
                    day=on,
                    state=given.state,
                    value=given.value,
                    reason=given.reason,
                    source=SOURCE,
                )
                records.append(entry)
            if given.note is not None and notes.get((indicator_id, on)) != given.note:
                note = EntryNote(
                    person_id=person_id, indicator_id=indicator_id, day=on, note=given.note
                )
                beside.append(note)
    return Changes(new, changed, unchanged, len(beside)), records + beside


_Key = tuple[int, date]


def _here(visit: Visit, preview: Preview) -> tuple[dict[_Key, tuple[Any, ...]], dict[_Key, str]]:
    """What is here of the days that the file speaks of: (state, value, reason), and the notes."""
    first, last = preview.first_day, preview.last_day
    if first is None or last is None:
        return {}, {}
    span = [visit.about.person_id, first, last]
    where = "WHERE person_id = ? AND day BETWEEN ? AND ?"
    entries = visit.read(
        f"SELECT indicator_id, day, state, value, reason FROM entry {where} AND state <> 'cleared'",
        span,
    )
    notes = visit.read(f"SELECT indicator_id, day, note FROM entry_note {where}", span)
    return {(i, d): tuple(rest) for i, d, *rest in entries}, {(i, d): n for i, d, n in notes}


def _same(given: Given, known: tuple[Any, ...]) -> bool:
    """Whether the file says nothing that is not here: a reason that it lacks takes none away."""
    state, value, reason = known
    if given.state != state or given.value != value:
        return False
    return given.state is not EntryState.SKIPPED or given.reason in (None, reason)
