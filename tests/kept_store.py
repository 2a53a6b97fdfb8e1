"""One open store for a whole run of tests; each test finds it as if it had just been made.

Opening one takes an eighth of a second, most of it the engine's own start, and a thousand tests need
one. So the engine stays, and only the data file is put back to what a new one holds.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from coach_data.engine import attach
from coach_data.file_store import FileStore
from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.store import Store


class KeptStore:
    """``anew()``: an open store with nothing in it, always at the same place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = Places(folder / "data" / "coach.duckdb", folder / "key" / "key")
        self._store: FileStore | None = None
        self._empty = b""
        self._last = datetime.min

    def anew(self) -> Store:
        """The same store without anything that the test before has left in it or beside it."""
        if self._store is not None and not self._put_back(self._store):
            self.close()
        if self._store is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            write_key(self.where)
            store = open_store(self.where)
            assert isinstance(store, FileStore)
            self._store = store
            store.cursor().execute("CHECKPOINT app")
            self._empty, self._last = store.path.read_bytes(), store._last
        return self._store

    def close(self) -> None:
        """Let go of it."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _put_back(self, store: FileStore) -> bool:
        """Whether it could be: not where the test has closed it, or left a statement under way."""
        if store._root is None or not store._attached:
            return False
        try:
            store._root.execute("DETACH app")
        except duckdb.Error:
            return False
        for left in store.path.parent.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            elif left != store.path.with_name(store.path.name + ".lock"):
                left.unlink()  # the lock is held; on the rest nobody is
        store.path.write_bytes(self._empty)
        attach(store._root, store.path, store._key)
        store._last, store._given_up, store._saves = self._last, False, 0
        store._gone.clear()
        return True


def write_key(where: Places) -> None:
    """The noise in a group reading comes from key and ids: with this one it is always the same."""
    assert where.key_file is not None
    where.key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    where.key_file.write_text("a key for tests only, which is known to everybody")
    where.key_file.chmod(0o600)
