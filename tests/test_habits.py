"""Habits: the plan as one sentence, what is kept of it, and who may see and write it."""

from datetime import UTC, datetime

import pytest

from coach_data.habits import (
    NoSuchTime,
    NotABehaviour,
    Unfinished,
    habits_of,
    keep_habit,
    plan_sentence,
    remove_habit,
    times_kept,
)
from coach_data.model import Habit, Indicator, Kind, NotAllowed, Pairing, Role, new_id
from coach_data.people import join, pair
from coach_data.privacy import Visit
from coach_data.text import BadText

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture
def ann(store):
    return Visit.open(store, join(store, "Ann", NOW).person_id, NOW)


def behaviour(visit, kind=Kind.LEADING):
    made = Indicator(person_id=visit.viewer_id, indicator_id=new_id(), kind=kind, name="Lines")
    visit.save(made)
    return made.indicator_id


def habit(visit, indicator_id, **given):
    known = {"cue": "I pour my coffee", "routine": "write three lines"}
    return Habit(person_id=visit.about.person_id, indicator_id=indicator_id, **(known | given))


@pytest.mark.parametrize(
    ("cue", "routine", "sentence"),
    [
        ("I pour my coffee", "write three lines", "When I pour my coffee, I will write three lines."),
        ("When the door closes.", "Breathe.", "When the door closes, I will breathe."),
        ("after lunch", "I will walk", "After lunch, I will walk."),
        ("At 8:30", "I'll open the plan", "At 8:30, I will open the plan."),
        ("  My calendar\n rings ", "CRM: add a note", "When my calendar rings, I will CRM: add a note."),
        ("Bruno calls", "listen first", "When Bruno calls, I will listen first."),
        ("I sit down", "", "When I sit down, I will …."),
        ("", "Walk", "When …, I will walk."),
        ("", " ", ""),
        ("{braces} ring", "go", "When {braces} ring, I will go."),
    ],
)  # fmt: skip
def test_the_plan_is_one_tidy_sentence(cue, routine, sentence):
    said = plan_sentence(Habit(person_id=1, indicator_id=2, cue=cue, routine=routine))
    assert said == sentence.replace("….", "….")


def test_what_is_kept_is_found_by_its_behaviour(ann):
    indicator_id = behaviour(ann)
    keep_habit(ann, habit(ann, indicator_id, weekdays="FR,MO", at_minute=510))
    found = habits_of(ann)
    assert list(found) == [indicator_id]
    assert (found[indicator_id].weekdays, found[indicator_id].at_minute) == ("MO,FR", 510)


def test_a_change_keeps_the_earlier_wording_and_taking_away_hides_it(ann):
    indicator_id = behaviour(ann)
    first = keep_habit(ann, habit(ann, indicator_id))
    keep_habit(ann, habit(ann, indicator_id, cue="the kettle boils"))
    assert times_kept(ann, first) == 2
    assert habits_of(ann)[indicator_id].cue == "the kettle boils"
    remove_habit(ann, habits_of(ann)[indicator_id])
    assert habits_of(ann) == {}
    keep_habit(ann, first)
    assert habits_of(ann)[indicator_id].cue == first.cue


@pytest.mark.parametrize("missing", [{"cue": " "}, {"routine": "\u200b"}])
def test_a_plan_needs_both_parts(ann, missing):
    indicator_id = behaviour(ann)
    with pytest.raises(Unfinished):
        keep_habit(ann, habit(ann, indicator_id, **missing))
    assert habits_of(ann) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"at_minute": -1},
        {"at_minute": 1440},
        {"at_minute": 60, "minutes": 0},
        {"at_minute": 60, "minutes": 481},
        {"at_minute": 60, "weekdays": ""},
        {"weekdays": "MO,XX"},
        {"at_minute": 60, "weekdays": "MO;COUNT=1"},
    ],
)
def test_a_time_is_one_that_a_calendar_can_keep(ann, wrong):
    indicator_id = behaviour(ann)
    with pytest.raises(NoSuchTime):
        keep_habit(ann, habit(ann, indicator_id, **wrong))
    assert habits_of(ann) == {}


def test_no_text_is_cut_silently(ann):
    with pytest.raises(BadText):
        keep_habit(ann, habit(ann, behaviour(ann), reward="x" * 401))


def test_a_result_is_no_habit(ann):
    with pytest.raises(NotABehaviour):
        keep_habit(ann, habit(ann, behaviour(ann, Kind.LAGGING)))


def test_the_coach_reads_it_and_changes_nothing_and_a_stranger_sees_nothing(store, ann):
    coach = join(store, "Noor", NOW, roles=(Role.COACH,)).person_id
    other = join(store, "Robin", NOW).person_id
    indicator_id = behaviour(ann)
    kept = keep_habit(ann, habit(ann, indicator_id))
    pair(ann, coach)
    looking = Visit.open(store, coach, NOW, ann.viewer_id)
    assert habits_of(looking) == {indicator_id: kept}
    for change in (keep_habit, remove_habit):
        with pytest.raises(NotAllowed):
            change(looking, kept)
    stranger = Visit.open(store, other, NOW)
    assert stranger.read("SELECT * FROM habit_history") == []
    with pytest.raises(NotAllowed):
        keep_habit(stranger, kept)
    with pytest.raises(NotAllowed):
        keep_habit(stranger, habit(stranger, indicator_id))  # pointing at another's behaviour
    ann.save(Pairing(person_id=ann.viewer_id, coach_id=coach, active=False))
    assert looking.read("SELECT * FROM habit_history") == []
