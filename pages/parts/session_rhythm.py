"""With whom a session is, and the gentle line when the rhythm has gone quiet."""

from __future__ import annotations

import streamlit as st

from coach_data.cadence import Quiet, Reminder
from coach_data.library import words
from coach_data.model import CoachError
from coach_data.people import keep_cadence
from coach_data.privacy import Visit
from coach_data.sessions import Partner
from pages.parts.session_clock import PROBLEM
from pages.parts.sharing import sharing
from pages.parts.visit import fresh


def choose_partner(partners: list[Partner]) -> int:
    """The coach of the session; asked only where there are several, and not on a shared screen."""
    names = {p.coach_id: p.name for p in partners}
    chosen = st.session_state.get("session_with")
    if len(names) > 1 and not sharing():
        options = list(names)
        chosen = st.selectbox(
            "Session with",
            options,
            index=options.index(chosen) if chosen in names else 0,
            format_func=lambda i: names.get(i, ""),
            width=280,
        )
        st.session_state["session_with"] = chosen
    return chosen if chosen in names else partners[0].coach_id


def quiet_words(reminder: Reminder) -> str:
    """What has gone quiet and a shorter loop, in one line; a fact and an offer, no reproach."""
    never = reminder.quiet is Quiet.SESSIONS and reminder.never
    fact = words(
        f"cadence.{'sessions_none' if never else reminder.quiet}",
        days=reminder.days,
        cadence=reminder.cadence_days,
    )
    return f"{fact} {words(f'cadence.shorter.{reminder.shorter}')}"


def draw_quiet(visit: Visit, reminder: Reminder | None) -> None:
    """The line; the coachee, who agrees on the cadence, may take the shorter one with a click."""
    if reminder is None:
        return
    st.text(quiet_words(reminder))
    if visit.own and reminder.shorter_days < reminder.cadence_days:
        label = "every two weeks" if reminder.shorter_days > 7 else "every week"
        st.button(f"Agree on {label}", key="shorter", on_click=_shorten, args=(visit, reminder))


def _shorten(visit: Visit, reminder: Reminder) -> None:
    try:
        keep_cadence(fresh(visit), reminder.coach_id, reminder.shorter_days)
    except CoachError as problem:
        st.session_state[PROBLEM] = str(problem)
