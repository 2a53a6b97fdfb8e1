"""The retrospective: five steps on one page, and the decision with what it brings about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from coach_data.library import words
from coach_data.model import CoachError, Decision, HabitPart, Indicator, Retrospective
from coach_data.privacy import Visit
from coach_data.sprints import BadSprint, Line
from coach_data.statistics.comparison import Moved, Why
from coach_data.trials import Adoption, decide, has_room, on_compass, trial_of
from pages.parts.cards import facts
from pages.parts.palette import Theme
from pages.parts.sprint_chart import sprint_alt, sprint_chart
from pages.parts.sprint_form import ADAPT, SAID, VIEW_AFTER
from pages.parts.sprint_words import moved_words, planned

WIDTH = 760
DECISIONS = [Decision.ADOPT, Decision.ADAPT, Decision.ABANDON]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was written down in the first four steps."""

    tried: str
    surprised: str
    learned: str
    weak_part: HabitPart | None


def draw_moved(visit: Visit, line: Line, theme: Theme, *, hidden: bool) -> None:
    """The comparison in words, then its chart; neither while values wait."""
    if hidden:
        st.text(words("sprints.hidden"))
        return
    try:
        trial = trial_of(visit, line)
    except CoachError as problem:
        st.text(str(problem))
        return
    st.text("\n".join(moved_words(trial)))
    if trial.result.verdict is Moved.CANNOT_TELL and Why.NOTHING in trial.result.why:
        return
    data, spec = sprint_chart(trial, theme=theme)
    chart = f"trial_{line.sprint.sprint_id}"
    st.vega_lite_chart(data, spec, theme=None, alt=sprint_alt(trial), key=chart)


def draw_retrospective(
    visit: Visit, line: Line, measure: Indicator | None, theme: Theme, *, hidden: bool
) -> None:
    """The five steps. What is typed stays until it is saved."""
    seen = _ask_what_was_seen(visit, line, measure, theme, hidden=hidden)
    _ask_decision(visit, line, seen)


def _ask_what_was_seen(
    visit: Visit, line: Line, measure: Indicator | None, theme: Theme, *, hidden: bool
) -> Seen:
    """Tried, moved, surprised, learned."""
    key = line.sprint.sprint_id
    area = partial(st.text_area, max_chars=400, height=90, width=WIDTH, persist_state="page")
    st.header("1 What was tried", anchor=False)
    facts(planned(line, measure))
    tried = area(words("sprints.done_as_planned"), key=f"tried:{key}")
    st.header("2 What moved", anchor=False)
    draw_moved(visit, line, theme, hidden=hidden)
    st.header("3 What surprised", anchor=False)
    surprised = area("What surprised", key=f"surprised:{key}", label_visibility="collapsed")
    st.header("4 What was learned", anchor=False)
    learned = area("What was learned", key=f"learned:{key}", label_visibility="collapsed")
    part = st.selectbox(
        "Which part of the habit gave way",
        [None, *HabitPart],
        format_func=lambda p: words("sprints.no_part") if p is None else p.capitalize(),
        key=f"part:{key}",
        width=WIDTH,
        persist_state="page",
    )
    return Seen(tried or "", surprised or "", learned or "", part)


def _ask_decision(visit: Visit, line: Line, seen: Seen) -> None:
    """The fifth step, and what follows from it."""
    key = line.sprint.sprint_id
    st.header("5 Decision", anchor=False)
    decision = st.segmented_control(
        "Decision",
        DECISIONS,
        format_func=lambda d: d.capitalize(),
        key=f"decision:{key}",
        label_visibility="collapsed",
        persist_state="page",
    )
    adoption = None
    if decision is not None:
        st.text(words(f"sprints.decision.{decision}"))
    if decision == Decision.ADOPT:
        adoption = _adoption(visit, line)
    if st.button("Save the retrospective", type="primary", key=f"retro:{key}"):
        _save(visit, key, seen, decision, adoption)


def _save(
    visit: Visit, sprint_id: int, seen: Seen, decision: str | None, adoption: Adoption | None
) -> None:
    """Keep it and go on, or say what is missing."""
    try:
        if decision is None:
            raise BadSprint(words("sprints.decision_missing"))
        ended = Retrospective(
            person_id=visit.about.person_id,
            sprint_id=sprint_id,
            tried=seen.tried,
            surprised=seen.surprised,
            learned=seen.learned,
            weak_part=seen.weak_part,
            decision=Decision(decision),
            day=visit.today,
        )
        decide(visit, ended, adoption)
    except CoachError as problem:
        st.error(str(problem))
        return
    _go_on(ended, added=adoption is not None)


def _adoption(visit: Visit, line: Line) -> Adoption | None:
    """Whether, and as what, the behaviour comes onto the compass; never a sixth."""
    key = line.sprint.sprint_id
    if on_compass(visit, line):
        st.text(words("sprints.on_compass"))
        return None
    if not has_room(visit, line):
        st.text(words("sprints.full"))
        st.page_link("../outcome.py", label="Outcome", icon=":material/arrow_forward:")
        return None
    if not st.checkbox("Make it a behaviour on the compass", True, key=f"adopt:{key}"):
        return None
    if line.sprint.behaviour_id is not None:
        return Adoption(line.sprint.behaviour)
    name = st.text_input(
        "Its short name there", line.sprint.behaviour[:80], max_chars=80, key=f"name:{key}"
    )
    times = st.number_input("Days a week", 1, 7, Adoption("").days_a_week, key=f"times:{key}")
    return Adoption(name or "", int(times))


def _go_on(ended: Retrospective, *, added: bool) -> None:
    """What comes next: the next sprint filled in, or the ledger."""
    said = "adopt_added" if added else ended.decision
    st.session_state[SAID] = words(f"sprints.decided.{said}")
    st.session_state[VIEW_AFTER] = "Ledger"
    if ended.decision is Decision.ADAPT:
        st.session_state[ADAPT] = ended.sprint_id
        st.session_state[VIEW_AFTER] = "New sprint"
    st.query_params.pop("sprint", None)
    st.rerun()
