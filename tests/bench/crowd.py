"""A hundred visits at once: each asks for a page again and again, then each also saves."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from coach_data.devices import device_person
from coach_data.privacy import open_store
from tests.bench.bulk import Size, at, store_of
from tests.bench.many import SETTLED
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
    spent: list[float] = field(default_factory=list)
    saved: dict[str, list[float]] = field(default_factory=dict)
    """What they saved on each row of the form, in order."""
    wrong: list[str] = field(default_factory=list)

    async def come(self, pages: tuple[str, ...]) -> None:
        self.tabs = {page: Tab(self.port, page, self.token) for page in pages}
        for tab in self.tabs.values():
            await tab.open()

    async def live(self, acts: tuple[str, ...], rounds: int) -> None:
        """One act after the other, with a pause in between: a page to look at, or "save"."""
        await asyncio.sleep(random.random() * THINK)
        for number in range(rounds):
            for act in acts:
                if act == "save":
                    self.spent.append(await self._save(number))
                else:
                    self.spent.append(await self.tabs[act].rerun())
                await asyncio.sleep(THINK * (0.5 + random.random()))

    async def _save(self, number: int) -> float:
        tab = self.tabs["today"]
        rows = [label for label in tab.ids if label.startswith("**")]
        label, value = rows[number % len(rows)], float(number + 1)
        self.saved.setdefault(label, []).append(value)
        return await tab.rerun({label: value}, press="Save")

    async def go(self) -> None:
        for tab in self.tabs.values():
            self.wrong += tab.wrong
            await tab.socket.close()


async def crowd(port: int, acts: tuple[str, ...], rounds: int) -> list[Visitor]:
    """A hundred of them at once, each doing all of that so many times."""
    visitors = [Visitor(f"bench-{k}", port) for k in range(VISITS)]
    pages = tuple(dict.fromkeys("today" if act == "save" else act for act in acts))
    await asyncio.gather(*(v.come(pages) for v in visitors))
    await asyncio.gather(*(v.live(acts, rounds) for v in visitors))
    for visitor in visitors:
        await visitor.go()
    return visitors


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Reading alone, then reading and saving; afterwards every save is looked for in the file."""
    size, rounds = Size(VISITS, 180), 2 if quick else 4
    home = store_of(folder, size, browsers=VISITS)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        mine = store_copy(home, Path(name))
        before = _entries(mine)
        server = Server(mine)
        try:
            alone = asyncio.run(saves(server.port, f"bench-{VISITS - 1}", 40))
            yield Row("save alone, p50", statistics.median(alone), SECONDS, str(size))
            time.sleep(3 if quick else SETTLED)
            for page in ("today", "compass"):
                found = asyncio.run(crowd(server.port, (page,), rounds))
                yield from _spent(f"{VISITS} visits on {page}", found, str(size))
            found = asyncio.run(crowd(server.port, ("today", "save", "compass"), rounds))
        finally:
            server.stop()
        what = f"{VISITS} visits reading and saving"
        yield from _spent(what, found, str(size))
        saved = sum(len(values) for v in found for values in v.saved.values())
        yield Row(f"{what}: saves", saved, COUNT, str(size))
        for wrong in {w for v in found for w in v.wrong}:
            print(f"crowd: {wrong}", file=sys.stderr)
        yield Row(f"{what}: errors", sum(len(v.wrong) for v in found), COUNT, str(size), most=0)
        lost = abs(saved + len(alone) - (_entries(mine) - before)) + _missing(mine, found)
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
