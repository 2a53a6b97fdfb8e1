"""The third step: three to five behaviours, each with its aim, its lag and perhaps a guard."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from coach_data.behaviours import add_leading, agree_aim, describe, mark_keystone, park, resume
from coach_data.habits import habits_of
from coach_data.library import StartingLeading, words
from coach_data.model import Aim, CoachError, Comparison, Indicator, Measure, Period
from coach_data.plan import FEWEST_LEADING, MOST_LEADING, Plan, new_indicator
from coach_data.privacy import Visit
from pages.parts.cards import next_link, plain
from pages.parts.day_form import aim_text
from pages.parts.habit_form import habit_of_behaviour
from pages.parts.outcome_steps import MEASURES, chosen_area


def list_behaviours(visit: Visit, plan: Plan, *, read_only: bool = False) -> None:
    """What is on the compass, and what is parked."""
    habits = habits_of(visit) if plan.leading else {}
    with st.container(key="behaviours"):  # beside each other where there is room: page.css
        for indicator in plan.leading:
            with st.container(border=True):
                _behaviour(visit, plan, indicator, read_only)
                habit = habits.get(indicator.indicator_id)
                if habit or not read_only:
                    habit_of_behaviour(visit, indicator, habit, read_only=read_only)
    if plan.leading and len(plan.leading) < FEWEST_LEADING and not read_only:
        st.info(words("outcome.nudge_one_or_two"))
    if len(plan.leading) > 1 and not read_only:
        _keystone(visit, plan)
    for indicator in plan.parked:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"Parked: {indicator.name}")
            if not read_only and st.button("Bring back", key=f"resume_{indicator.indicator_id}"):
                _do(resume, visit, indicator)


def _behaviour(visit: Visit, plan: Plan, indicator: Indicator, read_only: bool) -> None:
    aim = plan.aim(indicator.indicator_id, visit.today)
    guards = [g.name for g in plan.guards if g.guard_of == indicator.indicator_id]
    facts = [aim_text(aim, indicator) or "no aim yet"]
    if indicator.expected_lag is not None:
        facts.append(f"result expected after {indicator.expected_lag} days")
    if indicator.controllable is False:
        facts.append("depends on others")
    if guards:
        facts.append(f"guard: {', '.join(guards)}")
    keystone = " · keystone" if indicator.keystone else ""
    st.markdown(f"**{plain(indicator.name)}**{keystone}")
    st.text(" · ".join(facts))
    if read_only:
        return
    with st.container(horizontal=True):
        with st.popover("New aim"):
            _new_aim(visit, indicator, aim)
        with st.popover("Change"):
            _change(visit, indicator)
        if st.button("Park", key=f"park_{indicator.indicator_id}"):
            _do(park, visit, indicator)


def _change(visit: Visit, indicator: Indicator) -> None:
    with st.form(f"change_{indicator.indicator_id}", border=False):
        name = st.text_input("Name", indicator.name, max_chars=80)
        unit = st.text_input("Unit", indicator.unit, max_chars=24)
        lag = st.number_input(
            "Days until the result may answer",
            0,
            60,
            indicator.expected_lag or 0,
            help=words("outcome.lag_help"),
        )
        if st.form_submit_button("Keep"):
            _do(describe, visit, replace(indicator, name=name, unit=unit, expected_lag=int(lag)))


def _new_aim(visit: Visit, indicator: Indicator, aim: Aim | None) -> None:
    with st.form(f"aim_{indicator.indicator_id}", border=False):
        st.text(words("outcome.aim_help"))
        agreed = _aim_fields(visit, indicator, aim, f"new_{indicator.indicator_id}")
        since = st.date_input(
            "From",
            visit.today,
            min_value=visit.today if aim else None,
            key=f"since_{indicator.indicator_id}",
        )
        if st.form_submit_button("Agree"):
            _do(agree_aim, visit, indicator, replace(agreed, since=since))


def _aim_fields(visit: Visit, indicator: Indicator, aim: Aim | None, key: str) -> Aim:
    left, middle, right = st.columns(3)
    comparison = left.selectbox(
        "Aim",
        list(Comparison),
        index=list(Comparison).index(aim.comparison) if aim else 0,
        key=f"{key}_comparison",
    )
    amount = middle.number_input(
        "Amount", value=aim.amount if aim else 1.0, format="%g", step=1.0, key=f"{key}_amount"
    )
    period = right.selectbox(
        "Per", list(Period), index=list(Period).index(aim.period) if aim else 0, key=f"{key}_period"
    )
    return Aim(
        person_id=visit.about.person_id,
        indicator_id=indicator.indicator_id,
        since=visit.today,
        comparison=comparison or Comparison.AT_LEAST,
        amount=amount,
        period=period or Period.DAY,
    )


def _keystone(visit: Visit, plan: Plan) -> None:
    ids = [i.indicator_id for i in plan.leading]
    names = {i.indicator_id: i.name for i in plan.leading}
    now = next((i.indicator_id for i in plan.leading if i.keystone), None)
    with st.container(border=True):
        chosen = st.radio(
            words("outcome.keystone_help"),
            ids,
            index=ids.index(now) if now in ids else None,
            format_func=lambda i: plain(names[i]),
            horizontal=True,
        )
        if chosen is not None and chosen != now:
            _do(mark_keystone, visit, chosen)


def add_behaviour(visit: Visit, plan: Plan) -> None:
    """Suggestions of the example that was chosen, and a form for a behaviour of one's own."""
    st.header("Add a behaviour", anchor=False)
    count = len(plan.leading)
    full = " Park one before you add another." if count >= MOST_LEADING else ""
    st.caption(f"{count} of {MOST_LEADING} behaviours on the compass.{full}")
    area = chosen_area()
    taken = {i.name for i in (*plan.leading, *plan.parked)}
    offered = [s for s in area.leading if s.name not in taken] if area else []
    for place, suggestion in enumerate(offered):
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(f"Add {plain(suggestion.name)}", key=f"suggest_{place}"):
                _add_suggested(visit, plan, suggestion)
            st.text(suggestion.because)
    _own_behaviour(visit, plan)
    if plan.outcome and len(plan.leading) >= FEWEST_LEADING:
        next_link("../today.py", "Log today", "edit_calendar")


