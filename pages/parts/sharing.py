"""Screen-share mode: nothing of anybody else, no private note, larger type, no navigation."""

from __future__ import annotations

import streamlit as st

from pages.parts.browser import SHARING

_SHOWN = "values_shown"


def sharing() -> bool:
    """Whether the screen is being shared just now."""
    return bool(st.session_state.get(SHARING))


def share_switch() -> None:
    """The button that turns the mode on and off; beside it, while on, the one that shows values."""
    if not sharing():
        st.button(
            "Share screen", icon=":material/present_to_all:", on_click=start_sharing, key="share"
        )
        return
    st.html("<style>html{font-size:18px}</style>")
    if st.session_state.get(_SHOWN):
        st.button("Hide values", icon=":material/visibility_off:", on_click=_show, args=(False,))
    else:
        st.button("Show values", type="primary", on_click=_show, args=(True,))
    st.button("End sharing", icon=":material/close:", on_click=_end, key="end_share")


def values_hidden() -> bool:
    """Whether values wait until the coachee says go."""
    return sharing() and not st.session_state.get(_SHOWN)


def start_sharing() -> None:
    """From now on the screen is shared; values wait until the coachee says go."""
    st.session_state[SHARING] = True
    st.session_state[_SHOWN] = False


def _end() -> None:
    st.session_state[SHARING] = False


def _show(shown: bool) -> None:
    st.session_state[_SHOWN] = shown
