"""The screen My data, as somebody reads and presses it."""

from __future__ import annotations

from coach_data.model import Purpose
from coach_data.people import consent, consents_of
from coach_data.privacy import Visit
from pages.parts.visit import present


def given(store, person) -> list[Purpose]:
    visit = Visit.open(store, person.person_id, present())
    return [c.purpose for c in consents_of(visit) if c.given]


def button(tab, key):
    return next((b for b in tab.at.button if b.key == key), None)


def test_a_consent_takes_one_click_to_give_and_one_to_withdraw(store, ann, tab) -> None:
    mine = tab(ann).open("my_data")
    assert [b.label for b in mine.at.button] == ["Allow"] * 3
    assert mine.words.count("Never given.") == 3
    assert "whoever runs the server can read the database" in mine.words
    button(mine, "Allow_ENTRIES").click().run()
    mine.sound()
    assert given(store, ann) == [Purpose.ENTRIES]
    assert "Given on 31 May 2026, 12:00, wording 1." in mine.words
    button(mine, "Withdraw_ENTRIES").click().run()
    mine.sound()
    assert given(store, ann) == []
    assert "Withdrawn on 31 May 2026, 12:00; it was wording 1.\nGiven on" in mine.words


def test_a_click_on_what_another_tab_has_changed_never_does_the_opposite(store, ann, tab) -> None:
    visit = Visit.open(store, ann.person_id, present())
    consent(visit, Purpose.ENTRIES, given=True)
    old = tab(ann).open("my_data")
    consent(visit, Purpose.ENTRIES, given=False)
    button(old, "Withdraw_ENTRIES").click().run()
    assert given(store, ann) == []
    assert button(old, "Allow_ENTRIES") is not None, "and the screen has caught up"


def test_the_own_name_is_corrected(store, ann, tab) -> None:
    mine = tab(ann).open("my_data")
    mine.at.button_group[0].set_value("Corrections").run()
    mine.field("text_input", "Your name").input("Ann Marie")
    mine.press("Keep")
    assert Visit.open(store, ann.person_id, present()).about.name == "Ann Marie"
    mine.field("text_input", "Your name").input(" ")
    mine.press("Keep")
    assert "A name is needed" in mine.words


def test_a_shared_screen_shows_nothing_of_it(ann, tab) -> None:
    mine = tab(ann)
    mine.at.session_state["sharing"] = True
    mine.open("my_data")
    assert not mine.at.button
    assert "hidden while the screen is shared" in mine.words
