"""Privacy in one place, with two doors.

Reading goes through the views of ``privacy.sql``, filtered by the viewer of the cursor; writing goes
through ``Visit.save``, which asks one table who may write what. Both start from nothing: a table
without a view cannot be read, a record without a line in ``WRITERS`` cannot be written.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime
from enum import Enum, StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from coach_data.dates import local_day
from coach_data.model import (
    RECORDS,
    Aim,
    Annotation,
    Consent,
    DayLog,
    Entry,
    EntryNote,
    Indicator,
    Membership,
    NotAllowed,
    Outcome,
    Pairing,
    Person,
    Record,
)
from coach_data.places import Places
from coach_data.store import Cursor, Store
from coach_data.text import clean
from coach_data.values import BadValue

if TYPE_CHECKING:
    import numpy as np

R = TypeVar("R", bound=Record)


class Relation(Enum):
    """What the viewer is to the person whom a record is about."""

    SELF = "self"
    COACH = "coach"


WRITERS: dict[type[Record], frozenset[Relation]] = {
    Person: frozenset({Relation.SELF}),
    Membership: frozenset({Relation.SELF}),
    Pairing: frozenset({Relation.SELF}),
    Consent: frozenset({Relation.SELF}),
    Outcome: frozenset({Relation.SELF}),
    Indicator: frozenset({Relation.SELF}),
    Aim: frozenset({Relation.SELF}),
    Entry: frozenset({Relation.SELF}),
    EntryNote: frozenset({Relation.SELF}),
    DayLog: frozenset({Relation.SELF}),
    Annotation: frozenset({Relation.SELF}),
}

# Fields that point at another record, which must belong to the same person.
REFERENCES = {"indicator_id": "indicator", "guard_of": "indicator", "outcome_id": "outcome"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at one screen at one moment: who looks, at whom, and which local day it is there.

    Made anew for each run of a screen, so an ended pairing or a withdrawn consent counts at once.
    """

    store: Store
    cursor: Cursor
    viewer_id: int
    about: Person
    now: datetime
    today: date

    @classmethod
    def open(
        cls, store: Store, viewer_id: int, now: datetime, about_id: int | None = None
    ) -> Visit:
        """A visit of ``viewer_id`` to their own data, or to those of ``about_id``.

        ``now``: aware. Raises NotAllowed, and logs it, where the viewer may not see that person.
        """
        cursor = store.cursor()
        cursor.execute("SET VARIABLE viewer = ?", [viewer_id])
        about_id = viewer_id if about_id is None else about_id
        people = _records(cursor, Person, "person_id = ?", [about_id])
        if not people or not _sees(cursor, about_id):
            if about_id != viewer_id:
                _log_look(store, cursor, about_id, viewer_id, "denied", False, now)
            raise NotAllowed
        about = people[0]
        today = local_day(now, about.time_zone, about.day_ends)
        return cls(store, cursor, viewer_id, about, now, today)

    @classmethod
    def first(cls, store: Store, person: Person, now: datetime) -> Visit:
        """The visit in which a new person saves their own record; there is nothing to see yet."""
        cursor = store.cursor()
        cursor.execute("SET VARIABLE viewer = ?", [person.person_id])
        today = local_day(now, person.time_zone, person.day_ends)
        return cls(store, cursor, person.person_id, person, now, today)

    @property
    def own(self) -> bool:
        """Whether the viewer looks at their own data."""
        return self.about.person_id == self.viewer_id

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query over the views; ``values`` are bound to its question marks."""
        return self.cursor.execute(sql, list(values)).fetchall()

    def arrays(self, sql: str, values: Sequence[Any] = ()) -> dict[str, np.ndarray[Any, Any]]:
        """The same as numpy columns (masked where there are NULLs): for series, not for texts."""
        columns: dict[str, np.ndarray[Any, Any]] = self.cursor.execute(  # type: ignore[assignment]
            sql, list(values)
        ).fetchnumpy()
        return columns

    def records(self, kind: type[R], where: str = "true", values: Sequence[Any] = ()) -> list[R]:
        """The current records of a kind about the person this visit is about."""
        condition = f"person_id = ? AND ({where})"
        return _records(self.cursor, kind, condition, [self.about.person_id, *values])

    def save(self, *records: Record) -> None:
        """Save all the records or, if one may not be saved, none. Durable when it returns.

        Raises NotAllowed, BadText, BadValue or a StoreError; then nothing was saved.
        """
        ready = [_checked(record) for record in records]
        self._may_write(ready)
        rows: dict[type[Record], list[tuple[Any, ...]]] = defaultdict(list)
        for record in ready:
            stamp = self.store.stamp(self.now)
            rows[type(record)].append((*_values(record), stamp, self.viewer_id))
        with self.store.writing(self.cursor):
            for kind, batch in rows.items():
                columns = (*(f.name for f in fields(kind)), "recorded_at", "author")
                self.store.append(self.cursor, kind.TABLE, columns, batch)

    def _may_write(self, records: Sequence[Record]) -> None:
        coachees = {person_id for (person_id,) in self.read("FROM coachee")}
        for kind, person_id in {(type(r), r.person_id) for r in records}:
            relation = (
                Relation.SELF
                if person_id == self.viewer_id
                else Relation.COACH
                if person_id in coachees
                else None
            )
            if relation not in WRITERS.get(kind, frozenset()):
                _log_look(
                    self.store, self.cursor, person_id, self.viewer_id, "denied", False, self.now
                )
                raise NotAllowed
        self._may_point(records)

    def _may_point(self, records: Sequence[Record]) -> None:
        """Whether every record points only at records of its own person, stored or saved with it."""
        wanted: dict[str, set[tuple[int, int]]] = defaultdict(set)
        here: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for record in records:
            own_id = f"{record.TABLE}_id"
            for field in fields(record):
                value = getattr(record, field.name)
                if field.name == own_id:
                    here[record.TABLE].add((record.person_id, value))
                elif field.name in REFERENCES and value is not None:
                    wanted[REFERENCES[field.name]].add((record.person_id, value))
        for table, pairs in wanted.items():
            for person_id in {p for p, _ in pairs}:
                ids = sorted(i for p, i in pairs - here[table] if p == person_id)
                if not ids:
                    continue
                sql = f"SELECT count(*) FROM {table} WHERE person_id = ? AND {table}_id IN "
                marks = "(" + ", ".join("?" * len(ids)) + ")"
                if self.read(sql + marks, [person_id, *ids])[0][0] != len(ids):
                    raise NotAllowed

    def look(self, screen: str) -> None:
        """Write down that the viewer looks at somebody else's data, on that screen."""
        if not self.own:
            _log_look(
                self.store,
                self.cursor,
                self.about.person_id,
                self.viewer_id,
                screen,
                True,
                self.now,
            )


