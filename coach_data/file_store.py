"""The store as one encrypted DuckDB file: one process, one writer, one cursor for each visit.

Attached as ``app`` to a database in memory: opening it directly has no way to give a key.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from coach_data.dates import stamp
from coach_data.durable import harden_names
from coach_data.engine import (
    ERASING,
    LOGS,
    Cursor,
    Hold,
    attach,
    beside,
    check_folder,
    check_log,
    create,
    fill_anew,
    remove,
    roll_back,
    start,
)
from coach_data.faults import (
    BUGS,
    Busy,
    DiskFull,
    StoreError,
    is_detached,
    is_durable,
    on_using,
    plainly,
)
from coach_data.store import Mend, Rows, Staying, Store, insert
from coach_data.turns import Together, Turns
from coach_data.upkeep import fill_in_order, is_scattered, latest_stamp, migrate

T = TypeVar("T")


class FileStore(Store):
    """An open data file. Share it between threads; give each of them its own ``cursor()``."""

    def __init__(self, path: Path, key: str) -> None:
        """Open or create ``path``, bring its schema up to date, put its entries in order.

        Raises a StoreError that says which of the things that can be wrong is wrong.
        """
        # For the whole process, because the engine makes its log and its temporary files whenever
        # it needs them: they are for this user only.
        os.umask(0o077)
        super().__init__(key)
        self.path = path.resolve()
        self._writer, self._stamping = threading.RLock(), threading.Lock()
        self._turns, self._appends = Turns(), Together(self._writer, self._append)
        self._attached = self._given_up = False
        self._saves = 0  # so far
        self._gone: set[int] = set()  # since the start: who was erased
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
                create(root, self.path, self._key, lambda c: migrate(c.execute))
            attach(root, self.path, self._key)
            self._attached = True
            # What a killed process has left there; nobody else can be using it.
            shutil.rmtree(beside(self.path, ".tmp"), ignore_errors=True)
            remove(beside(self.path, ERASING))
            migrate(root.execute)
            if is_scattered(root.execute):
                self._put_in_order()
            self._last = latest_stamp(root.execute)

    def _put_in_order(self) -> None:
        """Write the data file anew with its entries in order, before anybody else can write.

        Beside live writers that would lose inserts; within the file it would leave twice its room.
        """
        root, new = self._open_root(), beside(self.path, ERASING)
        try:
            fill_anew(root, new, self._key, lambda c: fill_in_order(c.execute, "erased.raw"))
            self._swap(new)
        finally:
            remove(new)
        attach(root, self.path, self._key)
        self._attached, self._given_up = True, False

    @property
    def saves(self) -> int:
        return self._saves

    def define(self, sql: str) -> None:
        root = self._open_root()
        root.execute(sql)
        root.execute("SET threads = 1")
        root.execute("SET enable_external_access = false")
        root.execute("SET lock_configuration = true")

    def cursor(self) -> Cursor:
        made = self._open_root().cursor()
        if self._given_up:
            self._attach_again(made)
        return made

    def stamps(self, now: datetime, count: int) -> list[datetime]:
        step = timedelta(microseconds=1)
        with self._stamping:
            first = max(stamp(now), self._last + step)
            made = [first + k * step for k in range(count)]
            self._last = made[-1] if made else self._last
        return made

    def alone(self, *about: object) -> AbstractContextManager[Any]:
        return self._turns.alone(*about)

    def ask(
        self, cursor: Cursor, sql: str, values: Sequence[Any], fetch: Callable[[Cursor], T]
    ) -> T:
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

    def append(self, *batches: Rows) -> None:
        if brought := tuple(batch for batch in batches if batch.rows):
            self._appends.do(brought)

    def _append(self, saves: Sequence[tuple[Rows, ...]]) -> None:
        """All that these saves bring, in one transaction and with one statement a table."""
        merged: dict[tuple[str, tuple[str, ...]], list[Any]] = {}
        for table, columns, rows in chain.from_iterable(saves):
            merged.setdefault((table, columns), []).extend(rows)
        with self._writing() as cursor:
            for (table, columns), rows in merged.items():
                insert(cursor, f"app.raw.{table}", columns, rows)

    def delete(self, table: str, where: str, values: Sequence[Any]) -> None:
        with self._writing() as cursor:
            cursor.execute(f"DELETE FROM app.raw.{table} WHERE {where}", list(values))

    @contextmanager
    def _writing(self) -> Iterator[Cursor]:
        """One transaction of the one writer, on a cursor of its own: all of it or nothing."""
        cursor = self._open_root().cursor()
        with self._writer:
            self._begin(cursor)
            try:
                yield cursor
            except duckdb.Error as error:
                roll_back(cursor)
                raise on_using(error) from None
            except BaseException:
                roll_back(cursor)
                raise
            try:
                cursor.execute("COMMIT")
            except duckdb.Error as error:
                self._given_up = True  # perhaps: the next to come here looks
                if not is_durable(error):
                    roll_back(cursor)
                    raise on_using(error) from None
            self._saves += 1

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

    def leave_out(self, person_id: int, staying: Sequence[Staying], mend: Mend) -> None:
        """Write the data file anew: what was only deleted can still be found in a file.

        On a cursor this file is ``app`` and the new one, its tables empty, ``erased``. Killed at any
        moment, the old file is there or the new one, whole.
        """

        def fill(cursor: Cursor) -> None:
            for part in staying:
                cursor.execute(f"INSERT INTO erased.raw.{part.table} {part.query}")
            mend(cursor, "erased.raw")

        new = beside(self.path, ERASING)
        with self._writer:
            if self._given_up:
                self._attach_again(self.cursor())
            try:
                fill_anew(self._open_root(), new, self._key, fill)
                self._swap(new)
            except duckdb.Error as error:
                raise on_using(error) from None
            except OSError as error:
                full = error.errno in (errno.ENOSPC, errno.EDQUOT)
                raise (DiskFull if full else StoreError)() from None
            finally:
                remove(new)
            self._saves += 1
            self._gone.add(person_id)
            with suppress(Busy):  # a read that began before holds the old file until it ends
                self._attach_again(self._open_root().cursor())

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
        harden_names(self.path.parent)

    def is_gone(self, *people: int) -> bool:
        return not self._gone.isdisjoint(people)

    def copies(self) -> tuple[Path, ...]:
        """The data files that a restore has put aside, each as it was before it."""
        found = self.path.parent.glob(f"{self.path.name}.before-*")
        return tuple(sorted(f for f in found if f.suffix != ".wal"))

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
