"""What moved in a sprint, and what its decision brings: all of it or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach_data.behaviours import TooManyLeading, park
from coach_data.model import (
    Decision,
    HabitPart,
    Incomplete,
    Indicator,
    Kind,
    Measure,
    Status,
)
from coach_data.plan import plan_of
from coach_data.sprints import BadSprint, Ended, Stage, line_of, new_rating, start
from coach_data.statistics.comparison import Moved, Why
from coach_data.trials import Adoption, decide, has_room, on_compass, trial_of
from tests.sprints.made import behaviour, ending, fill, sprint


def test_what_moved_is_read_from_the_days(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    ups = [0, 1, 0, 2, 1, 0, 1] * 4
    fill(visit, calls, {k - 14: 2.0 + ups[k] for k in range(14)})
    start(visit, begun)
    fill(on(14), calls, {k - 14: 9.0 + ups[k] for k in range(14)})
    trial = trial_of(on(14), line_of(on(14), begun.sprint_id))
    assert (trial.result.verdict, trial.towards) == (Moved.MOVED, 1)
    assert trial.result.difference == pytest.approx(7.0, abs=0.2)
    assert (len(trial.days), trial.n_before, trial.days[14]) == (28, 14, begun.first_day)
    other = replace(line_of(on(14), begun.sprint_id).sprint, rising_is_better=False)
    line = replace(line_of(on(14), begun.sprint_id), sprint=other)
    assert trial_of(on(14), line).towards == -1


def test_a_rating_made_for_it_has_no_before_and_says_so(visit, on) -> None:
    rating = new_rating(visit, "Energy")
    begun = sprint(visit, rating)
    start(visit, begun, rating)
    fill(on(13), rating, {-k: 3.0 + k % 2 for k in range(14)})
    result = trial_of(on(14), line_of(on(14), begun.sprint_id)).result
    assert (result.verdict, result.why) == (Moved.CANNOT_TELL, (Why.FEW_BEFORE,))


@pytest.mark.parametrize("decision", list(Decision))
def test_a_decision_closes_it_once(visit, calls, on, decision) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    decide(on(14), ending(begun, decision, weak_part=HabitPart.CUE))
    line = line_of(on(14), begun.sprint_id)
    assert line.stage is Stage.DECIDED
    assert line.retrospective.weak_part is HabitPart.CUE
    with pytest.raises(Ended):
        decide(on(14), ending(begun, decision))


def test_no_decision_before_the_two_weeks_are_over_or_without_what_was_learned(
    visit, calls, on
) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    with pytest.raises(BadSprint, match="not over"):
        decide(on(13), ending(begun, Decision.ABANDON))
    with pytest.raises(BadSprint, match="learned"):
        decide(on(14), ending(begun, Decision.ABANDON, learned=""))


def test_adopting_makes_it_a_behaviour_with_an_aim(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    later = on(14)
    decide(later, ending(begun, Decision.ADOPT), Adoption("Hardest first", 4))
    plan = plan_of(later)
    made = plan.leading[-1]
    assert (made.name, made.measure, made.kind) == ("Hardest first", Measure.YES_NO, Kind.LEADING)
    assert (plan.aim(made.indicator_id, later.today).amount) == 4


def test_adopting_a_parked_behaviour_brings_it_back(visit, calls, on) -> None:
    walk = behaviour(visit, "Walk")
    begun = sprint(visit, calls, behaviour_id=walk.indicator_id)
    start(visit, begun)
    park(visit, walk)
    decide(on(14), ending(begun, Decision.ADOPT), Adoption(""))
    assert [i.name for i in plan_of(on(14)).leading] == ["Calls", "Walk"]


def test_a_sixth_is_refused_and_nothing_is_saved(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    for name in "BCDE":
        behaviour(visit, name)
    with pytest.raises(TooManyLeading):
        decide(on(14), ending(begun, Decision.ADOPT), Adoption("Hardest first"))
    park(visit, calls)
    with pytest.raises(Incomplete):
        decide(on(14), ending(begun, Decision.ADOPT), Adoption(" "))
    assert line_of(on(14), begun.sprint_id).stage is Stage.WAITING
    assert {i.status for i in visit.records(Indicator)} == {Status.ACTIVE, Status.PARKED}
    decide(on(14), ending(begun, Decision.ADOPT))
    assert len(plan_of(on(14)).leading) == 4


def test_there_is_room_for_five_and_for_what_is_there_already(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    there = sprint(visit, calls, behaviour_id=calls.indicator_id, first_day=visit.today)
    line = line_of(visit, begun.sprint_id)
    own = replace(line, sprint=there)
    assert (has_room(visit, line), on_compass(visit, line)) == (True, False)
    for name in "BCDE":
        behaviour(visit, name)
    assert (has_room(visit, line), on_compass(visit, line)) == (False, False)
    assert (has_room(visit, own), on_compass(visit, own)) == (True, True)


def test_adopting_what_is_on_the_compass_changes_nothing_there(visit, calls, on) -> None:
    walk = behaviour(visit, "Walk")
    begun = sprint(visit, calls, behaviour_id=walk.indicator_id)
    start(visit, begun)
    before = plan_of(visit).leading
    decide(on(14), ending(begun, Decision.ADOPT), Adoption("Another name", 2))
    assert plan_of(on(14)).leading == before
    assert line_of(on(14), begun.sprint_id).stage is Stage.DECIDED


def test_a_sprint_whose_measure_is_not_there_has_no_trial(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    line = replace(line_of(visit, begun.sprint_id), sprint=replace(begun, measure_id=1))
    with pytest.raises(BadSprint, match="is not there"):
        trial_of(visit, line)
