"""Start: what to do next, and how this person's day is counted."""

import streamlit as st

from coach_data.library import words
from coach_data.model import Role
from coach_data.people import roles_of
from pages.parts.browser import forget
from pages.parts.cards import plain
from pages.parts.provider import has_sign_in
from pages.parts.start_parts import (
    administration,
    coachees,
    day_form,
    next_step,
    offer_tour,
    programme,
)
from pages.parts.tour import TOUR
from pages.parts.visit import start_visit

visit = start_visit("Start", own_only=True)
roles = roles_of(visit)

st.title(f"Hello, {plain(visit.about.name)}", anchor=False)

if Role.COACHEE in roles or not roles:
    st.text(words("welcome.what"))
    next_step(visit)
if Role.COACH in roles:
    coachees(visit)
if Role.LEAD in roles:
    programme()
if Role.ADMINISTRATOR in roles:
    administration()

day_form(visit)
with st.container(border=True):
    st.text(words("sign_in.mode" if has_sign_in() else "welcome.local_mode"))
    with st.container(horizontal=True):
        leave = "Sign out" if has_sign_in() else "Somebody else is here"
        if st.button(leave, icon=":material/logout:"):
            forget(visit.store)
            st.rerun()
        if visit.about.programme == "sample" and TOUR not in st.session_state:
            offer_tour(roles)
