"""Our own export brought back: every record that is not here yet, with its earlier states.

Whoever brings it in is whose it becomes: no id of a person in the file counts. All other ids stay as
they are, so that the same file a second time finds what it has brought; a key always holds the person
too, so no id in a file reaches anything of anybody else. What is here already stays as it is.

Not brought back: consents, because agreeing is something that one does oneself and not a file; roles
and pairings, which come by invitation; a coach's notebook, which belongs to the sessions of others;
and the tokens of telephones, whose secrets are nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from coach_data.dates import time_zone
from coach_data.files import refused
from coach_data.formats.everything import Everything, Row
from coach_data.model import (
    NOBODY,
    RECORDS,
    Aim,
    Annotation,
    CoachError,
    Commitment,
    DayLog,
    Entry,
    EntryNote,
    Habit,
    Indicator,
    Kind,
    Outcome,
    OwnNote,
    Pairing,
    Record,
    Retrospective,
    Session,
    SessionClock,
    SessionNote,
    Sprint,
    Status,
)
from coach_data.plan import MOST_LEADING
from coach_data.privacy import Visit
from coach_data.records import columns, read_back
from coach_data.writers import REFERENCES

BROUGHT: tuple[type[Record], ...] = (
    *(Outcome, Indicator, Aim, Entry, EntryNote, DayLog, Annotation, Habit, Sprint),
    *(Retrospective, Session, SessionClock, SessionNote, Commitment, OwnNote),
)
"""In an order in which nothing comes before what it points at."""
_KNOWN = {kind.TABLE for kind in RECORDS}
_LATEST = timedelta(days=1)
"""How far a day may lie ahead: where the file was written it may be tomorrow already."""
EVERY = 5_000
Progress = Callable[[float], object]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file would bring back. ``new``: things that are not here, by kind.

    ``same``: things that are here just so; ``other``: here in another state, which stays.
    """

    made_at: str
    new: dict[str, int]
    same: int
    other: int
    records: tuple[Record, ...]
    """All states of all things in the file, as records of the viewer's."""
    zone: tuple[str, int] | None
    """Time zone and end of the day; taken only where nothing else is here."""


def seen_of(
    visit: Visit, everything: Everything, name: str, progress: Progress | None = None
) -> Seen:
    """Look at a file without saving anything. Raises FileRefused; ``name``: of the file."""
    if unknown := sorted(set(everything.rows) - _KNOWN):
        raise refused(name, f"holds “{unknown[0][:40]}”, which is not known here.")
    records = _records(visit, everything, name, progress or (lambda share: None))
    here = _here(visit)
    _check_pointers(records, here, name)
    latest = {(type(r), _key(r)): r for r in records}
    found = [(r, here.get(key)) for key, r in latest.items()]
    return Seen(
        made_at=everything.made_at,
        new=Counter(type(r).TABLE for r, stored in found if stored is None),
        same=sum(r == stored for r, stored in found),
        other=sum(stored is not None and r != stored for r, stored in found),
        records=tuple(records),
        zone=_zone(everything),
    )


def bring_back(visit: Visit, seen: Seen) -> int:
    """Save what is not here, all of it or nothing; how many things that were.

    Raises NotAllowed or a StoreError; then nothing was saved.
    """
    with visit.alone():
        here = _here(visit)
        missing = [r for r in seen.records if (type(r), _key(r)) not in here]
        if not missing:
            return 0
        fitting: list[Record] = _fitted(missing, list(here.values()))
        if not here and seen.zone is not None:
            zone, day_ends = seen.zone
            fitting.append(replace(visit.about, time_zone=zone, day_ends=day_ends))
        visit.save(*missing, *fitting)
    return len({(type(r), _key(r)) for r in missing})


def _records(visit: Visit, everything: Everything, name: str, progress: Progress) -> list[Record]:
    """Every row of a kind that is brought back, as a record of the viewer's."""
    coaches = {p.coach_id for p in visit.records(Pairing)}
    done, total = 0, everything.count + 1
    made = []
    for kind in BROUGHT:
        for number, row in enumerate(everything.rows.get(kind.TABLE, ()), start=1):
            try:
                made.append(_record(visit, kind, row, everything.person_id, coaches))
            except CoachError as error:
                why = str(error).removesuffix("Nothing was saved.").strip()
                what = f"{kind.TABLE.replace('_', ' ')} {number:,}"
                raise refused(name, f"holds a record that cannot be kept ({what}): {why}") from None
            done += 1
            if done % EVERY == 0:
                progress(done / total)
    return made


