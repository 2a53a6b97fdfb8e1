"""Start: what to do next, and how this person's day is counted."""

import streamlit as st

from coach_data.cadence import quiet_of
from coach_data.entries import logged_days_of
from coach_data.library import words
from coach_data.model import CoachError, Role
from coach_data.outcomes import plan_of
from coach_data.people import keep_day, roles_of
from pages.parts.cards import plain
from pages.parts.provider import has_sign_in
from pages.parts.session_rhythm import quiet_words
from pages.parts.visit import forget, start_visit

visit = start_visit("Start")
roles = roles_of(visit)
plan = plan_of(visit)
name = plain(visit.about.name)

st.title(f"Hello, {name}" if visit.own else name, anchor=False)
st.text(words("welcome.what"))
if quiet := quiet_of(visit):
    st.text(quiet_words(quiet))

with st.container(border=True):
    if visit.own and roles == {Role.LEAD}:
        st.text(words("welcome.lead"))
        st.page_link("../programme.py", label="Read the programme", icon=":material/groups:")
    elif plan.outcome is None:
        st.text("Next: an outcome, and the behaviours that should drive it. About ten minutes.")
        st.page_link("../outcome.py", label="Set the outcome", icon=":material/flag:")
    elif not plan.leading:
        st.text("Next: choose three to five behaviours that should drive the outcome.")
        st.page_link("../outcome.py", label="Choose behaviours", icon=":material/flag:")
    elif visit.own and not logged_days_of(visit, visit.today, visit.today):
        st.text("Nothing is logged for today yet. It takes less than a minute.")
        st.page_link("../today.py", label="Log today", icon=":material/edit_calendar:")
    else:
        st.text("The compass shows where each behaviour is heading.")
        st.page_link("../compass.py", label="Read the compass", icon=":material/explore:")

if visit.own:
    with st.expander("How your day is counted"), st.form("day", border=False):
        st.text(
            "Your day ends at an hour of yours, not at midnight: a late entry counts for the day."
        )
        zone = st.text_input("Time zone", visit.about.time_zone, help="As in Europe/Berlin")
        hour = st.number_input("The day ends at (hour)", 0, 12, visit.about.day_ends // 60)
        if st.form_submit_button("Keep"):
            try:
                keep_day(visit, zone=zone.strip(), day_ends=60 * int(hour))
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.success("Kept.")

with st.container(border=True):
    st.text(words("sign_in.mode" if has_sign_in() else "welcome.local_mode"))
    leave = "Sign out" if has_sign_in() else "Somebody else is here"
    if st.button(leave, icon=":material/logout:"):
        forget(visit.store)
        st.rerun()
