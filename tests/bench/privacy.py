"""What privacy costs on the compass, and whether the rows of ten thousand other people cost anything."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
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
from coach_data.store import Store
from sample_data.load import load
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
    now, cursor, rows = datetime.now(UTC), store.cursor(), 0
    day, coach = now.date() - timedelta(days=DAYS), new_id()
    for first in range(0, count, CHUNK):
        records: dict[type[Record], list[tuple[Any, ...]]] = {}
        for number in range(first, first + CHUNK):
            coach = new_id() if number % 20 == 0 else coach
            for record in _somebody(number, coach, day):
                at = store.stamp(now)
                row = (*row_of(record), at, record.person_id)
                records.setdefault(type(record), []).append(row)
        with store.writing(cursor):
            for kind, batch in records.items():
                store.append(cursor, kind.TABLE, (*columns(kind), "recorded_at", "author"), batch)
                rows += len(batch)
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


def _stores(folder: Path) -> tuple[Path, Path]:
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
    add_others(store)
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


def privacy(count: int = 100) -> dict[str, float]:
    """Seconds and ratios of whole runs of the page, all servers by turns in one stretch of time."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        few, many = _stores(folder)
        servers = {}
        for kind, source in (("few", few), ("many", many)):
            for how, app in (("with", "app.py"), ("without", "tests/bench/without.py")):
                own = folder / f"{kind} {how}"
                shutil.copytree(source, own)
                servers[f"{kind} {how}"] = server = Server(own, command=("run", app))
                running.callback(server.stop)
        time.sleep(SETTLED)
        for who in ("coachee", "coach"):
            spent = asyncio.run(_reruns(servers, who, count))

            def ratio(one: str, other: str, spent: dict[str, list[float]] = spent) -> float:
                pairs = zip(spent[one], spent[other], strict=True)
                return statistics.median(a / b for a, b in pairs)

            found[f"compass run, {who}"] = statistics.median(spent["few with"])
            found[f"with privacy / without, {who}"] = ratio("few with", "few without")
            found[f"with privacy / without, {who}, many"] = ratio("many with", "many without")
            found[f"many people / few, {who}"] = ratio("many with", "few with")
        store = open_store(Places(few / "c.duckdb", few / "key"))
        amara = device_person(store, "coachee")
        assert amara is not None
        found["sign-in check of a run"] = _each_run(store, amara)
        store.close()
    return found


if __name__ == "__main__":
    for name, value in privacy().items():
        print(f"{name:42} {value:.2f}" if " / " in name else f"{name:42} {1000 * value:.2f} ms")
