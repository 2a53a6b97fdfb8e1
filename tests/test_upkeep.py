"""Before anybody uses the tables: migrations, whole and once, and entries put in order."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from coach_data import faults, upkeep
from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.store import StoreError
from tests.stored import ENTRIES, ask, raw_entries, snapshot

pytestmark = pytest.mark.file_only("what happens when a data file is opened")


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
    def test_keeps_every_row_and_orders_them(
        self, where: Places, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = open_store(where)
        raw_entries(store, 5000, now)
        before = ask(store, ENTRIES)
        store.close()
        monkeypatch.setattr("coach_data.upkeep.TAIL", 1000)
        store = open_store(where)
        after = ask(store, ENTRIES + " ORDER BY rowid")
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


class TestMigrating:
    """On an engine of its own, with migrations made for the test."""

    @pytest.fixture
    def root(self) -> duckdb.DuckDBPyConnection:
        made = duckdb.connect()
        made.execute("ATTACH ':memory:' AS app")
        return made

    def given(self, monkeypatch: pytest.MonkeyPatch, *sql: str) -> None:
        made = [(f"{k:03}_made.sql", text) for k, text in enumerate(sql, start=1)]
        monkeypatch.setattr(upkeep, "migrations", lambda: made)

    def test_only_what_is_missing_is_applied(
        self, root: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = "CREATE TABLE app.raw.a (x INT)", "CREATE TABLE app.raw.b (x INT)"
        self.given(monkeypatch, first)
        assert upkeep.migrate(root.execute)
        assert not upkeep.migrate(root.execute)
        self.given(monkeypatch, first, second)
        assert upkeep.migrate(root.execute)
        versions = root.execute("SELECT version, name FROM app.raw.schema_version").fetchall()
        assert versions == [(1, "001_made.sql"), (2, "002_made.sql")]

    def test_one_that_fails_leaves_those_before_it_and_nothing_of_its_own(
        self, root: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = "CREATE TABLE app.raw.a (x INT)"
        self.given(monkeypatch, first, "CREATE TABLE app.raw.b (x INT); SELECT no_such_thing")
        with pytest.raises(duckdb.Error):
            upkeep.migrate(root.execute)
        root.execute("ROLLBACK")
        tables = root.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        assert tables == [("a",), ("schema_version",)]
        assert root.execute("SELECT count(*) FROM app.raw.schema_version").fetchone() == (1,)

    def test_a_clock_that_was_set_back_is_behind_the_latest_stamp(
        self, root: duckdb.DuckDBPyConnection
    ) -> None:
        root.execute("CREATE SCHEMA app.raw")
        for table, day in (("a", "2026-05-01"), ("b", "2026-06-01")):
            root.execute(f"CREATE TABLE app.raw.{table} AS SELECT TIMESTAMP '{day}' AS recorded_at")
        assert upkeep.latest_stamp(root.execute) == datetime(2026, 6, 1)
        root.execute("DELETE FROM app.raw.a")
        root.execute("DELETE FROM app.raw.b")
        assert upkeep.latest_stamp(root.execute) == upkeep.LONG_AGO


def test_migrations_come_in_the_order_of_their_numbers() -> None:
    names = [name for name, _ in upkeep.migrations()]
    assert names == sorted(names)
    assert names[0] == "001_first.sql"
