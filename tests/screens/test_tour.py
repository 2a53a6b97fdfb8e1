"""The tour: five steps for each role, never in the way, and nothing of it once it is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach_data.library import word_list, words
from coach_data.model import Role
from coach_data.people import join, pair
from coach_data.privacy import Visit
from pages.parts.browser import present
from pages.parts.tour import PAGES, STEPS, Step, step_of
from tests.screens.conftest import ROUTER


@pytest.fixture
def touring(store, tab):
    """``touring(role)``: a tab of somebody in that role, at the first step."""

    def made(role: Role):
        person = join(store, "Kim", present(), roles=(role,), programme="sample")
        own = tab(person).open("welcome")
        return own.press("Take the tour")

    return made


@pytest.mark.parametrize("role", STEPS)
def test_every_step_has_its_line_and_its_screen(role: Role) -> None:
    assert len(STEPS[role]) == len(word_list(f"tour.{role}")) == 5
    for screen in STEPS[role]:
        assert ROUTER.parent.joinpath(PAGES[screen]).resolve().exists()


@pytest.mark.parametrize("role", STEPS)
def test_it_leads_through_all_five_and_ends(role: Role, touring) -> None:
    own = touring(role)
    for number, screen in enumerate(STEPS[role], start=1):
        own.open(
            Path(PAGES[screen]).stem
        )  # AppTest stays where it was when a script switches pages
        said = word_list(f"tour.{role}")[number - 1]
        assert words("tour.step", number=number, count=5, said=said) in own.words
        kept = own.at.query_params["tour"]
        assert kept in (f"{role}-{number}", [f"{role}-{number}"]), "so that a reload goes on here"
        if number < 5:
            after = STEPS[role][number]
            own.press("Next" if after == screen else f"Next: {after}")
    own.press("End the tour")
    assert "Tour, " not in own.words
    assert "tour" not in own.at.query_params
    assert "tour" not in own.at.session_state


def test_a_reload_goes_on_where_it_was(store, tab, ann) -> None:
    again = tab(ann)
    again.at.query_params["tour"] = "coachee-2"
    again.open("today")
    assert words("tour.elsewhere", screen="Compass") in again.words
    again.press("Go on at Compass")
    assert "Tour, 2 of 5" in again.words


def test_skipped_it_costs_no_element(store, tab, ann, plan) -> None:
    plan(ann, "Calls")
    before = len(list(tab(ann).open("today").at.main))
    own = tab(ann)
    own.at.session_state["tour"] = "coachee-1"
    own.open("today")
    assert "Tour, 1 of 5" in own.words
    own.press("Skip the tour")
    assert "Tour" not in own.words
    assert len(list(own.at.main)) == before


def test_it_keeps_off_a_shared_screen(store, tab, ann, plan) -> None:
    plan(ann, "Calls")
    own = tab(ann)
    own.at.session_state["tour"] = "coachee-2"
    own.open("compass")
    assert "Tour, 2 of 5" in own.words
    own.press("Share screen")
    assert "Tour, " not in own.words
    own.press("End sharing")
    assert "Tour, 2 of 5" in own.words


def test_it_is_offered_in_the_sample_only(ann, tab) -> None:
    assert "Take the tour" not in [b.label for b in tab(ann).open("welcome").at.button]


@pytest.mark.parametrize(
    "text", ["", "coachee", "coachee-0", "coachee-6", "administrator-1", "x-1", "coachee-٣"]
)
def test_what_is_no_step_is_none(text: str, ann, tab) -> None:
    assert step_of(text) is None
    own = tab(ann)
    own.at.query_params["tour"] = text
    own.open("welcome")
    assert "Tour, " not in own.words


def test_a_step_is_kept_as_it_is_read() -> None:
    for role, screens in STEPS.items():
        for number in range(1, len(screens) + 1):
            assert step_of(str(Step(role, number))) == Step(role, number)


def test_a_coach_who_has_chosen_nobody_reads_the_step_all_the_same(store, tab, ann) -> None:
    coach = join(store, "Bo", present(), roles=(Role.COACH,))
    pair(Visit.open(store, ann.person_id, present()), coach.person_id)
    own = tab(coach)
    own.at.session_state["tour"] = "coach-2"
    own.open("compass")
    assert "Tour, 2 of 5" in own.words
    assert "Choose whom you are looking at" in own.words
