"""The notes of a session as they are typed: kept while typing, and nothing of anybody is lost.

A pad never takes back what stands in it: what was written elsewhere meanwhile is joined to the note
in the store, shown below, and comes into the pad only when somebody asks for it.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from coach_data.library import QuestionGroup, words
from coach_data.model import CoachError, Session
from coach_data.privacy import Visit
from coach_data.session_notes import keep_note, keep_notebook, notebook_of, notes_of
from coach_data.text import BadText, clean
from pages.parts.sharing import sharing
from pages.parts.visit import fresh

NOTEBOOK = 0
"""In the place of a part's number: the viewer's own notebook."""


def fresh_or_anew(visit: Visit) -> Visit:
    """The same; where it is no longer allowed the whole screen begins anew, and says so."""
    try:
        return fresh(visit)
    except CoachError:
        st.rerun()


@st.fragment
def draw_side(visit: Visit, session: Session, part: int, group: QuestionGroup) -> None:
    """Beside the chart: one question at a time, the shared notes, the viewer's own notebook.

    A fragment, because it runs with every pause of the typing and the charts need not.
    """
    visit = fresh_or_anew(visit)
    st.text(group.purpose)
    _question(session, part, group)
    if not visit.own and not sharing():
        guide = st.expander("How to use this part", on_change="rerun", key=f"guide_{part}")
        if guide.open:
            guide.text("\n".join(f"· {line}" for line in group.guide))
    _pad(visit, session, part, words("session.notes"))
    if sharing():
        return
    own = st.expander("My notebook", on_change="rerun", key="notebook_open")
    if own.open:
        with own:
            _pad(visit, session, NOTEBOOK,
                 words("session.notebook_own" if visit.own else "session.notebook_coach"))  # fmt: skip


def _question(session: Session, part: int, group: QuestionGroup) -> None:
    key = f"question_{session.session_id}_{part}"
    place = st.session_state.get(key, 0) % len(group.questions)
    st.header(group.questions[place], anchor=False)
    st.button(
        "Another question",
        key=f"{key}_next",
        type="tertiary",
        icon=":material/arrow_forward:",
        on_click=partial(st.session_state.__setitem__, key, place + 1),
    )


def _pad(visit: Visit, session: Session, name: int, label: str) -> None:
    stored = _stored(visit, session, name)
    state = st.session_state
    key = f"pad_{session.session_id}_{name}"
    draft, mounted = state.get(f"draft_{key}"), key in state
    begins_with = "" if state.pop(f"put_{key}", False) else stored if draft is None else draft
    typed = st.text_area(
        label,
        begins_with,
        key=key,
        height=190 if name else 140,
        on_change=_keep,
        args=(visit, session, name, key),
        placeholder=words("session.notes_place") if name else None,
    )
    typed = typed or ""
    if not mounted and draft is None:
        # after a restart a browser brings the text of before: what it had seen is not known
        state[f"seen_{key}"] = stored if _same(typed, stored) else None
    seen = state.get(f"seen_{key}")
    if seen is None or not _same(typed, seen):
        _keep(visit, session, name, key)
        stored = _stored(visit, session, name)
    _say(key, typed, stored)


def _say(key: str, typed: str, stored: str) -> None:
    """Below a pad: whether it is kept, and what else stands in the kept note."""
    problem = st.session_state.get(f"problem_{key}")
    if problem:
        st.error(problem, title=words("session.not_kept"))
    elif not _same(typed, stored):
        st.text(words("session.meanwhile"))
        with st.container(border=True):
            st.text(stored)
        st.button("Show it here", key=f"show_{key}", on_click=_show, args=(key, stored))
    elif stored:
        st.caption(words("session.saved"))


def _show(key: str, stored: str) -> None:
    """Put the note as it is kept into its pad, in the place of what stands there."""
    st.session_state[key] = st.session_state[f"seen_{key}"] = stored
    st.session_state[f"put_{key}"] = True


def _keep(visit: Visit, session: Session, name: int, key: str) -> None:
    """Keep what stands in a pad. Also as a callback: when its part is left, it is not drawn again."""
    state = st.session_state
    typed, seen = state.get(key) or "", state.get(f"seen_{key}")
    try:
        now = fresh(visit)
        if name == NOTEBOOK:
            keep_notebook(now, session, typed, seen)
        else:
            keep_note(now, session, name, typed, seen)
    except CoachError as problem:
        state[f"problem_{key}"], state[f"draft_{key}"] = str(problem), typed
        return
    state[f"seen_{key}"] = typed
    state.pop(f"problem_{key}", None)
    state.pop(f"draft_{key}", None)


def _stored(visit: Visit, session: Session, name: int) -> str:
    if name == NOTEBOOK:
        return notebook_of(visit, session)
    return notes_of(visit, session).get(name, "")


def _same(typed: str, stored: str) -> bool:
    try:
        return clean(typed, "session_note.text") == stored or typed == stored
    except BadText:
        return False
