"""Two processes on one server, and servers that a test may stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.server import Server
from coach_data.store import Store
from tests.cluster import Cluster, own_cluster


@pytest.fixture
def server(postgres: Cluster) -> Iterator[Server]:
    """A database with all tables and nothing in them."""
    with postgres.database() as made:
        yield made


@pytest.fixture
def opened(server: Server, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """``opened()``: one more store on that database, as another process would have it."""
    with ExitStack() as stores:

        def another() -> Store:
            made = open_store(Places(server, tmp_path / "key"))
            stores.callback(made.close)
            return made

        yield another


@pytest.fixture
def here(opened: Callable[[], Store]) -> Store:
    """The store of one process."""
    return opened()


@pytest.fixture
def there(opened: Callable[[], Store], here: Store) -> Store:
    """The store of another process on the same database."""
    return opened()


@pytest.fixture(scope="module")
def breakable() -> Iterator[Cluster]:
    """A server that writes to the disk as one does in earnest, and that a test may stop."""
    with own_cluster() as started:
        yield started
