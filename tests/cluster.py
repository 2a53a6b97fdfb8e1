"""A real PostgreSQL server for tests, in a folder of its own, started and thrown away.

With COACH_TEST_ENGINE=postgresql the tests that ask for a store get one on such a server.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from coach_data.engine import Cursor, start_on_server
from coach_data.places import Places
from coach_data.postgres import PostgresStore
from coach_data.server import Server

ON_POSTGRES = os.environ.get("COACH_TEST_ENGINE", "") == "postgresql"
FEWER = 4 if ON_POSTGRES else 1
"""By what the number of random examples is divided: each statement is a way to the server and back."""
USER = "coach"
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For tests that stop no server: what is written may be lost with the machine."""
_NUMBERS = count(1)


class NoServerHere(Exception):
    """PostgreSQL is not installed: apt-get install postgresql."""


def programs() -> Path:
    """The folder with initdb and pg_ctl, of the newest version. Raises NoServerHere."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServerHere


class Cluster:
    """A running server. ``database()`` is a fresh one, made from a template that is ready."""

    def __init__(self, disk: Path | None = None, **settings: str) -> None:
        self._programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="coach-postgres-", dir=disk))
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:  # the server refuses to run as root
            name = next(u.pw_name for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody"))
            self._as = {"user": name, "extra_groups": []}
            os.chown(self.folder, pwd.getpwnam(name).pw_uid, -1)
        self.port = _free_port()
        self.settings = {"max_connections": "200", **settings}
        self._call("initdb", "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self.start()
        self._admin: Cursor | None = None
        self._template: str | None = None

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self.folder / "data"), *arguments]
        log = (self.folder / "log").open("ab")
        with log:
            subprocess.run(
                command, check=True, cwd="/", stdout=log, stderr=log, timeout=60, **self._as
            )

    def start(self) -> None:
        """Start the server and wait for it."""
        said = "".join(f" -c {name}={value}" for name, value in self.settings.items())
        # no socket in a folder: its whole path must not be longer than 107 characters
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1{said}"
        self._call("pg_ctl", "-w", "-l", str(self.folder / "server.log"), "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server: ``fast`` ends every connection, ``immediate`` is a crash."""
        self._call("pg_ctl", "-w", "-m", how, "stop")

    def remove(self) -> None:
        """Stop it and take its folder away."""
        if self._admin is not None:
            self._admin.close()
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def at(self, database: str, **given: Any) -> Server:
        """The address of one of its databases."""
        return Server("127.0.0.1", self.port, USER, database, **given)

    def run(self, sql: str, database: str = "postgres") -> None:
        """A statement for the server itself, outside of any transaction."""
        if database != "postgres":
            with attached(self.at(database)) as cursor:
                _execute(cursor, sql)
            return
        if self._admin is None:
            self._admin = _attach(self.at("postgres"))
        _execute(self._admin, sql)

    def new(self) -> Server:
        """An empty database."""
        name = f"empty_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name}")
        return self.at(name)

    def fresh(self) -> Server:
        """A database with all tables and nothing in them."""
        if self._template is None:
            template = self.new()
            PostgresStore(template, "a key that is forgotten").close()
            with attached(template) as cursor:
                _execute(cursor, "DELETE FROM shared.key")
            self._template = template.database
        name = f"test_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self.at(name)

    @contextmanager
    def database(self) -> Iterator[Server]:
        """The same, taken away afterwards."""
        server = self.fresh()
        try:
            yield server
        finally:
            self.run(f"DROP DATABASE {server.database} WITH (FORCE)")


@cache
def the_cluster() -> Cluster:
    """The server that all tests of this process share, which nobody stops.

    Where none is installed the test is skipped, but not in CI.
    """
    cluster = _started(**QUICK)
    atexit.register(cluster.remove)
    return cluster


@contextmanager
def own_cluster(disk: Path | None = None, **settings: str) -> Iterator[Cluster]:
    """A server that a test may stop; its disk is written to in earnest, or it is that one."""
    cluster = _started(disk, **settings)
    try:
        yield cluster
    finally:
        cluster.remove()


def _started(disk: Path | None = None, **settings: str) -> Cluster:
    try:
        return Cluster(disk, **settings)
    except NoServerHere as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem.__doc__))


def places_at(folder: Path) -> Places:
    """A data file in that folder and a key beside it; or a database in the place of the file."""
    if not ON_POSTGRES:
        return Places(folder / "c.duckdb", folder / "key")
    known = folder / "database"  # asked again it is the same one
    if not known.exists():
        folder.mkdir(parents=True, exist_ok=True)
        known.write_text(the_cluster().fresh().database)
    return Places(the_cluster().at(known.read_text()), folder / "key")


@contextmanager
def attached(server: Server) -> Iterator[Cursor]:
    """An engine with that database as ``db``."""
    cursor = _attach(server)
    try:
        yield cursor
    finally:
        cursor.close()


def _attach(server: Server) -> Cursor:
    cursor = start_on_server()
    where = f"host={server.host} port={server.port} user={server.user} dbname={server.database}"
    cursor.execute(f"ATTACH '{where}' AS db (TYPE postgres)")
    return cursor


def _execute(cursor: Cursor, sql: str) -> None:
    cursor.execute("CALL postgres_execute('db', ?, use_transaction = false)", [sql])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
