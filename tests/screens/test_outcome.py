"""Outcome on the screen: from an example to three behaviours, and never to a sixth."""

from __future__ import annotations

from coach_data.plan import plan_of


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
