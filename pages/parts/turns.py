"""Whose turn it is to run: a few runs at a time, the others wait in line.

All runs share one interpreter lock. Left alone, dozens of them pass it round in slices, each wakes
all the others, and everybody is served late: with a hundred people on the compass the same work took
four times as long as one after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
"""Enough that one run can compute while the engine, which needs no lock, answers the other."""
PATIENCE = 1.0
"""Seconds; then a run goes ahead: behind a long import nobody waits for its end."""

_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Within it the run has its turn, or has waited long enough."""
    mine = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turns.release()
