"""PostgreSQL: the same reads as of the data file, and more processes against one."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from coach_data.engine import attach, load
from coach_data.places import Places
from coach_data.postgres import PostgresStore
from coach_data.privacy import open_store
from coach_data.server import Server
from tests.bench.bulk import Size, at, store_of
from tests.bench.rows import SECONDS, Row, ratio
from tests.bench.storage import MIDDLE, QUICK, person_reads
from tests.browser.server import ROOT
from tests.cluster import Cluster, NoServerHere

PROCESSES, FOR_SECONDS, ROUNDS = 8, 8, 3


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """On a server of one's own, thrown away afterwards; its disk is written to in earnest."""
    size = QUICK[1] if quick else MIDDLE
    home = store_of(folder, size)
    try:
        cluster = Cluster()
    except NoServerHere as problem:
        print(f"server: left out. {problem.__doc__}", file=sys.stderr)
        return
    try:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            yield from _processes(cluster.fresh(), Path(own), 3 if quick else FOR_SECONDS)
        yield from _reads(cluster, home, size)
    finally:
        cluster.remove()


def _reads(cluster: Cluster, home: Path, size: Size) -> Iterator[Row]:
    server = cluster.fresh()
    _bring(cluster, home, server)
    where = Places(server, at(home).key_file)
    with closing(open_store(where)) as one, closing(open_store(at(home))) as other:
        spent = person_reads(one, other)
    yield Row("person read, PostgreSQL / file", ratio(*spent), size=str(size), most=2)
    yield Row("person read, PostgreSQL", statistics.median(spent[0]), SECONDS, str(size))


def _bring(cluster: Cluster, home: Path, server: Server) -> None:
    """Everything of that store into the empty tables of a server.

    The index comes last: that is quicker, and the server needs no more than ``move`` would leave it.
    """
    with closing(PostgresStore(server, at(home).key())) as store:
        cursor = store.cursor()
        load(cursor, "httpfs")
        attach(cursor, at(home).file, at(home).key(), "file")
        cluster.run("DROP INDEX raw.entry_day", server.database)
        sql = (
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'file'"
            " AND schema_name = 'raw' AND table_name NOT IN ('schema_version', 'upkeep')"
        )
        for (table,) in cursor.execute(sql).fetchall():
            cursor.execute(f"INSERT INTO app.raw.{table} FROM file.raw.{table}")
        cursor.execute("DETACH file")
    cluster.run("CREATE INDEX entry_day ON raw.entry (person_id, day)", server.database)
    cluster.run("VACUUM ANALYZE", server.database)


def _processes(server: Server, own: Path, seconds: int) -> Iterator[Row]:
    """Saves a second of eight processes at once and of one, by turns."""
    Places(server, own / "key").key()
    alone, together = [], []
    for _ in range(ROUNDS):
        alone.append(_saved(server, own / "key", 1, seconds) / seconds)
        together.append(_saved(server, own / "key", PROCESSES, seconds) / seconds)
    more = statistics.median(t / a for t, a in zip(together, alone, strict=True))
    size = f"{ROUNDS} × {seconds} s"
    yield Row(f"PostgreSQL, {PROCESSES} processes / 1, saves", more, size=size, least=2)
    name = f"PostgreSQL: saves a second, {PROCESSES} processes"
    yield Row(name, statistics.median(together), "", size)


def _saved(server: Server, key_file: Path, count: int, seconds: int) -> int:
    address = f"postgresql://{server.user}@{server.host}:{server.port}/{server.database}"
    command = [sys.executable, "-m", "tests.bench.saver", address, str(key_file), str(seconds)]
    savers = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
        )
        for _ in range(count)
    ]
    for saver in savers:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "ready\n"
    for saver in savers:
        assert saver.stdin is not None
        saver.stdin.write("\n")
        saver.stdin.flush()
    done = 0
    for saver in savers:
        said, _ = saver.communicate(timeout=60 + seconds)
        assert saver.returncode == 0
        done += int(said)
    return done
