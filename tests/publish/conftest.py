"""Eight people who count, and a lead who reads."""

from __future__ import annotations

import pytest

from coach_data.model import Person, Role
from coach_data.people import join
from coach_data.store import Store
from tests.publish.group import BEFORE, Group


@pytest.fixture
def group(store: Store) -> Group:
    return Group(store)


@pytest.fixture
def lead(store: Store) -> Person:
    return join(store, "Lea", BEFORE, roles=(Role.LEAD,))
