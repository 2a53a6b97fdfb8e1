"""Sprints on the screens: begun, refused, counted, looked back at, decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from html import escape

import pytest

from coach_data.behaviours import park
from coach_data.entries import Logged, log_day
from coach_data.library import experiments, words
from coach_data.model import Consent, Decision, Purpose, Role, Status
from coach_data.people import join, pair
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.sprints import Running, Stage, ledger_of, new_rating, new_sprint, running_of, start
from pages.parts.browser import present
from pages.parts.sprint_strip import draw_strip

NASTY = "<b>x</b> :red[y] # H ![](http://x.example/a.png)"
LATER = "2026-06-14T12:00:00+00:00"


@pytest.fixture
def look(store, ann):
    """A fresh visit of Ann's."""
    return lambda: Visit.open(store, ann.person_id, present())


@pytest.fixture
def begun(ann, plan, look):
    """``begun(behaviour=…)``: a sprint that begins today, with days of Calls before and during."""

    def made(*names: str, step: float = 7.0, **given):
        calls = plan(ann, "Calls", *names)[0]
        visit = look()
        wave = [0, 1, 0, 2, 1, 0, 1] * 2
        for k in range(14):
            day = visit.today - timedelta(days=14 - k)
            log_day(visit, day, [Logged(calls, 2.0 + wave[k])])
        sprint = replace(
            new_sprint(visit, measure_id=calls.indicator_id, behaviour="Begin with the hardest"),
            hypothesis="More gets done",
            success_rule="One more a day",
            **given,
        )
        start(visit, sprint)
        return sprint, lambda: [
            log_day(look(), visit.today + timedelta(days=k), [Logged(calls, 2.0 + step + wave[k])])
            for k in range(14)
        ]

    return made


def test_the_empty_screen_says_what_to_do(ann, tab) -> None:
    own = tab(ann).open("sprints")
    assert "tries one behaviour for two weeks" in own.words
    own.press("Start a sprint")
    assert "What you expect" in [w.label for w in own.at.text_area]


def test_a_sprint_is_started_from_a_template(ann, plan, look, tab) -> None:
    plan(ann, "Calls")
    template = experiments("individual contributor")[0]
    own = tab(ann).open("sprints").press("Start a sprint")
    choice = own.field("selectbox", "Start from")
    choice.set_value(f"individual contributor: {template.name}").run()
    assert own.field("text_area", "What you will do").value == template.behaviour
    own.press("Start the sprint")
    assert "Say which way is better" in own.words
    own.field("button_group", "Which way is better").set_value("More")
    own.press("Start the sprint")
    assert "is kept as it is written, from 31 May to 13 June" in own.words
    line = ledger_of(look())[0]
    assert (line.stage, line.sprint.hypothesis) == (Stage.RUNNING, template.hypothesis)
    made = plan_of(look()).made
    assert [i.name for i in made] == [template.measure.name]
    today = own.open("today")
    assert "Day 1 of 14" in today.at.get("page_link")[0].proto.label
    assert any(template.measure.name in w.label for w in today.at.number_input)
    assert "day 1 of 14" in own.open("sprints").words
    assert "measured only during the sprint" in own.words
    own.field("button_group", "View").set_value("Ledger").run()
    assert any("day 1 of 14" in e.label for e in own.at.expander)


def test_a_rating_from_scratch_is_logged_on_today_and_not_on_the_compass(
    ann, plan, look, tab
) -> None:
    plan(ann, "Calls")
    own = tab(ann).open("sprints").press("Start a sprint")
    own.field("text_area", "What you expect").set_value("More energy")
    own.field("text_area", "What you will do").set_value("Walk at noon")
    own.field("text_area", "It worked if").set_value("Four of five on most days")
    own.field("text_input", "What is rated").set_value("Energy at four")
    own.field("button_group", "Which way is better").set_value("More")
    own.press("Start the sprint")
    today = own.open("today")
    today.field("button_group", "Energy at four").set_value(4)
    today.press("Save")
    assert "Saved. Values kept: 1." in today.words
    own.open("compass")
    assert "Energy at four" not in own.words
    assert "Day 1 of 14: Walk at noon" in own.at.get("page_link")[0].proto.label


