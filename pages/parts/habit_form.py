"""How a behaviour becomes a habit: folded away below it, with the plan read back while typing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import streamlit as st

from coach_data.cue_calendar import cue_calendar_of
from coach_data.habits import (
    LONGEST,
    SHORTEST,
    TEXTS,
    WEEKDAYS,
    keep_habit,
    plan_sentence,
    remove_habit,
)
from coach_data.library import words
from coach_data.model import CoachError, Habit, Indicator
from coach_data.privacy import Visit
from coach_data.text import LIMIT
from pages.parts.cards import plain
from pages.parts.visit import on_press

LABELS = {
    "cue": "Cue",
    "routine": "Routine",
    "two_minute_start": "Two-minute start",
    "reward": "Reward",
    "obstacle": "Obstacle",
    "if_then": "If it is there",
}
DAY_NAMES = dict(zip(WEEKDAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))


def habit_of_behaviour(
    visit: Visit, indicator: Indicator, habit: Habit | None, *, read_only: bool
) -> None:
    """The plan of a behaviour as one line; opened, its parts. Drawn only then."""
    label = f"Habit: {plain(plan_sentence(habit))}" if habit else "Habit"
    key = f"habit:{indicator.indicator_id}"
    folded = st.expander(label, on_change="rerun", key=key)
    if not folded.open:
        return
    with folded:
        if not read_only:
            _form(visit, indicator, habit, key)
        elif habit:
            st.text(_told(habit))


def _form(visit: Visit, indicator: Indicator, habit: Habit | None, key: str) -> None:
    known = habit or Habit(
        person_id=visit.about.person_id, indicator_id=indicator.indicator_id, cue="", routine=""
    )
    given: dict[str, Any] = {name: _text(known, name, key) for name in TEXTS}
    made = _when(replace(known, **given), key)
    st.text(plan_sentence(made) or words("habit.nothing"))
    with st.container(horizontal=True):
        if st.button("Keep the habit", type="primary", key=f"{key}:keep"):
            _do(keep_habit, visit, made, words("habit.kept"), key)
        if habit is not None:
            if st.button("Take it away", key=f"{key}:remove"):
                for name in TEXTS:
                    st.session_state.pop(f"{key}:{name}", None)
                _do(remove_habit, visit, habit, words("habit.taken_away"), key)
            if habit.at_minute is not None:
                _download(visit, habit, key)
    if said := st.session_state.pop(f"{key}:said", None):
        st.success(said)
    if habit is not None and habit.at_minute is not None:
        st.caption(words("habit.calendar", zone=plain(visit.about.time_zone)))


def _text(known: Habit, name: str, key: str) -> str:
    typed = st.text_input(
        LABELS[name],
        getattr(known, name),
        max_chars=LIMIT,
        placeholder=words(f"habit.{name}"),
        help=words(f"habit.{name}"),
        live="400ms" if name in ("cue", "routine") else False,
        key=f"{key}:{name}",
    )
    return typed or ""


def _when(habit: Habit, key: str) -> Habit:
    """The habit with its time, days and minutes as they are chosen."""
    at = habit.at_minute
    left, right = st.columns(2)
    chosen = left.time_input(
        "Time of day (optional)",
        None if at is None else time(*divmod(at, 60)),
        help=words("habit.time_help"),
        key=f"{key}:time",
    )
    if chosen is None:
        return replace(habit, at_minute=None)
    minutes = right.number_input(
        "Minutes to keep free", SHORTEST, LONGEST, habit.minutes, 5, key=f"{key}:minutes"
    )
    days = st.pills(
        "On these days",
        WEEKDAYS,
        selection_mode="multi",
        default=[day for day in WEEKDAYS if day in habit.weekdays],
        format_func=DAY_NAMES.__getitem__,
        key=f"{key}:days",
    )
    return replace(
        habit,
        at_minute=60 * chosen.hour + chosen.minute,
        minutes=int(minutes),
        weekdays=",".join(days),
    )


def _download(visit: Visit, habit: Habit, key: str) -> None:
    st.download_button(
        "Calendar file",
        on_press(visit, lambda now: cue_calendar_of(now, habit)),
        file_name="habit.ics",
        mime="text/calendar",
        on_click="ignore",
        icon=":material/event_repeat:",
        key=f"{key}:file",
    )


def _told(habit: Habit) -> str:
    """All that is written of a habit, a part a line."""
    lines = [f"{LABELS[name]}: {said}" for name in TEXTS if (said := getattr(habit, name))]
    if habit.at_minute is not None:
        days = ", ".join(DAY_NAMES[day] for day in habit.weekdays.split(","))
        lines.append(f"Time: {time(*divmod(habit.at_minute, 60)):%H:%M}, {days}")
    return "\n".join(lines)


def _do(action, visit, habit, said, key) -> None:  # type: ignore[no-untyped-def]
    """Run a change and show the screen anew, or say why it was refused; what was typed stays."""
    try:
        action(visit, habit)
    except CoachError as problem:
        st.error(str(problem), icon=":material/block:")
    else:
        st.session_state[f"{key}:said"] = said
        st.rerun()
