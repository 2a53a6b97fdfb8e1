"""Today: a day is saved, skipped, filled in later; what is wrong keeps what was typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach_data.entries import day_of
from coach_data.model import EntryState, Measure
from coach_data.plan import plan_of
from coach_data.privacy import Visit


def known(visit: Visit, day: date | None = None):
    day = day or visit.today
    return {r.indicator.name: r.known for r in day_of(visit, day, plan_of(visit).asked(day))}


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
