"""Start, save and start again where files may not grow beyond so many bytes; print what is told.

python too_large.py DATA KEY_FILE

A limit on the size of a file needs no rights and no disk of its own, unlike a full disk.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow  # noqa: F401 - imported while files may still grow

from coach_data.model import CoachError
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


def tell(word: str, act: Callable[[], Any]) -> Any:
    """Do it, and print what came of it."""
    try:
        made = act()
    except CoachError as error:
        print(f"{word}: {type(error).__name__}: {error}")
        return None
    print(f"{word}: done")
    return made


def limit(size: int) -> None:
    """From now on no file of this process grows beyond ``size`` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def main() -> None:
    where = Places(Path(sys.argv[1]), Path(sys.argv[2]))
    where.key()
    limit(5000)
    tell("first start", lambda: open_store(where))
    print("left:", sorted(f.name for f in where.data.parent.iterdir() if f.suffix != ".lock"))
    limit(resource.RLIM_INFINITY)
    store = tell("start", lambda: open_store(where))
    ann = join(store, "Ann", NOW)
    visit = Visit.open(store, ann.person_id, NOW)
    log = where.data.with_name(where.data.name + ".wal")
    limit(log.stat().st_size + 20)
    tell("save", lambda: visit.save(ann))
    tell("save", lambda: visit.save(ann))
    limit(resource.RLIM_INFINITY)
    tell("save", lambda: visit.save(ann))
    store.close()
    store = tell("start", lambda: open_store(where))
    print("kept:", store.cursor().execute("SELECT count(*) FROM app.raw.person").fetchone()[0])
    store.close()


if __name__ == "__main__":
    main()
