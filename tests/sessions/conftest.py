"""A coachee and her coach, each with a tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from coach_data.model import Person, Role
from coach_data.people import pair
from coach_data.privacy import Visit
from coach_data.store import Store


@dataclass
class Pair:
    """Ann and her coach Cleo, each with a tab."""

    store: Store
    now: datetime
    ann: Person
    cleo: Person

    def coachee(self, after: float = 0) -> Visit:
        """Ann's tab, ``after`` seconds later."""
        return Visit.open(self.store, self.ann.person_id, self.now + timedelta(seconds=after))

    def coach(self, after: float = 0) -> Visit:
        then = self.now + timedelta(seconds=after)
        return Visit.open(self.store, self.cleo.person_id, then, self.ann.person_id)


@pytest.fixture
def two(store: Store, person: Callable[..., Person], now: datetime) -> Pair:
    made = Pair(store, now, person("Ann"), person("Cleo", roles=(Role.COACH,)))
    pair(made.coachee(), made.cleo.person_id)
    return made
