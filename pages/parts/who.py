"""Who is there? Asked by every screen until somebody has said; nothing of anybody shows before.

Where people sign in: the button that leads to the provider, then once a field for the invitation.
"""

from __future__ import annotations

import streamlit as st

from coach_data.devices import people_on_this_device
from coach_data.library import words
from coach_data.model import CoachError, Role
from coach_data.people import enter, join, roles_of
from coach_data.privacy import Visit
from coach_data.sign_in import SignedIn
from coach_data.store import Store
from pages.parts.browser import FAREWELL, forget, go_on_as, present, who_is_signed_in
from pages.parts.cards import plain
from pages.parts.provider import has_sign_in, providers
from pages.parts.tour import begin_tour

MOST_BUTTONS = 12
"""Beyond so many people they are chosen from a list."""


def ask_who(store: Store) -> None:
    """The first screen: the sample programme, one's own beginning, or somebody who was here."""
    st.title("Coach Compass", anchor=False)
    if farewell := st.session_state.pop(FAREWELL, None):
        st.success(farewell, icon=":material/check:")
    if has_sign_in():
        who = who_is_signed_in(store)
        _ask_for_code(store, who) if who else _ask_to_sign_in()
        return
    st.text(words("welcome.what"))
    people = people_on_this_device(store)
    own = [(i, name) for i, name, programme in people if programme == "own"]
    sample = [(i, name) for i, name, programme in people if programme == "sample"]
    if own:
        _carry_on(store, own)
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        _begin(store)
    with right.container(border=True, height="stretch"):
        _explore(store, sample)
    st.text(words("welcome.promise"))
    st.info(words("welcome.local_mode"), icon=":material/computer:")


def _ask_to_sign_in() -> None:
    st.text(words("welcome.what"))
    if st.query_params.get("sign_in") == "failed":
        st.warning(words("sign_in.failed"), icon=":material/info:")
    with st.container(horizontal=True):
        for name in providers():
            label = f"Sign in with {plain(name)}" if name else "Sign in"
            if st.button(label, key=f"sign_in_{name}", type="primary", icon=":material/login:"):
                st.login(name)
    st.text(words("sign_in.promise"))


def _ask_for_code(store: Store, who: SignedIn) -> None:
    """For somebody whom the provider knows and we do not: an invitation, and nothing else."""
    st.text(words("sign_in.unknown"))
    with st.form("invitation", border=False, width=480):
        code = st.text_input("Code from your invitation", max_chars=40, autocomplete="off")
        offer = who.identity.name[:80]
        name = st.text_input("Your name", offer, max_chars=80, autocomplete="name")
        given = st.form_submit_button("Come in", type="primary", icon=":material/flag:")
    if given:
        zone = st.context.timezone or "UTC"
        try:
            enter(store, code, name, present(), zone=zone, identity=who.identity)
        except CoachError as problem:
            st.error(str(problem))
        else:
            st.rerun()
    if st.button("Sign out", icon=":material/logout:"):
        forget(store)


def _carry_on(store: Store, people: list[tuple[int, str]]) -> None:
    with st.container(border=True):
        st.header("Carry on", anchor=False)
        if len(people) > MOST_BUTTONS:
            _choose(store, dict(people))
            return
        with st.container(horizontal=True):
            for person_id, name in people:
                if st.button(plain(name), key=f"as_{person_id}", icon=":material/person:"):
                    _enter(store, person_id, _home(store, person_id))


def _choose(store: Store, names: dict[int, str]) -> None:
    chosen = st.selectbox(
        "Who is here?",
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Choose your name",
        width=480,
    )
    if st.button("Carry on", icon=":material/person:", disabled=chosen is None) and chosen:
        _enter(store, chosen, _home(store, chosen))


def _begin(store: Store) -> None:
    st.header("Your own", anchor=False)
    st.text(words("welcome.own"))
    with st.form("begin", border=False):
        name = st.text_input("Your name", max_chars=80, autocomplete="name")
        coaches = st.checkbox("I coach other people")
        begun = st.form_submit_button("Begin", type="primary", icon=":material/flag:")
    if begun:
        try:
            roles = (Role.COACHEE, Role.COACH) if coaches else (Role.COACHEE,)
            zone = st.context.timezone or "UTC"
            person = join(store, name, present(), roles=roles, zone=zone)
        except CoachError as problem:
            st.error(str(problem))
        else:
            _enter(store, person.person_id, "../outcome.py")


def _explore(store: Store, people: list[tuple[int, str]]) -> None:
    from sample_data.load import GUIDES, NAMELESS, WHO

    st.header("The sample programme", anchor=False)
    st.text(words("welcome.sample"))
    with st.container(horizontal=True):
        for role, guide in GUIDES.items():
            if st.button(f"As a {role}", key=f"sample_{role}", icon=":material/explore:"):
                known = {name: i for i, name in people}
                if guide not in known:  # or somebody stopped half-way
                    known = _load_sample(store)
                go_on_as(store, known[guide])
                st.switch_page(begin_tour(role))
    names = {i: name for i, name in people if not name.startswith(NAMELESS)}
    if not names:
        return
    chosen = st.selectbox(
        "Go in as",
        list(names),
        format_func=lambda i: f"{names[i]}, {WHO.get(names[i], 'coachee')}",
    )
    if st.button("Go in", icon=":material/login:"):
        lead = WHO.get(names[chosen]) == "lead"
        _enter(store, chosen, "../programme.py" if lead else "../compass.py")


def _load_sample(store: Store) -> dict[str, int]:
    from sample_data.load import load

    bar = st.progress(0.0, "Loading the sample programme")

    def tell(share: float) -> None:
        bar.progress(share, "Loading the sample programme")

    return load(store, present(), tell, zone=st.context.timezone or "UTC")


def _home(store: Store, person_id: int) -> str:
    """Where somebody who was here before goes on."""
    own = Visit.open(store, person_id, present())
    roles = roles_of(own)
    if roles == {Role.LEAD}:
        return "../programme.py"
    return "../today.py" if Role.COACHEE in roles and not own.coachees else "../welcome.py"


def _enter(store: Store, person_id: int, screen: str) -> None:
    go_on_as(store, person_id)
    st.switch_page(screen)
