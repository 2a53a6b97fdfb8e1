"""The store: one encrypted DuckDB file, one writer, one cursor for each visit.

With engine, faults and upkeep the only modules that know which engine is below. The file is attached
as ``app`` to a database in memory (opening it directly has no way to give a key); views live in
memory, tables in ``app.raw``. Tables are append-only and have no keys or indexes: of the rows with
one key the latest counts.
"""

from __future__ import annotations

import errno
import hmac
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from coach_data.dates import stamp
from coach_data.engine import (
    ERASING,
    LOGS,
    Cursor,
    Hold,
    attach,
    beside,
    check_folder,
    check_log,
    harden,
    one,
    remove,
    settle,
    start,
)
from coach_data.faults import (
    BUGS,
    Busy,
    ChangedMigration,
    CutShort,
    Damaged,
    DamagedLog,
    DiskFull,
    EmptyKey,
    InUse,
    LogAlone,
    NewerSchema,
    NotADataFile,
    NotEncrypted,
    ReadOnly,
    Stopped,
    StoreError,
    Unkeepable,
    WrongKey,
    is_detached,
    is_durable,
    on_using,
    plainly,
)
from coach_data.upkeep import compact, latest_stamp, migrate, migrations

__all__ = [
    "Busy",
    "ChangedMigration",
    "Cursor",
    "CutShort",
    "Damaged",
    "DamagedLog",
    "DiskFull",
    "EmptyKey",
    "InUse",
    "LogAlone",
    "NewerSchema",
    "NotADataFile",
    "NotEncrypted",
    "ReadOnly",
    "Stopped",
    "Store",
    "StoreError",
    "Unkeepable",
    "WrongKey",
    "backup",
    "migrations",
    "restore",
]

T = TypeVar("T")
FEW = 200
"""Up to as many rows a plain INSERT is faster than a batch of columns."""


