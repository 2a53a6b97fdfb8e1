"""People: a code from one's coach, one's coachees, and for administrators who is in the programme."""

import streamlit as st

from coach_data.invitations import invite, open_invitations, withdraw
from coach_data.library import words
from coach_data.model import CoachError, Role
from coach_data.people import coachees_of, roles_of
from pages.parts.cards import heading, listed
from pages.parts.invitations import code_field, roster, show_code
from pages.parts.sharing import sharing
from pages.parts.visit import start_visit

visit = start_visit("People", own_only=True)
if sharing():
    st.info(words("people.shared"))
    st.stop()
roles = roles_of(visit)
heading("People", words("people.what"))
show_code()

if Role.COACH in roles:
    with st.container(border=True):
        st.header("Your coachees", anchor=False)
        names = [c.name for c in coachees_of(visit)]
        listed(names) if names else st.text(words("people.none"))

offers = [Role.COACHEE] if roles & {Role.COACH, Role.ADMINISTRATOR} else []
if Role.ADMINISTRATOR in roles:
    offers = [*offers, Role.COACH, Role.LEAD, Role.ADMINISTRATOR]
if offers:
    with st.container(border=True):
        st.header("Invite", anchor=False)
        st.text(words("people.invite"))
        with st.container(horizontal=True):
            for role in offers:
                article = "an" if role is Role.ADMINISTRATOR else "a"
                if st.button(f"Invite {article} {role}", icon=":material/person_add:"):
                    try:
                        st.session_state["new_code"] = (role, invite(visit, role))
                    except CoachError as problem:
                        st.error(str(problem))
                    else:
                        st.rerun()
        waiting = open_invitations(visit)
        if waiting:
            st.subheader("Not used yet", anchor=False)
        for one in waiting:
            with st.container(horizontal=True, vertical_alignment="center"):
                until = f"{one.expires.day} {one.expires:%B}"
                st.text(f"For: {one.role}, good until {until}", width="stretch")
                if st.button("Take back", key=f"back_{one.invitation_id}"):
                    withdraw(visit, one.invitation_id)
                    st.rerun()

if Role.ADMINISTRATOR in roles:
    roster(visit)

with st.container(border=True):
    st.header("My coach gave me a code", anchor=False)
    code_field(visit)
