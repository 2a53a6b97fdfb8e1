"""The same for a database: one open store for a whole run, emptied for each test.

Making a database takes as long as thirty tests; deleting what a test has left takes milliseconds.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from coach_data.engine import one
from coach_data.faults import StoreError
from coach_data.places import Places
from coach_data.postgres import PostgresStore
from coach_data.privacy import open_store
from coach_data.store import Store
from tests.cluster import Cluster
from tests.kept_store import write_key

TABLES = (
    "SELECT string_agg(format('DELETE FROM %I.%I', schemaname, tablename), ';')"
    " FROM pg_tables WHERE tablename <> 'schema_version' AND"
    " (schemaname = 'raw' OR schemaname = 'shared' AND tablename = 'erased')"
)


class KeptDatabase:
    """``anew()``: an open store with nothing in it, always in the same database."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._store: PostgresStore | None = None
        self.where = Places(cluster.fresh(), folder / "key")
        write_key(self.where)

    def anew(self) -> Store:
        """The same store without anything that the test before has left in it."""
        if self._store is None or self._store._root is None:
            self._open()
        if not self._put_back():
            self.close()
            self.where = Places(self._cluster.fresh(), self.where.key_file)
            self._open()
        assert self._store is not None
        return self._store

    def _open(self) -> None:
        store = open_store(self.where)
        assert isinstance(store, PostgresStore)
        self._store = store
        tables = one(store.cursor().execute("FROM postgres_query('turns', ?)", [TABLES]))
        self._empty = f"{tables}; SELECT setval('shared.stamp', 0, false)"

    def _put_back(self) -> bool:
        """Whether it could be: not where the test has left a statement under way."""
        store = self._store
        assert store is not None
        try:
            with store.alone():  # nobody is in the middle of a save
                store.cursor().execute("CALL postgres_execute('app', ?)", [self._empty])
        except (StoreError, duckdb.Error):
            return False
        store._gone.clear()
        store._saves, store._seen, store._looked = 0, "", 0.0
        return True

    def close(self) -> None:
        """Let go of it."""
        if self._store is not None:
            self._store.close()
            self._store = None
