"""Habits on the screens: written below a behaviour, read on Today, the coach only reads."""

from coach_data.habits import habits_of, keep_habit
from coach_data.model import Habit, Role
from coach_data.people import join, pair
from coach_data.privacy import Visit
from pages.parts.browser import present


def opened(tab, indicator):
    """The habit's fold as a person opens it."""
    tab.at.session_state["step"] = "3 Behaviours"
    tab.at.session_state[f"habit:{indicator.indicator_id}"] = True
    tab.open("outcome")
    return tab


def kept(store, person, indicator, **given):
    visit = Visit.open(store, person.person_id, present())
    known = {"cue": "after lunch", "routine": "call *one* customer"}
    return keep_habit(
        visit,
        Habit(person_id=person.person_id, indicator_id=indicator.indicator_id, **(known | given)),
    )


def test_a_habit_is_drawn_only_when_opened(tab, ann, plan):
    plan(ann, "Calls", "Walk")
    outcome = tab(ann)
    outcome.at.session_state["step"] = "3 Behaviours"
    outcome.open("outcome")
    assert "Cue" not in [w.label for w in outcome.at.text_input]


def test_the_plan_is_read_back_while_typing_and_kept(store, tab, ann, plan):
    calls, _ = plan(ann, "Calls", "Walk")
    outcome = opened(tab(ann), calls)
    assert "The plan appears here" in outcome.words
    outcome.field("text_input", "Cue").set_value("I hang up my coat").run()
    outcome.field("text_input", "Routine").set_value("Call one customer.").run()
    outcome.sound()
    assert "When I hang up my coat, I will call one customer." in outcome.words
    assert habits_of(Visit.open(store, ann.person_id, present())) == {}
    outcome.press("Keep the habit")
    assert "The habit is kept." in outcome.words
    assert habits_of(Visit.open(store, ann.person_id, present()))[calls.indicator_id].cue
    assert not outcome.at.get("download_button"), "no time, no file"


def test_half_a_plan_is_refused_and_stays(tab, ann, plan):
    (calls,) = plan(ann, "Calls")
    outcome = opened(tab(ann), calls)
    outcome.field("text_input", "Cue").set_value("I hang up my coat").run()
    outcome.press("Keep the habit")
    assert "A plan needs its cue and its routine" in outcome.words
    assert outcome.field("text_input", "Cue").value == "I hang up my coat"


def test_a_cue_with_a_time_has_a_calendar_file(store, tab, ann, plan):
    (calls,) = plan(ann, "Calls")
    kept(store, ann, calls, at_minute=510)
    outcome = opened(tab(ann), calls)
    assert [b.proto.label for b in outcome.at.get("download_button")] == ["Calendar file"]
    outcome.press("Take it away")
    assert "The habit is taken away" in outcome.words
    assert habits_of(Visit.open(store, ann.person_id, present())) == {}


def test_today_shows_the_sentence_within_the_label(store, tab, ann, plan):
    calls, walk = plan(ann, "Calls", "Walk")
    before = len(list(tab(ann).open("today").at.main))
    kept(store, ann, calls)
    today = tab(ann).open("today")
    assert (
        "After lunch, I will call \\*one\\* customer" in today.field("number_input", "Calls").label
    )
    assert "I will" not in today.field("number_input", "Walk").label
    assert len(list(today.at.main)) == before, "no element more"


def test_the_coach_reads_the_habit_and_cannot_write(store, tab, ann, plan):
    (calls,) = plan(ann, "Calls")
    kept(store, ann, calls, reward="A clear desk", at_minute=510)
    noor = join(store, "Noor", present(), roles=(Role.COACH,))
    pair(Visit.open(store, ann.person_id, present()), noor.person_id)
    coach = tab(noor).open("outcome")
    coach.field("selectbox", "Looking at").set_value(ann.person_id).run()
    coach.at.session_state[f"habit:{calls.indicator_id}"] = True
    coach.at.run()
    coach.sound()
    assert "Reward: A clear desk" in coach.words
    assert "Time: 08:30, Mon, Tue, Wed, Thu, Fri" in coach.words
    assert not [b for b in coach.at.button if b.label == "Keep the habit"]
    assert not coach.at.text_input
