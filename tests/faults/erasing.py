"""Erase the same person again and again, killed one step later each time.

    python erasing.py PRISTINE WORK KEY_FILE EVERY

PRISTINE is a folder that is copied to WORK/1, WORK/2, … The child of number k is killed after k times
EVERY steps: a step is a statement of the engine, or what is done to a file, from its beginning to its
end. The first that lives to the end ends the row. The numbers of those that were killed are printed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coach_data import engine, file_store
from coach_data.devices import people_on_this_device
from coach_data.erasure import erase
from coach_data.places import Places
from coach_data.privacy import Visit, open_store

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


class Steps:
    """Counts down, and kills its process."""

    def __init__(self, left: int) -> None:
        self.left = left

    def took(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            self.took()
            made = act(*given, **named)
            self.took()
            return made

        return counted


class Counted:
    """A cursor whose statements are steps."""

    def __init__(self, cursor: Any, steps: Steps) -> None:
        self._cursor, self._steps = cursor, steps

    def execute(self, *given: Any) -> Any:
        return self._steps.around(self._cursor.execute)(*given)

    def cursor(self) -> Counted:
        return Counted(self._cursor.cursor(), self._steps)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def live(where: Places, last: int) -> None:
    """Open the store and erase Ann; killed after so many steps of the second."""
    store = open_store(where)
    ann = next(i for i, name, _ in people_on_this_device(store) if name == "Ann")
    visit = Visit.open(store, ann, NOW)
    steps = Steps(last)
    for name, module in (("harden", engine), ("harden_names", file_store)):
        setattr(module, name, steps.around(getattr(module, name)))
    for module in (engine, file_store):
        module.remove = steps.around(module.remove)
    Path.replace = steps.around(Path.replace)  # type: ignore[method-assign]
    store._root = Counted(store._root, steps)
    erase(visit, "Ann")


def main() -> None:
    pristine, work, key_file = (Path(given) for given in sys.argv[1:4])
    for k in range(1, 500):
        folder = work / str(k)
        shutil.copytree(pristine, folder)
        child = os.fork()
        if child == 0:
            live(Places(folder / "coach.duckdb", key_file), k * int(sys.argv[4]))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            raise SystemExit(os.WEXITSTATUS(status))
        print(k)


if __name__ == "__main__":
    main()
