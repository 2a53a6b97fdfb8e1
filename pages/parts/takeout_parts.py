"""Sections of the screen My data: everything to take along."""

from __future__ import annotations

import streamlit as st

from coach_data.library import words
from coach_data.privacy import Visit
from pages.parts.visit import on_press


def draw_export(visit: Visit) -> None:
    """The one file with everything, made when its button is pressed."""
    with st.container(border=True):
        st.header("Everything in one file", anchor=False)
        st.text(words("takeout.what"))
        st.text(words("takeout.formats"))
        download(visit, primary=True)
        st.text(words("takeout.care"))


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
