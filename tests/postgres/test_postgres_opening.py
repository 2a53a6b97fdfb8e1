"""Opening a database: what can be wrong is told, each in its own words, and no password is in any."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from coach_data import faults, server_faults
from coach_data.model import Indicator
from coach_data.people import join, rename
from coach_data.places import NotAFile, Places, places
from coach_data.postgres import PostgresStore
from coach_data.privacy import Visit, open_store
from coach_data.server import Server, is_address
from coach_data.store import StoreError
from tests.cluster import Cluster, attached

PASSWORD = "hush-hush 'quoted'"  # pragma: allowlist secret


def told(server: Server, key: str = "key") -> StoreError:
    """What opening that database raises."""
    with pytest.raises(StoreError) as raised:
        PostgresStore(server, key)
    assert PASSWORD not in f"{raised.value!r} {raised.value} {raised.getrepr()}"
    assert raised.value.__cause__ is None
    return raised.value


def test_the_address_decides() -> None:
    there = places({"COACH_DATABASE": "postgresql://u@h/n", "COACH_KEY": "k"})
    assert isinstance(there.data, Server)
    with pytest.raises(NotAFile):
        there.file
    assert is_address("postgres://h/n")
    assert not is_address("/data/postgresql/file")
    assert isinstance(places({"COACH_DATABASE": "/a/file"}).data, Path)


def test_a_password_opens_and_a_wrong_one_is_told(postgres: Cluster) -> None:
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    quoted = PASSWORD.replace("'", "''")
    postgres.run(f"CREATE ROLE locked LOGIN CREATEDB PASSWORD '{quoted}'")
    postgres.run("CREATE DATABASE locked OWNER locked")
    try:
        rules.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{before}")
        postgres.run("SELECT pg_reload_conf()")
        right = Server("127.0.0.1", postgres.port, "locked", "locked", PASSWORD)
        with_key = PostgresStore(right, "key")
        secrets = with_key.cursor().execute("FROM duckdb_secrets()").fetchall()
        assert PASSWORD not in str(secrets)
        with_key.close()
        for password in (None, PASSWORD + "x"):
            wrong = Server("127.0.0.1", postgres.port, "locked", "locked", password)
            assert isinstance(told(wrong), server_faults.NotLetIn)
    finally:
        rules.write_text(before)
        postgres.run("SELECT pg_reload_conf()")


def test_a_password_that_is_changed_meanwhile_is_told_and_then_it_goes_on(
    postgres: Cluster, tmp_path: Path, now: datetime
) -> None:
    """The server lets a running process in no longer; what it has not saved it saves later."""
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    postgres.run("CREATE ROLE moved LOGIN PASSWORD 'first'")
    postgres.run("CREATE DATABASE moved OWNER moved")
    ended = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'moved'"
    try:
        rules.write_text(f"host all moved 127.0.0.1/32 scram-sha-256\n{before}")
        postgres.run("SELECT pg_reload_conf()")
        there = Server("127.0.0.1", postgres.port, "moved", "moved", "first")
        store = open_store(Places(there, tmp_path / "key"))
        visit = Visit.open(store, join(store, "Ann", now).person_id, now)
        postgres.run("ALTER ROLE moved PASSWORD 'second'")
        postgres.run(ended)
        for act in (lambda: rename(visit, "Ann B"), lambda: visit.records(Indicator)):
            with pytest.raises(server_faults.NotLetIn, match="Nothing was changed"):
                act()
        postgres.run("ALTER ROLE moved PASSWORD 'first'")
        rename(visit, "Ann B")
        assert Visit.open(store, visit.viewer_id, now).about.name == "Ann B"
        store.close()
    finally:
        rules.write_text(before)
        postgres.run("SELECT pg_reload_conf()")


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE raw.schema_version SET sha256 = 'x'", faults.ChangedMigration),
        ("INSERT INTO raw.schema_version VALUES (999, '999_later.sql', 'x', NULL)",
         faults.NewerSchema),
    ],
)  # fmt: skip
def test_tables_of_another_version_are_refused_and_left(
    postgres: Cluster, server: Server, sql: str, fault: type[StoreError]
) -> None:
    def versions() -> list[tuple[object, ...]]:
        with attached(server) as cursor:
            return cursor.execute("FROM db.raw.schema_version ORDER BY version").fetchall()

    PostgresStore(server, "key").close()
    postgres.run(sql, server.database)
    before = versions()
    assert isinstance(told(server), fault)
    assert versions() == before


def test_a_password_file_is_found(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a password in the address libpq looks where it always does."""
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    postgres.run("CREATE ROLE filed LOGIN PASSWORD 'from a file'")
    postgres.run("CREATE DATABASE filed OWNER filed")
    kept = tmp_path / "pgpass"
    kept.write_text(f"127.0.0.1:{postgres.port}:filed:filed:from a file\n")
    kept.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(kept))
    try:
        rules.write_text(f"host all filed 127.0.0.1/32 scram-sha-256\n{before}")
        postgres.run("SELECT pg_reload_conf()")
        PostgresStore(Server("127.0.0.1", postgres.port, "filed", "filed"), "key").close()
    finally:
        rules.write_text(before)
        postgres.run("SELECT pg_reload_conf()")


def test_nobody_answers(postgres: Cluster) -> None:
    away = Server("127.0.0.1", 1, "coach", "coach", PASSWORD, (("connect_timeout", "2"),))
    fault = told(away)
    assert isinstance(fault, server_faults.NoServer)
    assert "postgresql://coach@127.0.0.1:1/coach" in str(fault)


def test_no_such_database_and_no_such_user(postgres: Cluster) -> None:
    assert isinstance(told(postgres.at("nowhere", password=PASSWORD)), server_faults.NoDatabase)
    stranger = Server("127.0.0.1", postgres.port, "stranger", "postgres", PASSWORD)
    assert isinstance(told(stranger), server_faults.NotLetIn)


def test_an_old_server(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach_data.postgres_opening.OLDEST", 990_000)
    assert isinstance(told(postgres.new()), server_faults.TooOld)


def test_a_user_who_may_not_write(postgres: Cluster, server: Server) -> None:
    postgres.run("CREATE ROLE reader LOGIN")
    reader = Server("127.0.0.1", postgres.port, "reader", postgres.new().database)
    assert isinstance(told(reader), server_faults.NoRight)


def test_another_key_is_refused(server: Server) -> None:
    PostgresStore(server, "the first").close()
    assert isinstance(told(server, "another"), server_faults.OtherKey)
    PostgresStore(server, "the first").close()


def test_many_open_a_new_database_at_once(postgres: Cluster) -> None:
    """One of them migrates; the others wait and find it done."""
    from tests.postgres.test_processes import at_once

    server = postgres.new()
    assert not at_once(*(lambda: PostgresStore(server, "key").close() for _ in range(5)))
    with attached(server) as cursor:
        rows = cursor.execute("SELECT count(*), count(DISTINCT version) FROM db.raw.schema_version")
        found = rows.fetchall()[0]
    assert found[0] == found[1] > 4


def test_no_sql_reaches_another_server_or_a_file(server: Server, tmp_path: Path) -> None:
    store = open_store(Places(server, tmp_path / "key"))
    try:
        for sql in (
            "ATTACH 'host=h' AS x (TYPE postgres)",
            "COPY (SELECT 1) TO '/tmp/x.csv'",
            "SET threads = 2",
        ):
            with pytest.raises(duckdb.Error):
                store.cursor().execute(sql)
    finally:
        store.close()
