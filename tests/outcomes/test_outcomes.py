"""From a vague goal to an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from coach_data.library import words
from coach_data.model import Incomplete, Indicator, Kind, Measure, Outcome, Status
from coach_data.outcomes import completed, keep_outcome, new_outcome, sentence_of, vagueness
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from coach_data.values import BadValue
from tests.outcomes.conftest import TODAY

SALES = Indicator(person_id=1, indicator_id=9, kind=Kind.LAGGING, name="Sales", unit="deals")


DUE = date(2026, 9, 1)


CLEAR = Outcome(
    person_id=1,
    outcome_id=8,
    goal="Ten deals a month",
    difference="Two new customers sign each week",
    noticed_by="the sales team",
    indicator_id=9,
    baseline=4,
    target=10,
    due=DUE,
)


def test_a_clear_outcome_has_nothing_vague() -> None:
    assert vagueness(CLEAR, SALES) == []


VAGUE = [
    ("no_number", {"target": None}, SALES),
    ("no_number", {}, None),
    ("no_baseline", {"baseline": None}, SALES),
    ("no_date", {"due": None}, SALES),
    ("not_observable", {"difference": "People feel good"}, SALES),
    ("activity", {"goal": "Attend a course, then ten deals"}, SALES),
    ("vague_word", {"goal": "Be more successful", "target": None}, SALES),
]


@pytest.mark.parametrize(("key", "changes", "lagging"), VAGUE)
def test_each_kind_of_vagueness_is_said(
    key: str, changes: dict[str, Any], lagging: Indicator | None
) -> None:
    said = vagueness(replace(CLEAR, **changes), lagging)
    assert words(f"outcome.vague.{key}", word="more") in said


def test_a_rough_goal_names_all_that_is_missing() -> None:
    rough = Outcome(person_id=1, outcome_id=8, goal="Be better")
    expected = [
        words(f"outcome.vague.{key}", word="better")
        for key in ("vague_word", "no_number", "no_baseline", "no_date")
    ]
    assert vagueness(rough, None) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"goal": "Morecambe sells ten", "target": 10},  # "more" only inside a word
        {"goal": "Win more deals"},  # with a number it is clear which more is meant
        {"goal": "Ten deals without having to attend"},  # the activity is not what is wanted
        {"difference": "A knowledgeable team"},
    ],
)
def test_what_is_not_vague(changes: dict[str, Any]) -> None:
    assert vagueness(replace(CLEAR, **changes), SALES) == []


def test_zero_is_a_baseline_and_a_target() -> None:
    assert vagueness(replace(CLEAR, baseline=0.0, target=0.0), SALES) == []


def test_the_outcome_in_one_sentence() -> None:
    assert sentence_of(CLEAR, SALES) == (
        "Sales: from 4 deals to 10 deals by 1 September 2026."
        " What will be different: Two new customers sign each week."
        " Who would notice: the sales team."
    )
    assert sentence_of(replace(CLEAR, baseline=0.0), SALES).startswith("Sales: from 0 deals to 10")
    bare = Outcome(person_id=1, outcome_id=8, goal="Better")
    assert sentence_of(bare, None) == ""
    assert sentence_of(replace(bare, target=2.5), None) == "The number that shows it: to 2.5."


def test_completed_is_active_only_when_nothing_is_missing() -> None:
    assert completed(CLEAR).status is Status.ACTIVE
    assert completed(replace(CLEAR, baseline=0.0, target=0.0)).status is Status.ACTIVE
    for field in ("baseline", "target", "due", "indicator_id"):
        missing = replace(CLEAR, **{field: None})
        assert completed(missing).status is Status.DRAFT
        assert completed(replace(missing, status=Status.ACTIVE)).status is Status.DRAFT
    for status in (Status.CLOSED, Status.PARKED):
        assert completed(replace(CLEAR, status=status)).status is status


def test_an_outcome_grows_from_a_draft_until_it_is_active(visit: Visit) -> None:
    draft = keep_outcome(visit, new_outcome(visit, "Win more"))
    assert draft.status is Status.DRAFT
    sales = new_indicator(visit, "Sales", Kind.LEADING)
    kept = keep_outcome(visit, replace(draft, baseline=4, target=10, due=DUE), sales)
    plan = plan_of(visit)
    assert plan.outcome == kept
    assert kept.status is Status.ACTIVE
    assert plan.lagging == replace(sales, kind=Kind.LAGGING, outcome_id=kept.outcome_id)


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_what_an_outcome_cannot_lack(visit: Visit, blank: str) -> None:
    with pytest.raises(Incomplete, match="goal is still empty"):
        keep_outcome(visit, new_outcome(visit, blank))
    with pytest.raises(Incomplete, match="needs a name"):
        keep_outcome(visit, new_outcome(visit, "Win"), new_indicator(visit, blank))
    assert plan_of(visit).outcome is None


@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1)])
def test_a_new_outcome_is_due_in_the_future(visit: Visit, due: date) -> None:
    with pytest.raises(Incomplete, match="in the past"):
        keep_outcome(visit, replace(new_outcome(visit, "Win"), due=due))


def test_an_active_outcome_whose_day_has_come_can_still_be_changed(visit: Visit) -> None:
    sales = new_indicator(visit, "Sales")
    rough = replace(new_outcome(visit, "Win"), baseline=4, target=10, due=DUE)
    kept = keep_outcome(visit, rough, sales)
    later = replace(visit, today=DUE + timedelta(days=1))
    assert keep_outcome(later, replace(kept, goal="Win more")).status is Status.ACTIVE


def test_16_baseline_and_target_lie_in_the_range_of_their_number(visit: Visit) -> None:
    rating = replace(new_indicator(visit, "Trust"), measure=Measure.RATING)
    for changes in ({"baseline": 0.0}, {"target": 6.0}, {"target": float("nan")}):
        with pytest.raises(BadValue, match="Trust"):
            keep_outcome(visit, replace(new_outcome(visit, "Win"), **changes), rating)
    with pytest.raises(BadValue, match="lowest value must be below"):
        keep_outcome(visit, new_outcome(visit, "Win"), replace(rating, low=5, high=5))
