"""The pages of one person: among ten thousand people with two years of days each, and among ten."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.bulk import Size, store_of
from tests.bench.rows import SECONDS, Row, ratio
from tests.bench.storage import LARGE, QUICK, store_copy
from tests.bench.visits import Tab
from tests.browser.server import Server

FEW = Size(10, 930)
PAGES = {"today": "Today", "compass": "Compass", "matter": "Does it matter", "session": "Session"}
SETTLED = 35.0
"""Seconds after a first visit, after which a server has done what it does once after its start."""


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Whole runs of each page over a websocket, by turns on the two servers."""
    size, count = (QUICK[2], 10) if quick else (LARGE, 40)
    homes = store_of(folder, FEW, browsers=1), store_of(folder, size, browsers=1)
    with tempfile.TemporaryDirectory(dir=folder) as name, ExitStack() as running:
        servers = []
        for home in homes:
            servers.append(Server(store_copy(home, Path(name))))
            running.callback(servers[-1].stop)
        asyncio.run(reruns([s.port for s in servers], "today", "bench-0", 1))
        time.sleep(3 if quick else SETTLED)
        for page, title in PAGES.items():
            few, many = asyncio.run(reruns([s.port for s in servers], page, "bench-0", count))
            people = f"{size.people:,} people, {size} / {FEW.people}"
            yield Row(f"{title}: among many / few", ratio(many, few), size=people, most=1.3)
            yield Row(f"{title}: a run", statistics.median(many), SECONDS, people)


async def reruns(ports: list[int], page: str, token: str, count: int) -> list[list[float]]:
    """Seconds of each rerun of a page on each of the servers, by turns."""
    tabs = [Tab(port, page, token) for port in ports]
    spent: list[list[float]] = [[] for _ in tabs]
    for tab in tabs:
        await tab.open()
        for _ in range(5):
            await tab.rerun()
    for _ in range(count):
        for kept, tab in zip(spent, tabs, strict=True):
            kept.append(await tab.rerun())
    for tab in tabs:
        assert not tab.wrong, tab.wrong[0]
        await tab.socket.close()
    return spent