class Store:
    """An open data file. Share it between threads; give each of them its own ``cursor()``."""

    def __init__(self, path: Path, key: str) -> None:
        """Open or create ``path``, bring its schema up to date, put its entries in order.

        Raises a StoreError that says which of the things that can be wrong is wrong.
        """
        # For the whole process, because the engine makes its log and its temporary files whenever
        # it needs them: they are for this user only.
        os.umask(0o077)
        self.path = path.resolve()
        self._key = key
        self._writer = threading.RLock()
        self._attached = self._given_up = False
        self.saves = 0  # so far: what was derived from the tables before may hold no more
        self.erased: set[int] = set()  # since the start: who is gone, and what is open must know it
        check_folder(self.path)
        check_log(self.path)
        self._hold = Hold(self.path)
        self._root: Cursor | None = None
        try:
            self._open()
        except BaseException:
            self._let_go()
            raise

    def _open(self) -> None:
        root = self._root = start(self.path)
        with plainly(self.path):
            if not self.path.exists():
                _create(root, self.path, self._key)
            attach(root, self.path, self._key)
            self._attached = True
            # What a killed process has left there; nobody else can be using it.
            shutil.rmtree(beside(self.path, ".tmp"), ignore_errors=True)
            remove(beside(self.path, ERASING))
            migrate(root.execute)
            compact(root.execute)
            self._last = latest_stamp(root.execute)

    def define(self, sql: str) -> None:
        """Create views in memory; afterwards no SQL can reach a file or change the configuration.

        From here on each query keeps to one thread: visits are many and ask for little.
        """
        root = self._open_root()
        root.execute(sql)
        root.execute("SET threads = 1")
        root.execute("SET enable_external_access = false")
        root.execute("SET lock_configuration = true")

    def cursor(self) -> Cursor:
        """A cursor of one's own: its transaction and its variables (the viewer) are not shared.

        Raises Busy where the file had to be attached anew and could not be yet.
        """
        made = self._open_root().cursor()
        if self._given_up:
            self._attach_again(made)
        return made

    def stamp(self, now: datetime) -> datetime:
        """A ``recorded_at`` for ``now`` (aware), later than every one before it."""
        return self.stamps(now, 1)[0]

    def stamps(self, now: datetime, count: int) -> list[datetime]:
        """That many of them, a microsecond apart: rows that are saved together have an order too."""
        step = timedelta(microseconds=1)
        with self._writer:
            first = max(stamp(now), self._last + step)
            made = [first + k * step for k in range(count)]
            self._last = made[-1] if made else self._last
        return made

    def keyed(self, content: bytes) -> bytes:
        """32 bytes made of ``content`` and the key: always the same, and nobody else's to foresee."""
        return hmac.digest(self._key.encode(), content, "sha256")

    def alone(self) -> AbstractContextManager[Any]:
        """While it is held nobody else writes: for a check and the save that relies on it."""
        return self._writer

    def ask(
        self, cursor: Cursor, sql: str, values: Sequence[Any], fetch: Callable[[Cursor], T]
    ) -> T:
        """What ``fetch`` takes from the result of a query. Raises a StoreError.

        Only a mistake in the SQL itself comes through as the engine tells it.
        """
        try:
            return fetch(cursor.execute(sql, list(values)))
        except duckdb.Error as error:
            if not is_detached(error):
                if isinstance(error, BUGS):
                    raise
                raise on_using(error) from None
        self._attach_again(cursor)
        try:
            return fetch(cursor.execute(sql, list(values)))
        except duckdb.Error as error:
            raise on_using(error) from None

    @contextmanager
    def writing(self, cursor: Cursor) -> Iterator[None]:
        """One transaction of the one writer: all of it is durable at the end, or none of it is.

        Raises DiskFull, Busy or another StoreError; then nothing was saved.
        """
        with self._writer:
            self._begin(cursor)
            try:
                yield
            except duckdb.Error as error:
                _roll_back(cursor)
                raise on_using(error) from None
            except BaseException:
                _roll_back(cursor)
                raise
            try:
                cursor.execute("COMMIT")
            except duckdb.Error as error:
                self._given_up = True  # perhaps: the next to come here looks
                if not is_durable(error):
                    _roll_back(cursor)
                    raise on_using(error) from None
            self.saves += 1

    def _begin(self, cursor: Cursor) -> None:
        if self._given_up:
            self._attach_again(cursor)
        try:
            cursor.execute("BEGIN")
        except duckdb.Error as error:
            raise on_using(error) from None

    def _attach_again(self, cursor: Cursor) -> None:
        """After a full disk the engine gives up on the file until it is attached anew.

        Nothing that was committed is lost by that: it is read from the log. A read that has begun
        holds the old file: until it ends this raises Busy, and whoever comes next tries again.
        """
        with self._writer:
            try:
                cursor.execute("FROM app.raw.upkeep LIMIT 0")
            except duckdb.Error as error:
                if not is_detached(error):
                    raise on_using(error) from None
            else:
                self._given_up = False
                return  # another thread was quicker, or it was not so bad
            self._given_up = True
            root = self._open_root()
            try:
                if self._attached:
                    root.execute("DETACH app")
                    self._attached = False
                attach(root, self.path, self._key)
            except duckdb.Error as error:
                raise on_using(error) from None
            self._attached, self._given_up = True, False

    def rebuild(self, fill: Callable[[Cursor], None]) -> None:
        """Write the data file anew with the rows that ``fill`` puts into it, and nothing else.

        What was only deleted can still be found in a file, so an erasure needs a new one. ``fill`` is
        given a cursor on which this file is ``app`` and the new one, its tables empty, ``erased``.
        Nobody writes meanwhile. Killed at any moment, the old file is there or the new one, whole.
        Raises DiskFull, Busy or another StoreError; then the old one stays, or the disk could not say
        that the new one is durable.
        """
        new = beside(self.path, ERASING)
        with self._writer:
            if self._given_up:
                self._attach_again(self.cursor())
            try:
                self._fill_anew(new, fill)
                self._swap(new)
            except duckdb.Error as error:
                raise on_using(error) from None
            except OSError as error:
                full = error.errno in (errno.ENOSPC, errno.EDQUOT)
                raise (DiskFull if full else StoreError)() from None
            finally:
                remove(new)
            self.saves += 1
            with suppress(Busy):  # a read that began before holds the old file until it ends
                self._attach_again(self._open_root().cursor())

    def _fill_anew(self, new: Path, fill: Callable[[Cursor], None]) -> None:
        cursor = self._open_root().cursor()  # so that others can go on reading meanwhile
        remove(new)
        try:
            attach(cursor, new, self._key, "erased")
            cursor.execute("COPY FROM DATABASE app TO erased (SCHEMA)")
            fill(cursor)
            cursor.execute("CHECKPOINT erased")
        except BaseException:
            with suppress(duckdb.Error):
                cursor.execute("DETACH erased")
            raise
        cursor.execute("DETACH erased")
        cursor.close()
        harden(new)

    def _swap(self, new: Path) -> None:
        """The old file's log is written into it first: beside the new file it would be another's."""
        root = self._open_root()
        self._given_up = True  # whatever happens from here on, the next to come looks
        root.execute("CHECKPOINT app")
        root.execute("DETACH app")
        self._attached = False
        if any(beside(self.path, ending).exists() for ending in LOGS[1:]):
            raise Busy
        new.replace(self.path)
        settle(self.path.parent)

    def append(
        self, cursor: Cursor, table: str, columns: Sequence[str], rows: Sequence[Any]
    ) -> None:
        """Insert rows (tuples in the order of ``columns``) into ``app.raw``; within ``writing``."""
        names = ", ".join(columns)
        if len(rows) < FEW:
            marks = ", ".join("?" * len(columns))
            many = ", ".join([f"({marks})"] * len(rows))
            flat = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO app.raw.{table} ({names}) VALUES {many}", flat)
            return
        import pyarrow

        try:
            turned = zip(columns, zip(*rows, strict=True), strict=True)
            batch = pyarrow.table({name: list(column) for name, column in turned})
        except pyarrow.ArrowException:
            raise Unkeepable from None  # its text quotes the value
        cursor.register("incoming", batch)
        try:
            cursor.execute(f"INSERT INTO app.raw.{table} ({names}) SELECT {names} FROM incoming")
        finally:
            cursor.unregister("incoming")

    def close(self) -> None:
        """Write the log into the file and let go of it; a second time does nothing."""
        with self._writer:
            if self._root is not None:
                # Where that fails the log stays as it is, and is read at the next start.
                with suppress(duckdb.Error):
                    self._root.execute("CHECKPOINT app")
            self._let_go()

    def _let_go(self) -> None:
        if self._root is not None:
            self._root.close()
            self._root = None
        self._hold.close()

    def _open_root(self) -> Cursor:
        if self._root is None:
            raise Busy("The data file has been closed here. Start the app again.")
        return self._root


