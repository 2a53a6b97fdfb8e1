"""A new sprint: from a template, from scratch, or filled in from the one that was adapted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from coach_data.library import Experiment, experiments, roles, words
from coach_data.model import CoachError, Indicator, Kind, Measure, Sprint
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.sprints import (
    BASELINE,
    LONGEST_BASELINE,
    BadSprint,
    adapted,
    last_day,
    line_of,
    measures_of,
    new_rating,
    new_sprint,
    short_day,
    start,
)

ADAPT, SAID, VIEW_AFTER = "sprint_adapt", "sprint_said", "sprint_view_after"
SCRATCH = "From scratch"
RATING, OWN = "A rating from 1 to 5, made for this sprint", "own"
NO_BEHAVIOUR = "None of them; in my words above"
MORE, LESS = "More", "Less"


@dataclass(frozen=True)
class Begun:
    """What the fields are filled in with; ``key`` keeps what was typed apart from other starts."""

    key: str
    sprint: Sprint
    rating: str = ""
    template: Experiment | None = None
    better: str | None = None


def draw_form(visit: Visit) -> None:
    """Where it starts from, the fields, and the button that freezes them."""
    begun = _adapted(visit) or _starting_point(visit)
    if begun.template is not None:
        st.text(words("sprints.watch", watch=begun.template.watch))
    with st.form(f"sprint:{begun.key}", border=False, width=760):
        sprint, made = _fields(visit, begun)
        st.caption(words("sprints.frozen"))
        pressed = st.form_submit_button("Start the sprint", type="primary", key="sprint_start")
    if not pressed:
        return
    try:
        if st.session_state.get(f"better:{begun.key}") is None:
            raise BadSprint(words("sprints.better_missing"))
        start(visit, sprint, made)
    except CoachError as problem:
        st.error(str(problem))
        return
    first, last = short_day(sprint.first_day), short_day(last_day(sprint))
    st.session_state[SAID] = words("sprints.started", first=first, last=last)
    st.session_state[VIEW_AFTER] = "Now"
    st.session_state.pop(ADAPT, None)
    st.rerun()


def _adapted(visit: Visit) -> Begun | None:
    """Filled in from the sprint whose retrospective said adapt, if one did just now."""
    from_id = st.session_state.get(ADAPT)
    if from_id is None:
        return None
    try:
        sprint = adapted(visit, line_of(visit, from_id))
    except CoachError:
        st.session_state.pop(ADAPT, None)
        return None
    st.text(words("sprints.adapted"))
    st.button("Start from another", on_click=partial(st.session_state.pop, ADAPT), type="tertiary")
    better = MORE if sprint.rising_is_better else LESS
    return Begun(f"adapt{from_id}", sprint, better=better)


def _starting_point(visit: Visit) -> Begun:
    """A template of a role, or nothing but today."""
    templates = {f"{role}: {e.name}": e for role in roles() for e in experiments(role)}
    options = [SCRATCH, *templates]
    chosen = st.selectbox(
        "Start from",
        options,
        format_func=lambda o: o[:1].upper() + o[1:],
        key="sprint_from",
        width=760,
        persist_state="page",
    )
    sprint = new_sprint(visit)
    template = templates.get(chosen)
    if template is None:
        return Begun("scratch", sprint)
    filled = replace(
        sprint,
        hypothesis=template.hypothesis,
        behaviour=template.behaviour,
        success_rule=template.success_rule,
    )
    rating = template.measure.name if template.measure.measure is Measure.RATING else ""
    return Begun(template.key, filled, rating, template)


def _fields(visit: Visit, begun: Begun) -> tuple[Sprint, Indicator | None]:
    """The sprint as it stands in the fields, and its measure where it is made for it."""
    key, given = begun.key, begun.sprint
    area = partial(st.text_area, max_chars=400, height=80, persist_state="page")
    hypothesis = area("What you expect", given.hypothesis, key=f"hypothesis:{key}")
    behaviour = area("What you will do", given.behaviour, key=f"behaviour:{key}")
    behaviour_id = _behaviour(visit, begun)
    measure_id, made = _measure(visit, begun)
    st.segmented_control(
        "Which way is better?",
        [MORE, LESS],
        default=begun.better,
        key=f"better:{key}",
        persist_state="page",
    )
    rule = area("It worked if", given.success_rule, key=f"rule:{key}")
    with st.container(horizontal=True):
        first = st.date_input(
            "First day", visit.today, min_value=visit.today, key=f"first:{key}", width=200
        )
        baseline = st.number_input(
            "Days before to compare with",
            7,
            LONGEST_BASELINE,
            given.baseline_days or BASELINE,
            key=f"baseline:{key}",
            width=240,
        )
    sprint = replace(
        given,
        hypothesis=hypothesis or "",
        behaviour=behaviour or "",
        behaviour_id=behaviour_id,
        measure_id=measure_id,
        rising_is_better=st.session_state.get(f"better:{key}") != LESS,
        success_rule=rule or "",
        first_day=first or visit.today,
        baseline_days=int(baseline),
    )
    return sprint, made


def _behaviour(visit: Visit, begun: Begun) -> int | None:
    """Which leading indicator the behaviour is, if it is one already."""
    plan = plan_of(visit)
    names = {i.indicator_id: i.name for i in (*plan.leading, *plan.parked)}
    options: list[int | None] = [None, *names]
    known = begun.sprint.behaviour_id
    return st.selectbox(
        "Is it one of your behaviours?",
        options,
        index=options.index(known) if known in names else 0,
        format_func=lambda i: NO_BEHAVIOUR if i is None else names[i],
        key=f"is:{begun.key}",
        persist_state="page",
    )


def _measure(visit: Visit, begun: Begun) -> tuple[int, Indicator | None]:
    """What should move: an indicator, the template's own measure, or a rating of its own."""
    names = {str(i.indicator_id): i.name for i in measures_of(visit)}
    template = begun.template
    if template is not None and template.measure.measure is not Measure.RATING:
        names = {OWN: f"{template.measure.name}, logged for this sprint", **names}
    earlier = str(begun.sprint.measure_id)
    if begun.sprint.adapted_from is not None and earlier not in names:
        names = {earlier: "The measure of the sprint before", **names}
    options = [RATING, *names] if begun.rating or template is None else [*names, RATING]
    chosen = st.selectbox(
        "What should move",
        options,
        index=options.index(earlier) if earlier in options else 0,
        format_func=lambda o: names.get(o, o),
        key=f"measure:{begun.key}",
        persist_state="page",
    )
    rated = st.text_input(
        "What is rated, if it is a rating",
        begun.rating,
        max_chars=80,
        key=f"rated:{begun.key}",
        persist_state="page",
    )
    if chosen == RATING:
        made = new_rating(visit, rated or "")
        return made.indicator_id, made
    if chosen == OWN and template is not None:
        given = template.measure
        made = replace(
            new_rating(visit, given.name),
            kind=Kind.SPRINT,
            unit=given.unit,
            measure=given.measure,
            low=given.low,
            high=given.high,
        )
        return made.indicator_id, made
    return int(chosen), None
