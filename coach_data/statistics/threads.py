"""Work in parts that know nothing of each other, done by as many threads as there are processors.

numpy lets go of the interpreter while it computes. Its own threads are not used (``coach_data`` says
so before it is loaded): they split each small product, and on a busy machine wait for each other
longer than they compute.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Found = TypeVar("Found")
MOST = 4
"""Threads: what waits for this shares the machine with everybody else."""


def each(work: Callable[[Part], Found], parts: Sequence[Part]) -> Iterator[Found]:
    """What ``work`` makes of each part, in their order, as soon as it is there."""
    if len(parts) < 2:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(min(MOST, os.cpu_count() or 1)) as threads:
        yield from threads.map(work, parts)


def in_threads(work: Callable[[Part], None], parts: Sequence[Part]) -> None:
    """Do ``work`` with each part."""
    for _ in each(work, parts):
        pass
