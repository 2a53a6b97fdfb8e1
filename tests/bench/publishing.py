"""Publishing for leads: the command on a programme of thousands, two years of blocks due at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coach_data.statistics.release import BLOCK_DAYS
from tests.bench.bulk import LEADING, agree, at, store_of
from tests.bench.rows import SECONDS, Row
from tests.bench.storage import LARGE, QUICK, store_copy
from tests.browser.server import ROOT

DAYS = 730
PUBLISH = """
from coach_data.__main__ import main
from tests.bench.rows import most_memory
assert main(["publish"]) == 0
print(most_memory())
"""
"""The command, and what it took."""


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """The command that publishes, with all blocks of two years due at once, in its own process."""
    size = QUICK[2] if quick else LARGE
    home = store_of(folder, size, browsers=1)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        where = at(mine := store_copy(home, Path(name)))
        agree(mine, now - timedelta(days=DAYS + BLOCK_DAYS))
        own = {"COACH_DATABASE": str(where.data), "COACH_KEY_FILE": str(where.key_file)}
        began = time.perf_counter()
        said = subprocess.run(
            [sys.executable, "-c", PUBLISH],
            cwd=ROOT,
            env={**os.environ, **own},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        seconds, blocks, used = time.perf_counter() - began, said[0], int(said[-1])
    what = f"{size.people:,} people × {LEADING} × {blocks} blocks"
    yield Row("publishing", seconds, SECONDS, what)
    yield Row("publishing: peak memory", used / 1e9, "GB", what, most=1.5)
