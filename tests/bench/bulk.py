"""Programmes of any size: people through the records, their days made by the engine itself.

The tables are the product's own, the days come in the order in which they would arrive, and the next
start of the store puts them into the product's order, as it would anybody's.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from coach_data.dates import local_day, stamp
from coach_data.devices import remember_device
from coach_data.engine import Cursor
from coach_data.engines import open_at
from coach_data.model import (
    Aim,
    Consent,
    Indicator,
    Kind,
    Membership,
    Outcome,
    Pairing,
    Person,
    Purpose,
    Record,
    Role,
    new_id,
)
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.publish import behaviours
from coach_data.records import columns, row_of
from coach_data.sessions import begin, partners_of
from coach_data.store import Rows, Store

LEADING, COACHEES, CHUNK = 5, 20, 500

DAYS = """
INSERT INTO app.raw.entry
SELECT person_id, indicator_id, day,
    CASE WHEN chance % 1000 < 30 THEN 'skipped' ELSE 'value' END,
    CASE WHEN chance % 1000 < 30 THEN NULL
        WHEN kind = 'lagging' THEN 5 + chance // 1000 % 9
        ELSE (chance // 1000 % 9 + chance // 9000 % 5) / 2 END,
    NULL, 'screen', day + INTERVAL 18 HOUR + to_microseconds(evening + position), person_id
FROM (
    SELECT person_id, indicator_id, kind, position, ?::DATE + k::INTEGER AS day,
        (hash(indicator_id, k) // 3 % 1000000000)::BIGINT AS chance,
        (hash(person_id, k) // 3 % 21600000000)::BIGINT AS evening
    FROM range(?, ?) days(k), app.raw.indicator)
WHERE chance % 10 <> 0
"""
"""One day in ten is unknown, one in thirty skipped; what is saved together is a microsecond apart."""


@dataclass(frozen=True)
class Size:
    """So many people, each with five behaviours and a result over so many days."""

    people: int
    days: int

    @property
    def entries(self) -> int:
        """About as many: one day in ten is unknown."""
        return self.people * (LEADING + 1) * self.days * 9 // 10

    def __str__(self) -> str:
        n = self.entries
        return f"{n / 1e6:.3g} M entries" if n >= 100_000 else f"{n:,} entries"


def somebody(number: int, coach_id: int, since: date) -> Iterator[Record]:
    """Everything of a person but their days."""
    me, outcome_id, result = new_id(), new_id(), new_id()
    names = behaviours()
    yield Person(person_id=me, name=f"Person {number}", programme="bench")
    yield Membership(person_id=me, role=Role.COACHEE)
    yield Pairing(person_id=me, coach_id=coach_id)
    yield Consent(person_id=me, purpose=Purpose.ENTRIES, given=True)
    yield Outcome(
        person_id=me, outcome_id=outcome_id, goal="More finished work", indicator_id=result
    )
    for k in range(LEADING):
        lead = new_id()
        yield Indicator(
            person_id=me,
            indicator_id=lead,
            outcome_id=outcome_id,
            kind=Kind.LEADING,
            name=names[(number + k) % len(names)],
            low=0,
            high=24,
            expected_lag=3,
            position=k,
        )
        yield Aim(person_id=me, indicator_id=lead, since=since, amount=3)
    yield Indicator(
        person_id=me,
        indicator_id=result,
        outcome_id=outcome_id,
        kind=Kind.LAGGING,
        name="Items finished",
        low=0,
        high=40,
        position=LEADING,
    )


def fill(store: Store, size: Size, now: datetime) -> list[int]:
    """Bring in that many people, twenty to a coach; their ids. No entry yet."""
    since, coach_id = now - timedelta(days=size.days), new_id()
    everybody: list[int] = []
    for first in range(0, size.people, CHUNK):
        rows: dict[type[Record], list[tuple[object, ...]]] = {}
        for number in range(first, min(first + CHUNK, size.people)):
            if number % COACHEES == 0:
                coach = Person(person_id=new_id(), name=f"Coach {number}", programme="bench")
                coach_id = coach.person_id
                rows.setdefault(Person, []).append((*row_of(coach), store.stamp(since), coach_id))
            for record in somebody(number, coach_id, since.date()):
                row = (*row_of(record), store.stamp(since), record.person_id)
                rows.setdefault(type(record), []).append(row)
        names = ("recorded_at", "author")
        store.append(*(Rows(k.TABLE, (*columns(k), *names), batch) for k, batch in rows.items()))
        everybody += [row[columns(Outcome).index("person_id")] for row in rows[Outcome]]
    return everybody


DAY_ENDS = 180
"""Minutes after midnight, for a person who has chosen nothing."""


def fill_days(cursor: Cursor, size: Size, now: datetime, at_once: int = 30) -> None:
    """The days of everybody in the store, a month at a time, up to yesterday."""
    today = local_day(now, "UTC", DAY_ENDS)  # of people as they are made; nothing is there yet
    first = today - timedelta(days=size.days)
    for k in range(0, size.days, at_once):
        cursor.execute(DAYS, [first, k, min(k + at_once, size.days)])


def store_of(folder: Path, size: Size, *, browsers: int = 0) -> Path:
    """The folder of a store of that size, in order; the one that is there already where there is.

    Tokens ``bench-0`` … are browsers of its first people; the first of them is in a session.
    """
    home = folder / f"{size.people}-{size.days}"
    if home.exists():
        return home
    making = folder / f"{home.name}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    where, now = at(making), datetime.now(UTC)
    store = open_at(where.data, where.key())
    people = fill(store, size, now)
    for number in range(browsers):
        remember_device(store, f"bench-{number}", people[number % len(people)], now)
    fill_days(store.cursor(), size, now)
    store.close()
    store = open_store(where)  # which puts the entries in their order
    first = Visit.open(store, people[0], now)
    begin(first, partners_of(first)[0].coach_id)
    store.close()
    making.rename(home)
    return home


def agree(home: Path, since: datetime) -> None:
    """Everybody in a store agrees that their days count in the words for leads."""
    where = at(home)
    store = open_at(where.data, where.key())
    names = ", ".join((*columns(Consent), "recorded_at", "author"))
    row = Consent(person_id=0, purpose=Purpose.PATTERN, given=True)
    marks = ", ".join("?" for _ in row_of(row)[1:])
    store.cursor().execute(
        f"INSERT INTO app.raw.consent ({names})"
        f" SELECT person_id, {marks}, ?, person_id FROM app.raw.outcome",
        [*row_of(row)[1:], stamp(since)],
    )
    store.close()


def at(home: Path) -> Places:
    """Where the store in such a folder lies."""
    return Places(home / "c.duckdb", home / "key")


def some_people(store: Store, count: int) -> list[int]:
    """People from all over a store."""
    cursor = store.cursor()
    sql = "SELECT DISTINCT person_id FROM app.raw.outcome ORDER BY hash(person_id) LIMIT ?"
    return [person_id for (person_id,) in cursor.execute(sql, [count]).fetchall()]
