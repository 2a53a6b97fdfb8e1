"""People of one programme who log, agree and are published about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from coach_data.model import (
    Entry,
    Indicator,
    Kind,
    Measure,
    Outcome,
    Person,
    Purpose,
    Role,
    new_id,
)
from coach_data.people import consent, join
from coach_data.privacy import Visit
from coach_data.releases import BLOCK, WAIT, readings_of
from coach_data.store import Store

FIRST = date(2026, 1, 26)  # the first day of a block


NAME = "Focus blocks of 50 minutes"


DAYS = [FIRST + timedelta(days=k) for k in range(84)]  # three blocks


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


BEFORE = noon(FIRST - timedelta(days=3))


DUE = noon(FIRST + BLOCK + WAIT)


class Group:
    """People of one programme who log a behaviour that moves their result three days later."""

    def __init__(self, store: Store, size: int = 8, **given: Any) -> None:
        self.store = store
        self.people = [self.add(f"P{k}", k, **given) for k in range(size)]

    def add(
        self,
        name: str,
        seed: int,
        *,
        agreed: datetime | None = BEFORE,
        roles: Sequence[Role] = (Role.COACHEE,),
        behaviour: str = NAME,
        days: Sequence[date] = DAYS,
    ) -> Person:
        person = join(self.store, name, BEFORE - timedelta(days=1), roles=tuple(roles))
        if agreed is not None:
            consent(self.visit(person, agreed), Purpose.PATTERN, given=True)
        visit = self.visit(person, BEFORE)
        rng = np.random.default_rng(seed)
        x = rng.integers(0, 9, len(days)).astype(float)
        y = np.concatenate([rng.integers(0, 9, 3).astype(float), x[:-3]]) + rng.normal(0, 1, x.size)
        me, outcome_id = person.person_id, new_id()
        lead = Indicator(
            person_id=me,
            indicator_id=new_id(),
            outcome_id=outcome_id,
            kind=Kind.LEADING,
            name=behaviour,
            measure=Measure.NUMBER,
            expected_lag=3,
        )
        lag = replace(lead, indicator_id=new_id(), kind=Kind.LAGGING, name="Result")
        outcome = Outcome(
            person_id=me, outcome_id=outcome_id, goal="g", indicator_id=lag.indicator_id
        )
        entries = [
            Entry(person_id=me, indicator_id=i.indicator_id, day=day, value=float(value))
            for i, values in ((lead, x), (lag, y))
            for day, value in zip(days, values, strict=True)
        ]
        visit.save(outcome, lead, lag, *entries)
        return person

    def visit(self, person: Person, now: datetime = DUE) -> Visit:
        return Visit.open(self.store, person.person_id, now)

    def indicators(self, person: Person) -> list[Indicator]:
        return self.visit(person).records(Indicator)

    def rows(self, table: str = "release") -> list[tuple[Any, ...]]:
        return self.store.cursor().execute(f"FROM app.raw.{table} ORDER BY ALL").fetchall()

    def parts(self) -> set[int]:
        return {person_id for _, person_id, _ in self.rows("release_part")}

    def counted(self, name: str = NAME) -> list[bool]:
        """Whether there is a reading of that behaviour, block by block."""
        return [b[name] is not None for b in readings_of(self.store, "own").values()]
