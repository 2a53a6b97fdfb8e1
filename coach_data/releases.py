"""Releases: what leads are told of the whole programme, one word for a behaviour and a block.

The rows are written once, on a fixed day after a block of four weeks has closed, and stay as they
are whatever is edited or withdrawn later; only an erasure takes words back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach_data.model import CoachError, Purpose, new_id
from coach_data.statistics.release import BLOCK_DAYS, FEWEST_PEOPLE, Reading, Word
from coach_data.store import Cursor, Rows, Store

FIRST_BLOCK = date(2024, 1, 1)
"""A Monday from which all blocks are counted, in every programme."""
WAIT = timedelta(days=7)
"""From the end of a block to its publication, so that a late entry is in time."""
BLOCK = timedelta(days=BLOCK_DAYS)


class BadFloor(CoachError):
    """COACH_FEWEST_PEOPLE is a whole number, and at least 6. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Release:
    """One behaviour in one block. ``people``: who counted; empty where there is no ``reading``."""

    behaviour: str
    first_day: date
    word: Word
    reading: Reading | None
    people: tuple[int, ...]


def block_of(day: date) -> date:
    """The first day of the block that ``day`` lies in."""
    return FIRST_BLOCK + (day - FIRST_BLOCK) // BLOCK * BLOCK


def published_on(first_day: date) -> date:
    """The day from which the block that begins with ``first_day`` is published."""
    return first_day + BLOCK + WAIT


def next_publication(today: date) -> date:
    """The first day after ``today`` on which a block is published."""
    return published_on(block_of(today - BLOCK - WAIT) + BLOCK)


def due_blocks(since: date, today: date) -> Iterator[date]:
    """The first days of the blocks that begin on ``since`` or later and may be published by now."""
    first_day = block_of(since - timedelta(days=1)) + BLOCK
    while published_on(first_day) <= today:
        yield first_day
        first_day += BLOCK


def fewest_people() -> int:
    """How many people a release needs: six, or more where COACH_FEWEST_PEOPLE says so."""
    given = os.environ.get("COACH_FEWEST_PEOPLE", str(FEWEST_PEOPLE))
    if not given.isdecimal() or int(given) < FEWEST_PEOPLE:
        raise BadFloor
    return int(given)


def programmes(store: Store) -> list[str]:
    """The names of all programmes that anybody is in."""
    sql = """
        SELECT DISTINCT programme FROM (
            SELECT arg_max(programme, recorded_at) AS programme FROM app.raw.person
            GROUP BY person_id)
        ORDER BY programme
    """
    return [name for (name,) in store.ask(store.cursor(), sql, (), Cursor.fetchall)]


def agreed_since(store: Store, programme: str) -> dict[int, datetime]:
    """The coachees whose indicators may count, and since when they have agreed without a break.

    Nobody with the role of a lead is among them: a lead would know one contributor.
    """
    sql = """
        WITH member AS (
            SELECT person_id FROM app.raw.person GROUP BY person_id
            HAVING arg_max(programme, recorded_at) = ?),
        role AS (
            SELECT person_id, role FROM app.raw.membership GROUP BY person_id, role
            HAVING arg_max_null(active, recorded_at)),
        said AS (
            SELECT person_id, coalesce(given, false) AS given, recorded_at FROM app.raw.consent
            WHERE purpose = ?),
        refused AS (
            SELECT person_id, max(recorded_at) AS at FROM said WHERE NOT given GROUP BY person_id)
        SELECT said.person_id, min(said.recorded_at)
        FROM said LEFT JOIN refused ON refused.person_id = said.person_id
        WHERE said.given AND (refused.at IS NULL OR said.recorded_at > refused.at)
            AND said.person_id IN (FROM member)
            AND said.person_id IN (SELECT person_id FROM role WHERE role = 'coachee')
            AND said.person_id NOT IN (SELECT person_id FROM role WHERE role = 'lead')
        GROUP BY said.person_id ORDER BY said.person_id
    """
    return dict(store.ask(store.cursor(), sql, [programme, Purpose.PATTERN], Cursor.fetchall))


def readings_of(store: Store, programme: str) -> dict[date, dict[str, Reading | None]]:
    """What was published: by block, its first day, and by behaviour."""
    sql = """
        SELECT first_day, behaviour, excess, spread FROM app.raw.release WHERE programme = ?
        ORDER BY first_day, behaviour
    """
    found: dict[date, dict[str, Reading | None]] = {}
    for first_day, name, *figures in store.ask(store.cursor(), sql, [programme], Cursor.fetchall):
        reading = None if None in figures else Reading(*figures)
        found.setdefault(first_day, {})[name] = reading
    return found


def keep(store: Store, programme: str, releases: Sequence[Release], now: datetime) -> int:
    """Write releases once, all or none: those of a block that is there already are passed over.

    The number that was written. Raises a StoreError; then nothing was.
    """
    with store.alone("release", programme):
        there = readings_of(store, programme)
        fresh = [r for r in releases if r.first_day not in there]
        at = store.stamp(now)
        rows, parts = [], []
        for r in fresh:
            release_id = new_id()
            figures = (r.reading.excess, r.reading.spread) if r.reading else (None, None)
            last_day = r.first_day + BLOCK - timedelta(days=1)
            key = (release_id, programme, r.behaviour, r.first_day, last_day)
            rows.append((*key, r.word.value, *figures, at))
            parts += [(release_id, person_id, at) for person_id in r.people if r.reading]
        store.append(Rows("release", _RELEASE, rows), Rows("release_part", _PART, parts))
    return len(fresh)


_RELEASE = (
    *("release_id", "programme", "behaviour", "first_day", "last_day", "word"),
    *("excess", "spread", "recorded_at"),
)
_PART = ("release_id", "person_id", "recorded_at")


def falling_without(store: Store, person_id: int) -> list[int]:
    """The ids of the releases that have too few people left once this one is erased. Raises BadFloor."""
    sql = """
        SELECT release_id FROM app.raw.release_part
        WHERE release_id IN (SELECT release_id FROM app.raw.release_part WHERE person_id = ?)
        GROUP BY release_id HAVING count(DISTINCT person_id) <= ?
    """
    values = [person_id, fewest_people()]
    return [i for (i,) in store.ask(store.cursor(), sql, values, Cursor.fetchall)]