def test_a_second_on_the_same_behaviour_is_refused_and_what_was_typed_stays(
    begun, ann, look, tab
) -> None:
    begun()
    own = tab(ann).open("sprints")
    own.field("button_group", "View").set_value("New sprint").run()
    own.field("text_area", "What you expect").set_value("Something")
    own.field("text_area", "What you will do").set_value("begin with the hardest")
    own.field("text_area", "It worked if").set_value("Two more")
    own.field("text_input", "What is rated").set_value("Energy")
    own.field("button_group", "Which way is better").set_value("Less")
    own.press("Start the sprint")
    assert "31 May to 13 June" in own.words
    assert own.field("text_area", "What you will do").value == "begin with the hardest"
    assert len(ledger_of(look())) == 1


def retrospective(begun, ann, tab, monkeypatch, decision: str, *names: str, **given):
    _, during = begun(*names, **given)
    monkeypatch.setenv("COACH_NOW", LATER)
    during()
    own = tab(ann)
    assert "retrospective is waiting" in own.open("compass").at.get("page_link")[0].proto.label
    own.open("sprints")
    assert "Calls moved" in own.words
    assert "14 days before the sprint, 14 known" in own.alts[0]
    own.field("text_area", "What was learned").set_value("Mornings work")
    own.field("button_group", "Decision").set_value(Decision(decision)).run()
    own.sound()
    return own


def test_adopt_makes_it_a_behaviour(begun, ann, look, tab, monkeypatch) -> None:
    own = retrospective(begun, ann, tab, monkeypatch, "adopt")
    own.field("text_input", "short name").set_value("Hardest first").run()
    own.press("Save the retrospective")
    assert "the behaviour is on the compass from today" in own.words
    assert [i.name for i in plan_of(look()).leading] == ["Calls", "Hardest first"]
    assert running_of(look()) == ()


def test_adopt_with_five_offers_the_outcome_screen(begun, ann, look, tab, monkeypatch) -> None:
    own = retrospective(begun, ann, tab, monkeypatch, "adopt", *"BCDE")
    assert "Five behaviours are on the compass already" in own.words
    assert "Outcome" in [p.proto.label for p in own.at.get("page_link")]
    own.press("Save the retrospective")
    assert len(plan_of(look()).leading) == 5
    assert ledger_of(look())[0].stage is Stage.DECIDED


def test_a_sixth_made_meanwhile_keeps_what_was_typed(begun, ann, look, tab, monkeypatch) -> None:
    own = retrospective(begun, ann, tab, monkeypatch, "adopt", *"BCD")
    own.field("text_input", "short name").set_value("b")
    own.press("Save the retrospective")
    assert "There is already an indicator called b" in own.words
    assert own.field("text_area", "What was learned").value == "Mornings work"
    assert ledger_of(look())[0].stage is Stage.WAITING


def test_adapt_opens_the_next_filled_in(begun, ann, look, tab, monkeypatch) -> None:
    own = retrospective(begun, ann, tab, monkeypatch, "adapt")
    own.press("Save the retrospective")
    assert "Filled in from the sprint that you adapt" in own.words
    assert own.field("text_area", "What you will do").value == "Begin with the hardest"
    own.field("text_area", "What you will do").set_value("The hardest at nine")
    own.press("Start the sprint")
    new, old = ledger_of(look())
    assert (new.sprint.adapted_from, new.sprint.behaviour) == (
        old.sprint.sprint_id,
        "The hardest at nine",
    )
    assert new.sprint.measure_id == old.sprint.measure_id


def test_abandon_closes_it_and_the_ledger_keeps_what_was_learned(
    begun, ann, look, tab, monkeypatch
) -> None:
    own = retrospective(begun, ann, tab, monkeypatch, "abandon")
    own.press("Save the retrospective")
    assert "closed: abandoned" in own.words
    assert len(plan_of(look()).leading) == 1
    assert any("abandoned" in e.label for e in own.at.expander)
    own.field("text_input", "Search").set_value("mornings").run()
    assert len(own.at.expander) == 1
    own.field("text_input", "Search").set_value("evenings").run()
    assert "No sprint holds these words" in own.words


def test_without_a_decision_nothing_is_saved(begun, ann, look, tab, monkeypatch) -> None:
    begun()
    monkeypatch.setenv("COACH_NOW", LATER)
    own = tab(ann).open("sprints")
    own.field("text_area", "What was learned").set_value("Mornings work")
    own.press("Save the retrospective")
    assert "Choose a decision" in own.words
    assert "During it, 0 of 14 days are known" in own.words
    assert own.field("text_area", "What was learned").value == "Mornings work"


