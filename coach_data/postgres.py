"""The store on a PostgreSQL server: several processes, the same tables, the same SQL.

The engine in this process attaches the database as ``app`` and hands the filters on. What one process
must know of the others is asked of the server: who is alone with what, which time comes next, whether
anything was saved, who was erased. Rows are plain there: its disk and its backups need their own lock.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from coach_data.dates import stamp
from coach_data.engine import Cursor, roll_back, start_on_server
from coach_data.faults import Busy
from coach_data.postgres_opening import attach_server, check_connections, prepare
from coach_data.postgres_sql import (
    ALL,
    alone,
    asked,
    begin_saving,
    counted,
    leave_out,
    listed,
    run,
)
from coach_data.postgres_views import LISTED, TO_SETTLE, pushed
from coach_data.server import Server
from coach_data.server_faults import NoServer, StillThere, Unsure, on_server, reaching, told
from coach_data.store import Mend, Rows, Staying, Store, insert

T = TypeVar("T")
PATIENCE = 6.0
"""Seconds for a server that is restarted to come back before a person is told."""
WATCH = 1.0
"""Seconds after which an open visit learns at the latest what another process saved."""

_EPOCH, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)  # noqa: DTZ001 - as stored


class PostgresStore(Store):
    """An open database. Share it between threads; give each of them its own ``cursor()``."""

    to_settle = TO_SETTLE
    leaves = (
        "The server's own log, its replicas and its dumps keep it until their owner deletes them."
    )

    def __init__(self, server: Server, key: str) -> None:
        """Open the database and bring its schema up to date, one process at a time.

        Raises a StoreError that says which of the things that can be wrong is wrong.
        """
        super().__init__(key)
        self.server = server
        self._writer = threading.RLock()
        self._turn: Cursor | None = None
        self._held: set[str] = set()
        self._saves, self._seen, self._looked = 0, "", 0.0
        self._gone: set[int] = set()
        self._last, self._committing = 0, False
        self._root: Cursor | None = start_on_server()
        try:
            with reaching(server):
                attach_server(self._root, server)
                prepare(self._root, hashlib.sha256(self.keyed(b"which key this is")).hexdigest())
        except BaseException:
            self.close()
            raise

    @property
    def saves(self) -> int:
        """The server is asked once in a while; a transaction that ends in between shows itself."""
        now = time.monotonic()
        if now - self._looked > WATCH:
            self._looked = now
            seen = self._patiently(
                lambda: asked(self.cursor(), "SELECT pg_current_snapshot()::text")
            )
            if seen != self._seen:
                self._seen = seen
                self._saves += 1
        return self._saves

    def define(self, sql: str) -> None:
        root = self._open_root()
        root.execute(pushed(sql))
        root.execute("SET threads = 1")
        root.execute("SET enable_external_access = false")
        root.execute("SET lock_configuration = true")

    def cursor(self) -> Cursor:
        return self._open_root().cursor()

    def see(self, cursor: Cursor, *, own_only: bool) -> None:
        cursor.execute(f"USE memory.{'main' if own_only else LISTED}")

    def stamps(self, now: datetime, count: int) -> list[datetime]:
        if not count:
            return []
        wanted = (stamp(now) - _EPOCH) // _MICROSECOND
        sql = f"SELECT shared.stamps({wanted}, {count})"
        with self._writer:
            if self._turn is not None:
                first = self._on_turn(sql)
            else:
                first = self._patiently(lambda: asked(self.cursor(), sql))
            self._last = first + count - 1
        return [_EPOCH + (first + k) * _MICROSECOND for k in range(count)]

    def begin_after(self, latest: datetime) -> None:
        """From now on every stamp is later than this one: for rows that came another way."""
        last = (latest - _EPOCH) // _MICROSECOND
        sql = f"SELECT setval('shared.stamp', greatest({last}, last_value)) FROM shared.stamp"
        self._patiently(lambda: asked(self.cursor(), sql))

    @contextmanager
    def alone(self, *about: object) -> Iterator[None]:
        """The server gives one process at a time the right to it, for one open transaction."""
        with self._writer:
            outermost = self._turn is None
            try:
                self._take({ALL} if not about else {str(a) for a in about})
                yield
            finally:
                if outermost:
                    self._give_back()

    def _take(self, wanted: set[str]) -> None:
        if self._turn is None:
            self._patiently(lambda: self._begin_turn(wanted))
        elif not (ALL in self._held or wanted <= self._held):
            self._on_turn(alone(wanted - self._held))
        self._held |= wanted

    def _begin_turn(self, wanted: set[str]) -> None:
        turn = self.cursor()
        turn.execute("BEGIN")
        try:
            gone = int(asked(turn, alone(wanted)))
        except BaseException:
            roll_back(turn)
            raise
        self._turn = turn
        if gone != len(self._gone):
            self._gone = set(listed(turn, "SELECT array_agg(person_id) FROM shared.erased"))

    def _on_turn(self, sql: str) -> Any:
        assert self._turn is not None
        with told():
            return asked(self._turn, sql)

    def _give_back(self) -> None:
        turn, self._turn, self._held = self._turn, None, set()
        if turn is not None:
            roll_back(turn)  # nothing was changed in it; the server lets go of what it held
            turn.close()

    def ask(
        self, cursor: Cursor, sql: str, values: Sequence[Any], fetch: Callable[[Cursor], T]
    ) -> T:
        return self._patiently(lambda: fetch(cursor.execute(sql, list(values))))

    def _patiently(self, act: Callable[[], T]) -> T:
        """What ``act`` returns, tried again while the server comes back. Raises a StoreError."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except duckdb.Error as error:
                fault = on_server(error)
                if not isinstance(fault, NoServer) or time.monotonic() > until:
                    raise fault from None
            check_connections(self.cursor())
            time.sleep(0.2)

    def append(self, *batches: Rows) -> None:
        if brought := [batch for batch in batches if batch.rows]:
            with self._writer:
                self._send(self.cursor(), brought)
                self._saves += 1

    def delete(self, table: str, where: str, values: Sequence[Any]) -> None:
        sql = f"DELETE FROM app.raw.{table} WHERE {where}"
        with self._writer:
            self.ask(self.cursor(), sql, values, Cursor.fetchall)
            self._saves += 1

    def _send(self, cursor: Cursor, queue: Sequence[Rows]) -> None:
        """All or nothing. Where the connection breaks it is looked up whether they are there; if not,
        and if nobody at all has saved since, they are sent again with the same ``recorded_at``."""
        last = self._last
        try:
            self._transact(cursor, queue)
            return
        except duckdb.Error as error:
            fault = on_server(error)
            if not isinstance(fault, NoServer):
                raise fault from None
        check_connections(self.cursor())
        if self._committing and self._is_there(queue):
            return
        with self._turn_again():
            if int(self._on_turn("SELECT last_value FROM shared.stamp")) != last:
                raise Busy
            with told():
                self._transact(cursor, queue)

    def _transact(self, cursor: Cursor, queue: Sequence[Rows]) -> None:
        with self._transaction(cursor):
            for table, columns, rows in queue:
                insert(cursor, f"app.raw.{table}", columns, rows)

    @contextmanager
    def _transaction(self, cursor: Cursor) -> Iterator[None]:
        """All or nothing. Whoever began it alone is alone until its end, whatever breaks meanwhile."""
        self._committing = False
        cursor.execute("BEGIN")
        try:
            if self._turn is not None:
                begin_saving(cursor, self._held)
            yield
            if self._turn is not None:  # was it ours until saving began? else it may be another's
                run(self._turn, "SELECT 1", "turns")
            self._committing = True  # if the connection breaks now, nobody knows
            cursor.execute("COMMIT")
        except BaseException:
            roll_back(cursor)
            raise

    def _is_there(self, queue: Sequence[Rows]) -> bool:
        """Whether the rows were saved before the connection broke: one tells of all."""
        try:
            return self.ask(self.cursor(), *counted(queue[0]), Cursor.fetchall) != [(0,)]
        except NoServer:
            raise Unsure from None

    @contextmanager
    def _turn_again(self) -> Iterator[None]:
        """The right to be alone once more, after the connection that held it broke."""
        held, mine = set(self._held), self._turn is not None
        self._give_back()
        self._patiently(lambda: self._begin_turn(held or {ALL}))
        self._held = held or {ALL}
        try:
            yield
        finally:
            if not mine:
                self._give_back()

    def leave_out(self, person_id: int, staying: Sequence[Staying], mend: Mend) -> None:
        """Delete in one transaction, then write the touched tables anew.

        The server's own log and its backups are its owner's, and keep what was in them.
        """
        cursor = self.cursor()
        with self.alone():
            with told(), self._transaction(cursor):
                touched = leave_out(cursor, person_id, staying, mend)
            self._saves += 1
            self._gone.add(person_id)
        try:  # deleted rows lie in the tables until they are written anew
            for table in touched:
                run(cursor, f"VACUUM FULL {table}", alone=True)
        except duckdb.Error:
            raise StillThere from None

    def is_gone(self, *people: int) -> bool:
        return not self._gone.isdisjoint(people)

    def copies(self) -> tuple[Path, ...]:
        return ()

    def close(self) -> None:
        with self._writer:
            self._give_back()
            if self._root is not None:
                self._root.close()
                self._root = None

    def _open_root(self) -> Cursor:
        if self._root is None:
            raise Busy("The database has been closed here. Start the app again.")
        return self._root
