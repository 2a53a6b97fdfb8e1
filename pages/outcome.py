"""From a vague goal to an outcome and its behaviours, in three steps; each keeps what it has."""

import streamlit as st

from coach_data.outcomes import sentence_of
from coach_data.plan import plan_of
from pages.parts.behaviours import add_behaviour, list_behaviours
from pages.parts.outcome_steps import goal_step, number_step, preview, starting_point
from pages.parts.visit import start_visit

STEPS = ["1 Goal", "2 Number", "3 Behaviours"]

visit = start_visit("Outcome")
plan = plan_of(visit)
st.title("Outcome", anchor=False)

if not visit.own:
    if plan.outcome:
        st.text(sentence_of(plan.outcome, plan.lagging))
    list_behaviours(visit, plan, read_only=True)
    st.stop()

if "step" not in st.session_state:
    number_known = plan.outcome is not None and plan.lagging is not None
    st.session_state.step = STEPS[2 if number_known else 1 if plan.outcome else 0]
if (after := st.session_state.pop("step_after", None)) is not None:
    st.session_state.step = STEPS[after]
step = st.segmented_control(
    "Step", STEPS, key="step", required=True, label_visibility="collapsed", persist_state="page"
)

if step == STEPS[2]:
    if plan.outcome:
        st.text(sentence_of(plan.outcome, plan.lagging))
    list_behaviours(visit, plan)
    add_behaviour(visit, plan)
    st.stop()

form, read_back = st.columns([3, 2], gap="large")
with form:
    if step == STEPS[0]:
        starting_point(plan)
        outcome = goal_step(visit, plan)
        lagging = plan.lagging
    else:
        outcome, lagging = number_step(visit, plan)
with read_back:
    preview(outcome, lagging)
