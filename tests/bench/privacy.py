"""What privacy costs on the compass, and whether the rows of ten thousand other people cost anything."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from coach_data.devices import device_person, remember_device
from coach_data.model import (
    Aim,
    Consent,
    Entry,
    Indicator,
    Kind,
    Membership,
    Pairing,
    Person,
    Purpose,
    Record,
    Role,
    new_id,
)
from coach_data.people import roles_of
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.records import columns, row_of
from coach_data.sign_in import Identity, signed_in
from coach_data.store import Rows, Store
from sample_data.load import load
from tests.bench.rows import SECONDS, Row, ratio
from tests.bench.visits import Tab
from tests.browser.server import Server

OTHERS, CHUNK, BEHAVIOURS, DAYS = 10_000, 500, 5, 20
SETTLED = 35.0
"""Seconds after which a server has done what it does once after its start."""


def _somebody(number: int, coach: int, day: date) -> list[Record]:
    me, ids = new_id(), [new_id() for _ in range(BEHAVIOURS)]
    leading: dict[str, Any] = {"person_id": me, "kind": Kind.LEADING}
    return [
        Person(person_id=me, name=f"Other {number}", programme="others"),
        Membership(person_id=me, role=Role.COACHEE),
        Pairing(person_id=me, coach_id=coach),
        Consent(person_id=me, purpose=Purpose.ENTRIES, given=True),
        *(Indicator(**leading, indicator_id=i, name=f"Behaviour {i}") for i in ids),
        *(Aim(person_id=me, indicator_id=i, since=day, amount=3) for i in ids),
        *(
            Entry(person_id=me, indicator_id=i, day=day + timedelta(days=k), value=float(k % 7))
            for i in ids
            for k in range(DAYS)
        ),
    ]


def add_others(store: Store, count: int = OTHERS) -> int:
    """Bring in that many people, twenty to a coach; how many rows they have."""
    now, rows = datetime.now(UTC), 0
    day, coach = now.date() - timedelta(days=DAYS), new_id()
    for first in range(0, count, CHUNK):
        records: dict[type[Record], list[tuple[Any, ...]]] = {}
        for number in range(first, first + CHUNK):
            coach = new_id() if number % 20 == 0 else coach
            for record in _somebody(number, coach, day):
                at = store.stamp(now)
                row = (*row_of(record), at, record.person_id)
                records.setdefault(type(record), []).append(row)
        names = ("recorded_at", "author")
        store.append(*(Rows(k.TABLE, (*columns(k), *names), b) for k, b in records.items()))
        rows += sum(map(len, records.values()))
    return rows


def _each_run(store: Store, viewer_id: int, count: int = 200) -> float:
    """Seconds in which a run of a screen finds that its sign-in still holds."""
    now = datetime.now(UTC)
    who = Identity("https://one.example", "amara", now, "proof")
    cursor = store.cursor()
    known = "INSERT INTO app.raw.identity VALUES ('https://one.example', 'amara', ?, now())"
    cursor.execute(known, [viewer_id])
    spent = []
    for _ in range(count):
        began = time.perf_counter()
        assert signed_in(store, "t" * 43, who, now) is not None
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def _stores(folder: Path, others: int) -> tuple[Path, Path]:
    """Two folders with the sample programme, one of them with all the others.

    Amara and her coach each have a browser in it.
    """
    few, many = folder / "few", folder / "many"
    few.mkdir()
    where = Places(few / "c.duckdb", few / "key")
    store, now = open_store(where), datetime.now(UTC)
    people = load(store, now)
    coach = next(
        person_id
        for person_id in people.values()
        if people["Amara"] in (visit := Visit.open(store, person_id, now)).coachees
        and Role.COACH in roles_of(visit)
    )
    remember_device(store, "coachee", people["Amara"], now)
    remember_device(store, "coach", coach, now)
    store.close()
    shutil.copytree(few, many)
    where = Places(many / "c.duckdb", many / "key")
    store = open_store(where)
    add_others(store, others)
    store.close()
    open_store(where).close()  # which puts the new entries in their order
    return few, many


async def _reruns(servers: dict[str, Server], who: str, count: int) -> dict[str, list[float]]:
    """Seconds of each rerun of the compass of Amara, by turns on each of the servers."""
    tabs = {name: Tab(server.port, "compass", who) for name, server in servers.items()}
    spent: dict[str, list[float]] = {name: [] for name in servers}
    for tab in tabs.values():
        await tab.open()
        if who == "coach":
            await tab.rerun(chosen={"Looking at": "Amara"})
        for _ in range(5):
            await tab.rerun()
    for _ in range(count):
        for name, tab in tabs.items():
            spent[name].append(await tab.rerun())
    for tab in tabs.values():
        assert not tab.wrong, tab.wrong[0]
        await tab.socket.close()
    return spent


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Whole runs of the page, all servers by turns in one stretch of time."""
    count, others = (20, 500) if quick else (100, OTHERS)
    with tempfile.TemporaryDirectory(dir=folder) as name, ExitStack() as running:
        own = Path(name)
        few, many = _stores(own, others)
        servers = {}
        for kind, source in (("few", few), ("many", many)):
            for how, app in (("with", "app.py"), ("without", "tests/bench/without.py")):
                shutil.copytree(source, own / f"{kind} {how}")
                server = Server(own / f"{kind} {how}", command=("run", app))
                servers[f"{kind} {how}"] = server
                running.callback(server.stop)
        time.sleep(SETTLED)
        size = f"{others:,} others"
        for who in ("coachee", "coach"):
            spent = asyncio.run(_reruns(servers, who, count))
            yield Row(f"compass of a {who}", statistics.median(spent["few with"]), SECONDS)
            for kind, where in (("few", ""), ("many", size)):
                what = f"privacy on the compass, with / without, {who}"
                yield Row(what, ratio(spent[f"{kind} with"], spent[f"{kind} without"]), size=where)
            what = f"compass, {who}: among many / few"
            yield Row(what, ratio(spent["many with"], spent["few with"]), size=size, most=1.3)
        with closing(open_store(Places(few / "c.duckdb", few / "key"))) as store:
            amara = device_person(store, "coachee")
            assert amara is not None
            yield Row("sign-in check of a run", _each_run(store, amara), SECONDS)
