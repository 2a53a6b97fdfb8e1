"""The guide: everything in the library can be read and searched, and nobody's data is shown."""

import pytest

from coach_data import library
from coach_data.library import experiments, roles, session_parts, traps
from coach_data.people import join
from pages.parts.browser import present
from pages.parts.guide_parts import SECTIONS, found


def read(tab_of, section):
    tab_of.at.button_group(key="guide_section").set_value(section).run()
    tab_of.sound()
    return tab_of.words


def test_it_opens_with_the_questions_of_the_four_parts(tab, ann):
    said = tab(ann).open("guide").words
    for part in session_parts():
        assert f"{part.name}, {part.minutes} minutes" in said


@pytest.mark.parametrize("section", list(SECTIONS))
def test_each_section_holds_its_cards(tab, ann, section):
    cards = SECTIONS[section]()
    assert cards
    said = read(tab(ann).open("guide"), section)
    assert said.count("<section>") == len(cards)


def test_nothing_of_the_library_is_left_out():
    shown = "\n".join(card.text for cards in SECTIONS.values() for card in cards())
    for trap in traps():
        for line in (*trap.signs, *trap.recovery, *library.questions(trap.key).questions):
            assert line.casefold() in shown
    for role in roles():
        for sprint in experiments(role):
            assert f"{sprint.name} ({role})".casefold() in shown
            assert sprint.watch.casefold() in shown
    for line in library.ethics():
        assert line.text.casefold() in shown
    for work in library.reading():
        assert work.title.casefold() in shown


def test_a_search_goes_through_all_sections(tab, ann):
    guide = tab(ann).open("guide")
    guide.field("text_input", "Search").set_value("SMALLEST loop").run()
    guide.sound()
    assert "Traps" in guide.words
    assert "smallest loop" in guide.words
    assert guide.words.count("<section>") == sum(map(len, found("smallest loop").values()))


def test_a_search_without_a_find_says_so_and_shows_markup_to_the_letter(tab, ann):
    guide = tab(ann).open("guide")
    guide.field("text_input", "Search").set_value("<b>xyzzy</b>").run()
    guide.sound()
    assert "<b>xyzzy</b>" in [t.value for t in guide.at.text][0]
    assert "<section>" not in guide.words


def test_a_first_visitor_is_asked_who_they_are(tab, store):
    join(store, "Ann", present())
    assert "For coach and coachee" not in tab().open("guide").words
