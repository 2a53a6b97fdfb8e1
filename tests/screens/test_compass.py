"""The compass on the screen: every row with its name and its words, and all of it as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from coach_data.behaviours import add_leading
from coach_data.entries import Logged, log_day
from coach_data.library import words
from coach_data.model import Kind, Measure
from coach_data.plan import new_indicator

MORE = "How to read it, and more"


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
    own = tab(ann).open("compass").press(MORE)
    own.field("button_group", "More").set_value("As a table").run()
    own.sound()
    assert list(own.at.dataframe[0].value.columns) == ["Calls", "Guard: Complaints (a day)"]


def test_the_table_says_yes_and_no(ann, look, tab) -> None:
    visit = look()
    walk = replace(new_indicator(visit, "Walk"), measure=Measure.YES_NO)
    add_leading(visit, walk, None)
    log_day(visit, visit.today, [Logged(walk, 1.0)])
    log_day(visit, visit.today - timedelta(days=1), [Logged(walk, 0.0)])
    own = tab(ann).open("compass").press(MORE)
    own.field("button_group", "More").set_value("As a table").run()
    assert list(own.at.dataframe[0].value["Walk"][:3]) == ["yes", "no", "–"]


def test_how_to_read_it_is_one_press_away_and_more_beside_it(ann, plan, look, tab) -> None:
    plan(ann, "Calls")
    own = tab(ann).open("compass")
    assert not own.at.button_group
    own.press(MORE)
    assert words("compass.legend") in own.words
    assert own.offered == ["How to read it", "As a table", "Pictures", "Mark an event", "Notes"]
    assert MORE not in own.words
    own.open("today").open("compass")
    assert MORE in own.words
    assert not own.offered
