"""Sections of the screen My data: the consents with their receipts, and corrections."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from coach_data.library import words
from coach_data.model import CoachError, Purpose
from coach_data.people import Consented, Receipt, consent, consents_of, rename
from coach_data.privacy import Visit


def moment(at: datetime) -> str:
    """A day and a time as they are read: "4 May 2026, 14:03"."""
    return f"{at.day} {at:%B %Y, %H:%M}"


def draw_consents(visit: Visit) -> None:
    """The three consents: each one click to give, one click to withdraw, and its receipts."""
    st.text(words("my_data.consents"))
    found = consents_of(visit)
    for one in found:
        with st.container(border=True):
            _consent(visit, one)
    st.text(words("my_data.server"))


def _consent(visit: Visit, one: Consented) -> None:
    st.header(one.wording.title, anchor=False)
    st.text(one.wording.text)
    with st.container(horizontal=True, vertical_alignment="center"):
        # Two keys: a click on what another window has changed meanwhile must do nothing, and never
        # the opposite of what the button said.
        word, icon = ("Withdraw", "close") if one.given else ("Allow", "check")
        if st.button(word, key=f"{word}_{one.purpose.name}", icon=f":material/{icon}:"):
            try:
                consent(visit, one.purpose, given=not one.given)
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.rerun()
        st.text("\n".join(map(_receipt, one.receipts)) or words("my_data.receipt_none"))
    if one.purpose is Purpose.PATTERN:
        st.page_link("../programme.py", label="See what a lead sees", icon=":material/groups:")


def _receipt(receipt: Receipt) -> str:
    key = "my_data.receipt_given" if receipt.given else "my_data.receipt_withdrawn"
    return words(key, at=moment(receipt.at), version=receipt.version)


def draw_corrections(visit: Visit) -> None:
    """The own name, and where everything else is corrected."""
    with st.container(border=True):
        st.header("My name", anchor=False)
        st.text(words("my_data.name"))
        with st.form("name", border=False):
            name = st.text_input(
                "Your name",
                visit.about.name,
                max_chars=80,
                key="own_name",
                autocomplete="name",
                width=320,
            )
            kept = st.form_submit_button("Keep")
        if kept:
            try:
                rename(visit, name)
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.success(words("my_data.renamed"))
    with st.container(border=True):
        st.header("Everything else", anchor=False)
        st.text(words("my_data.elsewhere"))
        for page, label, icon in ELSEWHERE:
            st.page_link(f"../{page}.py", label=label, icon=f":material/{icon}:")


ELSEWHERE = (
    ("today", "Today: a value, a skip or a note of any day", "edit_calendar"),
    ("outcome", "Outcome: goal, behaviours, aims, habits", "flag"),
    ("compass", "Compass: events and leave on the time axis", "explore"),
    ("sprints", "Sprints: call one off", "science"),
    ("session", "Session: notes, notebook, commitments", "forum"),
    ("welcome", "Start: your time zone and when your day ends", "schedule"),
)
