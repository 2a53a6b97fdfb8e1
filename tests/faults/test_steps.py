"""Killed after any statement of a start, the data file is what it was, or all it was to become."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach_data import upkeep
from coach_data.devices import people_on_this_device
from coach_data.file_store import FileStore
from coach_data.model import Entry, Indicator, Kind, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Store

pytestmark = pytest.mark.file_only(
    "faults of the file and its disk; tests/postgres has the server's"
)

HERE = Path(__file__).parent
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
EVERY = "ATTACH DETACH BEGIN COPY CREATE DROP ALTER INSERT COMMIT CHECKPOINT --"
"""How the statements begin that write; the last one makes the views."""
ALL = int(os.environ.get("COACH_KILLS", "12")) >= 100
ENTRIES = 60
COLUMNS = "person_id, indicator_id, day, state, value, reason, source, recorded_at, author"


def rows(store: Store, order: str = "recorded_at") -> list[tuple[Any, ...]]:
    return (
        store.cursor().execute(f"SELECT {COLUMNS} FROM app.raw.entry ORDER BY {order}").fetchall()
    )


@pytest.fixture
def left(tmp_path: Path) -> tuple[Path, list[tuple[Any, ...]]]:
    """A folder as a killed process leaves it, most entries in the log; and the entries."""
    where = Places(tmp_path / "live" / "coach.duckdb", tmp_path / "key")
    store = open_store(where)
    visit = Visit.open(store, join(store, "Ann", NOW).person_id, NOW)
    given = {"person_id": visit.viewer_id, "indicator_id": new_id()}
    visit.save(Indicator(**given, kind=Kind.LEADING, name="Calls"))
    for k in range(ENTRIES):
        day = date(2026, 5, 31) - timedelta(days=k * 37 % 61)
        visit.save(Entry(**given, day=day, value=float(k % 7)))
    shutil.copytree(where.data.parent, tmp_path / "left")
    saved = rows(store)
    store.close()
    return tmp_path / "left", saved


def killed(folder: Path, left: Path, after: str, *more: str) -> Iterator[Places]:
    """The data files that were left behind, one for each statement after which a start died."""
    after = EVERY if ALL else after
    script = [HERE / "steps.py", left, folder / "work", folder / "key", after, *more]
    done = subprocess.run(
        [sys.executable, *map(str, script)],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    died = done.stdout.split()
    assert len(died) >= (10 if ALL else 2), "the start was not cut into its statements"
    for k in died:
        yield Places(folder / "work" / k / "coach.duckdb", folder / "key")


@pytest.mark.slow
def test_the_first_start(tmp_path: Path) -> None:
    for where in killed(tmp_path, tmp_path / "nothing", "COMMIT DETACH"):
        store = open_store(where)
        assert people_on_this_device(store) == []
        join(store, "Ann", NOW)
        store.close()
        assert not list(where.data.parent.glob("*.new*"))


@pytest.mark.slow
def test_putting_entries_in_order(tmp_path: Path, left: tuple[Path, list[Any]]) -> None:
    folder, saved = left
    in_order = set()
    for where in killed(tmp_path, folder, "COPY DETACH ATTACH"):
        store = FileStore(where.data, where.key())
        assert rows(store) == saved
        in_order.add(rows(store, "rowid") == rows(store, upkeep.ENTRY_ORDER))
        store.close()
    assert in_order == {True, False}, "some died before it was done, and some after"


@pytest.mark.slow
def test_a_migration(
    tmp_path: Path, left: tuple[Path, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, saved = left
    found = []
    monkeypatch.setattr("coach_data.file_store.migrate", lambda run: None)  # look, change nothing
    for where in killed(tmp_path, folder, "ALTER COMMIT", "feeling"):
        store = FileStore(where.data, where.key())
        assert rows(store) == saved
        found.append(migrated(store))
        store.close()
    none, some = sum(r[4] <= 3 for r in saved), sum(r[4] > 3 for r in saved)
    ours = [name for name, _ in upkeep.migrations()]
    before = (ours, False, [])
    after = ([*ours, "900_mood.sql"], True, [("none", none), ("some", some)])
    assert [state for k, state in enumerate(found) if state not in found[:k]] == [before, after]


def migrated(store: Store) -> tuple[list[str], bool, list[tuple[Any, ...]]]:
    """Which migrations are applied, whether the new table is there, what the new column holds."""
    ask = store.cursor().execute
    names = [
        n for (n,) in ask("SELECT name FROM app.raw.schema_version ORDER BY version").fetchall()
    ]
    tables = ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'mood'").fetchall()
    columns = ask(
        "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'entry' AND column_name = 'feeling'"
    ).fetchall()
    values = []
    if columns[0][0]:
        values = ask(
            "SELECT feeling, count(*) FROM app.raw.entry GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return names, bool(tables[0][0]), values