def _add_suggested(visit: Visit, plan: Plan, suggestion: StartingLeading) -> None:
    outcome_id = plan.outcome.outcome_id if plan.outcome else None
    indicator = replace(
        suggestion.indicator(person_id=visit.about.person_id, outcome_id=outcome_id or 0),
        outcome_id=outcome_id,
    )
    aim = suggestion.agreed(
        person_id=visit.about.person_id, indicator_id=indicator.indicator_id, since=visit.today
    )
    guard = None
    if suggestion.guard:
        guard = replace(
            suggestion.guard.indicator(
                person_id=visit.about.person_id,
                outcome_id=outcome_id or 0,
                guard_of=indicator.indicator_id,
            ),
            outcome_id=outcome_id,
        )
    _do(add_leading, visit, indicator, aim, guard)


def _own_behaviour(visit: Visit, plan: Plan) -> None:
    with st.form("behaviour"):
        name = st.text_input("What will you do?", max_chars=80, placeholder="Deep-work blocks")
        left, right = st.columns(2)
        measure = left.selectbox("Logged as", list(MEASURES), format_func=MEASURES.__getitem__)
        unit = right.text_input("Unit", max_chars=24, placeholder="blocks")
        indicator = new_indicator(visit)
        aim = _aim_fields(visit, indicator, None, "own")
        mine = st.radio(
            words("outcome.controllable_question"), ["Yes", "No"], index=None, horizontal=True
        )
        lag = st.number_input(
            "Days until the result may answer", 0, 60, 3, help=words("outcome.lag_help")
        )
        guard = st.text_input(
            "Guard (optional)",
            max_chars=80,
            help=words("outcome.guard_help"),
            placeholder="Errors found later",
        )
        if not st.form_submit_button("Add", type="primary"):
            return
    if mine == "No" and st.session_state.get("told_uncontrollable") != name:
        st.session_state["told_uncontrollable"] = name
        st.warning(words("outcome.uncontrollable") + " Press Add again to keep it as it is.")
        return
    chosen = replace(
        indicator,
        name=name,
        measure=measure,
        unit=unit,
        outcome_id=plan.outcome.outcome_id if plan.outcome else None,
        controllable=None if mine is None else mine == "Yes",
        expected_lag=int(lag),
    )
    watch = replace(new_indicator(visit, guard), measure=Measure.COUNT, rising_is_better=False)
    _do(add_leading, visit, chosen, aim, watch if guard.strip() else None)


def _do(action, *given) -> None:  # type: ignore[no-untyped-def]
    """Run a change and show the screen anew, or say why it was refused; what was typed stays."""
    try:
        action(*given)
    except CoachError as problem:
        st.error(str(problem), icon=":material/block:")
    else:
        st.rerun()
