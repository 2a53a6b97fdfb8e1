"""The quiet timer of a session: no alarm, and right after a reload, in a second tab, after a restart."""

from __future__ import annotations

from html import escape

import streamlit as st

from coach_data.library import session_parts
from coach_data.model import CoachError, Session, SessionClock
from coach_data.privacy import Visit
from coach_data.session_clock import clock_of, clock_words, elapsed, minutes_of, move, run
from pages.parts.browser import known_viewer, present
from pages.parts.visit import fresh

TICK = 1.0
"""Seconds between two looks at the clock."""
PROBLEM = "session_problem"


@st.fragment(run_every=TICK)
def draw_clock(visit: Visit, session: Session) -> None:
    """The part, its time and a bar; pause and go on. Asked anew each second, apart from the rest."""
    try:
        if known_viewer(visit.store) != visit.viewer_id:
            st.rerun()
        clock = clock_of(visit, session)
    except CoachError:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="session_clock"):
        st.html(_bar(clock, elapsed(clock, present())))
        label, icon = ("Pause", "pause") if clock.running else ("Go on", "play_arrow")
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"run_{clock.running}",
            on_click=_run,
            args=(visit, session, not clock.running),
        )


def _bar(clock: SessionClock, seconds: float) -> str:
    name, minutes = session_parts()[clock.part - 1].name, minutes_of(clock.part)
    share = min(seconds / (60 * minutes), 1.0)
    paused = "" if clock.running else " · paused"
    told = clock_words(seconds + TICK / 2)  # it stands until the next look: half a tick either way
    return (
        f'<div role="timer" aria-label="Time in this part"><strong>{escape(name)}</strong> '
        f'<span class="session-time" style="font-variant-numeric:tabular-nums">{told}'
        f"</span> of {minutes} minutes{paused}</div>"
        '<div aria-hidden="true" style="height:.35rem;border-radius:.2rem;margin-top:.3rem;'
        'background:light-dark(#E4E7EB,#28303A)"><div style="height:100%;border-radius:.2rem;'
        f'width:{100 * share:.1f}%;background:light-dark(#66727F,#8793A0)"></div></div>'
    )


def choose_part(visit: Visit, session: Session) -> int:
    """The part that this tab shows, 1 to 4; choosing another one takes the clock there."""
    parts = session_parts()
    key = f"part_{session.session_id}"
    chosen = st.segmented_control(
        "Part of the session",
        list(range(1, len(parts) + 1)),
        default=clock_of(visit, session).part,
        required=True,
        format_func=lambda n: f"{parts[n - 1].name} · {parts[n - 1].minutes} min",
        key=key,
        on_change=_move,
        args=(visit, session, key),
        label_visibility="collapsed",
    )
    return chosen or 1


def _run(visit: Visit, session: Session, running: bool) -> None:
    try:
        run(fresh(visit), session, running=running)
    except CoachError as problem:
        st.session_state[PROBLEM] = str(problem)


def _move(visit: Visit, session: Session, key: str) -> None:
    try:
        move(fresh(visit), session, st.session_state[key])
    except CoachError as problem:
        st.session_state[PROBLEM] = str(problem)
