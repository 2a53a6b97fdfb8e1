"""Nothing of anybody shows before it may: first visitors, coaches, leads, a shared screen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coach_data.entries import Logged, log_day
from coach_data.model import Purpose, Role
from coach_data.people import consent, join, pair
from coach_data.privacy import Visit
from pages.parts.browser import present

PAGES = sorted(Path(__file__).parents[2].joinpath("pages").glob("*.py"))
SECRET = "Marmalade calls"
NOTE = "met the zebra"


@pytest.fixture
def lived(store, ann, plan):
    """Ann, with a behaviour that nobody else would name so, a day and a note."""
    (calls,) = plan(ann, SECRET)
    visit = Visit.open(store, ann.person_id, present())
    log_day(visit, visit.today, [Logged(indicator=calls, value=3, note=NOTE)])
    return ann


@pytest.fixture
def paired(store, lived):
    """Ann's coach Bo, with all that Ann can agree to."""
    coach = join(store, "Bo", present(), roles=(Role.COACH,))
    visit = Visit.open(store, lived.person_id, present())
    pair(visit, coach.person_id)
    consent(visit, Purpose.ENTRIES, given=True)
    consent(visit, Purpose.NOTES, given=True)
    return coach


def asked_who(words: str) -> bool:
    return "Your name" in words and "Begin" in words


def test_pages_are_found() -> None:
    assert {p.stem for p in PAGES} >= {"welcome", "today", "compass", "outcome", "bring_in"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_first_visitor_is_asked_who_is_there(page, lived, tab) -> None:
    first = tab().open(page.stem)
    assert asked_who(first.words)
    assert SECRET not in first.words
    assert NOTE not in first.words
    assert not first.alts


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_served_without_the_router_asks_too(page, lived) -> None:
    alone = AppTest.from_file(str(page), default_timeout=30).run()
    assert [w.label for w in alone.text_input] == ["Your name"]
    assert SECRET not in str(alone.main)
    assert NOTE not in str(alone.main)


def test_an_unknown_person_is_asked_who_is_there(lived, tab) -> None:
    stranger = tab()
    stranger.at.session_state["viewer_id"] = 12345
    stranger.open("compass")
    assert asked_who(stranger.words)


def test_a_coach_chooses_and_the_look_is_written_down(store, lived, paired, tab) -> None:
    coach = tab(paired).open("compass")
    assert SECRET not in coach.words
    assert "Choose whom you are looking at" in coach.words
    coach.field("selectbox", "Looking at").set_value(lived.person_id).run()
    coach.sound()
    assert "Compass of Ann" in coach.words
    assert SECRET in coach.words
    assert coach.alts[0].startswith(SECRET)
    own = Visit.open(store, lived.person_id, present())
    assert own.read("SELECT viewer_id, screen, allowed FROM access_log") == [
        (paired.person_id, "Compass", True)
    ]


@pytest.mark.abuse(38)
def test_a_withdrawn_pairing_counts_at_the_next_run(store, lived, paired, tab) -> None:
    coach = tab(paired).open("compass")
    coach.field("selectbox", "Looking at").set_value(lived.person_id).run()
    assert SECRET in coach.words
    pair(Visit.open(store, lived.person_id, present()), paired.person_id, active=False)
    coach.at.run()
    coach.sound()
    assert SECRET not in coach.words
    assert "Ann" not in coach.words
    assert not coach.alts


def test_a_withdrawn_consent_counts_at_the_next_run(store, lived, paired, tab) -> None:
    coach = tab(paired).open("compass")
    coach.field("selectbox", "Looking at").set_value(lived.person_id).run()
    own = Visit.open(store, lived.person_id, present())
    consent(own, Purpose.ENTRIES, given=False)
    coach.at.run()
    coach.sound()
    assert "last value 3" not in " ".join(coach.alts)


def test_a_coach_cannot_log_for_a_coachee(lived, paired, tab) -> None:
    coach = tab(paired).open("today")
    coach.field("selectbox", "Looking at").set_value(lived.person_id).run()
    assert all(w.disabled for w in coach.at.number_input)
    assert [b.disabled for b in coach.at.button if b.label == "Save"] == [True]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_lead_sees_nobody(page, store, lived, tab) -> None:
    lead = join(store, "Lea", present(), roles=(Role.LEAD,))
    seen = tab(lead).open(page.stem)
    assert SECRET not in seen.words
    assert "Ann" not in seen.words
    assert not seen.alts


def test_a_shared_screen_hides_names_notes_and_values(lived, paired, tab) -> None:
    coach = tab(paired).open("compass")
    coach.field("selectbox", "Looking at").set_value(lived.person_id).run()
    coach.press("How to read it, and more")
    assert "Notes" in coach.offered
    coach.press("Share screen")
    assert not [w for w in coach.at.selectbox if w.label == "Looking at"]
    assert not coach.alts, "no value before the coachee says go"
    coach.press("Show values")
    assert coach.alts
    assert "Pictures" in coach.offered
    assert "Notes" not in coach.offered
    assert NOTE not in coach.words
    coach.press("End sharing")
    assert "Notes" in coach.offered


def test_the_day_is_that_of_the_clock_given(lived, tab) -> None:
    assert f"{date(2026, 5, 31):%A}, 31 May" in tab(lived).open("today").words
