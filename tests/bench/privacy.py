"""What privacy costs on the compass, and whether the rows of ten thousand other people cost anything."""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from coach_data.compass import compass_of
from coach_data.model import (
    Aim,
    Consent,
    Entry,
    Indicator,
    Kind,
    Membership,
    Pairing,
    Person,
    Purpose,
    Record,
    Role,
    new_id,
)
from coach_data.people import roles_of
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.records import columns, row_of
from coach_data.sign_in import Identity, signed_in
from coach_data.sprints import running_of
from coach_data.store import Cursor, Store
from sample_data.load import load

OTHERS, CHUNK, BEHAVIOURS, DAYS = 10_000, 500, 5, 20


@dataclass(frozen=True, slots=True)
class Bare(Visit):
    """A visit that asks the raw tables with the very same queries, whoever looks: the control."""

    @classmethod
    def of(cls, visit: Visit) -> Bare:
        made = (visit.store, visit.store.cursor(), visit.viewer_id, visit.about, visit.now)
        return cls(*made, visit.today, visit._settled)

    def _ask(self, sql: str, values: Sequence[Any], fetch: Callable[[Cursor], Any]) -> Any:
        raw = re.sub(r"\b(\w+)_history\b", r"app.raw.\1", sql)
        return self.store.ask(self.cursor, raw, values, fetch)


def _page(visit: Visit) -> None:
    compass_of(visit)
    running_of(visit)


def _measured(store: Store, viewer_id: int, about_id: int, count: int) -> tuple[float, float]:
    """Seconds of the compass page's data, through the views and without them, by turns.

    Through the views counts what opening the visit settles; both find out who the person is.
    """
    now = datetime.now(UTC)
    with_it, without = [], []
    for _ in range(count):
        began = time.perf_counter()
        visit = Visit.open(store, viewer_id, now, about_id)
        _page(visit)
        with_it.append(time.perf_counter() - began)
        began = time.perf_counter()
        bare = Bare.of(visit)
        bare.read("SELECT * FROM person_history WHERE person_id = ?", [about_id])
        _page(bare)
        without.append(time.perf_counter() - began)
    return statistics.median(with_it), statistics.median(without)


def _somebody(number: int, coach: int, day: date) -> list[Record]:
    me, ids = new_id(), [new_id() for _ in range(BEHAVIOURS)]
    leading: dict[str, Any] = {"person_id": me, "kind": Kind.LEADING}
    return [
        Person(person_id=me, name=f"Other {number}", programme="others"),
        Membership(person_id=me, role=Role.COACHEE),
        Pairing(person_id=me, coach_id=coach),
        Consent(person_id=me, purpose=Purpose.ENTRIES, given=True),
        *(Indicator(**leading, indicator_id=i, name=f"Behaviour {i}") for i in ids),
        *(Aim(person_id=me, indicator_id=i, since=day, amount=3) for i in ids),
        *(
            Entry(person_id=me, indicator_id=i, day=day + timedelta(days=k), value=float(k % 7))
            for i in ids
            for k in range(DAYS)
        ),
    ]


def add_others(store: Store, count: int = OTHERS) -> int:
    """Bring in that many people, twenty to a coach; how many rows they have."""
    now, cursor, rows = datetime.now(UTC), store.cursor(), 0
    day, coach = now.date() - timedelta(days=DAYS), new_id()
    for first in range(0, count, CHUNK):
        records: dict[type[Record], list[tuple[Any, ...]]] = {}
        for number in range(first, first + CHUNK):
            coach = new_id() if number % 20 == 0 else coach
            for record in _somebody(number, coach, day):
                at = store.stamp(now)
                row = (*row_of(record), at, record.person_id)
                records.setdefault(type(record), []).append(row)
        with store.writing(cursor):
            for kind, batch in records.items():
                store.append(cursor, kind.TABLE, (*columns(kind), "recorded_at", "author"), batch)
                rows += len(batch)
    return rows


def _each_run(store: Store, viewer_id: int, count: int = 200) -> float:
    """Seconds in which a run of a screen finds that its sign-in still holds."""
    now = datetime.now(UTC)
    who = Identity("https://one.example", "amara", now, "proof")
    cursor = store.cursor()
    known = "INSERT INTO app.raw.identity VALUES ('https://one.example', 'amara', ?, now())"
    cursor.execute(known, [viewer_id])
    spent = []
    for _ in range(count):
        began = time.perf_counter()
        assert signed_in(store, "t" * 43, who, now) is not None
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def privacy(count: int = 60) -> dict[str, float]:
    """Seconds and ratios, all of one run."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        where = Places(Path(folder) / "c.duckdb", Path(folder) / "key")
        store = open_store(where)
        people = load(store, datetime.now(UTC))
        coachee = people["Amara"]
        coach = next(
            i
            for i in people.values()
            if coachee in (visit := Visit.open(store, i, datetime.now(UTC))).coachees
            and Role.COACH in roles_of(visit)
        )
        whole: dict[str, list[float]] = {}
        for more in (False, True):
            if more:
                add_others(store)
                store.close()
                store = open_store(where)  # which puts the new entries in their order
            for who, viewer in (("coachee", coachee), ("coach", coach)):
                _measured(store, viewer, coachee, 5)
                seen, bare = _measured(store, viewer, coachee, count)
                whole.setdefault(who, []).extend((seen, bare))
        for who, (seen, bare, seen_more, bare_more) in whole.items():
            found[f"compass data, {who}"] = seen
            found[f"with privacy / without, {who}"] = seen / bare
            found[f"with privacy / without, {who}, many"] = seen_more / bare_more
            found[f"many people / few, {who}"] = seen_more / seen
        found["sign-in check of a run"] = _each_run(store, coachee)
        store.close()
    return found


if __name__ == "__main__":
    for name, value in privacy().items():
        print(f"{name:42} {value:.2f}" if " / " in name else f"{name:42} {1000 * value:.2f} ms")
