"""The three to five behaviours, and what is agreed about each."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from coach_data.behaviours import (
    TooManyLeading,
    add_leading,
    agree_aim,
    check_aim,
    count_usual_from,
    describe,
    mark_keystone,
    park,
    resume,
)
from coach_data.model import Comparison, Incomplete, Kind, Measure, Period, new_id
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.plan import FEWEST_LEADING, MOST_LEADING, new_indicator, plan_of
from coach_data.privacy import Visit
from coach_data.values import BadValue
from tests.outcomes.conftest import TODAY, aim_of, behaviour, names
from tests.outcomes.test_outcomes import SALES


def test_a_sixth_behaviour_is_refused_until_one_is_parked(visit: Visit) -> None:
    assert (FEWEST_LEADING, MOST_LEADING) == (3, 5)
    for name in ("A", "B", "C", "D", "E"):
        add_leading(visit, behaviour(visit, name), None)
    with pytest.raises(TooManyLeading, match="Park one to make room"):
        add_leading(visit, behaviour(visit, "F"), None)
    park(visit, plan_of(visit).leading[1])
    add_leading(visit, behaviour(visit, "F"), None)
    plan = plan_of(visit)
    assert (names(plan.leading), names(plan.parked)) == (["A", "C", "D", "E", "F"], ["B"])
    with pytest.raises(TooManyLeading):
        resume(visit, plan.parked[0])
    park(visit, plan.leading[-1])
    resume(visit, plan.parked[0])
    assert names(plan_of(visit).leading) == ["A", "B", "C", "D", "E"]


@pytest.mark.parametrize("name", ["Calls", " CALLS\u200b", "Ｃalls"])
def test_a_name_is_given_once(visit: Visit, name: str) -> None:
    add_leading(visit, behaviour(visit, "Calls"), None)
    with pytest.raises(Incomplete, match="already an indicator"):
        add_leading(visit, behaviour(visit, name), None)
    park(visit, plan_of(visit).leading[0])
    with pytest.raises(Incomplete, match="already an indicator"):
        add_leading(visit, behaviour(visit, name), None)
    other = behaviour(visit, "Talks")
    with pytest.raises(Incomplete, match="already an indicator"):
        add_leading(visit, other, None, new_indicator(visit, "talks", Kind.GUARD))


def test_a_behaviour_needs_a_name(visit: Visit) -> None:
    with pytest.raises(Incomplete, match="needs a name"):
        add_leading(visit, behaviour(visit, " \u200b"), None)


RANGES = [
    ({"low": 5, "high": 5}, "lowest value must be below the highest"),
    ({"low": 1001}, "lowest value must be below the highest"),
    ({"expected_lag": -1}, "expected lag goes from 0 to 60"),
    ({"expected_lag": 61}, "expected lag goes from 0 to 60"),
]


@pytest.mark.parametrize(("changes", "said"), RANGES)
def test_a_range_that_cannot_be(visit: Visit, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadValue, match=f"Calls: .*{said}"):
        add_leading(visit, behaviour(visit, "Calls", **changes), None)
    guard = replace(behaviour(visit, "Complaints"), **changes)
    with pytest.raises(BadValue, match=f"Complaints: .*{said}"):
        add_leading(visit, behaviour(visit, "Calls"), None, guard)
    assert plan_of(visit).logged == ()


def test_there_is_one_keystone(visit: Visit) -> None:
    for name in ("A", "B", "C"):
        add_leading(visit, behaviour(visit, name), None)
    for chosen in (1, 2):
        mark_keystone(visit, plan_of(visit).leading[chosen].indicator_id)
        assert [i.keystone for i in plan_of(visit).leading].index(True) == chosen
        assert sum(i.keystone for i in plan_of(visit).leading) == 1
    before = visit.read("SELECT count(*) FROM indicator_history")
    mark_keystone(visit, plan_of(visit).leading[2].indicator_id)
    assert visit.read("SELECT count(*) FROM indicator_history") == before
    marked = plan_of(visit).leading[2]
    with pytest.raises(Incomplete, match="not on the compass"):
        mark_keystone(visit, new_id())
    assert plan_of(visit).leading[2].keystone
    park(visit, marked)
    assert not any(i.keystone for i in (*plan_of(visit).leading, *plan_of(visit).parked))
    mark_keystone(visit, plan_of(visit).leading[0].indicator_id)
    resume(visit, marked)  # as a tab from before still has it
    add_leading(visit, behaviour(visit, "D", keystone=True), None)
    assert [i.keystone for i in plan_of(visit).leading] == [True, False, False, False]


def test_a_tab_from_before_does_not_undo_a_new_name(visit: Visit) -> None:
    add_leading(visit, behaviour(visit, "Calls"), None)
    stale = plan_of(visit).leading[0]
    describe(visit, replace(stale, name="Customer calls"))
    count_usual_from(visit, stale, visit.today, "new team")
    park(visit, stale)
    assert [i.name for i in plan_of(visit).parked] == ["Customer calls"]
    resume(visit, stale)
    (found,) = plan_of(visit).leading
    assert (found.name, found.usual_since) == ("Customer calls", visit.today)


def test_what_is_added_belongs_to_the_outcome(visit: Visit) -> None:
    outcome = keep_outcome(visit, new_outcome(visit, "Win"))
    add_leading(visit, behaviour(visit, "Calls"), None, new_indicator(visit, "Complaints"))
    plan = plan_of(visit)
    assert {i.outcome_id for i in (*plan.leading, *plan.guards)} == {outcome.outcome_id}


def test_two_tabs_do_not_make_six_of_five(visit: Visit) -> None:
    for name in "ABCD":
        add_leading(visit, behaviour(visit, name), None)
    start, refused = threading.Barrier(2), []

    def add(name: str) -> None:
        tab = Visit.open(visit.store, visit.viewer_id, visit.now)
        start.wait(10)
        try:
            add_leading(tab, behaviour(tab, name), None)
        except TooManyLeading:
            refused.append(name)

    tabs = [threading.Thread(target=add, args=(name,)) for name in "EF"]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(20)
    assert len(refused) == 1
    assert len(plan_of(visit).leading) == 5


AIMS = [
    (Measure.COUNT, Period.DAY, [0, 1000], [-1, 1001], "from 0 to 1000"),
    (Measure.COUNT, Period.WEEK, [7000], [7001], "from 0 to 7000"),
    (Measure.MINUTES, Period.WEEK, [10080], [10081], "from 0 to 10080"),
    (Measure.YES_NO, Period.DAY, [1], [2], "from 0 to 1"),
    (Measure.YES_NO, Period.WEEK, [7], [8], "from 0 to 7"),
    (Measure.RATING, Period.WEEK, [5], [6, 0], "from 1 to 5"),
    (Measure.NUMBER, Period.DAY, [-1e6, 1e6], [], ""),
]


@pytest.mark.parametrize(("measure", "period", "taken", "refused", "said"), AIMS)
def test_16_an_aim_that_no_day_or_week_could_meet(
    measure: Measure, period: Period, taken: list[float], refused: list[float], said: str
) -> None:
    indicator = replace(SALES, measure=measure)
    for amount in taken:
        check_aim(indicator, aim_of(indicator, amount, period=period))
    for amount in refused:
        with pytest.raises(BadValue, match=rf"an aim of {amount} a {period} lies.*\({said}\)"):
            check_aim(indicator, aim_of(indicator, amount, period=period))


def test_16_with_one_end_only_the_range_names_it() -> None:
    with pytest.raises(BadValue, match=r"\(from 2\)"):
        check_aim(replace(SALES, low=2), aim_of(SALES, 1))


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -float("inf")])
def test_11_12_an_aim_is_a_number(visit: Visit, amount: float) -> None:
    number = new_indicator(visit, "Weight")
    with pytest.raises(BadValue):
        add_leading(visit, number, aim_of(number, amount))
    assert plan_of(visit).leading == ()


def test_an_aim_that_cannot_be_saves_no_behaviour(visit: Visit) -> None:
    calls = behaviour(visit, "Calls")
    with pytest.raises(BadValue):
        add_leading(visit, calls, aim_of(calls, -1, comparison=Comparison.AT_MOST))
    assert plan_of(visit).leading == ()


def test_a_new_aim_never_rewrites_the_past(visit: Visit) -> None:
    calls = behaviour(visit, "Calls")
    first, second = TODAY - timedelta(days=30), TODAY - timedelta(days=10)
    then = Visit.open(visit.store, visit.viewer_id, visit.now - timedelta(days=10))
    add_leading(then, calls, aim_of(calls, 3, first))
    agree_aim(then, calls, aim_of(calls, 5, second))
    agree_aim(visit, calls, aim_of(calls, 8, TODAY + timedelta(days=1)))

    def amount(day: date) -> float | None:
        aim = plan_of(visit).aim(calls.indicator_id, day)
        return aim.amount if aim else None

    assert amount(first - timedelta(days=1)) is None
    assert amount(first) == amount(second - timedelta(days=1)) == 3
    assert amount(second) == amount(TODAY) == 5
    assert plan_of(visit).asked(TODAY)[0][1].amount == 5  # type: ignore[union-attr]
    for day in (first, second, TODAY - timedelta(days=1)):
        with pytest.raises(Incomplete, match="begins today or later"):
            agree_aim(visit, calls, aim_of(calls, 6, day))
    agree_aim(visit, calls, aim_of(calls, 6))
    agree_aim(visit, calls, aim_of(calls, 7))  # corrected on the same day: one aim
    assert [a.amount for a in plan_of(visit).aims[calls.indicator_id]] == [3, 5, 7, 8]


def test_a_first_aim_may_begin_in_the_past(visit: Visit) -> None:
    calls = behaviour(visit, "Calls")
    add_leading(visit, calls, None)
    agree_aim(visit, calls, aim_of(calls, 3, TODAY - timedelta(days=9)))
    assert plan_of(visit).aim(calls.indicator_id, TODAY) is not None