def open_store(where: Places) -> Store:
    """The store at ``where`` with the views in place: nothing else should open one for a screen."""
    store = Store(where.data, where.key())
    store.define(views())
    return store


def views() -> str:
    """``privacy.sql``, and for each record the view of its current rows over its visible history."""
    made = [(files("coach_data") / "privacy.sql").read_text(encoding="utf-8")]
    for kind in RECORDS:
        key = ", ".join(kind.KEY)
        rest = [f.name for f in fields(kind) if f.name not in kind.KEY]
        latest = "".join(f", arg_max_null({c}, recorded_at) AS {c}" for c in [*rest, "author"])
        made.append(
            f"CREATE VIEW {kind.TABLE} AS SELECT {key}{latest}, max(recorded_at) AS recorded_at"
            f" FROM {kind.TABLE}_history GROUP BY {key};"
        )
    return "\n".join(made)


def people_on_this_device(store: Store) -> list[tuple[int, str, str]]:
    """(id, name, programme) of everybody in the store, by name: only for a store without sign-in.

    Whoever can reach such a store can choose to be anybody in it; the screen says so.
    """
    sql = """
        SELECT person_id, arg_max(name, recorded_at) AS name, arg_max(programme, recorded_at)
        FROM app.raw.person GROUP BY person_id ORDER BY name, person_id
    """
    return store.cursor().execute(sql).fetchall()


