"""What is said to the PostgreSQL server itself, past the tables that the engine attaches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from coach_data.engine import Cursor, one
from coach_data.store import Mend, Rows, Staying

ALL = "everybody"
"""The key of whoever is alone with everything."""


def asked(cursor: Cursor, sql: str) -> Any:
    """The one value of a query that the server itself answers."""
    return one(cursor.execute("FROM postgres_query('turns', ?)", [sql]))


def listed(cursor: Cursor, sql: str) -> list[int]:
    return asked(cursor, sql) or []


def entry_parts(cursor: Cursor, person_id: int) -> list[str]:
    """The parts of the table of entries in which that person's are."""
    found = "SELECT array_agg(DISTINCT tableoid::regclass::text) FROM raw.entry"
    sql = f"{found} WHERE person_id = {person_id}"
    return one(cursor.execute("FROM postgres_query('app', ?)", [sql])) or []


def run(cursor: Cursor, sql: str, on: str = "app", *, alone: bool = False) -> None:
    """Statements for the server itself, in the cursor's transaction; ``alone``: outside of any.

    Where nothing is told back this is quicker than to ask: the server is not asked for types first.
    """
    outside = ", use_transaction = false" if alone else ""
    cursor.execute(f"CALL postgres_execute('{on}', ?{outside})", [sql])


def alone(keys: set[str]) -> str:
    return f"SELECT shared.alone({numbers(keys)})"


def begin_saving(cursor: Cursor, keys: set[str]) -> None:
    """In the cursor's transaction: until it ends nobody else is alone with one of these keys."""
    run(cursor, f"SELECT shared.saving({numbers(keys)})")


def numbers(keys: set[str]) -> str:
    """The keys as the server wants them, always in one order; none for everybody."""
    made = [] if ALL in keys else sorted(map(number, keys))
    return f"ARRAY[{', '.join(map(str, made))}]::bigint[]"


def number(key: str) -> int:
    """A key as the server wants it; two keys with one number would only wait for each other."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)


def updated(part: Staying) -> str:
    """What changes in the rows of a table that stay, as PostgreSQL says it: the others go as they are."""
    if not part.changed:
        return ""
    sets = ", ".join(f"{c} = {to}" for c, to in part.changed.items())
    differs = " OR ".join(f"{c} IS DISTINCT FROM {to}" for c, to in part.changed.items())
    stays = "".join(f" AND {condition}" for condition in part.where)
    return native(f"UPDATE app.raw.{part.table} SET {sets} WHERE ({differs}){stays}")


def deleted(part: Staying) -> str:
    if not part.where:
        return ""
    return native(f"DELETE FROM app.raw.{part.table} WHERE NOT ({' AND '.join(part.where)})")


def counted(rows: Rows) -> tuple[str, list[Any]]:
    """How many rows there are like the first of these, as a query with its values."""
    table, columns, values = rows
    row = dict(zip(columns, values[0], strict=True))
    known = {c: row[c] for c in ("person_id", "recorded_at") if row.get(c) is not None}
    where = " AND ".join(f"{column} = ?" for column in known)
    return f"SELECT count(*) FROM app.raw.{table} WHERE {where}", [*known.values()]


def native(sql: str) -> str:
    return sql.replace("app.raw.", "raw.")


def leave_out(cursor: Cursor, person_id: int, staying: Sequence[Staying], mend: Mend) -> list[str]:
    """Keep what stays, in the cursor's transaction; the tables, or parts, in which rows changed."""
    touched = {"raw.access_log"}
    parts = entry_parts(cursor, person_id)
    for change in (updated, deleted):  # what goes may tell what else has to change
        touched |= {f"raw.{p.table}" for p in staying if done(cursor, change(p))}
    mend(cursor, "app.raw")
    run(cursor, f"INSERT INTO shared.erased VALUES ({person_id})")
    return [*sorted(touched - {"raw.entry"}), *parts]


def done(cursor: Cursor, sql: str) -> int:
    """Do that on the server; how many rows it was about."""
    if not sql:
        return 0
    asked_for = "SELECT shared.done($change$" + sql + "$change$)"
    return int(one(cursor.execute("FROM postgres_query('app', ?)", [asked_for])))
