"""Which browser this is, and as whom it goes on: the store says so, asked anew each time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from coach_data.devices import device_person, remember_device
from coach_data.model import NotAllowed
from coach_data.places import places
from coach_data.privacy import open_store
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
from pages.parts.cookies import DEVICE_COOKIE
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
