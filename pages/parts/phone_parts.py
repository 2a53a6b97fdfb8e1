"""The section Phone and calendar: tokens, the address of the calendar feed, and the line a day."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import streamlit as st

from coach_data.digest import wish, wish_of
from coach_data.library import words
from coach_data.model import CoachError, Token, TokenFor
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.sprints import short_day
from coach_data.tokens import make_token, renew, revoke, tokens_of
from pages.parts.provider import has_sign_in

LOGS, READS = (TokenFor.QUICK_LOG,), (TokenFor.CALENDAR, TokenFor.CALENDAR_IN_WORDS)
_NEW = "new_token"
"""In the session's state, for one run: whether it is a calendar's, its name, and the secret."""


def draw_phone(visit: Visit) -> None:
    """Make, renew and revoke what reaches in from outside; a secret is shown in one run only."""
    st.text(words("phone.what"))
    if not has_sign_in():
        st.info(words("phone.here_only"))
    calendar, name, secret = st.session_state.pop(_NEW, (None, "", ""))
    with st.container(border=True):
        st.header("Log from a phone or a script", anchor=False)
        st.text(words("phone.token"))
        if calendar is False:
            st.text(words("phone.token_once", name=name))
            st.code(secret, language=None, wrap_lines=True)
            _recipes(visit, secret)
        _make(visit, "Name of the device", "Phone", "Make a token")
        _list(visit, LOGS, words("phone.token_none"))
        if calendar is not False:
            folded = st.expander("How to log with it", on_change="rerun")
            if folded.open:
                with folded:
                    _recipes(visit)
    with st.container(border=True):
        st.header("Calendar", anchor=False)
        st.text(words("phone.calendar"))
        if calendar is True:
            st.text(words("phone.calendar_once", name=name))
            st.code(f"{_home()}/api/calendar/{secret}.ics", language=None, wrap_lines=True)
        _make(visit, "Name of the calendar", "Calendar", "Make an address", calendar=True)
        _list(visit, READS, words("phone.calendar_none"))
    with st.container(border=True):
        st.header("A line a day", anchor=False)
        _digest(visit)


def _make(visit: Visit, label: str, usual: str, button: str, *, calendar: bool = False) -> None:
    with st.form(f"make_{usual}", border=False):
        name = st.text_input(label, usual, max_chars=80, autocomplete="off", width=320)
        said = st.checkbox(words("phone.calendar_words")) if calendar else False
        pressed = st.form_submit_button(button, icon=":material/add:")
    if not pressed:
        return
    purpose = TokenFor.QUICK_LOG
    if calendar:
        purpose = TokenFor.CALENDAR_IN_WORDS if said else TokenFor.CALENDAR
    try:
        secret = make_token(visit, purpose, name)
    except CoachError as problem:
        st.error(str(problem))
        return
    st.session_state[_NEW] = (calendar, name, secret)
    st.rerun()


def _list(visit: Visit, purposes: tuple[TokenFor, ...], none: str) -> None:
    """Each on a line, with the buttons that take it back."""
    there = tokens_of(visit, *purposes)
    if not there:
        st.text(none)
    for token in there:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{token.name}: {_state(token)}", width="stretch")
            if token.purpose in READS and st.button("Renew", key=f"renew_{token.token_id}"):
                _renew(visit, token)
            if st.button("Revoke", key=f"revoke_{token.token_id}", icon=":material/close:"):
                revoke(visit, token.token_id)
                st.rerun()


def _renew(visit: Visit, token: Token) -> None:
    try:
        secret = renew(visit, token.token_id)
    except CoachError as problem:
        st.error(str(problem))
        return
    st.session_state[_NEW] = (True, token.name, secret)
    st.rerun()


def _state(token: Token) -> str:
    used = words("phone.never_used")
    if token.last_used is not None:
        used = words("phone.last_used", day=short_day(token.last_used))
    if token.purpose is TokenFor.CALENDAR:
        return f"{words('phone.calendar_plain')}, {used}"
    if token.purpose is TokenFor.CALENDAR_IN_WORDS:
        return f"{words('phone.calendar_in_words')}, {used}"
    return used


def _recipes(visit: Visit, secret: str = "TOKEN") -> None:
    """How to log with a token; ``secret``: one that was made just now, to be copied with the rest."""
    leading = plan_of(visit).leading
    named = {"indicator": leading[0].name if leading else "Calls"}
    quoted = json.dumps({**named, "value": 3}).replace(
        "'", "\\u0027"
    )  # a quotation mark for the shell, too
    st.text(words("phone.shortcut"))
    st.code(f"{_home()}/api/entries", language=None, wrap_lines=True)
    st.text(words("phone.curl"))
    st.code(
        f"curl {_home()}/api/entries -H 'Authorization: Bearer {secret}'"
        f" -H 'Content-Type: application/json' -d '{quoted}'",
        language=None,
        wrap_lines=True,
    )
    st.text(words("phone.more"))
    more = {"value": "skip", "day": str(visit.today), "note": "", "request_id": "1"}
    st.code(json.dumps(named | more), language=None, wrap_lines=True)


def _digest(visit: Visit) -> None:
    st.text(words("phone.digest"))
    wanted = wish_of(visit).wanted
    with st.container(horizontal=True, vertical_alignment="center"):
        # two keys: a click on what another window has changed meanwhile must never do the opposite
        word = "No more" if wanted else "Yes, send it"
        if st.button(word, key=f"digest_{wanted}"):
            wish(visit, wanted=not wanted)
            st.rerun()
        st.text(words("phone.digest_on" if wanted else "phone.digest_off"))


def _home() -> str:
    """The address of this app, as this browser reaches it."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}" if here.netloc else "http://localhost:8501"
