"""The screen My data, as somebody reads and presses it."""

from __future__ import annotations

import pytest

from coach_data.model import NotAllowed, Purpose, Role
from coach_data.pairings import pairings_of, part
from coach_data.people import consent, consents_of, join, pair, rename
from coach_data.privacy import Visit
from pages.parts.browser import present


@pytest.fixture
def cleo(store, ann):
    """A coach of Ann with a name that Markdown and HTML would read."""
    coach = join(store, "*Cleo* <b>B</b>", present(), roles=(Role.COACH,))
    pair(Visit.open(store, ann.person_id, present()), coach.person_id)
    return coach


def section(tab, name):
    tab.at.button_group[0].set_value(name).run()
    tab.sound()
    return tab


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
    section(mine, "Corrections")
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


# --- with whom ---


def test_both_sides_see_the_pairing_and_can_end_it(store, ann, cleo, tab) -> None:
    mine, theirs = section(tab(ann).open("my_data"), "Coaches"), tab(cleo).open("my_data")
    section(theirs, "Coaches")
    assert "Coaches you since 31 May 2026." in mine.words
    assert "Coached by you since 31 May 2026." in theirs.words
    assert r"\*Cleo\* \<b\>B\</b\>" in mine.words
    mine.press("End the pairing")
    assert "Nobody coaches you at present" in mine.words
    assert "*Cleo* <b>B</b>: from 31 May 2026 to 31 May 2026." in mine.words
    theirs.at.run()
    theirs.sound()
    assert "Ann" not in theirs.words


def test_the_coach_ends_it_too(store, ann, cleo, tab) -> None:
    theirs = section(tab(cleo).open("my_data"), "Coaches")
    theirs.press("End the pairing")
    assert "Ann" not in theirs.words
    assert pairings_of(Visit.open(store, ann.person_id, present()))[0].until is not None


def test_an_end_that_was_pressed_in_two_tabs_ends_it_once(store, ann, cleo, tab) -> None:
    old = section(tab(ann).open("my_data"), "Coaches")
    visit = Visit.open(store, ann.person_id, present())
    part(visit, pairings_of(visit)[0])
    pair(visit, join(store, "Dora", present(), roles=(Role.COACH,)).person_id)
    old.press("End the pairing")
    assert [p.name for p in pairings_of(visit) if p.until is None] == ["Dora"]


# --- who looked ---


def test_every_look_stands_there_and_what_was_typed_is_no_markup(store, ann, cleo, tab) -> None:
    mine = section(tab(ann).open("my_data"), "Who looked")
    assert "Nobody has looked at your data yet." in mine.words
    Visit.open(store, cleo.person_id, present(), ann.person_id).look("Compass")
    visit = Visit.open(store, ann.person_id, present())
    part(visit, pairings_of(visit)[0])
    with pytest.raises(NotAllowed):
        Visit.open(store, cleo.person_id, present(), ann.person_id)
    rename(Visit.open(store, cleo.person_id, present()), "Somebody Else")
    mine.at.run()
    mine.sound()
    assert "*Cleo* &lt;b&gt;B&lt;/b&gt; · Compass" in mine.words
    assert "*Cleo* &lt;b&gt;B&lt;/b&gt; · tried, and was refused" in mine.words
    assert "Somebody Else" not in mine.words
    assert "no line was changed" in mine.words


def test_older_looks_come_with_a_click(store, ann, cleo, tab) -> None:
    visit = Visit.open(store, cleo.person_id, present(), ann.person_id)
    for number in range(120):
        visit.look(f"screen {number} of them")
    mine = section(tab(ann).open("my_data"), "Who looked")
    shown = [n for n in range(120) if f"screen {n} of them" in mine.words]
    assert shown == list(range(70, 120))
    assert "50 of 120" in mine.words
    mine.press("Show older ones").press("Show older ones")
    assert all(f"screen {n} of them" in mine.words for n in range(120))
    assert "Show older ones" not in mine.words


def test_a_changed_row_is_told_to_whom_it_concerns(store, ann, cleo, tab) -> None:
    Visit.open(store, cleo.person_id, present(), ann.person_id).look("Compass")
    store.cursor().execute("UPDATE app.raw.access_log SET screen = 'Guide'")
    mine = section(tab(ann).open("my_data"), "Who looked")
    assert "changed, added or taken out behind the app's back" in mine.words
    assert "no line was changed" not in mine.words


# --- what my coach sees ---


def test_what_my_coach_sees_follows_the_consents(store, ann, cleo, plan, tab) -> None:
    plan(ann, "Calls <i>now</i>")
    mine = section(tab(ann).open("my_data"), "What my coach sees")
    assert "Calls &lt;i&gt;now&lt;/i&gt;" in mine.words
    assert "Not seen: you have not agreed to “My coach sees my entries”." in mine.words
    for purpose in Purpose:
        consent(Visit.open(store, ann.person_id, present()), purpose, given=True)
    mine.at.run()
    mine.sound()
    assert "Not seen" not in mine.words
    assert not mine.alts
    mine.at.toggle[0].set_value(True).run()
    mine.sound()
    assert len(mine.alts) == 1, "the row of the compass, drawn as for the coach"
    assert not Visit.open(store, ann.person_id, present()).read("FROM access_log"), "no look"


def test_without_a_coach_nobody_sees_anything(ann, plan, tab) -> None:
    plan(ann, "Calls")
    mine = section(tab(ann).open("my_data"), "What my coach sees")
    assert "nobody sees anything here but you" in mine.words
    assert "Calls" not in mine.words
    assert not mine.at.toggle


def test_of_two_coaches_one_is_chosen(store, ann, cleo, plan, tab) -> None:
    pair(
        Visit.open(store, ann.person_id, present()),
        join(store, "Dora", present(), roles=(Role.COACH,)).person_id,
    )
    mine = section(tab(ann).open("my_data"), "What my coach sees")
    box = mine.at.selectbox[0]
    assert sorted(box.options) == ["*Cleo* <b>B</b>", "Dora"]
    for name in box.options:
        box.select(name).run()
        assert f"the same rules as {name}'s own screens" in mine.words
