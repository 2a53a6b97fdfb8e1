"""The store: files for this user only, a locked configuration, order, migrations, backups, threads."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from coach_data import backups, faults, upkeep
from coach_data.devices import people_on_this_device
from coach_data.file_store import FileStore
from coach_data.model import Entry, EntryNote, EntryState, Indicator, Kind, Person, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Store, StoreError

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

pytestmark = pytest.mark.file_only


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


def indicator_of(visit: Visit) -> int:
    """A new indicator of the viewer; its id."""
    made = Indicator(
        person_id=visit.viewer_id, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    )
    visit.save(made)
    return made.indicator_id


class TestFiles:
    def test_every_new_file_is_for_this_user_only(self, where: Places, now: datetime) -> None:
        def modes() -> dict[str, int]:
            here = [f for f in where.data.parents[1].rglob("*") if f.is_file()]
            return {f.name: f.stat().st_mode & 0o777 for f in here}

        store = open_store(where)
        join(store, "Ann", now)
        open_ = modes()
        store.close()
        backups.backup(where.data, where.key(), where.data.with_name("backup"))
        data = where.data.name
        assert {data, f"{data}.wal", "key"} <= open_.keys()
        assert {data, "backup", "key"} <= modes().keys()
        assert {*open_.values(), *modes().values()} == {0o600}

    def test_closing_twice_is_no_error(self, where: Places) -> None:
        store = open_store(where)
        store.close()
        store.close()


class TestLocked:
    @pytest.mark.parametrize(
        "sql",
        [
            "FROM read_csv('{file}')",
            "FROM read_text('{file}')",
            "FROM read_blob('{file}')",
            "LOAD '{file}'",
            "LOAD postgres_scanner",
            "INSTALL sqlite",
            "SET memory_limit = '4GB'",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "RESET memory_limit",
            "ATTACH '{other}' AS stolen",
            "COPY (SELECT 1) TO '{other}'",
            "EXPORT DATABASE '{other}'",
        ],
    )
    def test_no_sql_reaches_a_file_or_a_setting(
        self, store: Store, tmp_path: Path, sql: str
    ) -> None:
        file, other = tmp_path / "some.csv", tmp_path / "other"
        file.write_text("a,b\n1,2\n")
        cursor = store.cursor()
        with pytest.raises(duckdb.Error, match=r"(?i)disabled|locked|access|configuration"):
            cursor.execute(sql.format(file=file, other=other)).fetchall()
        assert not other.exists()
        assert cursor.execute("SELECT 1").fetchall() == [(1,)]


class TestMigrations:
    @pytest.mark.parametrize(
        ("sql", "error"),
        [
            ("UPDATE app.raw.schema_version SET sha256 = 'x'", faults.ChangedMigration),
            (
                "INSERT INTO app.raw.schema_version VALUES (999, '999_later.sql', 'x', NULL)",
                faults.NewerSchema,
            ),
        ],
    )
    def test_refused_and_the_file_left_as_it_is(
        self, where: Places, sql: str, error: type[StoreError]
    ) -> None:
        store = open_store(where)
        ask(store, sql)
        store.close()
        before = snapshot(where.data.parent)
        with pytest.raises(error) as caught:
            open_store(where)
        assert str(error.__doc__) in str(caught.value)
        assert snapshot(where.data.parent) == before

    def test_applied_once_each_with_its_checksum(self, where: Places) -> None:
        open_store(where).close()
        store = open_store(where)
        rows = ask(store, "SELECT version, name FROM app.raw.schema_version ORDER BY version")
        store.close()
        assert rows == [(k, name) for k, (name, _) in enumerate(upkeep.migrations(), start=1)]


class TestOrder:
    KEPT = f"SELECT {', '.join(ENTRY)} FROM app.raw.entry"

    def test_keeps_every_row_and_orders_them(
        self, where: Places, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = open_store(where)
        raw_entries(store, 5000, now)
        before = ask(store, self.KEPT)
        store.close()
        monkeypatch.setattr("coach_data.upkeep.TAIL", 1000)
        store = open_store(where)
        after = ask(store, self.KEPT + " ORDER BY rowid")
        upkeep = ask(store, "SELECT ordered_entries FROM app.raw.upkeep")
        store.close()
        order = sorted(before, key=lambda row: (*row[:3], row[7]))
        assert before != order, "the rows were in order already: this would show nothing"
        assert after == order
        assert upkeep == [(5000,)]

    def test_a_short_tail_is_left_alone(
        self, where: Places, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("coach_data.upkeep.TAIL", 1000)
        store = open_store(where)
        raw_entries(store, 999, now)
        store.close()
        store = open_store(where)
        assert ask(store, "FROM app.raw.upkeep") == []
        store.close()


class TestStamps:
    def test_strictly_increasing_whatever_the_clock_does(
        self, where: Places, now: datetime
    ) -> None:
        clocks = [now, now, now - timedelta(days=400), now + timedelta(seconds=1), now]
        made: list[datetime] = []
        for _ in range(2):
            store = open_store(where)
            person = join(store, "Ann", clocks[-1])
            for clock in clocks:
                made.append(store.stamp(clock))
                visit = Visit.open(store, person.person_id, clock)
                visit.save(visit.about)
                saved = ask(store, "SELECT max(recorded_at) FROM app.raw.person")[0][0]
                made.append(saved)
            store.close()
        assert all(earlier < later for earlier, later in zip(made, made[1:], strict=False)), made

    def test_a_later_change_counts_though_the_clock_went_back(
        self, where: Places, now: datetime
    ) -> None:
        store = open_store(where)
        person = join(store, "Ann", now)
        visit = Visit.open(store, person.person_id, now)
        indicator = indicator_of(visit)
        given = {"person_id": person.person_id, "indicator_id": indicator, "day": FIRST}
        visit.save(Entry(**given, value=1.0))
        store.close()
        store = open_store(where)
        earlier = Visit.open(store, person.person_id, now - timedelta(days=30))
        earlier.save(Entry(**given, state=EntryState.CLEARED))
        assert [e.state for e in earlier.records(Entry)] == [EntryState.CLEARED]
        store.close()


class TestBackup:
    @pytest.fixture
    def filled(self, where: Places, now: datetime) -> Places:
        store = open_store(where)
        join(store, "Ann", now)
        raw_entries(store, 500, now)
        store.close()
        return where

    def test_round_trip(self, filled: Places, tmp_path: Path, now: datetime) -> None:
        target = tmp_path / "a 'quoted' name.duckdb"
        assert backups.backup(filled.data, filled.key(), target) == 500
        store = open_store(filled)
        rows = sorted(ask(store, TestOrder.KEPT), key=str)
        join(store, "Bo", now)
        store.close()
        count, aside = backups.restore(target, filled.data, filled.key(), now)
        assert count == 500
        store = open_store(filled)
        assert sorted(ask(store, TestOrder.KEPT), key=str) == rows
        assert [name for _, name, _ in people_on_this_device(store)] == ["Ann"]
        store.close()
        assert aside is not None
        kept = FileStore(aside, filled.key())
        assert [name for _, name, _ in people_on_this_device(kept)] == ["Ann", "Bo"]
        kept.close()

    @pytest.mark.parametrize("harm", ["flip", "cut", "text", "other key"])
    def test_a_bad_backup_changes_nothing(
        self, filled: Places, tmp_path: Path, now: datetime, harm: str
    ) -> None:
        target = tmp_path / "backup.duckdb"
        backups.backup(filled.data, filled.key(), target)
        content = bytearray(target.read_bytes())
        content[9000] ^= 0xFF
        if harm == "cut":
            content = bytearray(target.read_bytes()[:20_000])
        if harm == "text":
            content = bytearray(b"no data file" * 2000)
        if harm == "other key":
            target.unlink()
            FileStore(target, "another key").close()
            content = bytearray(target.read_bytes())
        target.write_bytes(content)
        before = snapshot(filled.data.parent)
        with pytest.raises(StoreError):
            backups.restore(target, filled.data, filled.key(), now)
        assert snapshot(filled.data.parent) == before
        assert target.read_bytes() == content

    def test_a_damaged_data_file_can_be_replaced(
        self, filled: Places, tmp_path: Path, now: datetime
    ) -> None:
        target = tmp_path / "backup.duckdb"
        backups.backup(filled.data, filled.key(), target)
        filled.data.write_bytes(b"damaged" * 5000)
        count, aside = backups.restore(target, filled.data, filled.key(), now)
        assert count == 500
        assert aside is not None
        assert aside.read_bytes() == b"damaged" * 5000
        open_store(filled).close()

    def test_refusals_name_the_reason_and_leave_nothing(
        self, filled: Places, tmp_path: Path, now: datetime
    ) -> None:
        there = tmp_path / "there"
        there.write_text("mine")
        before = snapshot(tmp_path)
        key = filled.key()
        with pytest.raises(StoreError, match="exists already"):
            backups.backup(filled.data, key, there)
        with pytest.raises(StoreError, match="no folder"):
            backups.backup(filled.data, key, tmp_path / "nowhere" / "backup")
        with pytest.raises(StoreError, match="nothing to back up"):
            backups.backup(tmp_path / "none", key, tmp_path / "backup")
        with pytest.raises(StoreError, match="no backup"):
            backups.restore(tmp_path / "none", filled.data, key, now)
        assert snapshot(tmp_path) == before

    def test_the_store_is_let_go_of_after_a_failed_backup(
        self, filled: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_: Path, __: Path) -> None:
            raise RuntimeError("stopped here")

        target = tmp_path / "backup"
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", broken)
            with pytest.raises(RuntimeError, match="stopped here"):
                backups.backup(filled.data, filled.key(), target)
        assert not list(tmp_path.glob("backup*"))
        open_store(filled).close()


class TestThreads:
    def test_eight_at_once_lose_nothing_and_see_only_their_own(
        self, store: Store, person: Callable[..., Person], now: datetime
    ) -> None:
        each, start, wrong = 20, threading.Barrier(8), []
        acknowledged: dict[int, list[float]] = {}
        people = [person(f"P{k}") for k in range(8)]

        def work(number: int) -> None:
            visit = Visit.open(store, people[number].person_id, now)
            indicator = indicator_of(visit)
            mine = acknowledged[number] = []
            start.wait(20)
            for k in range(each):
                day = FIRST + timedelta(days=k)
                given = {"person_id": visit.viewer_id, "indicator_id": indicator, "day": day}
                visit.save(
                    Entry(**given, value=float(number * 1000 + k)),
                    EntryNote(**given, note=f"of {number}"),
                )
                mine.append(float(number * 1000 + k))
                seen = sorted(v for (v,) in visit.read("SELECT value FROM entry"))
                notes = {n.note for n in visit.records(EntryNote)}
                if seen != mine or notes != {f"of {number}"}:
                    wrong.append((number, k, seen, notes))

        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        found = sorted(v for (v,) in ask(store, "SELECT value FROM app.raw.entry"))
        assert found == sorted(v for mine in acknowledged.values() for v in mine)
        assert len(found) == 8 * each
