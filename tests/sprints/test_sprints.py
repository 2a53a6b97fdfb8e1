"""Sprints: frozen at start, never two on one behaviour, ended by a decision with its consequence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from coach_data.compass import compass_of
from coach_data.imports import preview_of
from coach_data.matter import pairs_of
from coach_data.model import (
    Consent,
    Decision,
    Kind,
    NotAllowed,
    Purpose,
    Role,
)
from coach_data.people import pair
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.sprints import (
    BadSprint,
    Ended,
    Overlapping,
    Stage,
    adapted,
    asked_of,
    call_off,
    found,
    last_day,
    ledger_of,
    line_of,
    new_rating,
    running_of,
    start,
)
from coach_data.statistics.comparison import Why
from coach_data.trials import decide, trial_of
from tests.sprints.made import behaviour, ending, fill, sprint


def test_it_lasts_two_weeks_and_stays_as_written(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    assert (last_day(begun) - begun.first_day).days == 13
    with pytest.raises(BadSprint, match="stays as it was written"):
        start(on(3), replace(begun, success_rule="Anything", first_day=on(3).today))
    assert line_of(on(3), begun.sprint_id).sprint == begun


@pytest.mark.parametrize("field", ["behaviour", "hypothesis", "success_rule"])
def test_a_sprint_says_all_before_its_first_day(visit, calls, field) -> None:
    with pytest.raises(BadSprint, match="Say in a sentence"):
        start(visit, sprint(visit, calls, **{field: " \u200b"}))
    assert ledger_of(visit) == []


def test_it_begins_today_or_later(visit, calls) -> None:
    with pytest.raises(BadSprint, match="today or later"):
        start(visit, sprint(visit, calls, first_day=visit.today - timedelta(days=1)))
    start(visit, sprint(visit, calls, first_day=visit.today + timedelta(days=5)))
    assert ledger_of(visit)[0].stage is Stage.PLANNED
    assert running_of(visit) == ()


@pytest.mark.parametrize("days", [0, 6, 57])
def test_the_days_before_have_a_range(visit, calls, days) -> None:
    with pytest.raises(BadSprint, match="7 to 56"):
        start(visit, sprint(visit, calls, baseline_days=days))


def test_the_behaviour_is_not_its_own_measure(visit, calls) -> None:
    with pytest.raises(BadSprint, match="own measure"):
        start(visit, sprint(visit, calls, behaviour_id=calls.indicator_id))


@pytest.mark.parametrize("later", [0, 5, 13])
@pytest.mark.parametrize("text", ["Begin with the hardest", " begin with the HARDEST "])
def test_two_on_one_behaviour_are_refused_with_the_days_of_the_first(
    visit, calls, later, text
) -> None:
    start(visit, sprint(visit, calls))
    first = visit.today + timedelta(days=later)
    with pytest.raises(Overlapping, match="31 May to 13 June"):
        start(visit, sprint(visit, calls, behaviour=text, first_day=first))
    assert len(ledger_of(visit)) == 1


def test_the_same_indicator_in_other_words_is_the_same_behaviour(visit, calls) -> None:
    walk = behaviour(visit, "Walk")
    ids = {"behaviour_id": calls.indicator_id}
    start(visit, sprint(visit, walk, **ids))
    with pytest.raises(Overlapping):
        start(visit, sprint(visit, walk, behaviour="Ring somebody", **ids))


def test_another_behaviour_a_later_time_and_one_called_off_do_not_overlap(visit, calls) -> None:
    first = sprint(visit, calls)
    start(visit, first)
    start(visit, sprint(visit, calls, behaviour="Walk at noon"))
    start(visit, sprint(visit, calls, first_day=visit.today + timedelta(days=14)))
    call_off(visit, first.sprint_id)
    start(visit, sprint(visit, calls))
    assert len(ledger_of(visit)) == 4


def test_calling_off_is_once_and_for_all(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    call_off(visit, begun.sprint_id)
    assert running_of(visit) == ()
    with pytest.raises(Ended):
        call_off(visit, begun.sprint_id)
    with pytest.raises(Ended):
        decide(on(14), ending(begun, Decision.ABANDON))


def test_the_strip_counts_the_days_then_waits_then_is_gone(visit, calls, on) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    assert [(r.day, r.over) for r in running_of(on(4))] == [(5, False)]
    assert [(r.day, r.over) for r in running_of(on(13))] == [(14, False)]
    assert [r.over for r in running_of(on(14))] == [True]
    assert line_of(on(14), begun.sprint_id).stage is Stage.WAITING
    decide(on(14), ending(begun, Decision.ABANDON))
    assert running_of(on(14)) == ()


def test_a_rating_made_for_a_sprint_is_asked_while_it_runs_and_never_on_the_compass(
    visit, on
) -> None:
    for name in "ABCDE":
        behaviour(visit, name)
    rating = new_rating(visit, "Energy at four")
    begun = sprint(visit, rating)
    start(visit, begun, rating)

    def asked(days: int) -> list[str]:
        there = on(days)
        found = asked_of(plan_of(there).made, running_of(there), there.today)
        return [i.name for i, _ in found]

    assert [asked(d) for d in (0, 13, 14)] == [["Energy at four"], ["Energy at four"], []]
    there = on(15)  # the last day can be filled in afterwards
    assert asked_of(plan_of(there).made, running_of(there), there.today - timedelta(days=2))
    plan = plan_of(visit)
    assert len(plan.leading) == 5
    assert rating.name not in {i.name for i in (*plan.logged, *plan.parked)}
    compass = compass_of(visit)
    assert rating.name not in {r.indicator.name for r in compass.rows}
    pairs = pairs_of(visit)
    assert rating.name not in {i.name for i in (*pairs.leading, *pairs.lagging)}


def test_a_file_finds_the_rating_of_a_sprint_again(visit) -> None:
    rating = new_rating(visit, "Energy")
    start(visit, sprint(visit, rating), rating)
    seen = preview_of(visit, b"date,Energy\n2026-05-31,4\n", "days.csv")
    assert [f.indicator.kind for f in seen.indicators] == [Kind.SPRINT]
    assert seen.questions == ()


def test_only_an_own_rating_can_be_made(visit, calls) -> None:
    rating = new_rating(visit, "Energy")
    with pytest.raises(BadSprint, match="not made for this sprint"):
        start(visit, sprint(visit, calls), rating)
    with pytest.raises(BadSprint, match="needs a name"):
        start(visit, sprint(visit, rating), replace(rating, name=" "))
    start(visit, sprint(visit, rating), rating)
    with pytest.raises(BadSprint, match="Choose what should move"):
        start(visit, sprint(visit, rating, behaviour="Something else"))


def test_adapting_fills_in_the_next_with_the_same_measure(visit, on) -> None:
    rating = new_rating(visit, "Energy")
    begun = sprint(visit, rating)
    start(visit, begun, rating)
    later = on(14)
    decide(later, ending(begun, Decision.ADAPT))
    following = adapted(later, line_of(later, begun.sprint_id))
    assert (following.adapted_from, following.first_day) == (begun.sprint_id, later.today)
    assert following.hypothesis == begun.hypothesis
    start(later, replace(following, behaviour="Begin with the hardest, at nine"))
    assert [r.measure_id for r in running_of(later)] == [rating.indicator_id]


def test_the_ledger_is_searched_by_every_word(visit, calls, on) -> None:
    first = sprint(visit, calls)
    second = sprint(
        visit, calls, behaviour="Walk at noon", first_day=visit.today + timedelta(days=1)
    )
    start(visit, first)
    start(visit, second)
    decide(on(14), ending(first, Decision.ABANDON, learned="Needs a quiet room"))
    lines = ledger_of(on(14))
    assert [line.sprint.sprint_id for line in lines] == [second.sprint_id, first.sprint_id]
    assert [x.sprint for x in found(lines, "QUIET abandon")] == [first]
    assert [x.sprint for x in found(lines, "noon")] == [second]
    assert found(lines, "") == lines
    assert found(lines, "quiet noon") == []


def test_a_stranger_sees_and_changes_nothing(store, visit, calls, person, now) -> None:
    begun = sprint(visit, calls)
    start(visit, begun)
    stranger = Visit.open(store, person("Eve").person_id, now)
    assert ledger_of(stranger) == []
    assert running_of(stranger) == ()
    assert stranger.read("SELECT * FROM sprint_history") == []
    assert stranger.read("SELECT * FROM retrospective_history") == []
    with pytest.raises(NotAllowed):
        stranger.save(replace(begun, sprint_id=1))


def test_a_coach_reads_the_sprint_and_the_numbers_only_with_consent(
    store, visit, calls, person, now, on
) -> None:
    fill(visit, calls, {-k: 2.0 + k % 3 for k in range(14)})
    begun = sprint(visit, calls)
    start(visit, begun)
    coach = person("Carl", roles=(Role.COACH,))
    pair(visit, coach.person_id)
    seen = Visit.open(store, coach.person_id, now + timedelta(days=14), visit.about.person_id)
    line = line_of(seen, begun.sprint_id)
    assert line.sprint == begun
    assert trial_of(seen, line).result.why == (Why.NOTHING,)
    for act in (
        lambda: call_off(seen, begun.sprint_id),
        lambda: decide(seen, ending(begun, Decision.ABANDON)),
        lambda: start(seen, sprint(seen, calls, behaviour="Another")),
    ):
        with pytest.raises(NotAllowed):
            act()
    visit.save(
        Consent(person_id=visit.about.person_id, purpose=Purpose.ENTRIES, given=True, version=1)
    )
    assert trial_of(seen, line).result.known_before == 13
