"""A whole day in ten minutes: ``python -m tests.bench.day``.

Fifty people are there at any moment: each comes, looks at some screens, saves the day, leaves, and
somebody else comes. Meanwhile the clock of the server goes through twenty-four hours, over the end of
a day. What is measured is the memory of the server after so many runs, as a share of what it took when
it was warm.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coach_data.devices import remember_device
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from sample_data.load import fill, join_sample, load
from sample_data.programme import generate
from tests.bench.visits import Tab
from tests.browser.server import Server

RERUNS, WARM, STEP = 20_000, 2_000, 500
PEOPLE, AT_ONCE = 50, 4
"""How many are there at any moment, and how many of them wait for the server at once."""
LIMIT = 1.2
SCREENS = ("today", "today", "compass", "session")

CLOCK = """
import os, threading, time
def tick(path=os.environ.get("COACH_CLOCK")):
    while path:
        with open(path) as file:
            now = file.read()
        if now and now != os.environ.get("COACH_NOW"):
            os.environ["COACH_NOW"] = now
        time.sleep(0.2)
threading.Thread(target=tick, daemon=True).start()
"""
"""Python runs it at the start of the server (as ``sitecustomize``): its time is what a file says."""


def fill_store(folder: Path, now: datetime) -> list[str]:
    """The sample programme, and as many others with such days; a browser's token for each."""
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    ids = load(store, now)
    coachees = [p for p in generate(now.date() - timedelta(days=1)) if p.outcome is not None]
    here = [ids[person.name] for person in coachees]
    while len(here) < PEOPLE:
        known = coachees[len(here) % len(coachees)]
        person = replace(known, name=f"{known.name} {len(here)}")
        here.append(join_sample(store, person, now, "UTC"))
        fill(Visit.open(store, here[-1], now), person, ids)
    tokens = [f"day-{number}" for number in range(PEOPLE)]
    for token, person_id in zip(tokens, here, strict=True):
        remember_device(store, token, person_id, now)
    store.close()
    return tokens


@dataclass
class Day:
    """The server, its clock, and what its memory was after how many runs."""

    server: Server
    clock: Path
    begins: datetime
    reruns: int
    done: int = 0
    saved: int = 0
    came: int = 0
    memory: list[tuple[int, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def is_over(self) -> bool:
        return self.done >= self.reruns

    @property
    def now(self) -> datetime:
        return self.begins + timedelta(hours=24) * min(1.0, self.done / self.reruns)

    def count(self) -> None:
        """One more run has ended: the clock goes on, and now and then memory is looked at."""
        self.done += 1
        if self.done % 25 == 0:
            new = self.clock.with_suffix(".new")
            new.write_text(self.now.isoformat(timespec="seconds"), encoding="ascii")
            new.replace(self.clock)
        if self.done % STEP == 0:
            self.memory.append((self.done, resident(self.server.process.pid)))
            told = f"{self.done:6} runs  {self.now:%H:%M}  {self.memory[-1][1]:7.1f} MB"
            print(f"{told}  {self.came} visits  {self.saved} saves", flush=True)


class Visitor(Tab):
    """A tab that knows which of what it was shown is a field for a number."""

    def __init__(self, port: int, page: str, token: str) -> None:
        super().__init__(port, page, token)
        self.fields: dict[str, float] = {}  # what each takes at most

    def _note(self, element: Any) -> None:
        super()._note(element)
        if element.WhichOneof("type") == "number_input":
            field = element.number_input
            self.fields[field.label] = field.max if field.has_max else 7.0


async def visit(day: Day, token: str, chance: random.Random) -> None:
    """Somebody comes, looks at a few screens, saves on most days, and leaves."""
    tab = Visitor(day.server.port, "today", token)
    async with day.places:
        await tab.open()
    day.came += 1
    day.count()
    for _ in range(chance.randint(3, 10)):
        if day.is_over:
            break
        tab.page = chance.choice(SCREENS)
        async with day.places:
            await tab.rerun()
        day.count()
        if tab.page == "today" and tab.fields and chance.random() < 0.6:
            label, most = chance.choice(sorted(tab.fields.items()))
            values = {label: float(chance.randint(1, min(7, int(most))))}
            async with day.places:
                await tab.rerun(values, press="Save")
            day.saved += 1
            day.count()
        await asyncio.sleep(chance.random() * 0.2)
    await tab.socket.close()
    day.wrong += tab.wrong


async def live(day: Day, tokens: list[str]) -> None:
    """Whoever leaves makes room for somebody else."""
    chance = random.Random(7)

    async def place(number: int) -> None:
        while not day.is_over:
            await visit(day, tokens[number], chance)

    await asyncio.gather(*(place(number) for number in range(len(tokens))))


def resident(pid: int) -> float:
    """Megabytes of memory that the process holds."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"{pid} has ended")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--reruns", type=int, default=RERUNS)
    reruns = given.parse_args().reruns
    began = time.monotonic()
    begins = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tokens = fill_store(folder, begins)
        clock = folder / "clock"
        clock.write_text(begins.isoformat(), encoding="ascii")
        (folder / "sitecustomize.py").write_text(CLOCK, encoding="ascii")
        server = Server(
            folder,
            COACH_CLOCK=str(clock),
            COACH_NOW=begins.isoformat(),
            PYTHONPATH=os.pathsep.join([name, os.environ.get("PYTHONPATH", "")]).strip(os.pathsep),
        )
        day = Day(server, clock, begins, reruns)
        try:
            asyncio.run(live(day, tokens))
        finally:
            server.stop()
    assert not day.wrong, day.wrong[0]
    warm = next(megabytes for done, megabytes in day.memory if done >= min(WARM, reruns))
    ratio = day.memory[-1][1] / warm
    print(
        f"\n{day.done} runs of {day.came} visits, {day.saved} saves,"
        f" {day.begins:%a %H:%M} to {day.now:%a %H:%M}, in {time.monotonic() - began:.0f} s"
    )
    print(f"memory at the end / after {WARM} runs  {ratio:.2f}  (at most {LIMIT})")
    if ratio > LIMIT:
        raise SystemExit("The memory of the server grows.")


if __name__ == "__main__":
    main()
