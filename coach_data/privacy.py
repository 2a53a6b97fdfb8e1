"""Privacy in one place, with two doors.

Reading goes through the views of ``privacy.sql``, filtered by the viewer of the cursor; writing goes
through ``Visit.save``, which asks one table who may write what. Both start from nothing: a table
without a view cannot be read, a record without a line in ``WRITERS`` cannot be written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from coach_data.access_log import log_look
from coach_data.dates import local_day
from coach_data.engines import open_at
from coach_data.model import NOBODY, RECORDS, Membership, NotAllowed, Pairing, Person, Record
from coach_data.places import Places
from coach_data.records import columns, current, history, row_of
from coach_data.settled import Settled
from coach_data.store import Cursor, Rows, Store
from coach_data.writers import REFERENCES, WRITERS, Relation

if TYPE_CHECKING:
    import numpy as np


R = TypeVar("R", bound=Record)


_POINTERS = {kind: [name for name in columns(kind) if name in REFERENCES] for kind in RECORDS}


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at one screen at one moment: who looks, at whom, and which local day it is there.

    Made anew for each run of a screen. An ended pairing or a withdrawn consent counts at once, in a
    visit that is still open too.
    """

    store: Store
    cursor: Cursor
    viewer_id: int
    about: Person
    now: datetime
    today: date
    _settled: Settled = field(compare=False, repr=False)

    @classmethod
    def open(
        cls, store: Store, viewer_id: int, now: datetime, about_id: int | None = None
    ) -> Visit:
        """A visit of ``viewer_id`` to their own data, or to those of ``about_id``.

        ``now``: aware. Raises NotAllowed, and logs it, where the viewer may not see that person.
        """
        cursor = store.cursor()
        settled = Settled(store, cursor, viewer_id)
        who = (viewer_id, viewer_id if about_id is None else about_id)
        about, today = _whom(settled, who, now)
        return cls(store, cursor, viewer_id, about, now, today, settled)

    def to(self, about_id: int) -> Visit:
        """The same viewer's visit to another person; it settles nothing anew. Raises as ``open``."""
        self._settled.anew()
        about, today = _whom(self._settled, (self.viewer_id, about_id), self.now)
        return replace(self, about=about, today=today)

    @classmethod
    def first(cls, store: Store, person: Person, now: datetime) -> Visit:
        """The visit in which a new person saves their own record; there is nothing to see yet.

        Raises NotAllowed where somebody has that id: this is no way into anybody's data.
        """
        cursor = store.cursor()
        settled = Settled(store, cursor, person.person_id)
        if settled.viewer is not None:
            raise NotAllowed
        today = local_day(now, person.time_zone, person.day_ends)
        return cls(store, cursor, person.person_id, person, now, today, settled)

    def seen_by(self, coach_id: int) -> Visit:
        """What that coach sees of the viewer, through the very views of the coach's own visit.

        Nothing can be saved in it, and nothing of the coach's own is in it: no notebook, no other
        coachee. Raises NotAllowed where that is no coach of the viewer at present.
        """
        cursor = self.store.cursor()
        settled = Settled(self.store, cursor, self.viewer_id, seen_by=coach_id)
        if not self.own or self.viewer_id not in settled.coachees:
            raise NotAllowed
        return replace(self, cursor=cursor, viewer_id=NOBODY, _settled=settled)

    @property
    def own(self) -> bool:
        """Whether the viewer looks at their own data."""
        return self.about.person_id == self.viewer_id

    @property
    def coachees(self) -> frozenset[int]:
        """Whom the viewer coaches at present."""
        self._settled.anew()
        return self._settled.coachees

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query over the views; ``values`` are bound to its question marks."""
        rows: list[tuple[Any, ...]] = self._ask(sql, values, Cursor.fetchall)
        return rows

    def arrays(self, sql: str, values: Sequence[Any] = ()) -> dict[str, np.ndarray[Any, Any]]:
        """The same as numpy columns (masked where there are NULLs): for series, not for texts."""
        found: dict[str, np.ndarray[Any, Any]] = self._ask(sql, values, Cursor.fetchnumpy)
        return found

    def records(
        self, kind: type[R], first: date | None = None, last: date | None = None
    ) -> list[R]:
        """The current records of a kind about the person this visit is about, by their key.

        ``first``, ``last``: only those of these days, for a kind that has a day in its key.
        """
        days = [("day >=", first), ("day <=", last)]
        asked = [("person_id =", self.about.person_id), *((c, d) for c, d in days if d)]
        where = " AND ".join(f"{condition} ?" for condition, _ in asked)
        return current(kind, self.read(history(kind, where), [value for _, value in asked]))

    def _ask(self, sql: str, values: Sequence[Any], fetch: Callable[[Cursor], Any]) -> Any:
        self._settled.anew()
        return self.store.ask(self.cursor, sql, values, fetch)

    def alone(self) -> AbstractContextManager[Any]:
        """While it is held nobody else saves: for a save that depends on what was read just before."""
        return self.store.alone(self.about.person_id)

    def save(self, *records: Record) -> None:
        """Save all the records or, if one may not be saved, none. Durable when it returns.

        Raises NotAllowed, BadText, BadValue or a StoreError; then nothing was saved.
        """
        with self.store.alone(*sorted({self.about.person_id, *(r.person_id for r in records)})):
            self._may_write(records)
            self._may_point(records)
            self._write(records)

    def admit(self, *records: Record, beside: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Save what an invitation allows: the viewer's own role and pairing, which nobody may give
        themselves. ``beside``: (table, row) of what is not a record, saved together with it.

        Only ``invitations`` calls it, holding a valid code; a test sees to that.
        """
        with self.alone():
            for record in records:
                if record.person_id != self.viewer_id:
                    self._deny(record.person_id)
            self._write(records, beside)

    def _write(
        self, records: Sequence[Record], beside: Sequence[tuple[str, Mapping[str, Any]]] = ()
    ) -> None:
        if self.store.is_gone(self.viewer_id):
            raise NotAllowed  # a tab that was open meanwhile brings nothing back
        if self.viewer_id == NOBODY:
            raise NotAllowed
        stamps = self.store.stamps(self.now, len(records) + len(beside))
        rows: dict[type[Record], list[tuple[Any, ...]]] = defaultdict(list)
        for record, stamp in zip(records, stamps, strict=False):
            rows[type(record)].append((*row_of(record), stamp, self.viewer_id))
        more = ("recorded_at", "author")
        saved = [Rows(kind.TABLE, (*columns(kind), *more), new) for kind, new in rows.items()]
        for (table, row), stamp in zip(beside, stamps[len(records) :], strict=True):
            saved.append(Rows(table, (*row, "recorded_at"), [(*row.values(), stamp)]))
        self.store.append(*saved)

    def _may_write(self, records: Sequence[Record]) -> None:
        """Raises NotAllowed, and logs it, unless ``WRITERS`` lets the viewer write every record."""
        kinds = {(type(r), r.person_id, getattr(r, "coach_id", None)): r for r in records}
        for record in kinds.values():
            relation = self._relation(record)
            if relation not in WRITERS.get(type(record), frozenset()):
                self._deny(record.person_id)
        for record in records:
            if isinstance(record, Pairing):
                theirs = record.person_id != self.viewer_id
                # only an invitation begins one; a coach can end it and change nothing else
                if not self._paired(record) or (theirs and record.active):
                    self._deny(record.person_id)
            if isinstance(record, Person) and record.programme != self.about.programme:
                self._deny(record.person_id)  # only an invitation chooses a programme

    def _paired(self, pairing: Pairing) -> bool:
        """Whether it is in force: then it may end, or how often they meet may change."""
        sql = "SELECT active FROM pairing WHERE person_id = ? AND coach_id = ?"
        return (True,) in self.read(sql, [pairing.person_id, pairing.coach_id])

    def _relation(self, record: Record) -> Relation | None:
        """What the viewer is to the person of a record; a coach only in a record of their own."""
        if record.person_id == self.viewer_id:
            if isinstance(record, Membership):
                known = _person(self.store, self.cursor, self.viewer_id)
                return Relation.SELF if known else Relation.NEW
            return Relation.SELF
        own = getattr(record, "coach_id", self.viewer_id) == self.viewer_id
        return Relation.COACH if own and record.person_id in self.coachees else None

    def _may_point(self, records: Sequence[Record]) -> None:
        """Raises NotAllowed, and logs it, unless every record points only at its own person's.

        It is stored already (in the history, which is planned sooner), or saved together with it.
        """
        wanted: dict[tuple[str, int], set[int]] = defaultdict(set)
        here: dict[tuple[str, int], set[int]] = defaultdict(set)
        for record in records:
            own_id = f"{record.TABLE}_id"
            for name in _POINTERS[type(record)]:
                value = getattr(record, name)
                if name == own_id:
                    here[record.TABLE, record.person_id].add(value)
                elif value is not None:
                    wanted[REFERENCES[name], record.person_id].add(value)
        for (table, person_id), ids in wanted.items():
            if not (missing := sorted(ids - here[table, person_id])):
                continue
            marks = ", ".join("?" * len(missing))
            where = f"person_id = ? AND {table}_id IN ({marks})"
            sql = f"SELECT {table}_id FROM {table}_history WHERE {where}"
            stored = {value for (value,) in self.read(sql, [person_id, *missing])}
            for value in missing:
                if value not in stored:
                    self._deny(self._owner(table, value) or person_id)

    def _owner(self, table: str, value: int) -> int | None:
        """Whose record that is: they shall find in their log that somebody reached for it."""
        sql = f"SELECT any_value(person_id) FROM app.raw.{table} WHERE {table}_id = ?"
        found: int | None = self.read(sql, [value])[0][0]
        return found

    def _deny(self, person_id: int) -> NoReturn:
        self._log(person_id, "denied", allowed=False)
        raise NotAllowed

    def look(self, screen: str) -> None:
        """Write down that the viewer looks at somebody else's data, on that screen."""
        if not self.own:
            self._log(self.about.person_id, screen, allowed=True)

    def _log(self, person_id: int, screen: str, *, allowed: bool) -> None:
        if self.viewer_id == NOBODY:
            raise NotAllowed
        log_look(self.store, self.cursor, (person_id, self.viewer_id, screen, allowed), self.now)


