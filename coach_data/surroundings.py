"""What a command finds around it: the time, the data file and its people, a file, a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coach_data.model import CoachError
from coach_data.places import Places, places
from coach_data.text import same

if TYPE_CHECKING:
    from coach_data.privacy import Visit
    from coach_data.sheet import Progress
    from coach_data.store import Store


class Problem(CoachError):
    """That could not be done."""


def now() -> datetime:
    """The time; COACH_NOW (ISO 8601) sets another one, as for the app."""
    given = os.environ.get("COACH_NOW")
    try:
        return datetime.fromisoformat(given).astimezone(UTC) if given else datetime.now(UTC)
    except ValueError:
        raise Problem("COACH_NOW is not a time like 2026-05-31T12:00:00+00:00.") from None


def with_data() -> Places:
    """Where the data file is. Raises Problem where there is none."""
    where = places()
    if where.is_missing():
        raise Problem(f"There is no data file at {where.data}; COACH_DATABASE names another one.")
    return where


@contextmanager
def opened() -> Iterator[Store]:
    """The open data file of this machine; one that is not there is not made."""
    from coach_data.privacy import open_store

    store = open_store(with_data())
    try:
        yield store
    finally:
        store.close()


def visit_of(store: Store, name: str) -> Visit:
    """A visit of the person of that name to their own data."""
    from coach_data.devices import people_on_this_device
    from coach_data.privacy import Visit

    everybody = people_on_this_device(store)
    found = [person_id for person_id, known, _ in everybody if same(known) == same(name)]
    if not found:
        raise Problem(f"Nobody here is called {name}. “python -m coach_data people” lists who is.")
    if len(found) > 1:
        raise Problem(f"{len(found)} people here are called {name}. Rename one of them in the app.")
    return Visit.open(store, found[0], now())


def content_of(path: Path) -> bytes:
    """The bytes of a file, no more of them than are needed to see that it is too large."""
    from coach_data.files import MOST_BYTES

    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


@contextmanager
def progress_bar(label: str, after: float = 1.0) -> Iterator[Progress]:
    """A bar on stderr, from ``after`` seconds on; none where stderr is no terminal."""
    begun, drawn = time.monotonic(), False

    def draw(share: float) -> None:
        nonlocal drawn
        if sys.stderr.isatty() and time.monotonic() - begun >= after:
            drawn = True
            done = "#" * round(30 * share)
            sys.stderr.write(f"\r{label} [{done:<30}] {share:4.0%}")
            sys.stderr.flush()

    try:
        yield draw
    finally:
        if drawn:
            sys.stderr.write("\n")
