"""The visit of a run: who looks at whom. Every screen begins with ``visit = start_visit()``."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from coach_data.library import words
from coach_data.model import CoachError, NotAllowed, Role
from coach_data.people import coachees_of, roles_of
from coach_data.privacy import Visit
from coach_data.server_faults import NoServer
from coach_data.store import Store
from pages.parts.browser import (
    ABOUT,
    SHARING,
    Browser,
    forget,
    known_viewer,
    present,
    the_store,
    this_browser,
)

T = TypeVar("T")
AGAIN = 2.0
"""Seconds until a server that did not answer is asked again, beside the patience of the store."""


def start_visit(screen: str, *, own_only: bool = False) -> Visit:
    """The visit of this run, or the question who is there and an end of the run.

    ``screen``: its name in the access log, when somebody looks at another person's data.
    ``own_only``: a screen about the viewer alone, where a coach chooses nobody.
    """
    store = open_or_explain()
    viewer_id = once_reached(lambda: known_viewer(store))
    if viewer_id is None:
        from pages.parts.who import ask_who

        ask_who(store)
        st.stop()
    try:
        own = once_reached(lambda: Visit.open(store, viewer_id, present()))
    except NotAllowed:
        forget(store)
        st.rerun()
    touring = "tour" in st.session_state or "tour" in st.query_params
    if touring and not st.session_state.get(SHARING):
        from pages.parts.tour import draw_tour

        draw_tour(screen)
    return own if own_only else _look_at(own, screen)


def open_or_explain() -> Store:
    """The store, or what is wrong with it and an end of the run."""
    try:
        return once_reached(the_store)
    except CoachError as error:
        st.error(str(error), icon=":material/error:", title="The data could not be opened")
        st.stop()


def once_reached(act: Callable[[], T]) -> T:
    """What ``act`` returns; while the database server does not answer, the run waits and says so.

    Until a run ends, what it has not drawn yet stays on the screen: nothing typed goes, and what was
    pressed is done when the server answers again. Who goes elsewhere meanwhile ends the wait.
    """
    while True:
        try:
            return act()
        except NoServer:
            st.toast(words("server.away"), icon=":material/cloud_off:", duration="long")
            time.sleep(AGAIN)


def fresh(visit: Visit, browser: Browser | None = None) -> Visit:
    """The same visit at this moment, for what happens between two runs. Raises NotAllowed."""
    if known_viewer(visit.store, browser) != visit.viewer_id:
        raise NotAllowed
    return Visit.open(visit.store, visit.viewer_id, present(), visit.about.person_id)


def on_press(visit: Visit, make: Callable[[Visit], bytes | str]) -> Callable[[], bytes | str]:
    """What a download button makes at the moment when it is pressed, if it still may be seen then.

    Streamlit calls it outside a run, where nothing tells which browser it is; hence this one's.
    """
    browser = this_browser()
    return lambda: make(fresh(visit, browser))


def _look_at(own: Visit, screen: str) -> Visit:
    """The visit to oneself, or for a coach to the coachee that they chose."""
    coachees = {c.person_id: c.name for c in coachees_of(own)}
    if not coachees:
        return own
    chosen = st.session_state.get(ABOUT)
    if not st.session_state.get(SHARING):
        options = [*coachees] if Role.COACHEE not in roles_of(own) else [own.viewer_id, *coachees]
        names = {**coachees, own.viewer_id: "Myself"}
        chosen = st.selectbox(
            "Looking at",
            options,
            index=options.index(chosen) if chosen in options else None,
            format_func=names.__getitem__,
            placeholder="Choose a coachee",
            key="looking_at",
            label_visibility="collapsed",
            width=280,
        )
    if chosen is None or (chosen not in coachees and chosen != own.viewer_id):
        st.title(screen, anchor=False)
        st.info("Choose whom you are looking at. Nothing of anybody else is shown meanwhile.")
        st.stop()
    st.session_state[ABOUT] = chosen
    if chosen == own.viewer_id:
        return own
    try:
        visit = own.to(chosen)
    except NotAllowed as refusal:
        st.session_state.pop(ABOUT, None)
        st.error(str(refusal))
        st.stop()
    look = (screen, chosen, own.today)
    if st.session_state.get("last_look") != look:
        visit.look(screen)
        st.session_state["last_look"] = look
    return visit