def open_store(where: Places) -> Store:
    """The store at ``where`` with the views in place: nothing else should open one for a screen."""
    store = open_at(where.data, where.key())
    try:
        store.define(views())
    except BaseException:
        store.close()
        raise
    return store


def views() -> str:
    """``privacy.sql``, and for each record the view of its current rows over its visible history."""
    made = [(files("coach_data") / "privacy.sql").read_text(encoding="utf-8")]
    for kind in RECORDS:
        key = ", ".join(kind.KEY)
        rest = [name for name in (*columns(kind), "author") if name not in kind.KEY]
        latest = "".join(f", arg_max_null({c}, recorded_at) AS {c}" for c in rest)
        made.append(
            f"CREATE VIEW {kind.TABLE} AS SELECT {key}{latest}, max(recorded_at) AS recorded_at"
            f" FROM {kind.TABLE}_history GROUP BY {key};"
        )
    return "\n".join(made)


def _whom(settled: Settled, who: tuple[int, int], now: datetime) -> tuple[Person, date]:
    """The person whom a visit is about, and their local day; ``who``: (viewer, about whom)."""
    viewer_id, about_id = who
    if about_id != viewer_id and about_id not in settled.coachees:
        log_look(settled.store, settled.cursor, (about_id, viewer_id, "denied", False), now)
        raise NotAllowed
    own = about_id == viewer_id
    about = settled.viewer if own else _person(settled.store, settled.cursor, about_id)
    if about is None:
        raise NotAllowed
    return about, local_day(now, about.time_zone, about.day_ends)


def _person(store: Store, cursor: Cursor, person_id: int) -> Person | None:
    """Of anybody: whoever asks has to know already that the viewer may see them."""
    sql = history(Person, "person_id = ?", "app.raw.person")
    rows = store.ask(cursor, sql, [person_id], Cursor.fetchall)
    return next(iter(current(Person, rows)), None)
