"""Moving a data file into a database and back: all rows or none, and each compared."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from coach_data import move as moving
from coach_data.__main__ import main
from coach_data.devices import people_on_this_device
from coach_data.file_store import FileStore
from coach_data.move import OWN, Differs, NotEmpty, SameKind, move
from coach_data.places import Places
from coach_data.postgres import PostgresStore
from coach_data.privacy import Visit, open_store
from coach_data.server import Server
from coach_data.store import InUse, Store
from sample_data.load import load
from tests.cluster import Cluster
from tests.forks import Fork


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A data file with the sample programme."""
    folder = tmp_path_factory.mktemp("filled")
    where = Places(folder / "coach.duckdb", folder / "key")
    store = open_store(where)
    load(store, datetime.fromisoformat("2026-05-31T12:00:00+00:00"))
    store.close()
    return where


@pytest.fixture
def empty(postgres: Cluster) -> Server:
    return postgres.new()


def silent(table: str, rows: int) -> None:
    """Nobody needs to hear it."""


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that moves."""
    cursor = store.cursor()
    tables = cursor.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'app' AND schema_name = 'raw'"
    ).fetchall()
    return {
        name: sorted(cursor.execute(f"FROM app.raw.{name}").fetchall(), key=repr)
        for (name,) in tables
        if name not in OWN
    }


def content_at(data: Path | Server, key: str) -> dict[str, list[tuple[Any, ...]]]:
    store = PostgresStore(data, key) if isinstance(data, Server) else FileStore(data, key)
    try:
        return content(store)
    finally:
        store.close()


def test_there_and_back_is_the_same(filled: Places, empty: Server, tmp_path: Path) -> None:
    key, back = filled.key(), tmp_path / "back.duckdb"
    told: dict[str, int] = {}
    rows = move(filled.file, empty, key, told.__setitem__)
    assert rows == sum(told.values()) > 4000
    assert move(empty, back, key, silent) == rows
    before = content_at(filled.file, key)
    assert before["entry"]
    assert content_at(empty, key) == before
    assert content_at(back, key) == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".lock") == ["back.duckdb"]


@pytest.mark.slow
def test_people_go_on_where_they_were(filled: Places, empty: Server, now: datetime) -> None:
    move(filled.file, empty, filled.key(), silent)
    store = open_store(Places(empty, filled.key_file))
    bruno = next(i for i, name, _ in people_on_this_device(store) if name == "Bruno")
    visit = Visit.open(store, bruno, now)
    latest = max(row[-2] for row in content(store)["entry"])
    assert store.stamp(datetime.fromisoformat("2020-01-01T00:00:00+00:00")) > latest
    visit.save(visit.about)
    store.close()


def test_where_something_is_nothing_is_moved(filled: Places, empty: Server, tmp_path: Path) -> None:
    key = filled.key()
    move(filled.file, empty, key, silent)
    before = content_at(empty, key)
    with pytest.raises(NotEmpty):
        move(filled.file, empty, key, silent)
    with pytest.raises(NotEmpty):
        move(empty, filled.file, key, silent)
    with pytest.raises(SameKind):
        move(filled.file, tmp_path / "other.duckdb", key, silent)
    assert content_at(empty, key) == before


def test_a_file_that_an_app_holds_is_not_moved(filled: Places, empty: Server) -> None:
    store = FileStore(filled.file, filled.key())
    try:
        with pytest.raises(InUse):
            move(filled.file, empty, filled.key(), silent)
    finally:
        store.close()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["to the server", "to a file"])
def test_what_differs_is_refused(
    filled: Places, empty: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """A row that arrives otherwise than it left."""
    key, back = filled.key(), tmp_path / "back.duckdb"
    if way == "to a file":
        move(filled.file, empty, key, silent)
    copy = moving._arrive

    def harmed(cursor: Any, way: tuple[str, str], table: str, columns: list[str]) -> None:
        copy(cursor, way, table, columns)
        if table == "indicator":
            half = f"INSERT INTO {way[1]}.raw.indicator FROM {way[0]}.raw.indicator LIMIT 1"
            cursor.execute(half)

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_arrive", harmed)
        with pytest.raises(Differs):
            move(*((empty, back) if way == "to a file" else (filled.file, empty)), key, silent)
    assert not back.exists()
    if way == "to the server":
        assert not any(content_at(empty, key).values())
        move(filled.file, empty, key, silent)


def type_move(source: Path | Server, target: Path | Server, key: str) -> None:
    """The command, in a process of its own."""
    os.environ["COACH_KEY"] = key
    raise SystemExit(main(["move", str(source), str(target)]))


@pytest.fixture(scope="module")
def whole(filled: Places, postgres: Cluster) -> float:
    """How many seconds such a move takes."""
    began = time.monotonic()
    assert Fork(type_move, filled.file, postgres.new(), filled.key()).wait() == 0
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.2, 0.4, 0.6, 0.8, 1.0])
def test_killed_at_any_moment(
    filled: Places, empty: Server, whole: float, tmp_path: Path, moment: float
) -> None:
    """All is there or nothing, and the same move can be started again."""
    key, before = filled.key(), content_at(filled.file, filled.key())
    for source, target in ((filled.file, empty), (empty, tmp_path / "back.duckdb")):
        process = Fork(type_move, source, target, key)
        time.sleep(whole * moment)
        process.kill()
        process.wait()
        assert content_at(filled.file, key) == before
        if not isinstance(target, Path):
            there = content_at(target, key)
            assert there == before or not any(there.values())
            done = there == before
        else:
            done = target.exists()
        if not done:
            move(source, target, key, silent)
        assert content_at(target, key) == before


@pytest.mark.slow
def test_on_the_command_line(
    filled: Places, empty: Server, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("COACH_KEY", filled.key())
    assert main(["move", str(filled.file), str(empty)]) == 0
    said = capsys.readouterr().out
    assert "entry: " in said
    assert f"{empty} holds all" in said
    assert main(["move", str(filled.file), str(empty)]) == 1
    assert "Nothing was moved" in capsys.readouterr().err
    monkeypatch.setenv("COACH_DATABASE", str(empty))
    assert main(["people"]) == 0
    assert "Bruno" in capsys.readouterr().out
    assert main(["backup", "anywhere"]) == 1
    assert "pg_dump" in capsys.readouterr().err
