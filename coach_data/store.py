"""The store: one encrypted DuckDB file, one writer, one cursor for each visit.

The only module that knows which engine is below. The file is attached as ``app`` to a database in
memory (opening it directly has no way to give a key); views live in memory, tables in ``app.raw``.
Tables are append-only and have no keys or indexes: of the rows with one key the latest counts.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from coach_data.dates import stamp
from coach_data.model import CoachError

Cursor = duckdb.DuckDBPyConnection
SCHEMA = files("coach_data") / "schema"
ENTRY_ORDER = "person_id, indicator_id, day, recorded_at"
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - stored times are UTC without a zone
TAIL = 100_000
"""Unordered entries that are worth a rewrite at start-up (and a fifth of the ordered ones)."""


class StoreError(CoachError):
    """The data file could not be used. It was left as it is."""


class WrongKey(StoreError):
    """This key does not open the data file. The file was left as it is; check COACH_KEY_FILE."""


class NotEncrypted(StoreError):
    """The data file is not encrypted, so it is not one of ours. It was left as it is."""


class Damaged(StoreError):
    """The data file or its log is damaged. It was left as it is: restore the latest backup."""


class InUse(StoreError):
    """Another process holds the data file."""


class ReadOnly(StoreError):
    """The data file or its folder cannot be written to. Give this user the right to write there."""


class DiskFull(StoreError):
    """The disk is full: nothing was saved, what you typed is still here. Free space, save again."""


class NewerSchema(StoreError):
    """A newer version of the app wrote this data file. Start that version, or restore a backup."""


class ChangedMigration(StoreError):
    """A migration that was already applied has been changed since. Get the original files back."""


class Busy(StoreError):
    """The data could not be reached just now. What you typed is still here: save again."""


class Store:
    """An open data file. Share it between threads; give each of them its own ``cursor()``."""

    def __init__(self, path: Path, key: str) -> None:
        """Open or create ``path``, bring its schema up to date, put its entries in order.

        Raises a StoreError that says which of the things that can be wrong is wrong.
        """
        # The file, its log and its temporary files are for this user only.
        os.umask(0o077)
        self.path = path.absolute()
        self._key = key
        self._writer = threading.RLock()
        _check_writable(self.path)
        self._root = _engine(self.path)
        with _plain_errors(self.path):
            self._attach()
            self._migrate()
            self._compact()
            self._last = self._latest_stamp()

    def _attach(self) -> None:
        # The key is bound: written into the statement it would show in the engine's own log.
        self._root.execute(
            f"ATTACH {_quoted(self.path)} AS app (ENCRYPTION_KEY ?, STORAGE_VERSION 'v1.5.0')",
            [self._key],
        )

    def _migrate(self) -> None:
        run = self._root.execute
        run("CREATE SCHEMA IF NOT EXISTS app.raw")
        run(
            "CREATE TABLE IF NOT EXISTS app.raw.schema_version"
            " (version INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMP)"
        )
        applied = run("SELECT name, sha256 FROM app.raw.schema_version ORDER BY version").fetchall()
        known = migrations()
        if len(applied) > len(known):
            raise NewerSchema
        for version, (name, sql) in enumerate(known, start=1):
            digest = hashlib.sha256(sql.encode()).hexdigest()
            if version <= len(applied):
                if applied[version - 1] != (name, digest):
                    raise ChangedMigration(f"{ChangedMigration.__doc__} ({name})")
                continue
            run("BEGIN")
            run(sql)
            run(
                "INSERT INTO app.raw.schema_version VALUES (?, ?, ?, now()::TIMESTAMP)",
                [version, name, digest],
            )
            run("COMMIT")
            run("CHECKPOINT app")

    def _compact(self) -> None:
        """Rewrite the entries in order when their unordered tail has grown long.

        Only here, before anybody else can write: beside live writers a rewrite loses inserts.
        """
        run = self._root.execute
        total = _one(run("SELECT count(*) FROM app.raw.entry"))
        ordered = _one(run("SELECT coalesce(max(ordered_entries), 0) FROM app.raw.upkeep"))
        if total - ordered < max(TAIL, ordered // 5):
            return
        run("BEGIN")
        run(f"CREATE TABLE app.raw.entry_ordered AS FROM app.raw.entry ORDER BY {ENTRY_ORDER}")
        run("DROP TABLE app.raw.entry")
        run("ALTER TABLE app.raw.entry_ordered RENAME TO entry")
        run("INSERT INTO app.raw.upkeep VALUES (?, now()::TIMESTAMP)", [total])
        run("COMMIT")
        run("CHECKPOINT app")

    def _latest_stamp(self) -> datetime:
        """The latest ``recorded_at``: a clock that was set back must not hide later changes."""
        tables = self._root.execute(
            "SELECT table_name FROM duckdb_columns() WHERE database_name = 'app'"
            " AND schema_name = 'raw' AND column_name = 'recorded_at'"
        ).fetchall()
        latest = " UNION ALL ".join(
            f"SELECT max(recorded_at) AS stamp FROM app.raw.{t}" for (t,) in tables
        )
        found = _one(self._root.execute(f"SELECT max(stamp) FROM ({latest})"))
        return found if isinstance(found, datetime) else _LONG_AGO

    def define(self, sql: str) -> None:
        """Create views in memory; afterwards no SQL can reach a file or change the configuration."""
        self._root.execute(sql)
        self._root.execute("SET enable_external_access = false")
        self._root.execute("SET lock_configuration = true")

    def cursor(self) -> Cursor:
        """A cursor of one's own: its transaction and its variables (the viewer) are not shared."""
        return self._root.cursor()

    def stamp(self, now: datetime) -> datetime:
        """A ``recorded_at`` for ``now`` (aware), later than every one before it."""
        with self._writer:
            self._last = max(stamp(now), self._last + timedelta(microseconds=1))
            return self._last

    @contextmanager
    def writing(self, cursor: Cursor) -> Iterator[None]:
        """One transaction of the one writer: all of it is durable at the end, or none of it is.

        Raises DiskFull or Busy; then nothing was saved.
        """
        with self._writer:
            try:
                cursor.execute("BEGIN")
                yield
                cursor.execute("COMMIT")
            except duckdb.Error as error:
                if not self._saved_after_all(error):
                    _roll_back(cursor)
                    raise _explained(error, self.path, DiskFull, Busy) from None
            except BaseException:
                _roll_back(cursor)
                raise

    def _saved_after_all(self, error: duckdb.Error) -> bool:
        """Whether the commit is durable and only tidying the log behind it failed."""
        return "is durable" in str(error)

    def append(
        self, cursor: Cursor, table: str, columns: Sequence[str], rows: Sequence[Any]
    ) -> None:
        """Insert rows (tuples in the order of ``columns``) into ``app.raw``; within ``writing``."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        if len(rows) < 200:
            many = ", ".join([f"({marks})"] * len(rows))
            flat = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO app.raw.{table} ({names}) VALUES {many}", flat)
            return
        import pyarrow

        batch = pyarrow.table({name: [row[k] for row in rows] for k, name in enumerate(columns)})
        cursor.register("incoming", batch)
        cursor.execute(f"INSERT INTO app.raw.{table} ({names}) SELECT {names} FROM incoming")
        cursor.unregister("incoming")

    def close(self) -> None:
        """Write the log into the file and let go of it."""
        with self._writer:
            self._root.execute("CHECKPOINT app")
            self._root.close()


def backup(path: Path, key: str, target: Path) -> int:
    """Copy the data file into a new encrypted one with the same key; the number of entries in it.

    Raises a StoreError; an existing ``target`` is never overwritten.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; choose a new name. Nothing was changed.")
    if not path.exists():
        raise StoreError(f"There is no data file at {path}, so there is nothing to back up.")
    store = Store(path, key)
    run = store.cursor().execute
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with _plain_errors(target):
        run(f"ATTACH {_quoted(part)} AS bk (ENCRYPTION_KEY ?, STORAGE_VERSION 'v1.5.0')", [key])
        run("COPY FROM DATABASE app TO bk")
        count = int(_one(run("SELECT count(*) FROM bk.raw.entry")))
        run("DETACH bk")
    store.close()
    part.rename(target)
    return count


