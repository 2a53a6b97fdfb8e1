"""Open the data file again and again, killed one engine statement later each time.

    python steps.py PRISTINE WORK KEY_FILE AFTER [COLUMN]

PRISTINE is a folder that is copied to WORK/1, WORK/2, … (it may not exist: a first start). The child
of number k is killed right after the k-th statement that begins with one of the words of AFTER; the
first that lives to the end ends the row. COLUMN makes a second migration pending, of several
statements. The numbers of those that were killed are printed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from coach_data import file_store, upkeep
from coach_data.places import Places
from coach_data.privacy import open_store

PENDING = """
ALTER TABLE app.raw.entry ADD COLUMN {column} VARCHAR DEFAULT 'none';
CREATE TABLE app.raw.mood AS SELECT person_id, day, value FROM app.raw.entry WHERE value > 3;
UPDATE app.raw.entry SET {column} = 'some' WHERE value > 3;
"""


class Counted:
    """An engine that kills its process after so many statements."""

    def __init__(self, root: Any, words: tuple[str, ...], left: list[int]) -> None:
        self._root, self._words, self._left = root, words, left

    def cursor(self) -> Counted:
        """One that counts along."""
        return Counted(self._root.cursor(), self._words, self._left)

    def execute(self, *given: Any) -> Any:
        result = self._root.execute(*given)
        if given[0].strip().startswith(self._words):
            self._left[0] -= 1
            if not self._left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._root, name)


def with_pending(column: str) -> None:
    """From now on there is one more migration than the pristine file knows."""
    known = upkeep.migrations()
    upkeep.migrations = lambda: [*known, ("900_mood.sql", PENDING.format(column=column))]


def live(where: Places, words: tuple[str, ...], last: int) -> None:
    """Open the store; killed after so many of the statements that begin with these words."""
    plain = file_store.start
    file_store.start = lambda path: Counted(plain(path), words, [last])
    upkeep.TAIL = 1
    open_store(where).close()


def main() -> None:
    pristine, work, key_file = (Path(given) for given in sys.argv[1:4])
    if len(sys.argv) > 5:
        with_pending(sys.argv[5])
    words = tuple(sys.argv[4].split())
    for k in range(1, 200):
        folder = work / str(k)
        if pristine.exists():
            shutil.copytree(pristine, folder)
        child = os.fork()
        if child == 0:
            live(Places(folder / "coach.duckdb", key_file), words, k)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            raise SystemExit(os.WEXITSTATUS(status))
        print(k)


if __name__ == "__main__":
    main()
