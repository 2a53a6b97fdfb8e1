"""A first look round in the sample programme: five steps through the screens, in words of the role.

Where somebody stands is kept with their tab, and in its address so that a reload goes on there. Who
is on no tour pays nothing for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from coach_data.library import word_list, words
from coach_data.model import Role

TOUR = "tour"
PAGES = {
    "Start": "../welcome.py",
    "Today": "../today.py",
    "Compass": "../compass.py",
    "Does it matter?": "../matter.py",
    "Programme": "../programme.py",
    "Session": "../session.py",
    "Sprints": "../sprints.py",
    "Guide": "../guide.py",
    "My data": "../my_data.py",
}
STEPS = {
    Role.COACHEE: ("Today", "Compass", "Does it matter?", "Sprints", "My data"),
    Role.COACH: ("Start", "Compass", "Does it matter?", "Session", "My data"),
    Role.LEAD: ("Start", "Programme", "Programme", "Guide", "My data"),
}
"""The screens of each role's tour; ``tour.ROLE`` of the wording has a line for each."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody stands. ``number``: from 1."""

    role: Role
    number: int

    @property
    def screen(self) -> str:
        """The screen that this step is about."""
        return STEPS[self.role][self.number - 1]

    @property
    def next(self) -> Step | None:
        """The one after it; None at the end."""
        last = self.number == len(STEPS[self.role])
        return None if last else Step(self.role, self.number + 1)

    def __str__(self) -> str:
        return f"{self.role}-{self.number}"


def step_of(text: object) -> Step | None:
    """The step that was kept as ``str(step)``; None for anything else."""
    role, _, number = str(text).partition("-")
    known = {str(r): r for r in STEPS}
    if role not in known or number not in map(str, range(1, len(STEPS[known[role]]) + 1)):
        return None
    return Step(known[role], int(number))


def begin_tour(role: Role) -> str:
    """From now on this tab is on the tour of that role; the screen where it begins."""
    step = Step(role, 1)
    st.session_state[TOUR] = str(step)
    return PAGES[step.screen]


def draw_tour(screen: str) -> None:
    """The bar above a screen, for somebody who is on a tour."""
    step = step_of(st.session_state.get(TOUR) or st.query_params.get(TOUR))
    if step is None:
        _leave()
        return
    _keep(step)
    with st.container(border=True, key="tour"):
        here = screen == step.screen
        said = word_list(f"tour.{step.role}")[step.number - 1]
        st.text(
            words("tour.step", number=step.number, count=len(STEPS[step.role]), said=said)
            if here
            else words("tour.elsewhere", screen=step.screen)
        )
        with st.container(horizontal=True):
            after = step.next if here else step
            if st.button(_label(step, after, here=here), key="tour_next"):
                if after is None:
                    _leave()
                    st.rerun()
                _keep(after)
                st.switch_page(PAGES[after.screen], query_params={TOUR: str(after)})
            if after is not None and st.button("Skip the tour", type="tertiary", key="tour_skip"):
                _leave()
                st.rerun()


def _label(step: Step, after: Step | None, *, here: bool) -> str:
    if not here:
        return f"Go on at {step.screen}"
    if after is None:
        return "End the tour"
    return "Next" if after.screen == step.screen else f"Next: {after.screen}"


def _keep(step: Step) -> None:
    st.session_state[TOUR] = str(step)
    if st.query_params.get(TOUR) != str(step):
        st.query_params[TOUR] = str(step)


def _leave() -> None:
    st.session_state.pop(TOUR, None)
    st.query_params.pop(TOUR, None)
