"""Soon after the first page: import what charts need, so that no person waits for it."""

from __future__ import annotations

import gc
import threading
from functools import cache

AFTER = 1.5
"""Seconds after a first run. Not at once: the browser that still draws it needs the machine."""


@cache
def warm_up() -> None:
    """Once for each server, in a thread of its own."""
    timer = threading.Timer(AFTER, _warm_up)
    timer.daemon = True
    timer.start()


def _warm_up() -> None:
    from pages.parts import association_layers

    association_layers.build()
    _keep()


def _keep() -> None:
    """Let no later collection look at what has been loaded by now: it stays until the end.

    One of them is a stop for everybody, of 170 ms with a hundred visits, and what waits meanwhile
    takes two seconds to get through; without the modules it is 30 ms. The sessions that are open just
    then are let go of at their end all the same: nothing of them needs a collection.
    """
    gc.collect()
    gc.freeze()
