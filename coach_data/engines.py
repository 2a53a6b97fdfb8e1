"""Which engine keeps the tables: the address decides, here and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

from coach_data.server import Server
from coach_data.store import Store


def open_at(data: Path | Server, key: str) -> Store:
    """The store in a data file or on a server, made where there is none. Raises a StoreError."""
    if isinstance(data, Server):
        # As with a data file: what the process writes, an export, is for its user only.
        os.umask(0o077)
        from coach_data.postgres import PostgresStore

        return PostgresStore(data, key)
    from coach_data.file_store import FileStore

    return FileStore(data, key)
