"""What the server is asked for: never a whole table, and each question has an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from coach_data.places import Places
from coach_data.privacy import Visit, open_store, views
from coach_data.server import Server
from coach_data.store import Store
from sample_data.load import load
from tests.cluster import Cluster, attached

ASKED = re.compile(r"statement: COPY \((SELECT .*?)\) TO STDOUT")
WHOLE = {
    "met": {"person"},  # names of that time, only on two screens about oneself
    "roster": {"person", "membership"},  # a list of everybody, for an administrator
    "release": {"release"},  # a word for each behaviour, block and programme
}
"""Views that may read whole tables, and which."""


@pytest.fixture
def sample(server: Server, tmp_path: Path, now: datetime) -> Iterator[tuple[Store, dict[str, int]]]:
    store = open_store(Places(server, tmp_path / "key"))
    ids = load(store, now)
    yield store, ids
    store.close()


@pytest.fixture
def asked(
    postgres: Cluster, server: Server, sample: tuple[Store, dict[str, int]]
) -> Callable[[Callable[[], object]], list[str]]:
    """``asked(act)``: what the server was asked for in the tables meanwhile."""
    log = postgres.folder / "server.log"

    def during(act: Callable[[], object]) -> list[str]:
        before = log.stat().st_size
        postgres.run(f"ALTER DATABASE {server.database} SET log_statement = 'all'")
        try:
            postgres.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE datname = '{server.database}'"
            )  # the setting counts for new connections
            act()
        finally:
            postgres.run(f"ALTER DATABASE {server.database} RESET log_statement")
        said = log.read_bytes()[before:].decode()
        return [q for q in ASKED.findall(said) if '"raw".' in q]

    return during


def names() -> list[str]:
    return re.findall(r"CREATE VIEW (\w+) AS", views())


@pytest.mark.parametrize("who", [pytest.param("Bruno", marks=pytest.mark.slow), "Noor"])
def test_every_view_hands_on_whom_it_is_about(
    sample: tuple[Store, dict[str, int]],
    asked: Callable[[Callable[[], object]], list[str]],
    server: Server,
    now: datetime,
    who: str,
) -> None:
    """A coachee and a coach of several read every view without any filter of their own."""
    store, ids = sample
    questions: dict[str, list[str]] = {}

    def settle() -> None:
        questions["settling"] = []
        Visit.open(store, ids[who], now)

    questions["settling"] = asked(settle)
    visit = Visit.open(store, ids[who], now)
    for name in names():
        questions[name] = asked(lambda name=name: visit.read(f"FROM {name}"))  # type: ignore[misc]
    assert sum(map(len, questions.values())) > 40
    with attached(server) as cursor:
        for name, found in questions.items():
            for sql in found:
                table = re.search(r'"raw"\."(\w+)"', sql)
                assert table is not None
                if " WHERE " not in sql:
                    assert table[1] in WHOLE.get(name, set()), f"{name}: {sql}"
                    continue
                plan = cursor.execute(
                    "FROM postgres_query('db', ?)", [f"SELECT shared.plan($plan${sql}$plan$)"]
                ).fetchall()[0][0]
                assert "Index" in plan or "Bitmap" in plan, f"{name}: {sql}\n{plan}"


@pytest.fixture(autouse=True)
def plans(postgres: Cluster, server: Server) -> None:
    """The plan of a question, in a database too small to need an index."""
    postgres.run(
        "CREATE FUNCTION shared.plan(sql text) RETURNS text LANGUAGE plpgsql"
        " SET enable_seqscan = off AS $$ DECLARE line text; found text := ''; BEGIN"
        " FOR line IN EXECUTE 'EXPLAIN ' || sql LOOP found := found || line || E'\\n'; END LOOP;"
        " RETURN found; END $$",
        server.database,
    )


def test_a_coach_is_sent_nobody_elses_rows(
    sample: tuple[Store, dict[str, int]],
    asked: Callable[[Callable[[], object]], list[str]],
    now: datetime,
) -> None:
    store, ids = sample
    visit = Visit.open(store, ids["Noor"], now)
    (sql,) = asked(lambda: visit.read("SELECT count(*) FROM entry_history"))
    listed = {int(i) for i in re.findall(r"'(\d+)'", sql)}
    assert listed == {ids["Noor"], *visit.coachees} & listed
    assert len(visit.coachees) > 2
    assert listed - {ids["Noor"]}


def test_nobody_sees_anything_before_somebody_is_there(
    sample: tuple[Store, dict[str, int]],
) -> None:
    """Unset, NULL and empty lists add nobody."""
    store, _ = sample
    for sets in ("", "SET VARIABLE frame = []::BIGINT[]", "SET VARIABLE frame = NULL"):
        cursor = store.cursor()
        if sets:
            cursor.execute(sets)
        for name in names():
            assert cursor.execute(f"FROM {name}").fetchall() == [], name