def remember_device(store: Store, token: str, person_id: int | None, now: datetime) -> None:
    """The browser that holds ``token`` goes on as that person from now on; None: as nobody."""
    cursor = store.cursor()
    row = (_digest(token), person_id, store.stamp(now))
    with store.writing(cursor):
        store.append(cursor, "device", ("token_sha256", "person_id", "recorded_at"), [row])


def device_person(store: Store, token: str) -> int | None:
    """As whom the browser that holds ``token`` goes on, or None."""
    sql = "SELECT arg_max_null(person_id, recorded_at) FROM app.raw.device WHERE token_sha256 = ?"
    row = store.cursor().execute(sql, [_digest(token)]).fetchone()
    return row[0] if row else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sees(cursor: Cursor, person_id: int) -> bool:
    sql = "SELECT count(*) FROM sees_frame WHERE person_id = ?"
    row = cursor.execute(sql, [person_id]).fetchone()
    return bool(row and row[0])


def _log_look(
    store: Store,
    cursor: Cursor,
    person_id: int,
    viewer_id: int,
    screen: str,
    allowed: bool,
    now: datetime,
) -> None:
    """Append to the chain of looks at ``person_id``: each row's digest covers the one before it."""
    last = "SELECT arg_max(digest, recorded_at) FROM app.raw.access_log WHERE person_id = ?"
    with store.writing(cursor):
        row = cursor.execute(last, [person_id]).fetchone()
        previous = (row and row[0]) or ""
        stamp = store.stamp(now)
        digest = _digest(
            f"{previous}|{person_id}|{viewer_id}|{screen}|{allowed}|{stamp.isoformat()}"
        )
        columns = (
            "person_id",
            "viewer_id",
            "screen",
            "allowed",
            "previous",
            "digest",
            "recorded_at",
        )
        values = (person_id, viewer_id, screen, allowed, previous, digest, stamp)
        store.append(cursor, "access_log", columns, [values])


def _records(cursor: Cursor, kind: type[R], where: str, values: Sequence[Any]) -> list[R]:
    names = [f.name for f in fields(kind)]
    rows = cursor.execute(
        f"SELECT {', '.join(names)} FROM {kind.TABLE} WHERE {where}", list(values)
    ).fetchall()
    made = []
    for row in rows:
        found = dict(zip(names, row, strict=True))
        for name, enum in _ENUMS[kind]:
            found[name] = enum(found[name])
        made.append(kind(**found))
    return made


def _enum_fields(kind: type[Record]) -> list[tuple[str, type[StrEnum]]]:
    hints = get_type_hints(kind)
    return [
        (f.name, hints[f.name])
        for f in fields(kind)
        if not get_args(hints[f.name]) and issubclass(hints[f.name], StrEnum)
    ]


_ENUMS: dict[type[Record], list[tuple[str, type[StrEnum]]]] = {k: _enum_fields(k) for k in RECORDS}


def _values(record: Record) -> tuple[Any, ...]:
    return tuple(v.value if isinstance(v, StrEnum) else v for v in astuple(record))


def _checked(record: R) -> R:
    """The record with its texts cleaned; raises BadText or BadValue."""
    changes: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, float) and not math.isfinite(value):
            raise BadValue("That is not a number that can be kept. Please type it again.")
        if isinstance(value, str) and not isinstance(value, StrEnum):
            kept = clean(value, field.name)
            if kept != value:
                changes[field.name] = kept
    return replace(record, **changes) if changes else record
