"""Parts of the screen Start: what a coachee, a coach, a lead and an administrator do next."""

from __future__ import annotations

from html import escape

import streamlit as st

from coach_data.cadence import quiet_of
from coach_data.entries import logged_days_of
from coach_data.library import word_list, words
from coach_data.model import CoachError, Role
from coach_data.people import coachees_of, keep_day
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from pages.parts.browser import ABOUT
from pages.parts.cards import next_link, plain
from pages.parts.session_rhythm import quiet_words
from pages.parts.sharing import start_sharing
from pages.parts.tour import begin_tour

MOST_BUTTONS = 8
"""Beyond so many coachees they are chosen from a list."""


def next_step(visit: Visit) -> None:
    """For a coachee: the one thing to do next."""
    plan = plan_of(visit)
    if quiet := quiet_of(visit):
        st.text(quiet_words(quiet))
    if plan.outcome is None:
        done, step, page, label, icon = 0, "outcome", "outcome", "Set the outcome", "flag"
    elif not plan.leading:
        done, step, page, label, icon = 1, "behaviours", "outcome", "Choose behaviours", "flag"
    elif not logged_days_of(visit, visit.today, visit.today):
        done, step, page, label, icon = 2, "log", "today", "Log today", "edit_calendar"
    else:
        done, step, page, label, icon = 3, "read", "compass", "Read the compass", "explore"
    _loop(done)
    with st.container(border=True):
        st.text(words(f"start.{step}"))
        next_link(f"../{page}.py", label, icon)


def _loop(now: int) -> None:
    """The five steps of the loop: those behind this person, the one that is next, and what comes then.

    ``now``: how many are behind them.
    """
    steps = []
    told = zip(word_list("start.loop"), word_list("start.loop_about"), strict=True)
    for number, (name, about) in enumerate(told):
        state = "class='done'" if number < now else "aria-current='step'" if number == now else ""
        mark = "✓" if number < now else number + 1
        steps.append(f"<li {state}><b>{mark} {escape(name)}</b><span>{escape(about)}</span></li>")
    st.html(f"<ol class='loop'>{''.join(steps)}</ol>")


def coachees(visit: Visit) -> None:
    """For a coach: into the session with one of their coachees, with or without a shared screen."""
    known = coachees_of(visit)
    with st.container(border=True):
        st.header("Your coachees", anchor=False)
        if not known:
            st.text(words("start.no_coachees"))
            next_link("../people.py", "Invite a coachee", "person_add")
            return
        st.text(words("start.coachees"))
        if len(known) <= MOST_BUTTONS:
            for one in known:
                _session_buttons(one.person_id, one.name)
            return
        names = {c.person_id: c.name for c in known}
        chosen = st.selectbox(
            "Coachee",
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder="Choose a coachee",
            width=480,
        )
        if chosen is not None:
            _session_buttons(chosen, names[chosen])


def _session_buttons(person_id: int, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        opened = st.button(
            f"Session with {plain(name)}",
            key=f"open_{person_id}",
            icon=":material/forum:",
            width=280,
        )
        shared = st.button(
            f"Share screen with {plain(name)}",
            key=f"share_{person_id}",
            icon=":material/present_to_all:",
            width=280,
        )
    if opened or shared:
        st.session_state[ABOUT] = person_id
        if shared:
            start_sharing()
        st.switch_page("../session.py")


def programme() -> None:
    """For a lead: where the words are."""
    with st.container(border=True):
        st.text(words("welcome.lead"))
        next_link("../programme.py", "Read the programme", "groups")


def administration() -> None:
    """For an administrator: where people are invited."""
    with st.container(border=True):
        st.text(words("start.administrator"))
        next_link("../people.py", "People and invitations", "person_add")


def offer_tour(roles: frozenset[Role]) -> None:
    """In the sample: the way back to the tour."""
    role = next((r for r in (Role.COACH, Role.LEAD) if r in roles), Role.COACHEE)
    if st.button("Take the tour", icon=":material/tour:", key="take_tour"):
        st.switch_page(begin_tour(role))


def day_form(visit: Visit) -> None:
    """How the person's day is counted."""
    with st.expander("How your day is counted"), st.form("day", border=False):
        st.text(words("start.day"))
        zone = st.text_input("Time zone", visit.about.time_zone, help="As in Europe/Berlin")
        hour = st.number_input("The day ends at (hour)", 0, 12, visit.about.day_ends // 60)
        if st.form_submit_button("Keep"):
            try:
                keep_day(visit, zone=zone.strip(), day_ends=60 * int(hour))
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.success("Kept.")
