"""What lies in the tables and files of a store, past the doors: rows, and every byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach_data import file_store, postgres
from coach_data.store import Cursor, Rows, Store
from coach_data.store import insert as real

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
    store.append(Rows("entry", ENTRY, rows))


def ask(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.cursor().execute(sql).fetchall()


def before_insert(monkeypatch: pytest.MonkeyPatch, act: Callable[[str], object]) -> None:
    """From now on ``act`` is called, with the table's name, before rows are inserted into it."""

    def insert(cursor: Cursor, table: str, *rest: Any) -> None:
        act(table.rpartition(".")[2])
        real(cursor, table, *rest)

    for engine in (file_store, postgres):
        monkeypatch.setattr(engine, "insert", insert)
