"""A hundred visits at once: first each asks for its page again and again, then half of them save."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from coach_data.devices import device_person
from coach_data.privacy import open_store
from tests.bench.bulk import Size, at, store_of
from tests.bench.rows import COUNT, SECONDS, Row, share
from tests.bench.storage import store_copy
from tests.bench.visits import Tab, saves
from tests.browser.server import Server

VISITS = 100
THINK = 3.0
"""Seconds between the runs of a visit, on average. The visits share the machine with the server."""


@dataclass
class Visitor:
    """Somebody with two tabs: the compass, which they look at, and Today, where they save."""

    token: str
    port: int
    saves: bool
    spent: list[float] = field(default_factory=list)
    saved: dict[str, list[float]] = field(default_factory=dict)
    """What they saved on each row of the form, in order."""
    wrong: list[str] = field(default_factory=list)

    async def come(self, pages: tuple[str, ...]) -> None:
        self.tabs = [Tab(self.port, page, self.token) for page in pages]
        for tab in self.tabs:
            await tab.open()

    async def live(self, rounds: int) -> None:
        """Run by run with a pause in between; where they save, every second run does."""
        await asyncio.sleep(random.random() * THINK)
        for number in range(rounds):
            tab = self.tabs[number % len(self.tabs)]
            if self.saves and tab.page == "today":
                rows = [label for label in tab.ids if label.startswith("**")]
                label, value = rows[number // 2 % len(rows)], float(number % 20)
                self.spent.append(await tab.rerun({label: value}, press="Save"))
                self.saved.setdefault(label, []).append(value)
            else:
                self.spent.append(await tab.rerun())
            await asyncio.sleep(THINK * (0.5 + random.random()))

    async def go(self) -> None:
        for tab in self.tabs:
            self.wrong += tab.wrong
            await tab.socket.close()


async def crowd(port: int, pages: tuple[str, ...], rounds: int, *, saving: int) -> list[Visitor]:
    """A hundred of them at once; every ``saving``-th saves, none with 0."""
    visitors = [
        Visitor(f"bench-{k}", port, saves=bool(saving) and k % saving == 0) for k in range(VISITS)
    ]
    await asyncio.gather(*(v.come(pages) for v in visitors))
    await asyncio.gather(*(v.live(rounds) for v in visitors))
    for visitor in visitors:
        await visitor.go()
    return visitors


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Reading alone, then reading and saving; afterwards every save is looked for in the file."""
    size = Size(VISITS, 180)
    home, rounds = store_of(folder, size, browsers=VISITS), 4 if quick else 8
    with tempfile.TemporaryDirectory(dir=folder) as name:
        mine = store_copy(home, Path(name))
        server = Server(mine)
        try:
            alone = asyncio.run(saves(server.port, "bench-0", 10 if quick else 40))
            yield Row("save alone, p50", statistics.median(alone), SECONDS, str(size))
            for page in ("today", "compass"):
                found = asyncio.run(crowd(server.port, (page,), 3, saving=0))
                yield from _spent(f"{VISITS} visits on {page}", found, str(size))
            server.stop()
            before = _entries(mine)
            server.start()
            found = asyncio.run(crowd(server.port, ("compass", "today"), rounds, saving=1))
        finally:
            server.stop()
        what = f"{VISITS} visits reading and saving"
        yield from _spent(what, found, str(size))
        saved = sum(len(values) for v in found for values in v.saved.values())
        yield Row(f"{what}: saves", saved, COUNT, str(size))
        for wrong in {w for v in found for w in v.wrong}:
            print(f"crowd: {wrong}", file=sys.stderr)
        yield Row(f"{what}: errors", sum(len(v.wrong) for v in found), COUNT, str(size), most=0)
        lost = abs(saved - (_entries(mine) - before)) + _missing(mine, found)
        yield Row(f"{what}: saves lost", lost, COUNT, str(size), most=0)


def _spent(what: str, visitors: list[Visitor], size: str) -> Iterator[Row]:
    spent = [seconds for v in visitors for seconds in v.spent]
    yield Row(f"{what}, p50", share(spent, 0.5), SECONDS, size)
    yield Row(f"{what}, p95", share(spent, 0.95), SECONDS, size, most=0.3)


def _entries(home: Path) -> int:
    with closing(open_store(at(home))) as store:
        found = store.cursor().execute("SELECT count(*) FROM app.raw.entry").fetchall()
    return int(found[0][0])


def _missing(home: Path, visitors: list[Visitor]) -> int:
    """How many of the values that were saved are not in the file, each at its place in the order."""
    missing = 0
    with closing(open_store(at(home))) as store:
        for visitor in visitors:
            me = device_person(store, visitor.token)
            sql = (
                "SELECT e.value FROM app.raw.entry e JOIN app.raw.indicator i USING (indicator_id)"
                " WHERE e.person_id = ? AND contains(?, i.name) ORDER BY e.recorded_at DESC LIMIT ?"
            )
            for label, values in visitor.saved.items():
                shown = label.replace("\\", "")  # a name stands there with its marks escaped
                found = store.cursor().execute(sql, [me, shown, len(values)]).fetchall()
                missing += [value for (value,) in reversed(found)] != values
    return missing
