"""The store: what everything above asks of the tables, whichever engine lies below.

Tables are append-only: of the rows with one key the latest counts. They are attached as ``app`` to a
database in memory and lie in ``app.raw``; views live in memory. ``file_store`` keeps them in one
encrypted file for one process, ``postgres`` on a server for several; ``engines`` opens one or the other.
"""

from __future__ import annotations

import hmac
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from coach_data.engine import Cursor
from coach_data.faults import Busy, DiskFull, InUse, StoreError, Unkeepable

__all__ = ["Busy", "Cursor", "DiskFull", "InUse", "Store", "StoreError", "Unkeepable"]

T = TypeVar("T")
Mend = Callable[[Cursor, str], None]
"""What is done last, given a cursor and the name of the schema that holds what stays."""
FEW = 130
"""Up to as many rows lists that are bound are faster than a batch of columns."""


class Rows(NamedTuple):
    """Rows to append to a table, as tuples in the order of ``columns``."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Staying:
    """What stays of a table: the rows for which all of ``where`` hold, with some columns changed.

    ``changed``: by column the expression that takes its place. Nothing in it is bound, so it is made
    of names and whole numbers; it names the other tables as ``app.raw`` has them.
    """

    table: str
    columns: tuple[str, ...]
    changed: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The query for what stays."""
        columns = ", ".join(self.changed.get(c, c) for c in self.columns)
        where = f" WHERE {' AND '.join(self.where)}" if self.where else ""
        return f"SELECT {columns} FROM app.raw.{self.table}{where}"


class Store(ABC):
    """Open tables. Share it between threads; give each of them its own ``cursor()``."""

    to_settle: Mapping[str, str] = {}
    """Lists of people that the views need beforehand, by variable: the view that holds each."""

    leaves: str = ""
    """What an erasure does not reach, beside backups, in a sentence."""

    def __init__(self, key: str) -> None:
        self._key = key

    @property
    @abstractmethod
    def saves(self) -> int:
        """Another number than before once something was saved: what was derived may hold no more."""

    @abstractmethod
    def define(self, sql: str) -> None:
        """Create views in memory; afterwards no SQL can reach a file or change the configuration.

        From here on each query keeps to one thread: visits are many and ask for little.
        """

    @abstractmethod
    def cursor(self) -> Cursor:
        """A cursor of one's own: its transaction and its variables (the viewer) are not shared.

        Raises Busy where the tables cannot be reached just now.
        """

    def see(self, cursor: Cursor, *, own_only: bool) -> None:  # noqa: B027 - nothing to do is one way
        """From now on this cursor's views are asked by somebody who coaches nobody, or not.

        A new cursor's are asked by somebody who coaches nobody. To them both ways show the same:
        one may be quicker.
        """

    def stamp(self, now: datetime) -> datetime:
        """A ``recorded_at`` for ``now`` (aware), later than every one before it."""
        return self.stamps(now, 1)[0]

    @abstractmethod
    def stamps(self, now: datetime, count: int) -> list[datetime]:
        """That many of them, a microsecond apart: rows that are saved together have an order too."""

    def keyed(self, content: bytes) -> bytes:
        """32 bytes made of ``content`` and the key: always the same, and nobody else's to foresee."""
        return hmac.digest(self._key.encode(), content, "sha256")

    @abstractmethod
    def alone(self, *about: object) -> AbstractContextManager[Any]:
        """While it is held nobody else writes: for a check and the save that relies on it.

        ``about``: nobody else who says the same (a person's id, the hash of a token); with none of
        them nobody at all. In one thread it may be held within itself.
        """

    @abstractmethod
    def ask(
        self, cursor: Cursor, sql: str, values: Sequence[Any], fetch: Callable[[Cursor], T]
    ) -> T:
        """What ``fetch`` takes from the result of a query. Raises a StoreError.

        Only a mistake in the SQL itself comes through as the engine tells it.
        """

    @abstractmethod
    def append(self, *batches: Rows) -> None:
        """Save rows in ``app.raw``: all of them are durable when it returns, or none of them is.

        What several threads save at the same moment goes to the disk together. Raises Unkeepable,
        DiskFull, Busy or another StoreError; then nothing was saved.
        """

    @abstractmethod
    def delete(self, table: str, where: str, values: Sequence[Any]) -> None:
        """Take out rows that nobody needs any more; never what a person said, which is appended to.

        Raises as ``append`` does.
        """

    @abstractmethod
    def leave_out(self, person_id: int, staying: Sequence[Staying], mend: Mend) -> None:
        """Keep only what stays of these tables, and nothing of what went; ``person_id`` is gone then.

        All of it is done or none. Nobody writes meanwhile. Raises DiskFull, Busy or another
        StoreError; then everything is there as before, or the disk could not say that it is durable.
        """

    @abstractmethod
    def is_gone(self, *people: int) -> bool:
        """Whether one of them was erased: a tab that is still open brings nothing of theirs back."""

    @abstractmethod
    def copies(self) -> tuple[Path, ...]:
        """Older copies of all data that lie beside them, and that an erasure leaves as they are."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the tables; a second time does nothing."""


def insert(cursor: Cursor, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
    """Insert rows (tuples in the order of ``columns``) into a table. Raises Unkeepable."""
    names = ", ".join(columns)
    if len(rows) < FEW:
        # one value a column: with one for each place the statement takes longer to plan than to do
        lists = ", ".join(["unnest(?)"] * len(columns))
        bound = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {lists}", bound)
        return
    import pyarrow

    try:
        turned = zip(columns, zip(*rows, strict=True), strict=True)
        batch = pyarrow.table({name: list(column) for name, column in turned})
    except pyarrow.ArrowException:
        raise Unkeepable from None  # its text quotes the value
    cursor.register("incoming", batch)
    try:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
    finally:
        cursor.unregister("incoming")
