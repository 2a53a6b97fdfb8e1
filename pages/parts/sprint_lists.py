"""Sprints as cards and as the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from coach_data.library import words
from coach_data.model import CoachError, Indicator
from coach_data.privacy import Visit
from coach_data.sprints import Line, Stage, call_off, found
from pages.parts.cards import facts, plain
from pages.parts.palette import Theme
from pages.parts.sprint_form import SAID
from pages.parts.sprint_retro import draw_moved
from pages.parts.sprint_words import learned, planned, standing

MOST_SHOWN = 30


def draw_card(visit: Visit, line: Line, measure: Indicator | None) -> None:
    """A sprint that is planned or runs: its plan, its day of 14, and the way to end it early."""
    with st.container(border=True):
        st.text(standing(line, visit.today))
        facts(planned(line, measure))
        if line.stage is Stage.RUNNING:
            st.caption(words("sprints.later"))
        if visit.own and st.button(
            "Call it off", key=f"off_{line.sprint.sprint_id}", type="tertiary"
        ):
            try:
                call_off(visit, line.sprint.sprint_id)
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.session_state[SAID] = "The sprint is called off; it stays in the ledger."
                st.rerun()


def draw_ledger(
    visit: Visit,
    lines: Sequence[Line],
    known: Mapping[int, Indicator],
    theme: Theme,
    *,
    hidden: bool,
) -> None:
    """All sprints, newest first; what one held is drawn when it is opened."""
    if not lines:
        with st.container(border=True):
            st.text(words("sprints.empty_ledger"))
        return
    text = st.text_input("Search in sprints", key="sprint_search", persist_state="page")
    kept = found(lines, text or "")
    if not kept:
        st.text(words("sprints.nothing_found"))
    for line in kept[:MOST_SHOWN]:
        sprint = line.sprint
        label = f"{plain(standing(line, visit.today))} · {plain(sprint.behaviour)}"
        opened = st.expander(label, on_change="rerun", key=f"sprint_{sprint.sprint_id}")
        if not opened.open:
            continue
        with opened:
            facts(planned(line, known.get(sprint.measure_id)) + learned(line))
            if line.stage in (Stage.DECIDED, Stage.WAITING):
                draw_moved(visit, line, theme, hidden=hidden)
    if len(kept) > MOST_SHOWN:
        st.caption(f"The latest {MOST_SHOWN} of {len(kept)}; search for earlier ones.")
