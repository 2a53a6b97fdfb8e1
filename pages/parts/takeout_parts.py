"""Sections of the screen My data: everything to take along, and being erased for good."""

from __future__ import annotations

import streamlit as st

from coach_data.erasure import erase
from coach_data.library import words
from coach_data.model import CoachError
from coach_data.privacy import Visit
from pages.parts.browser import FAREWELL
from pages.parts.cards import plain
from pages.parts.visit import on_press


def draw_export(visit: Visit) -> None:
    """The one file with everything, made when its button is pressed."""
    with st.container(border=True):
        st.header("Everything in one file", anchor=False)
        st.text(words("takeout.what"))
        st.text(words("takeout.formats"))
        st.text(words("takeout.care"))
        download(visit, primary=True)


def download(visit: Visit, *, primary: bool = False) -> None:
    """The button that makes the file at the moment when it is pressed, and hands it over."""
    st.download_button(
        "Download everything",
        on_press(visit, _made),
        file_name=f"coach-compass-{visit.today}.zip",  # a folder of downloads is seen by many
        mime="application/zip",
        on_click="ignore",
        type="primary" if primary else "secondary",
        icon=":material/download:",
    )


def _made(visit: Visit) -> bytes:
    from coach_data.takeout import export_of  # and with it what writes workbooks

    return export_of(visit)


def draw_erasure(visit: Visit) -> None:
    """What goes and what stays, the export once more, and one's name typed before the one button."""
    with st.container(border=True):
        st.header("Erase me", anchor=False)
        for part in ("what", "goes", "stays", "backups"):
            st.text(words(f"erasure.{part}"))
        if copies := visit.store.copies():
            st.warning(words("erasure.copies", count=len(copies)))
    with st.container(border=True):
        st.text(words("erasure.take"))
        download(visit)
    with st.container(border=True), st.form("erase", border=False):
        label = words("erasure.name", name=plain(visit.about.name))
        name = st.text_input(label, max_chars=80, autocomplete="off", width=480)
        pressed = st.form_submit_button("Erase me for good", icon=":material/delete_forever:")
    if pressed:
        _leave(visit, name)


def _leave(visit: Visit, name: str) -> None:
    """Erase, and leave nothing of it in this tab either; the Start screen says that it is done."""
    try:
        with st.spinner("Writing the database anew without you"):
            erased = erase(visit, name)
    except CoachError as problem:
        st.error(str(problem))
        return
    st.session_state.clear()
    count = len(erased.copies)
    said = words("erasure.done_copies", count=count) if count else words("erasure.done")
    st.session_state[FAREWELL] = said
    st.switch_page("../welcome.py")