def _record(
    visit: Visit, kind: type[Record], row: Row, theirs: object, coaches: set[int]
) -> Record:
    """One row. A coach stays whom they were only where the viewer has, or had, that coach here."""
    given = {k: v for k, v in row.items() if k not in ("recorded_at", "by", "person_id")}
    given["person_id"] = visit.about.person_id
    if "coach_id" in columns(kind):
        coach = given.get("coach_id")
        known = isinstance(coach, int) and coach in coaches
        alone = coach is not None and coach == theirs
        given["coach_id"] = visit.about.person_id if alone else coach if known else NOBODY
    record = read_back(kind, given)
    day = getattr(record, "day", None)
    if day is not None and day > visit.today + _LATEST:
        raise CoachError(f"the day {day} has not come yet.")
    return record


def _here(visit: Visit) -> dict[tuple[type[Record], Key], Record]:
    """What is here of the kinds that are brought back, by kind and key."""
    return {(kind, _key(r)): r for kind in BROUGHT for r in visit.records(kind)}


def _key(record: Record) -> Key:
    return tuple(getattr(record, name) for name in record.KEY)


def _check_pointers(
    records: Sequence[Record], here: dict[tuple[type[Record], Key], Record], name: str
) -> None:
    """Raises FileRefused where a record points at something that is neither in the file nor here."""
    ids: dict[str, set[int]] = {table: set() for table in REFERENCES.values()}
    for record in (*here.values(), *records):
        if record.TABLE in ids:
            ids[record.TABLE].add(getattr(record, f"{record.TABLE}_id"))
    for kind in BROUGHT:
        pointers = [c for c in columns(kind) if c in REFERENCES and c != f"{kind.TABLE}_id"]
        for record in (r for r in records if type(r) is kind):
            for pointer in pointers:
                value = getattr(record, pointer)
                if value is not None and value not in ids[REFERENCES[pointer]]:
                    what = f"{kind.TABLE.replace('_', ' ')} without its {REFERENCES[pointer]}"
                    raise refused(name, f"is not whole: there is an {what}.")


def _fitted(missing: Sequence[Record], here: Sequence[Record]) -> list[Record]:
    """Further states of what is brought back, so that it fits beside what is here.

    One outcome is the present one, five behaviours are followed, one of them is the keystone.
    """
    latest = {(type(r), _key(r)): r for r in missing}
    changed: list[Record] = []
    if any(isinstance(r, Outcome) and r.status is not Status.CLOSED for r in here):
        new = [r for r in latest.values() if isinstance(r, Outcome)]
        changed += [replace(o, status=Status.CLOSED) for o in new if o.status is not Status.CLOSED]
    followed = [r for r in here if isinstance(r, Indicator) and _followed(r)]
    room, keystone = MOST_LEADING - len(followed), any(i.keystone for i in followed)
    coming = [r for r in latest.values() if isinstance(r, Indicator) and _followed(r)]
    for k, made in enumerate(sorted(coming, key=lambda i: (i.position, i.indicator_id))):
        status = Status.ACTIVE if k < room else Status.PARKED
        fits = replace(
            made, status=status, keystone=made.keystone and not keystone and status is made.status
        )
        keystone = keystone or fits.keystone
        if fits != made:
            changed.append(fits)
    return changed


def _followed(indicator: Indicator) -> bool:
    return indicator.kind is Kind.LEADING and indicator.status is Status.ACTIVE


def _zone(everything: Everything) -> tuple[str, int] | None:
    rows = everything.rows.get("person", [])
    zone, day_ends = (rows[-1].get("time_zone"), rows[-1].get("day_ends")) if rows else (None, None)
    if not isinstance(zone, str) or type(day_ends) is not int or not 0 <= day_ends <= 720:
        return None
    return (zone, day_ends) if time_zone(zone).key == zone else None
