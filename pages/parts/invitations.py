"""Parts of the People screen: the field for a code, a new code, who is in the programme."""

from __future__ import annotations

import streamlit as st

from coach_data.invitations import accept
from coach_data.library import words
from coach_data.model import CoachError, Role
from coach_data.people import programme_of_mine
from coach_data.privacy import Visit
from coach_data.tokens import lock_out
from pages.parts.cards import listed
from pages.parts.provider import has_sign_in


def show_code() -> None:
    """A code that was just made; it is shown in this run and never again."""
    made = st.session_state.pop("new_code", None)
    if made is None:
        return
    role, code = made
    with st.container(border=True):
        st.text(words("people.code", role=role))
        st.code(code, language=None)


def code_field(visit: Visit) -> None:
    """Where somebody who is here already uses a code: to be coached, or for another role."""
    st.text(words("people.accept"))
    with st.form("code", border=False, clear_on_submit=True):
        code = st.text_input("Code", max_chars=40, autocomplete="off", width=320)
        given = st.form_submit_button("Use the code")
    if given:
        try:
            accept(visit, code)
        except CoachError as problem:
            st.error(str(problem))
        else:
            st.success(words("people.accepted"))


def roster(visit: Visit) -> None:
    """Who is in the programme, by name and role, and a way to end somebody's sign-in."""
    members = programme_of_mine(visit)
    with st.container(border=True):
        st.header("In the programme", anchor=False)
        listed([f"{m.name}: {', '.join(_named(m.roles))}" for m in members])
        if not has_sign_in():
            return
        names = {m.person_id: m.name for m in members}
        st.subheader("End a sign-in", anchor=False)
        st.text(words("people.revoke"))
        with st.form("revoke", border=False):
            chosen = st.selectbox(
                "Person", list(names), index=None, format_func=names.__getitem__, width=320
            )
            ended = st.form_submit_button("Sign out everywhere", icon=":material/logout:")
        if ended and chosen is not None:
            browsers, tokens = lock_out(visit, chosen)
            st.success(words("people.revoked", browsers=browsers, tokens=tokens))


def _named(roles: tuple[Role, ...]) -> list[str]:
    return sorted(role.value for role in roles)
