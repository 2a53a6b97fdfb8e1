"""A server that is restarted, crashes or is away while people save: nothing is lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from coach_data import postgres
from coach_data.model import Indicator, Kind, Person, new_id
from coach_data.people import join, rename
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.server_faults import NoServer
from coach_data.store import Busy, Store
from tests.cluster import Cluster

PROCESSES, SAVES = 8, 500
SAVERS = Path(__file__).with_name("savers.py")


@pytest.fixture
def where(breakable: Cluster, tmp_path: Path) -> Iterator[Places]:
    with breakable.database() as server:
        yield Places(server, tmp_path / "key")


@pytest.fixture
def store(where: Places) -> Iterator[Store]:
    opened = open_store(where)
    yield opened
    opened.close()


def new(store: Store, name: str, now: datetime) -> tuple[Person, Indicator]:
    person = join(store, name, now)
    made = Indicator(
        person_id=person.person_id, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    )
    Visit.open(store, person.person_id, now).save(made)
    return person, made


def saving(where: Places, person: Person, indicator: Indicator) -> subprocess.Popen[str]:
    given = [str(where.data), str(where.key_file), str(person.person_id)]
    given += [str(indicator.indicator_id), str(SAVES)]
    return subprocess.Popen(
        [sys.executable, str(SAVERS), *given],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=SAVERS.parents[2],
        env={**os.environ, "PYTHONPATH": str(SAVERS.parents[2])},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.slow
def test_eight_processes_a_restart_and_a_crash(
    breakable: Cluster, where: Places, store: Store, now: datetime
) -> None:
    """``immediate`` is a crash: the server reads its log when it starts again."""
    people = [new(store, f"P{k}", now) for k in range(PROCESSES)]
    started = [saving(where, *who) for who in people]
    for process in started:
        assert line_of(process) == "ready"
    said: dict[int, list[str]] = {process.pid: [] for process in started}
    for how, after in (("fast", SAVES // 4), ("immediate", SAVES // 2)):
        while len(said[started[0].pid]) < after:
            said[started[0].pid].append(line_of(started[0]))
        assert [process.poll() for process in started] == [None] * PROCESSES, "in the middle of it"
        breakable.stop(how)
        time.sleep(0.5)
        breakable.start()
    codes = [process.wait(timeout=120) for process in started]
    told = [process.stderr.read() for process in started if process.stderr is not None]
    assert codes == [0] * PROCESSES, told
    for (person, _), process in zip(people, started, strict=True):
        assert process.stdout is not None
        told = [*said[process.pid], *process.stdout.read().split()]
        assert "unknown" not in told
        assert [int(k) for k in told] == list(range(SAVES))
        sql = "SELECT day, count(*) FROM app.raw.entry WHERE person_id = ? GROUP BY day"
        rows = store.ask(store.cursor(), sql, [person.person_id], lambda result: result.fetchall())
        assert len(rows) == SAVES
        assert {count for _, count in rows} == {1}


def test_a_save_waits_for_the_server(breakable: Cluster, store: Store, now: datetime) -> None:
    person, _ = new(store, "Ann", now)
    visit = Visit.open(store, person.person_id, now)
    breakable.stop()
    again = threading.Timer(1.0, breakable.start)
    again.start()
    rename(visit, "Ann B")
    again.join()
    assert Visit.open(store, person.person_id, now).about.name == "Ann B"


@pytest.mark.slow
def test_a_server_that_stays_away_is_told(
    breakable: Cluster, store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.5)
    person, _ = new(store, "Ann", now)
    visit = Visit.open(store, person.person_id, now)
    breakable.stop()
    try:
        for act in (
            lambda: rename(visit, "Ann B"),
            lambda: Visit.open(store, person.person_id, now),
            lambda: visit.records(Indicator),
        ):
            with pytest.raises(NoServer, match="still here"):
                act()
    finally:
        breakable.start()
    assert Visit.open(store, person.person_id, now).about.name == "Ann"
    rename(visit, "Ann B")


@pytest.mark.parametrize("saved", [True, False])
def test_where_nobody_knows_whether_it_was_saved_it_is_looked_up(
    breakable: Cluster,
    store: Store,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    saved: bool,
) -> None:
    """The connection ends around COMMIT, once after it and once before."""
    person, _ = new(store, "Ann", now)
    visit = Visit.open(store, person.person_id, now)
    whole = postgres.PostgresStore._transact
    calls = []

    def breaking(self: postgres.PostgresStore, *given: object) -> None:
        calls.append(given)
        if len(calls) > 1:
            whole(self, *given)  # type: ignore[arg-type]
            return
        self._committing = True
        if saved:
            whole(self, *given)  # type: ignore[arg-type]
        raise duckdb.IOException("server closed the connection unexpectedly")

    monkeypatch.setattr(postgres.PostgresStore, "_transact", breaking)
    rename(visit, "Ann B")
    assert len(calls) == (1 if saved else 2)
    rows = Visit.open(store, person.person_id, now).read("SELECT name FROM person_history")
    assert sorted(rows) == [("Ann",), ("Ann B",)]


def test_after_others_have_saved_a_doubtful_save_is_not_sent_again(
    breakable: Cluster, where: Places, store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was checked against may hold no more; so the person presses again."""
    person, _ = new(store, "Ann", now)
    visit = Visit.open(store, person.person_id, now)
    other = open_store(where)

    def breaking(self: postgres.PostgresStore, *given: object) -> None:
        other.stamp(now)
        raise duckdb.IOException("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(postgres.PostgresStore, "_transact", breaking)
        with pytest.raises(Busy):
            rename(visit, "Ann B")
    other.close()
    assert Visit.open(store, person.person_id, now).about.name == "Ann"
    rename(visit, "Ann B")
