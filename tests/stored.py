"""What lies in the tables and files of a store, past the doors: rows, and every byte."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from coach_data.store import Store

FIRST = date(2026, 1, 1)


ENTRY = (
    "person_id",
    "indicator_id",
    "day",
    "state",
    "value",
    "reason",
    "source",
    "recorded_at",
    "author",
)


ENTRIES = f"SELECT {', '.join(ENTRY)} FROM app.raw.entry"


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every byte of every file in a folder, but for the lock, which holds no data."""
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.suffix != ".lock"
    }


def raw_entries(store: Store, count: int, now: datetime, seed: int = 1) -> None:
    """``count`` entries of one person in no order, saved past the doors."""
    chance = random.Random(seed)
    rows = [
        (1, chance.randrange(9), FIRST + timedelta(days=chance.randrange(900)), "value", float(k))
        + (None, "screen", store.stamp(now), 1)
        for k in range(count)
    ]
    cursor = store.cursor()
    with store.writing(cursor):
        store.append(cursor, "entry", ENTRY, rows)


def ask(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.cursor().execute(sql).fetchall()