def backup(path: Path, key: str, target: Path) -> int:
    """Copy the data file into a new encrypted one with the same key; the number of entries in it.

    Raises a StoreError; an existing ``target`` is never overwritten.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; choose a new name. Nothing was changed.")
    if not target.parent.is_dir():
        raise StoreError(f"There is no folder {target.parent}; make it first. Nothing was changed.")
    if not path.exists():
        raise StoreError(f"There is no data file at {path}, so there is nothing to back up.")
    check_folder(target)
    part = beside(target, ".part")
    store = Store(path, key)
    try:
        remove(part)
        cursor = store.cursor()
        with plainly(target):
            attach(cursor, part, key, "bk")
            cursor.execute("COPY FROM DATABASE app TO bk")
            count = int(one(cursor.execute("SELECT count(*) FROM bk.raw.entry")))
            cursor.execute("DETACH bk")
        part.rename(target)
        settle(target.parent)
    finally:
        store.close()
        remove(part)
    return count


def restore(source: Path, path: Path, key: str, now: datetime) -> tuple[int, Path | None]:
    """Put a backup in the place of the data file: the entries in it, and where the old file went.

    The backup is opened and read first: one that is damaged, or has another key, changes nothing.
    The old file is not opened at all, because it may be the damaged one.
    """
    if not source.exists():
        raise StoreError(f"There is no backup at {source}. Nothing was changed.")
    os.umask(0o077)
    path = path.resolve()
    check_folder(path)
    hold = Hold(path)
    incoming = beside(path, ".restoring")
    try:
        count = _checked_copy(source, incoming, key)
        aside = _put_in_place(incoming, path, now)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}. The old file was left as it is.") from None
    finally:
        hold.close()
        remove(incoming)
        beside(incoming, ".lock").unlink(missing_ok=True)
    return count, aside


def _checked_copy(source: Path, incoming: Path, key: str) -> int:
    """Copy a backup, with its log if it has one, and read it; the number of entries in it."""
    remove(incoming)
    for ending in ("", ".wal"):
        if beside(source, ending).exists():
            shutil.copyfile(beside(source, ending), beside(incoming, ending))
    store = Store(incoming, key)
    try:
        return int(one(store.cursor().execute("SELECT count(*) FROM app.raw.entry")))
    finally:
        store.close()


def _put_in_place(incoming: Path, path: Path, now: datetime) -> Path | None:
    """Give the old file a second name, and its first name to the new one, in one step.

    Stopped half-way, the old log lies beside the new file: that is refused at the next start,
    whereas an old file without its log would open and lack its last entries.
    """
    aside = beside(path, f".before-{now.astimezone(UTC):%Y%m%dT%H%M%S}")
    had, log = path.exists(), beside(path, ".wal")
    if aside.exists():
        raise StoreError(f"{aside} is there already. Nothing was changed; restore once more.")
    if had:
        try:
            aside.hardlink_to(path)
        except OSError:  # a file system where a file has one name only
            path.rename(aside)
    incoming.replace(path)
    if log.exists():
        log.rename(beside(aside, ".wal"))
    settle(path.parent)
    return aside if had else None


def _create(root: Cursor, path: Path, key: str) -> None:
    """Make the file under another name first: killed half-way, it leaves no half a data file."""
    new = beside(path, ".new")
    remove(new)
    attach(root, new, key)
    migrate(root.execute)
    root.execute("DETACH app")
    new.rename(path)
    settle(path.parent)


def _roll_back(cursor: Cursor) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        return  # the transaction was ended by the error itself
