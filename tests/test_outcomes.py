"""From a vague goal to an outcome, and the three to five behaviours behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from coach_data.compass import annotations_of
from coach_data.library import words
from coach_data.model import (
    Aim,
    Annotation,
    Comparison,
    Event,
    Indicator,
    Kind,
    Measure,
    NotAllowed,
    Outcome,
    Period,
    Person,
    Role,
    Status,
    new_id,
)
from coach_data.outcomes import (
    FEWEST_LEADING,
    MOST_LEADING,
    Incomplete,
    TooManyLeading,
    add_leading,
    agree_aim,
    check_aim,
    completed,
    count_usual_from,
    describe,
    keep_outcome,
    mark,
    mark_keystone,
    new_indicator,
    new_outcome,
    park,
    plan_of,
    resume,
    sentence_of,
    unmark,
    vagueness,
)
from coach_data.people import pair
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from coach_data.values import BadValue

TODAY = date(2026, 5, 31)
DUE = date(2026, 9, 1)
SALES = Indicator(person_id=1, indicator_id=9, kind=Kind.LAGGING, name="Sales", unit="deals")
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


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("outcomes")
    opened = open_store(Places(folder / "coach.duckdb", folder / "key"))
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


# --- what is vague ---


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


# --- keeping it ---


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


# --- three to five behaviours ---


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


# --- aims ---


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


# --- the time axis ---


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


def test_annotations_come_and_go(visit: Visit) -> None:
    later = note(visit, "launch", TODAY, TODAY)
    early = note(visit, "on leave", TODAY - timedelta(days=9), TODAY, Event.LEAVE)
    mark(visit, later)
    mark(visit, early)
    assert annotations_of(visit) == [early, later]
    unmark(visit, early)
    assert annotations_of(visit) == [later]


def test_an_annotation_that_says_nothing_or_ends_before_it_begins(visit: Visit) -> None:
    with pytest.raises(Incomplete, match="what happened"):
        mark(visit, note(visit, " \u200b", TODAY, TODAY))
    with pytest.raises(Incomplete, match="before the first"):
        mark(visit, note(visit, "x", TODAY, TODAY - timedelta(days=1)))
    assert annotations_of(visit) == []


def test_a_new_start_of_the_usual_has_its_reason_on_the_axis(visit: Visit) -> None:
    add_leading(visit, behaviour(visit, "Calls"), None)
    calls, day = plan_of(visit).leading[0], TODAY - timedelta(days=3)
    for when, reason, said in ((day, " \u200b", "needs its reason"), (DUE, "x", "not come yet")):
        with pytest.raises(Incomplete, match=said):
            count_usual_from(visit, calls, when, reason)
    assert plan_of(visit).leading[0].usual_since is None
    count_usual_from(visit, calls, day, "new team")
    assert plan_of(visit).leading[0].usual_since == day
    assert [(a.first_day, a.text) for a in annotations_of(visit)] == [(day, "new team")]


# --- who ---


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
