"""Start, by role: the one thing to do next, and nothing of anybody else."""

from __future__ import annotations

import re

import pytest

from coach_data.entries import Logged, log_day
from coach_data.library import words
from coach_data.model import Role
from coach_data.people import join, pair
from coach_data.privacy import Visit
from pages.parts.browser import present
from pages.parts.start_parts import MOST_BUTTONS


@pytest.fixture
def coached(store):
    """``coached(3)``: a coach with three coachees."""

    def made(count: int):
        coach = join(store, "Bo", present(), roles=(Role.COACH,))
        for number in range(count):
            one = join(store, f"Coachee {number:02}", present())
            pair(Visit.open(store, one.person_id, present()), coach.person_id)
        return coach

    return made


def test_a_coach_opens_a_session_in_one_click_and_the_look_is_written_down(
    store, coached, tab
) -> None:
    own = tab(coached(2)).open("welcome")
    assert "Looking at" not in [w.label for w in own.at.selectbox]
    own.press("Session with Coachee 01")
    assert "Session with Coachee 01" in own.words
    assert "Begin a session" in own.words
    assert own.field("selectbox", "Looking at").value is not None
    coachee = own.field("selectbox", "Looking at").value
    looks = Visit.open(store, coachee, present()).read("SELECT screen FROM access_log")
    assert looks == [("Session",)]


def test_a_coach_shares_it_without_another_name(coached, tab) -> None:
    own = tab(coached(2)).open("welcome").press("Share screen with Coachee 00")
    assert "Session with Coachee 00" in own.words
    assert "Coachee 01" not in own.words
    assert "End sharing" in own.words


def test_after_another_was_chosen_the_session_is_with_the_new_one(coached, tab) -> None:
    own = tab(coached(2)).open("welcome").press("Session with Coachee 00")
    own.open("welcome").press("Session with Coachee 01")
    assert "Session with Coachee 01" in own.words


def test_many_coachees_are_chosen_from_a_list(coached, tab) -> None:
    own = tab(coached(MOST_BUTTONS + 1)).open("welcome")
    assert not [b for b in own.at.button if b.label.startswith("Session with")]
    box = own.field("selectbox", "Coachee")
    box.select_index(3).run()
    own.press("Session with Coachee 03")
    assert "Begin a session" in own.words


def test_a_coach_of_nobody_is_told_what_to_do(coached, tab) -> None:
    assert words("start.no_coachees") in tab(coached(0)).open("welcome").words


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ((Role.COACHEE,), "start.outcome"),
        ((Role.LEAD,), "welcome.lead"),
        ((Role.ADMINISTRATOR,), "start.administrator"),
        ((Role.COACHEE, Role.COACH), "start.no_coachees"),
    ],
)
def test_every_role_finds_its_next_step(store, tab, roles, said) -> None:
    own = tab(join(store, "Kim", present(), roles=roles)).open("welcome")
    assert words(said) in own.words
    assert own.at.get("page_link"), "and the way there"
    if Role.COACHEE not in roles:
        assert words("start.outcome") not in own.words


@pytest.mark.parametrize(
    ("roles", "heading"),
    [((Role.COACHEE,), "Today"), ((Role.LEAD,), "Programme"), ((Role.COACH,), "Hello, Kim")],
)
def test_whoever_was_here_goes_on_at_their_own_screen(store, tab, roles, heading) -> None:
    join(store, "Kim", present(), roles=roles)
    assert tab().press("Kim").at.title[0].value == heading


def test_many_who_were_here_are_chosen_from_a_list(store, tab) -> None:
    from pages.parts.who import MOST_BUTTONS as MOST

    for number in range(MOST + 1):
        join(store, f"Person {number:02}", present())
    first = tab()
    assert not [b for b in first.at.button if b.label.startswith("Person")]
    box = first.field("selectbox", "Who is here?")
    assert box.value is None, "nobody before somebody has said so"
    box.select_index(2).run()
    first.press("Carry on")
    assert first.at.title[0].value == "Today"


def test_the_loop_says_which_step_is_next(store, tab, plan) -> None:
    ann = join(store, "Ann", present())
    own = tab(ann)
    assert steps(own.open("welcome")) == ["now", "later", "later", "later", "later"]
    (walk,) = plan(ann, "Walk")
    assert steps(own.open("welcome")) == ["done", "done", "now", "later", "later"]
    visit = Visit.open(store, ann.person_id, present())
    log_day(visit, visit.today, [Logged(walk, 1.0)])
    assert steps(own.open("welcome")) == ["done", "done", "done", "now", "later"]


def steps(own) -> list[str]:
    states = {"": "later", "class='done'": "done", "aria-current='step'": "now"}
    return [states[state] for state in re.findall(r"<li ([^>]*)><b>", own.words)]
