"""Moving: everything in a data file into a PostgreSQL database, or back, and nothing half.

The target is empty before. On a server all of it is one transaction, a file gets its name at the end;
both only after every table was read back and compared. The source is read and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coach_data.durable import harden_names
from coach_data.engine import Cursor, Hold, attach, beside, check_folder, load, one, remove
from coach_data.faults import StoreError, plainly
from coach_data.file_store import FileStore
from coach_data.postgres import PostgresStore
from coach_data.server import Server
from coach_data.server_faults import reaching
from coach_data.upkeep import ENTRY_ORDER, LONG_AGO

OWN = ("schema_version", "upkeep")
"""Tables that each place keeps for itself."""
Told = Callable[[str, int], None]
"""Told the name of a table and its number of rows, when they are there and compared."""


class NotEmpty(StoreError):
    """There are data in the target already. Nothing was moved: choose an empty one."""


class Differs(StoreError):
    """What arrived differs from what left. Nothing was moved; the source is as it was."""


class SameKind(StoreError):
    """A move goes from a data file to a server or back; for another file use backup and restore."""


@dataclass(frozen=True, slots=True)
class Count:
    """What is compared of a table: its number of rows, and two sums over a hash of each."""

    rows: int
    total: int
    mixed: int


def move(source: Path | Server, target: Path | Server, key: str, told: Told) -> int:
    """Copy all rows of ``source`` into ``target``, which has none; how many there were.

    Stop every process that writes to either. Raises a StoreError; then the target is empty as before.
    """
    if isinstance(source, Server) and not isinstance(target, Server):
        return _to_file(source, target, key, told)
    if isinstance(target, Server) and not isinstance(source, Server):
        return _to_server(source, target, key, told)
    raise SameKind


def _to_server(source: Path, target: Server, key: str, told: Told) -> int:
    if not source.exists():
        raise StoreError(f"There is no data file at {source}. Nothing was moved.")
    FileStore(source, key).close()  # its tables are as new as those of the server
    with _open(target, key) as store, store.alone(), closing(Hold(source)):
        cursor = store.cursor()
        load(cursor, "httpfs")
        with plainly(source):
            attach(cursor, source, key, "file")
        tables = _tables(cursor)
        if any(_count(cursor, "app", table, ["1"]).rows for table in tables):
            raise NotEmpty
        with reaching(target):
            cursor.execute("BEGIN")
            rows = _copy(cursor, ("file", "app"), tables, told)
            store.begin_after(_latest(cursor, tables))
            cursor.execute("COMMIT")
        cursor.execute("DETACH file")
    return rows


def _to_file(source: Server, target: Path, key: str, told: Told) -> int:
    if target.exists():
        raise NotEmpty
    check_folder(target)
    part = beside(target, ".moving")
    remove(part)
    try:
        FileStore(part, key).close()
        with _open(source, key) as store, store.alone():
            cursor = store.cursor()
            load(cursor, "httpfs")
            with plainly(target), reaching(source):
                attach(cursor, part, key, "file")
                tables = _tables(cursor)
                cursor.execute("BEGIN")
                rows = _copy(cursor, ("app", "file"), tables, told)
                cursor.execute("COMMIT")
                cursor.execute("DETACH file")
        part.rename(target)
        harden_names(target.parent)
    finally:
        remove(part)
        beside(part, ".lock").unlink(missing_ok=True)
    return rows


@contextmanager
def _open(server: Server, key: str) -> Iterator[PostgresStore]:
    store = PostgresStore(server, key)
    try:
        yield store
    finally:
        store.close()


def _tables(cursor: Cursor) -> dict[str, list[str]]:
    """The tables that move, with their columns."""
    found = cursor.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = 'file' AND schema_name = 'raw' ORDER BY table_name, column_index"
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, column in found:
        tables.setdefault(table, []).append(column)
    return {table: columns for table, columns in tables.items() if table not in OWN}


def _copy(cursor: Cursor, way: tuple[str, str], tables: dict[str, list[str]], told: Told) -> int:
    """Copy and compare; the number of rows. Raises Differs."""
    source, target = way
    total = 0
    for table, columns in tables.items():
        _arrive(cursor, way, table, columns)
        here = _count(cursor, source, table, columns)
        if here != _count(cursor, target, table, columns):
            raise Differs
        told(table, here.rows)
        total += here.rows
    return total


def _arrive(cursor: Cursor, way: tuple[str, str], table: str, columns: list[str]) -> None:
    names, (source, target) = ", ".join(columns), way
    order = f" ORDER BY {ENTRY_ORDER}" if table == "entry" else ""
    cursor.execute(
        f"INSERT INTO {target}.raw.{table} ({names})"
        f" SELECT {names} FROM {source}.raw.{table}{order}"
    )


def _latest(cursor: Cursor, tables: dict[str, list[str]]) -> datetime:
    """The latest ``recorded_at`` of the file: what is saved next comes after it."""
    parts = (f"SELECT max(recorded_at) AS latest FROM file.raw.{t}" for t in tables)
    found = one(cursor.execute(f"SELECT max(latest) FROM ({' UNION ALL '.join(parts)})"))
    return found if isinstance(found, datetime) else LONG_AGO


def _count(cursor: Cursor, place: str, table: str, columns: list[str]) -> Count:
    names = ", ".join(columns)
    found = cursor.execute(
        f"SELECT count(*), coalesce(sum(hash({names})::HUGEINT), 0),"
        f" coalesce(bit_xor(hash({names})), 0) FROM {place}.raw.{table}"
    ).fetchall()
    return Count(*found[0])
