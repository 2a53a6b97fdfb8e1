"""One store for this folder, Ann in it, and what the tests make of her plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from coach_data.model import Aim, Annotation, Event, Indicator, Measure, Person, new_id
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from tests.cluster import places_at

TODAY = date(2026, 5, 31)


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("outcomes")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@pytest.fixture
def visit(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    """Ann on a Sunday at noon."""
    return Visit.open(store, person("Ann").person_id, now)


def behaviour(visit: Visit, name: str, **given: Any) -> Indicator:
    """A count of that name, not saved yet."""
    return replace(new_indicator(visit, name), measure=Measure.COUNT, **given)


def aim_of(indicator: Indicator, amount: float, since: date = TODAY, **given: Any) -> Aim:
    """At least so many a day."""
    me = indicator.person_id
    return Aim(
        person_id=me, indicator_id=indicator.indicator_id, since=since, amount=amount, **given
    )


def names(indicators: tuple[Indicator, ...]) -> list[str]:
    """Their names."""
    return [i.name for i in indicators]


def note(
    visit: Visit, text: str, first: date, last: date, event: Event = Event.EVENT
) -> Annotation:
    """An annotation, not saved yet."""
    return Annotation(
        person_id=visit.about.person_id,
        annotation_id=new_id(),
        first_day=first,
        last_day=last,
        text=text,
        event=event,
    )