def restore(source: Path, path: Path, key: str, now: datetime) -> tuple[int, Path | None]:
    """Put a backup in the place of the data file: the entries in it, and where the old file went.

    The backup is opened and read first: one that is damaged, or has another key, changes nothing.
    """
    if not source.exists():
        raise StoreError(f"There is no backup at {source}. Nothing was changed.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    incoming = path.with_name(path.name + ".restoring")
    shutil.copyfile(source, incoming)
    try:
        store = Store(incoming, key)
        count = int(_one(store.cursor().execute("SELECT count(*) FROM app.raw.entry")))
        store.close()
    except StoreError:
        incoming.unlink(missing_ok=True)
        raise
    aside = None
    if path.exists():
        Store(path, key).close()  # raises InUse while an app runs on it, and folds its log in
        aside = path.with_name(f"{path.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%S}")
        path.rename(aside)
    incoming.rename(path)
    return count, aside


def migrations() -> list[tuple[str, str]]:
    """Every migration in order, as (file name, SQL)."""
    found = sorted((f for f in SCHEMA.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(f.name, f.read_text(encoding="utf-8")) for f in found]


def _engine(path: Path) -> Cursor:
    extension = files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}"
    root = duckdb.connect(
        config={
            "temp_file_encryption": "true",
            "temp_directory": f"{path}.tmp",
            "autoinstall_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": os.environ.get("COACH_MEMORY", "2GB"),
        }
    )
    # OpenSSL, without which an encrypted file cannot be written, comes with this extension's wheel.
    root.execute(f"LOAD {_quoted(extension / 'httpfs.duckdb_extension')}")
    return root


def _quoted(path: object) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _one(result: Cursor) -> Any:
    row = result.fetchone()
    return row[0] if row else None


def _roll_back(cursor: Cursor) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        return  # the transaction was ended by the error itself


def _check_writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ReadOnly(f"{path.parent} could not be made: {error.strerror}.") from error
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise ReadOnly(
                f"{place} cannot be written to. Give this user the right to write there."
            )


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise _explained(error, path, DiskFull, StoreError) from error


def _explained(
    error: duckdb.Error, path: Path, full: type[StoreError], other: type[StoreError]
) -> StoreError:
    """The engine's error as one of ours. Its text goes no further: it may quote what was typed."""
    text = str(error)
    if held := re.search(r"PID (\d+)", text):
        return InUse(
            f"Another process (PID {held[1]}) holds {path}. One app serves one data file: "
            "stop that process, or name another file with COACH_DATABASE."
        )
    for sign, kind in (
        ("Wrong encryption key", WrongKey),
        ("is not encrypted", NotEncrypted),
        ("not a valid DuckDB database", Damaged),
        ("AES tag", Damaged),
        ("Corrupt", Damaged),
        ("Could not read enough bytes", Damaged),
        ("replaying WAL", Damaged),
        ("Read-only file system", ReadOnly),
        ("Permission denied", ReadOnly),
        ("No space left", full),
        ("ould not write", full),
    ):
        if sign in text:
            return kind(f"{path}: {kind.__doc__}" if kind is not full else "")
    return other()
