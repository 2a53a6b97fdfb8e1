"""What a coachee does on the screens: an outcome, behaviours, a day, what was typed as text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from coach_data.behaviours import add_leading
from coach_data.entries import Logged, day_of, log_day
from coach_data.model import EntryState, Kind, Measure
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from pages.parts.browser import present

NASTY = "<b>x</b> :red[y] # H ![](http://x.example/a.png) $z$"


@pytest.fixture
def look(store, ann):
    """A fresh visit of Ann's."""
    return lambda: Visit.open(store, ann.person_id, present())


def known(visit: Visit, day: date | None = None):
    day = day or visit.today
    return {r.indicator.name: r.known for r in day_of(visit, day, plan_of(visit).asked(day))}


def test_an_outcome_from_an_example(ann, look, tab) -> None:
    own = tab(ann).open("outcome")
    own.press("Use as a start")
    own.press("Keep and go on")
    own.press("Keep and go on")
    for _ in range(3):
        own.press(next(b.label for b in own.at.button if b.label.startswith("Add ")))
    plan = plan_of(look())
    assert plan.outcome is not None
    assert plan.outcome.status == "active"
    assert plan.lagging is not None
    assert len(plan.leading) == 3
    assert "3 of 5 behaviours on the compass." in own.words


def test_a_sixth_behaviour_is_refused(ann, plan, look, tab) -> None:
    plan(ann, *"ABCDE")
    own = tab(ann).open("outcome")
    own.field("button_group", "Step").set_value("3 Behaviours").run()
    own.field("text_input", "What will you do?").set_value("The sixth")
    own.press("Add")
    assert "Park one to make room" in own.words
    assert own.field("text_input", "What will you do?").value == "The sixth"
    assert len(plan_of(look()).leading) == 5


def test_a_day_is_saved(ann, plan, look, tab) -> None:
    plan(ann, "Calls", "Walk")
    own = tab(ann).open("today")
    own.field("number_input", "Calls").set_value(3)
    own.press("Save")
    assert "Saved. Values kept: 1." in own.words
    found = known(look())
    assert found["Calls"].value == 3
    assert found["Walk"] is None, "left empty is unknown, not zero"


def test_a_day_is_skipped_with_a_reason(ann, plan, look, tab) -> None:
    plan(ann, "Calls")
    own = tab(ann)
    own.at.session_state[f"asides_opened:{look().today}"] = True
    own.open("today")
    own.field("selectbox", "Calls: skip").set_value("ill")
    own.press("Save")
    found = known(look())["Calls"]
    assert (found.state, found.value, found.reason) == (EntryState.SKIPPED, None, "ill")


def test_a_skip_stays_when_the_day_is_saved_again_without_opening_the_skips(
    ann, plan, look, tab
) -> None:
    plan(ann, "Calls")
    first = tab(ann)
    first.at.session_state[f"asides_opened:{look().today}"] = True
    first.open("today").field("selectbox", "Calls: skip").set_value("ill")
    first.press("Save")
    tab(ann).open("today").press("Save")
    assert known(look())["Calls"].state is EntryState.SKIPPED


def test_an_earlier_day_is_filled_in(ann, plan, look, tab) -> None:
    plan(ann, "Calls")
    own = tab(ann).open("today")
    own.field("button_group", "Day").set_value("Yesterday").run()
    own.field("number_input", "Calls").set_value(4)
    own.press("Save")
    assert known(look())["Calls"] is None
    assert known(look(), look().today - timedelta(days=1))["Calls"].value == 4


def test_a_wrong_value_keeps_what_was_typed_and_names_the_range(ann, plan, look, tab) -> None:
    plan(ann, "Energy", measure=Measure.NUMBER, low=0.0, high=10.0)
    own = tab(ann).open("today")
    own.field("number_input", "Energy").set_value(12)
    own.press("Save")
    assert "from 0 to 10" in own.words
    assert own.field("number_input", "Energy").value == 12
    assert known(look())["Energy"] is None


@pytest.mark.abuse(53)
def test_the_later_of_two_tabs_is_told(ann, plan, look, tab) -> None:
    (calls,) = plan(ann, "Calls")
    first, second = tab(ann).open("today"), tab(ann).open("today")
    first.field("number_input", "Calls").set_value(3)
    first.press("Save")
    second.field("number_input", "Calls").set_value(8)
    second.press("Save")
    assert "changed in another window" in second.words
    assert second.field("number_input", "Calls").value == 8
    assert known(look())["Calls"].value == 3


def test_every_row_of_the_compass_has_its_name_and_its_words(ann, plan, look, tab) -> None:
    names = ["Calls", "Walk", "Sleep", "Review", "Plan"]
    made = plan(ann, *names)
    log_day(look(), look().today, [Logged(indicator=i, value=2) for i in made])
    own = tab(ann).open("compass")
    assert [alt.split(":")[0] for alt in own.alts] == names
    assert all(f"<strong>{name}</strong>" in own.words for name in names)


def test_the_table_of_the_compass_has_the_guards_too(ann, look, tab) -> None:
    visit = look()
    guard = replace(new_indicator(visit, "Complaints", Kind.GUARD), unit="a day")
    add_leading(visit, new_indicator(visit, "Calls"), None, guard)
    own = tab(ann).open("compass")
    own.field("button_group", "More").set_value("As a table").run()
    own.sound()
    assert list(own.at.dataframe[0].value.columns) == ["Calls", "Guard: Complaints (a day)"]


def test_the_table_says_yes_and_no(ann, look, tab) -> None:
    visit = look()
    walk = replace(new_indicator(visit, "Walk"), measure=Measure.YES_NO)
    add_leading(visit, walk, None)
    log_day(visit, visit.today, [Logged(walk, 1.0)])
    log_day(visit, visit.today - timedelta(days=1), [Logged(walk, 0.0)])
    own = tab(ann).open("compass")
    own.field("button_group", "More").set_value("As a table").run()
    assert list(own.at.dataframe[0].value["Walk"][:3]) == ["yes", "no", "–"]


@pytest.mark.abuse(1, 2, 3, 4, 5)
def test_what_was_typed_is_shown_to_the_letter(ann, plan, look, tab) -> None:
    (nasty,) = plan(ann, NASTY)
    log_day(look(), look().today, [Logged(indicator=nasty, value=2, note=NASTY)])
    for screen in ("welcome", "today", "compass", "outcome"):
        own = tab(ann).open(screen)
        if screen == "outcome":
            own.field("button_group", "Step").set_value("3 Behaviours").run()
        labels = [str(w.label) for kind in ("number_input", "text_input", "selectbox", "radio",
                  "expander", "button") for w in own.at.get(kind)]  # fmt: skip
        read_as_markdown = [m.value for m in own.at.markdown] + labels
        for text in read_as_markdown:
            bare = re.sub(r"\\.", "", text)  # a mark with a backslash before it is only a sign
            for mark in ("<", ":red", "[", "#", "$"):
                assert mark not in bare, f"{screen}: {text}"
        for html in own.at.get("html"):
            for tag in re.findall(r"<\w+[^>]*>", html.proto.body):
                assert "x.example" not in tag, f"{screen}: {tag}"
