"""What most tests need: a place in a temporary folder, an open store, a fixed moment, people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coach_data.model import Person
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.store import Store


@pytest.fixture
def now() -> datetime:
    """A Sunday noon in UTC, so that the local day is the same in every usual time zone."""
    return datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture
def where(tmp_path: Path) -> Places:
    """A data file and a key file that do not exist yet."""
    return Places(tmp_path / "data" / "coach.duckdb", tmp_path / "key" / "key")


@pytest.fixture
def store(where: Places) -> Iterator[Store]:
    """An open store with the views in place, closed afterwards."""
    opened = open_store(where)
    yield opened
    opened.close()


@pytest.fixture
def person(store: Store, now: datetime) -> Callable[..., Person]:
    """``person("Ann", roles=(Role.COACH,))``: a new person in ``store``."""

    def made(name: str, **given: Any) -> Person:
        return join(store, name, now, **given)

    return made
