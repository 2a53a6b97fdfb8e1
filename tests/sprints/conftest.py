"""Ann, who follows her calls, on any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from coach_data.model import Indicator, Person
from coach_data.privacy import Visit
from coach_data.store import Store
from tests.sprints.made import behaviour


@pytest.fixture
def ann(person: Callable[..., Person]) -> Person:
    return person("Ann")


@pytest.fixture
def on(store: Store, ann: Person, now: datetime) -> Callable[[int], Visit]:
    """``on(14)``: Ann's visit so many days later."""
    return lambda days: Visit.open(store, ann.person_id, now + timedelta(days=days))


@pytest.fixture
def visit(on: Callable[[int], Visit]) -> Visit:
    return on(0)


@pytest.fixture
def calls(visit: Visit) -> Indicator:
    return behaviour(visit, "Calls")
