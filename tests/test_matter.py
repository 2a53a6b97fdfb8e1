"""Does it matter: what can be looked at together, in which order, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from coach_data import matter
from coach_data.behaviours import add_leading, park
from coach_data.matter import pairs_of, review_of
from coach_data.model import Annotation, Entry, Indicator, Kind, Person, Status
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from coach_data.review import Finding
from coach_data.store import Store


@pytest.fixture
def visit(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    """Ann with a result."""
    made = Visit.open(store, person("Ann").person_id, now)
    keep_outcome(made, new_outcome(made, "Win"), new_indicator(made, "Sales", Kind.LAGGING))
    return made


def behaviour(visit: Visit, name: str, *, guard: str = "", **given: object) -> Indicator:
    made = replace(new_indicator(visit, name), **given)  # type: ignore[arg-type]
    add_leading(visit, made, None, new_indicator(visit, guard, Kind.GUARD) if guard else None)
    return next(i for i in plan_of(visit).leading if i.name == name)


def test_what_has_a_declared_lag_stands_first_and_what_is_parked_last(visit: Visit) -> None:
    for name, lag in (("Calls", None), ("Walk", 2), ("Read", None), ("Plan", 3)):
        behaviour(visit, name, expected_lag=lag)
    park(visit, next(i for i in plan_of(visit).leading if i.name == "Walk"))
    choices = pairs_of(visit)
    assert [i.name for i in choices.leading] == ["Plan", "Calls", "Read", "Walk"]
    assert choices.lagging == (plan_of(visit).lagging,)


def test_the_result_of_the_plan_stands_before_earlier_ones_and_closed_ones_are_left_out(
    visit: Visit,
) -> None:
    me = visit.viewer_id
    for k, (name, status) in enumerate((("Old", Status.PARKED), ("Gone", Status.CLOSED))):
        visit.save(
            Indicator(person_id=me, indicator_id=k, kind=Kind.LAGGING, name=name, status=status)
        )
    assert [i.name for i in pairs_of(visit).lagging] == ["Sales", "Old"]


def test_nothing_set_up_is_nothing_to_choose(
    store: Store, person: Callable[..., Person], now: datetime
) -> None:
    empty = pairs_of(Visit.open(store, person("Bo").person_id, now))
    assert empty.leading == empty.lagging == ()


def test_the_guard_of_the_behaviour_is_read_beside_it_and_no_others(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = behaviour(visit, "Calls", guard="Good calls")
    walk = behaviour(visit, "Walk", guard="Whole walks")
    guards = {g.guard_of: g.indicator_id for g in plan_of(visit).guards}
    asked: list[list[int]] = []
    real = matter.series_of

    def noted(visit: Visit, indicators: list[int], annotations: list[Annotation]) -> Any:
        asked.append(indicators)
        return real(visit, indicators, annotations)

    monkeypatch.setattr(matter, "series_of", noted)
    choices = pairs_of(visit)
    review_of(visit, choices, calls, choices.lagging[0])
    assert asked == [
        [calls.indicator_id, choices.lagging[0].indicator_id, guards[calls.indicator_id]]
    ]
    assert guards[walk.indicator_id] not in asked[0]


def test_without_a_day_there_is_nothing_to_say_and_with_few_it_is_too_early(visit: Visit) -> None:
    calls = behaviour(visit, "Calls", expected_lag=1)
    choices = pairs_of(visit)
    (result,) = choices.lagging
    assert review_of(visit, choices, calls, result).finding is Finding.NOTHING
    for indicator in (calls, result):
        visit.save(
            *(
                Entry(
                    person_id=visit.viewer_id,
                    indicator_id=indicator.indicator_id,
                    day=visit.today - timedelta(days=k),
                    value=float(k % 3),
                )
                for k in range(12)
            )
        )
    assert review_of(visit, choices, calls, result).finding is Finding.TOO_EARLY
