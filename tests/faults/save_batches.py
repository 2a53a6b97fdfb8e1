"""A process to be killed: for each line on standard input a child that opens the store and saves.

    python save_batches.py DATA KEY_FILE

Forking after the imports makes a child start at once. It tells what it has reached, a line each:
``child PID``, ``opening``, ``compacting``, ``compacted``, ``ready``, then the number of every batch
whose save has returned. The parent tells ``gone`` when it is dead. ``COACH_TAIL`` sets the length
from which entries are put in order. A batch is ``PARTS`` entries with the number as their value.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from coach_data import upkeep
from coach_data.devices import people_on_this_device
from coach_data.file_store import FileStore
from coach_data.model import Entry, EntryNote, Indicator, Kind, Person, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Store

PARTS = 5
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


def tell(word: object) -> None:
    """One write, so that a line is told whole or not at all."""
    os.write(1, f"{word}\n".encode())


def visit_of(store: Store) -> tuple[Visit, list[int]]:
    """The one person's visit and the ids of their indicators; made on the first run."""
    people = people_on_this_device(store)
    person_id = people[0][0] if people else join(store, "Ann", NOW).person_id
    visit = Visit.open(store, person_id, NOW)
    known = sorted(i.indicator_id for i in visit.records(Indicator))
    if not known:
        known = [new_id() for _ in range(PARTS)]
        visit.save(
            *(
                Indicator(person_id=person_id, indicator_id=i, kind=Kind.LEADING, name=f"I {i}")
                for i in known
            )
        )
    return visit, known


def batch(person: Person, indicators: list[int], number: int) -> list[Entry | EntryNote]:
    """Entries and a note that belong together: all of them are saved or none."""
    day = date(2026, 1, 1) + timedelta(days=number % 120)
    entries = [
        Entry(person_id=person.person_id, indicator_id=i, day=day, value=float(number))
        for i in indicators
    ]
    note = f"batch {number}"
    return [
        *entries,
        EntryNote(person_id=person.person_id, indicator_id=indicators[0], day=day, note=note),
    ]


def live(where: Places) -> None:
    """Open the store and save until killed."""
    plain = FileStore._put_in_order

    def told(store: FileStore) -> None:
        tell("compacting")
        plain(store)
        tell("compacted")

    FileStore._put_in_order = told  # type: ignore[method-assign]
    upkeep.TAIL = int(os.environ.get("COACH_TAIL", upkeep.TAIL))
    tell("opening")
    store = open_store(where)
    visit, indicators = visit_of(store)
    last = visit.read("SELECT coalesce(max(value), 0) FROM entry_history")[0][0]
    tell("ready")
    number = int(last)
    while True:
        number += 1
        visit.save(*batch(visit.about, indicators, number))
        tell(number)


def main() -> None:
    where = Places(Path(sys.argv[1]), Path(sys.argv[2]))
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            tell(f"child {os.getpid()}")
            live(where)
        os.waitpid(child, 0)
        tell("gone")


if __name__ == "__main__":
    main()
