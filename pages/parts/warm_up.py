"""Soon after the first page: import what charts need, so that no person waits for it."""

from __future__ import annotations

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
