"""Sprints: try one behaviour for two weeks, look back honestly, decide."""

import streamlit as st

from coach_data.library import words
from coach_data.model import Indicator
from coach_data.sprints import Stage, ledger_of
from pages.parts.cards import facts, plain
from pages.parts.sharing import share_switch, values_hidden
from pages.parts.sprint_form import SAID, VIEW_AFTER, draw_form
from pages.parts.sprint_lists import draw_card, draw_ledger
from pages.parts.sprint_retro import draw_moved, draw_retrospective
from pages.parts.sprint_words import days_words, planned, standing
from pages.parts.visit import start_visit

visit = start_visit("Sprints")
theme = "dark" if st.context.theme.type == "dark" else "light"
lines = ledger_of(visit)
known = {i.indicator_id: i for i in visit.records(Indicator)}

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Sprints" if visit.own else f"Sprints of {plain(visit.about.name)}", anchor=False)
    if lines:
        share_switch()
hidden = values_hidden()

if after := st.session_state.pop(VIEW_AFTER, None):
    st.session_state.sprint_view = after
view = st.segmented_control(
    "View",
    ["Now", "New sprint", "Ledger"] if visit.own else ["Now", "Ledger"],
    default="Now" if "sprint_view" not in st.session_state else None,
    required=True,
    key="sprint_view",
    label_visibility="collapsed",
    persist_state="page",
)
if said := st.session_state.pop(SAID, None):
    st.success(said)

if view == "New sprint":
    draw_form(visit)
    st.stop()
if view == "Ledger":
    draw_ledger(visit, lines, known, theme, hidden=hidden)
    st.stop()

now = [line for line in lines if line.stage in (Stage.RUNNING, Stage.PLANNED)]
waiting = [line for line in lines if line.stage is Stage.WAITING]
if not now and not waiting:
    with st.container(border=True):
        st.text(words("sprints.empty" if visit.own else "sprints.empty_coach"))
        if visit.own and st.button("Start a sprint", type="primary", key="sprint_first"):
            st.session_state[VIEW_AFTER] = "New sprint"
            st.rerun()
asked_for = st.query_params.get("sprint")
waiting.sort(key=lambda line: str(line.sprint.sprint_id) != asked_for)
linked = bool(waiting) and str(waiting[0].sprint.sprint_id) == asked_for
for line in () if linked else now:
    draw_card(visit, line, known.get(line.sprint.measure_id))
if waiting:
    line, *others = waiting
    for other in others:
        label = f"Retrospective of {days_words(other)}: {plain(other.sprint.behaviour)}"
        params = {"sprint": str(other.sprint.sprint_id)}
        st.page_link("../sprints.py", label=label, query_params=params)
    measure = known.get(line.sprint.measure_id)
    if visit.own:
        st.text(f"Retrospective · {days_words(line)}")
        draw_retrospective(visit, line, measure, theme, hidden=hidden)
    else:
        st.text(standing(line, visit.today))
        facts(planned(line, measure))
        draw_moved(visit, line, theme, hidden=hidden)
for line in now if linked else ():
    draw_card(visit, line, known.get(line.sprint.measure_id))
