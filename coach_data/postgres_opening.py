"""Opening a PostgreSQL database: attached, and made ready by one process at a time."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from coach_data.engine import Cursor
from coach_data.postgres_sql import asked, run
from coach_data.server import Server
from coach_data.server_faults import OtherKey, TooOld
from coach_data.upkeep import migrate

OLDEST = 140_000
"""The oldest version of the server, as it numbers them."""
POOL = 16
"""Connections that a process keeps; each open question needs one."""
MIGRATING = 7005317003


def attach_server(root: Cursor, server: Server) -> None:
    """``app`` for rows, ``turns`` for what the processes share: it sees what is newest."""
    root.execute("SET GLOBAL pg_use_ctid_scan = false")  # or the server could not use an index
    # Two more ways to the server for each question: what the tables are changes at a start only, and a
    # connection that broke says so itself.
    root.execute("SET GLOBAL pg_staleness_query_enabled = false")
    root.execute("SET GLOBAL pg_pool_health_check_query = ''")
    root.execute(f"SET GLOBAL pg_connection_limit = {POOL}")
    root.execute(f"SET GLOBAL pg_pool_max_connections = {POOL}")
    secret = server.secret
    marks = "".join(f", {name} ?" for name in secret)
    root.execute(f"CREATE SECRET server (TYPE postgres{marks})", [*secret.values()])
    how = "'" + server.connection.replace("'", "''") + "'"
    for name, level in (("app", "REPEATABLE READ"), ("turns", "READ COMMITTED")):
        options = f"TYPE postgres, SECRET server, ISOLATION_LEVEL '{level}'"
        root.execute(f"ATTACH {how} AS {name} ({options})")


def check_connections(root: Cursor) -> None:
    """From now on each is asked whether it still holds before it is used: one of them has broken."""
    for name in ("app", "turns"):
        pool = f"catalog_name = '{name}', health_check_query = 'SELECT 1'"
        root.execute(f"FROM postgres_configure_pool({pool})").fetchall()


def prepare(root: Cursor, key_digest: str) -> None:
    """Bring the tables up to date. Raises TooOld, OtherKey, NewerSchema or ChangedMigration."""
    if int(asked(root, "SELECT current_setting('server_version_num')")) < OLDEST:
        raise TooOld
    turn = root.cursor()
    turn.execute("BEGIN")
    try:
        asked(turn, f"SELECT pg_advisory_xact_lock({MIGRATING})::text")
        root.execute("CALL pg_clear_cache()")
        changed = migrate(root.execute, "CALL pg_clear_cache()")
        sql = (files("coach_data") / "postgres.sql").read_text(encoding="utf-8")
        digest = hashlib.sha256(sql.encode()).hexdigest()
        there = "SELECT obj_description(to_regnamespace('shared')::oid, 'pg_namespace')"
        if changed or asked(root, there) != digest:
            run(root, f"{sql}\nCOMMENT ON SCHEMA shared IS '{digest}'")
            root.execute("CALL pg_clear_cache()")
        _check_key(root, key_digest)
    finally:
        turn.execute("COMMIT")


def _check_key(root: Cursor, mine: str) -> None:
    known = asked(root, "SELECT max(digest) FROM shared.key")
    if known is None:
        run(root, f"INSERT INTO shared.key VALUES ('{mine}')")
    elif known != mine:
        raise OtherKey
