"""People: a code is shown once and used once; who may invite, and nobody else's screen says so."""

from __future__ import annotations

import pytest

from coach_data.model import Role
from coach_data.people import coachees_of, join, pair
from coach_data.privacy import Visit
from pages.parts.browser import present
from pages.parts.cards import MOST_LISTED


def test_a_coach_shows_a_code_once_and_a_coachee_uses_it(store, tab, ann) -> None:
    coach = join(store, "Noor", present(), roles=(Role.COACH,))
    screen = tab(coach).open("people").press("Invite a coachee")
    (code,) = [c.value for c in screen.at.code]
    assert "For: coachee, good until 7 June" in screen.words
    screen.at.run()
    assert not screen.at.code, "shown once"
    own = tab(ann).open("people")
    own.field("text_input", "Code").set_value(code)
    own.press("Use the code")
    assert "The code was used" in own.words
    assert [c.name for c in coachees_of(Visit.open(store, coach.person_id, present()))] == ["Ann"]
    screen.at.run()
    assert "Ann" in screen.words
    assert "Take back" not in screen.words


def test_a_coachee_and_a_lead_invite_nobody(store, tab, ann) -> None:
    for one in (ann, join(store, "Lea", present(), roles=(Role.LEAD,))):
        screen = tab(one).open("people")
        assert "Invite" not in screen.words
        assert "In the programme" not in screen.words


def test_one_who_coaches_says_so_at_the_beginning(store, tab) -> None:
    first = tab()
    first.field("text_input", "Your name").set_value("Cleo")
    first.field("checkbox", "I coach").check()
    first.press("Begin")
    assert "Invite a coachee" in first.open("people").words


def test_a_code_that_was_taken_back_opens_nothing(store, tab, ann) -> None:
    coach = join(store, "Noor", present(), roles=(Role.COACH,))
    screen = tab(coach).open("people").press("Invite a coachee")
    (code,) = [c.value for c in screen.at.code]
    screen.press("Take back")
    assert "good until" not in screen.words
    own = tab(ann).open("people")
    own.field("text_input", "Code").set_value(code)
    own.press("Use the code")
    assert "The code was used" not in own.words
    assert own.at.error
    assert coachees_of(Visit.open(store, coach.person_id, present())) == []


def test_an_administrator_invites_for_every_role_and_sees_who_is_there(store, tab, ann) -> None:
    ada = join(store, "Ada", present(), roles=(Role.ADMINISTRATOR,))
    screen = tab(ada).open("people")
    for role in ("a coachee", "a coach", "a lead", "an administrator"):
        assert f"Invite {role}" in screen.words
    assert "Ann: coachee" in screen.words
    assert "Sign out everywhere" not in screen.words, "nobody signs in here"


def test_while_the_screen_is_shared_no_name_is_shown(store, tab, ann) -> None:
    ada = join(store, "Ada", present(), roles=(Role.ADMINISTRATOR,))
    own = tab(ada)
    own.at.session_state["sharing"] = True
    own.open("people")
    assert "Ann" not in own.words
    assert "Invite" not in own.words


@pytest.mark.parametrize("count", [2, MOST_LISTED + 1])
def test_a_coach_reads_the_names_of_their_coachees(store, tab, count) -> None:
    coach = join(store, "Bo", present(), roles=(Role.COACH,))
    for number in range(count):
        one = join(store, f"<Kim> {number:02}", present())
        pair(Visit.open(store, one.person_id, present()), coach.person_id)
    own = tab(coach).open("people")
    assert f"<li>&lt;Kim&gt; {count - 1:02}</li>" in own.words
    assert [e.label for e in own.at.expander] == ([f"All {count}"] if count > MOST_LISTED else [])