def test_each_of_two_that_wait_can_be_reached(begun, ann, look, tab, monkeypatch) -> None:
    first, _ = begun()
    second = replace(first, sprint_id=first.sprint_id + 1, behaviour="Walk at noon")
    start(look(), second)
    monkeypatch.setenv("COACH_NOW", LATER)
    own = tab(ann).open("sprints")
    (link,) = own.at.get("page_link")
    there = link.proto.query_string.removeprefix("sprint=")
    shown = {str(s.sprint_id): s.behaviour for s in (first, second)}
    assert shown[there] in link.proto.label
    own.at.query_params["sprint"] = there
    own.open("sprints")
    assert f"<dt>Behaviour</dt><dd>{shown[there]}</dd>" in own.words


def test_a_running_sprint_can_be_called_off(begun, ann, look, tab) -> None:
    begun()
    own = tab(ann).open("sprints").press("Call it off")
    assert "stays in the ledger" in own.words
    assert ledger_of(look())[0].stage is Stage.CALLED_OFF


def test_a_coach_reads_only_and_numbers_only_with_consent(
    begun, ann, look, store, tab, monkeypatch
) -> None:
    _, during = begun()
    carl = join(store, "Carl", present(), roles=(Role.COACH,))
    pair(look(), carl.person_id)
    monkeypatch.setenv("COACH_NOW", LATER)
    during()
    coach = tab(carl).open("sprints")
    coach.field("selectbox", "Looking at").set_value(ann.person_id).run()
    coach.sound()
    assert "Begin with the hardest" in coach.words
    assert "none that are shared with you" in coach.words
    assert coach.alts == []
    assert not coach.at.text_area
    assert "New sprint" not in coach.offered
    look().save(Consent(person_id=ann.person_id, purpose=Purpose.ENTRIES, given=True))
    coach.open("sprints")
    assert "Calls moved" in coach.words
    coach.press("Share screen")
    assert "The values show when you say go" in coach.words
    assert coach.alts == []
    coach.press("Show values")
    assert len(coach.alts) == 1


def test_a_stranger_sees_nothing(begun, store, tab) -> None:
    begun()
    eve = join(store, "Eve", present())
    own = tab(eve).open("sprints")
    assert "hardest" not in own.words
    assert not own.open("today").at.get("page_link")[1:]


def test_what_was_typed_is_shown_to_the_letter(ann, plan, look, tab) -> None:
    plan(ann, "Calls")
    rating = new_rating(look(), "Energy")
    sprint = replace(
        new_sprint(look(), measure_id=rating.indicator_id, behaviour=NASTY),
        hypothesis=NASTY,
        success_rule=NASTY,
    )
    start(look(), sprint, rating)
    own = tab(ann).open("sprints")
    assert own.words.count(f"<dd>{escape(NASTY)}</dd>") == 3
    assert NASTY not in own.words
    assert not any("<b>x" in m.value for m in own.at.markdown)
    label = own.open("today").at.get("page_link")[0].proto.label
    assert r"\<b\>x" in label


def test_without_a_sprint_there_is_no_strip(ann, plan, look, tab) -> None:
    calls = plan(ann, "Calls")[0]
    own = tab(ann)
    assert not own.open("today").at.get("page_link")
    assert not own.open("compass").at.get("page_link")
    park(look(), calls)
    assert plan_of(look()).parked[0].status is Status.PARKED


def test_of_many_that_wait_one_line_is_drawn(monkeypatch) -> None:
    said = []
    monkeypatch.setattr(
        "pages.parts.sprint_strip.st.page_link", lambda page, label, **_: said.append(label)
    )
    day = date(2026, 5, 1)
    running = [Running(k, f"Walk {k}", 1, day, 15) for k in range(3)]
    draw_strip([*running, Running(9, "Read", 1, day, 3)])
    assert said == [
        "Day 3 of 14: Read",
        words("sprints.strip_waiting_many", behaviour="Walk 0", count=2),
    ]
    said.clear()
    draw_strip(running[:1])
    assert said == ["The retrospective is waiting: Walk 0"]
