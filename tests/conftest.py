"""What most tests need: a place in a temporary folder, an open store, a fixed moment, people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coach_data.model import Person
from coach_data.people import join
from coach_data.places import Places
from coach_data.store import Store
from tests.cluster import ON_POSTGRES, Cluster, places_at, the_cluster
from tests.kept_database import KeptDatabase
from tests.kept_store import KeptStore

LONG = ("COACH_WORLDS", "COACH_SEQUENCES", "COACH_KILLS", "COACH_STORES")
"""Who sets one of them asks for more than the default suite does: it may take as long as it takes."""


def pytest_configure(config: pytest.Config) -> None:
    if any(name in os.environ for name in LONG):
        config.option.timeout = 0


LONGEST = (
    "tests/browser/test_looks.py",
    "tests/browser/test_keyboard.py",
    "tests/browser/test_session.py",
    "tests/browser/",
    "tests/postgres/",
    "tests/test_who_sees_what.py",
    "tests/statistics/",
    "tests/faults/",
    "tests/test_faults.py",
    "tests/screens/",
)
"""The files that take longest begin, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    about_files = {item: mark for item in items if (mark := item.get_closest_marker("file_only"))}
    if unsaid := [item.nodeid for item, mark in about_files.items() if not mark.args]:
        raise pytest.UsageError(f"file_only without its reason: {unsaid[0]}")
    if ON_POSTGRES:
        items[:] = [item for item in items if item not in about_files]
        config.hook.pytest_deselected(items=[*about_files])
    order = {
        id(item): next((k for k, path in enumerate(LONGEST) if item.nodeid.startswith(path)), 99)
        for item in items
    }
    items.sort(key=lambda item: order[id(item)])


@pytest.fixture
def now() -> datetime:
    """A Sunday noon in UTC, so that the local day is the same in every usual time zone."""
    return datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def kept_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptStore | KeptDatabase]:
    """The one store of the run, which ``store`` puts back to its beginning for each test."""
    folder = tmp_path_factory.mktemp("kept")
    kept = KeptDatabase(the_cluster(), folder) if ON_POSTGRES else KeptStore(folder / "store")
    yield kept
    kept.close()


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """A data file and a key file: those of ``store`` beside it, else ones that do not exist yet.

    On PostgreSQL an empty database in the place of the file.
    """
    if "store" in request.fixturenames:
        request.getfixturevalue("store")
        kept: KeptStore = request.getfixturevalue("kept_store")
        return kept.where
    if ON_POSTGRES:
        return places_at(tmp_path)
    return Places(tmp_path / "data" / "coach.duckdb", tmp_path / "key" / "key")


@pytest.fixture
def store(kept_store: KeptStore | KeptDatabase) -> Store:
    """An open store with the views in place and nothing in it."""
    return kept_store.anew()


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """A PostgreSQL server of one's own, thrown away afterwards; skipped where there is none."""
    return the_cluster()


@pytest.fixture
def person(store: Store, now: datetime) -> Callable[..., Person]:
    """``person("Ann", roles=(Role.COACH,))``: a new person in ``store``."""

    def made(name: str, **given: Any) -> Person:
        return join(store, name, now, **given)

    return made
