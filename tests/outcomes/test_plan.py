"""What is agreed at present, as everything else reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coach_data.annotations import mark
from coach_data.behaviours import add_leading, agree_aim, mark_keystone, park
from coach_data.model import NotAllowed, Person, Role
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from coach_data.store import Store
from tests.outcomes.conftest import TODAY, aim_of, behaviour, names, note


def test_a_guard_is_logged_after_its_behaviour(visit: Visit) -> None:
    calls, talks = behaviour(visit, "Calls"), behaviour(visit, "Talks")
    add_leading(visit, calls, None, new_indicator(visit, "Complaints"))
    add_leading(visit, talks, None, new_indicator(visit, "\u200b"))  # an empty guard is none
    keep_outcome(visit, new_outcome(visit, "Win"), new_indicator(visit, "Sales"))
    plan = plan_of(visit)
    assert names(plan.logged) == ["Calls", "Complaints", "Talks", "Sales"]
    assert plan.guards[0].guard_of == calls.indicator_id
    park(visit, plan.leading[0])
    assert names(plan_of(visit).logged) == ["Talks", "Sales"]


def test_a_coach_reads_the_plan_and_changes_nothing(
    store: Store, visit: Visit, person: Callable[..., Person]
) -> None:
    coach = person("Cleo", roles=(Role.COACH,))
    pair(visit, coach.person_id)
    calls = behaviour(visit, "Calls")
    add_leading(visit, calls, aim_of(calls, 3))
    keep_outcome(visit, new_outcome(visit, "Win"), new_indicator(visit, "Sales"))
    about = Visit.open(store, coach.person_id, visit.now, visit.viewer_id)
    plan = plan_of(about)
    assert plan == plan_of(visit)
    assert plan.outcome is not None
    for attempt in (
        lambda: park(about, plan.leading[0]),
        lambda: mark_keystone(about, calls.indicator_id),
        lambda: agree_aim(about, calls, aim_of(calls, 9)),
        lambda: add_leading(about, behaviour(about, "More"), None),
        lambda: keep_outcome(about, plan.outcome),
        lambda: mark(about, note(about, "x", TODAY, TODAY)),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert plan_of(visit) == plan


def test_an_empty_plan(visit: Visit) -> None:
    plan = plan_of(visit)
    assert (plan.outcome, plan.lagging, plan.logged, plan.asked(TODAY)) == (None, None, (), [])
