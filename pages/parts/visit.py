"""Who is here, and which local day it is. Every screen begins with ``visit = start_visit()``."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from coach_data.devices import device_person, remember_device
from coach_data.model import CoachError, NotAllowed, Role
from coach_data.people import coachees_of, roles_of
from coach_data.places import places
from coach_data.privacy import Visit, open_store
from coach_data.sign_in import (
    Identity,
    SignedIn,
    forget_old,
    identity_of,
    is_going_on,
    sign_out,
    signed_in,
)
from coach_data.store import Store
from pages.parts.doorway import DEVICE_COOKIE
from pages.parts.provider import has_sign_in

VIEWER, ABOUT, SHARING = "viewer_id", "about_id", "sharing"
FAREWELL = "farewell"
"""What the first screen says once to somebody who was here a moment ago."""


@st.cache_resource(show_spinner=False)
def the_store() -> Store:
    """The one open store of this server; nothing in it is anybody's until a visit asks."""
    store = open_store(places())
    forget_old(store, present())
    return store


def present() -> datetime:
    """The time, aware. COACH_NOW (ISO 8601) sets another one, for tests and for trying things out."""
    given = os.environ.get("COACH_NOW")
    return datetime.fromisoformat(given).astimezone(UTC) if given else datetime.now(UTC)


def start_visit(screen: str, *, own_only: bool = False) -> Visit:
    """The visit of this run, or the question who is there and an end of the run.

    ``screen``: its name in the access log, when somebody looks at another person's data.
    ``own_only``: a screen about the viewer alone, where a coach chooses nobody.
    """
    store = open_or_explain()
    viewer_id = known_viewer(store)
    if viewer_id is None:
        from pages.parts.who import ask_who

        ask_who(store)
        st.stop()
    try:
        own = Visit.open(store, viewer_id, present())
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
        return the_store()
    except CoachError as error:
        st.error(str(error), icon=":material/error:", title="The data could not be opened")
        st.stop()


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser brings. Whose it is the store says, asked anew each time."""

    token: str | None
    identity: Identity | None
    """As whom it once signed in; Streamlit's own cookie says so for thirty days."""
    chosen: object
    """Whom its tab chose, for a browser without cookies; never where people sign in."""


def this_browser() -> Browser:
    """The one of this run."""
    return Browser(
        st.context.cookies.get(DEVICE_COOKIE),
        identity_of(st.user.to_dict()) if has_sign_in() else None,
        st.session_state.get(VIEWER),
    )


def known_viewer(store: Store, browser: Browser | None = None) -> int | None:
    """As whom a browser goes on: asked anew at each run, so that leaving counts in every tab."""
    browser = browser or this_browser()
    if has_sign_in():
        who = who_is_signed_in(store, browser)
        return who.person_id if who else None
    if browser.token:
        return device_person(store, browser.token)
    return browser.chosen if isinstance(browser.chosen, int) else None


def who_is_signed_in(store: Store, browser: Browser | None = None) -> SignedIn | None:
    """Who signed in with that browser, if it still holds: by identity and token together."""
    browser = browser or this_browser()
    if browser.identity is None or not browser.token:
        return None
    return signed_in(store, browser.token, browser.identity, present())


def still_in(token: str) -> bool:
    """Whether somebody is signed in with the browser that holds it: before a file is handed out."""
    return is_going_on(the_store(), token, present())


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


def go_on_as(store: Store, person_id: int) -> None:
    """From now on this browser is that person's: only where nobody signs in."""
    if has_sign_in():
        raise NotAllowed
    st.session_state.pop(ABOUT, None)
    st.session_state[VIEWER] = person_id
    if token := st.context.cookies.get(DEVICE_COOKIE):
        remember_device(store, token, person_id, present())


def forget(store: Store) -> None:
    """From now on this browser is nobody's; the next run asks who is there."""
    for key in (VIEWER, ABOUT, SHARING):
        st.session_state.pop(key, None)
    if has_sign_in():
        _sign_out(store)
        return
    if token := st.context.cookies.get(DEVICE_COOKIE):
        remember_device(store, token, None, present())


def _sign_out(store: Store) -> None:
    """End the session here and at the provider; every other tab is out at its next run."""
    identity, token = identity_of(st.user.to_dict()), st.context.cookies.get(DEVICE_COOKIE)
    if identity is None:
        return
    if token:
        sign_out(store, token, identity, present())
    st.logout()
    st.stop()


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
