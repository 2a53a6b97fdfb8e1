"""What happens to the tables before anybody uses them: migrations, and putting entries in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files

from coach_data.engine import Cursor, one
from coach_data.faults import ChangedMigration, NewerSchema

SCHEMA = files("coach_data") / "schema"
ENTRY_ORDER = "person_id, indicator_id, day, recorded_at"
TAIL = 100_000
"""Unordered entries that are worth a rewrite at start-up (and a fifth of the ordered ones)."""

_NOW = "make_timestamp(epoch_us(now()))"  # UTC, whatever the zone of the machine
LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - stored times are UTC without a zone

Run = Callable[..., Cursor]
"""``execute`` of a cursor."""


def migrations() -> list[tuple[str, str]]:
    """Every migration in order, as (file name, SQL)."""
    found = sorted((f for f in SCHEMA.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(f.name, f.read_text(encoding="utf-8")) for f in found]


def migrate(run: Run, harden: str = "CHECKPOINT app") -> bool:
    """Apply the migrations that are missing, each whole or not at all; whether there were any.

    ``harden``: a statement after each.

    Raises NewerSchema or ChangedMigration before anything is changed.
    """
    applied = _applied(run)
    known = [(name, sql, hashlib.sha256(sql.encode()).hexdigest()) for name, sql in migrations()]
    if len(applied) > len(known):
        raise NewerSchema
    for (name, _, digest), before in zip(known, applied, strict=False):
        if before != (name, digest):
            raise ChangedMigration(f"{ChangedMigration.__doc__} ({name})")
    for version, (name, sql, digest) in enumerate(known[len(applied) :], start=len(applied) + 1):
        run("BEGIN")
        run("CREATE SCHEMA IF NOT EXISTS app.raw")
        run(
            "CREATE TABLE IF NOT EXISTS app.raw.schema_version"
            " (version INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMP)"
        )
        run(sql)
        run(
            f"INSERT INTO app.raw.schema_version VALUES (?, ?, ?, {_NOW})",
            [version, name, digest],
        )
        run("COMMIT")
        run(harden)
    return len(applied) < len(known)


def _applied(run: Run) -> list[tuple[str, str]]:
    there = run(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'app'"
        " AND schema_name = 'raw' AND table_name = 'schema_version'"
    )
    if not one(there):
        return []
    rows = run("SELECT name, sha256 FROM app.raw.schema_version ORDER BY version").fetchall()
    return [(name, digest) for name, digest in rows]


def is_scattered(run: Run) -> bool:
    """Whether the unordered tail of the entries has grown long."""
    total = one(run("SELECT count(*) FROM app.raw.entry"))
    last = run("SELECT ordered_entries FROM app.raw.upkeep ORDER BY rowid DESC LIMIT 1")
    ordered = one(last) or 0
    return not 0 <= total - ordered < max(TAIL, ordered // 5)


def fill_in_order(run: Run, target: str) -> None:
    """Copy everything into empty tables of the same names, the entries in order."""
    tables = run(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'app'"
        " AND schema_name = 'raw' ORDER BY table_name"
    ).fetchall()
    for (table,) in tables:
        order = f" ORDER BY {ENTRY_ORDER}" if table == "entry" else ""
        run(f"INSERT INTO {target}.{table} FROM app.raw.{table}{order}")
    run(f"INSERT INTO {target}.upkeep SELECT count(*), {_NOW} FROM {target}.entry")


def latest_stamp(run: Run) -> datetime:
    """The latest ``recorded_at``: a clock that was set back must not hide later changes."""
    tables = run(
        "SELECT table_name FROM duckdb_columns() WHERE database_name = 'app'"
        " AND schema_name = 'raw' AND column_name = 'recorded_at'"
    ).fetchall()
    latest = " UNION ALL ".join(
        f"SELECT max(recorded_at) AS stamp FROM app.raw.{t}" for (t,) in tables
    )
    found = one(run(f"SELECT max(stamp) FROM ({latest})"))
    return found if isinstance(found, datetime) else LONG_AGO
