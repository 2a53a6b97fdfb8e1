"""The first two steps of an outcome: the goal in words, and the number that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from coach_data.library import Area, areas, roles
from coach_data.model import CoachError, Indicator, Kind, Measure, Outcome, Period
from coach_data.outcomes import keep_outcome, new_outcome, sentence_of, vagueness
from coach_data.plan import Plan, new_indicator
from coach_data.privacy import Visit

MEASURES = {
    Measure.COUNT: "a count",
    Measure.MINUTES: "minutes",
    Measure.NUMBER: "a number with a unit",
    Measure.RATING: "a rating from 1 to 5",
    Measure.YES_NO: "yes or no",
}
RISING = {True: "more is better", False: "less is better"}
AREA = "starting_area"


def starting_point(plan: Plan) -> None:
    """Examples by role; taking one fills in the fields, and nothing is kept until the person says."""
    with st.expander("Start from an example", expanded=plan.outcome is None):
        left, right = st.columns(2)
        role = left.selectbox("Role", roles(), persist_state="page", key="example_role")
        offered = areas(role)
        area = right.selectbox("Area", offered, format_func=lambda a: a.name, key="example_area")
        st.text(f"“{area.goal}” → {area.outcome}")
        if st.button("Use as a start", icon=":material/content_copy:"):
            _fill(area)
            st.rerun()


def chosen_area() -> Area | None:
    """The example that the person started from, for the suggestions of the later steps."""
    key = st.session_state.get(AREA)
    return next((a for role in roles() for a in areas(role) if a.key == key), None)


def _fill(area: Area) -> None:
    number = area.lagging
    st.session_state.update(
        {
            AREA: area.key,
            "goal": area.goal,
            "difference": area.difference,
            "noticed_by": area.noticed_by,
            "number_name": number.name,
            "number_unit": number.unit,
            "number_measure": number.measure,
            "number_period": number.period,
            "number_rising": number.rising_is_better,
            "number_baseline": float(number.baseline),
            "number_target": float(number.target),
            "number_weeks": number.weeks,
        }
    )


def goal_step(visit: Visit, plan: Plan) -> Outcome:
    """The goal, what will be different, who would notice."""
    kept = plan.outcome or new_outcome(visit)
    for key in ("goal", "difference", "noticed_by"):
        st.session_state.setdefault(key, getattr(kept, key))
    goal = st.text_area(
        "The goal, as you would say it", key="goal", height=80, max_chars=400, persist_state="page"
    )
    difference = st.text_area(
        "What will be visibly different when this succeeds?",
        key="difference",
        height=80,
        max_chars=400,
        persist_state="page",
    )
    noticed_by = st.text_input(
        "Who would notice?", key="noticed_by", max_chars=200, persist_state="page"
    )
    outcome = replace(kept, goal=goal, difference=difference, noticed_by=noticed_by)
    if st.button("Keep and go on", type="primary", icon=":material/arrow_forward:"):
        _keep(visit, outcome, plan.lagging, 1)
    return outcome


def number_step(visit: Visit, plan: Plan) -> tuple[Outcome, Indicator]:
    """Which number shows the result, where it stands, where it should be, and by when."""
    kept = plan.outcome or new_outcome(visit)
    known = plan.lagging or new_indicator(visit, kind=Kind.LAGGING)
    _number_defaults(visit, kept, known)
    lagging, outcome = _ask_what(known), _ask_how_far(kept)
    rising = st.segmented_control(
        "Direction",
        [True, False],
        format_func=RISING.__getitem__,
        key="number_rising",
        required=True,
        persist_state="page",
    )
    lagging = replace(lagging, rising_is_better=bool(rising))
    if st.button("Keep and go on", type="primary", icon=":material/arrow_forward:"):
        _keep(visit, outcome, lagging, 2)
    return outcome, lagging


def _ask_what(known: Indicator) -> Indicator:
    """The number: its name, how it is given and how often."""
    name = st.text_input(
        "Which number shows it?", key="number_name", max_chars=80, persist_state="page"
    )
    left, middle, right = st.columns(3)
    measure = left.selectbox(
        "It is",
        list(MEASURES),
        format_func=MEASURES.__getitem__,
        key="number_measure",
        persist_state="page",
    )
    unit = middle.text_input("Unit", key="number_unit", max_chars=24, persist_state="page")
    period = right.selectbox(
        "Measured once a",
        list(Period),
        key="number_period",
        persist_state="page",
        help="A result measured once a month cannot be checked against behaviour within a year.",
    )
    return replace(known, name=name, unit=unit, measure=measure, period=period or Period.DAY)


def _ask_how_far(kept: Outcome) -> Outcome:
    """From where to where it should go, and by when."""
    left, middle, right = st.columns(3)
    baseline = left.number_input(
        "Now", value=None, key="number_baseline", format="%g", persist_state="page"
    )
    target = middle.number_input(
        "Wanted", value=None, key="number_target", format="%g", persist_state="page"
    )
    due = right.date_input("By", value=None, key="number_due", persist_state="page")
    return replace(kept, baseline=baseline, target=target, due=due)


def preview(outcome: Outcome, lagging: Indicator | None) -> None:
    """The whole outcome as one sentence, and what in it is still vague."""
    with st.container(border=True):
        st.header("Read back", anchor=False)
        st.text(sentence_of(outcome, lagging))
        still = vagueness(outcome, lagging)
        if still:
            st.markdown("**Still vague**")
            st.text("\n".join(f"– {line}" for line in still))
        else:
            st.text("Nothing is vague any more.")


def _number_defaults(visit: Visit, outcome: Outcome, lagging: Indicator) -> None:
    weeks = st.session_state.pop("number_weeks", None)
    due = visit.today + timedelta(weeks=weeks) if weeks and outcome.due is None else outcome.due
    for key, value in {
        "number_name": lagging.name,
        "number_measure": lagging.measure,
        "number_unit": lagging.unit,
        "number_period": lagging.period,
        "number_baseline": outcome.baseline,
        "number_target": outcome.target,
        "number_due": due,
        "number_rising": lagging.rising_is_better,
    }.items():
        st.session_state.setdefault(key, value)


def _keep(visit: Visit, outcome: Outcome, lagging: Indicator | None, step: int) -> None:
    try:
        keep_outcome(visit, outcome, lagging)
    except CoachError as problem:
        st.error(str(problem))
    else:
        st.session_state.step_after = step
        st.rerun()
