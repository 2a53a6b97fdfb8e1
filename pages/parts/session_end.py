"""The end of a session: one commitment, the next date, the summary; and the sessions before."""

from __future__ import annotations

from html import escape

import streamlit as st

from coach_data.commitments import CommitmentChanged, commitment_in, commitments_of, keep_commitment
from coach_data.library import words
from coach_data.model import CoachError, Commitment, Indicator, Session
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.session_notes import notebook_of
from coach_data.sessions import end, sessions_of, usual_next_day
from coach_data.summary import as_html, as_markdown, body_html, summary_of
from coach_data.text import blank
from pages.parts.session_notes import fresh_or_anew
from pages.parts.sharing import sharing
from pages.parts.visit import on_press

ENDED = "session_ended"


@st.fragment
def draw_commitment_form(visit: Visit, session: Session) -> None:
    """One commitment, how it is followed, the support wanted, the next date; then the end."""
    visit = fresh_or_anew(visit)
    sid, stored = session.session_id, commitment_in(visit, session)
    st.session_state.setdefault(f"seen_commitment_{sid}", stored)
    followed, given = _ask_promise(visit, stored, sid)
    next_day = st.date_input(
        words("session.next_day"),
        session.next_day or usual_next_day(visit, session),
        min_value=visit.today,
        key=f"next_{sid}",
        persist_state="page",
        width=220,
    )
    with st.container(horizontal=True):
        kept = st.button("Keep the commitment", key=f"keep_{sid}")
        ended = st.button("End the session", type="primary", key=f"end_{sid}")
    if not (kept or ended):
        return
    try:
        if kept or stored is not None or not blank("".join(given)):
            _keep(visit, session, followed, given)
        if ended:
            end(visit, session, next_day)
    except CoachError as problem:
        st.error(str(problem), title=words("session.not_kept"))
        return
    if not ended:
        st.success(words("session.kept_commitment"))
        return
    st.session_state[ENDED] = sid
    st.rerun(scope="app")


def _ask_promise(
    visit: Visit, stored: Commitment | None, sid: int
) -> tuple[int | None, tuple[str, str, str]]:
    """Which indicator follows it; and the promise, how it is tracked and the support, as typed."""
    promise = st.text_area(
        words("session.promise"),
        stored.text if stored else "",
        key=f"promise_{sid}",
        height=100,
        persist_state="page",
    )
    plan = plan_of(visit)
    known = {i.indicator_id: i for i in (*plan.leading, *([plan.lagging] if plan.lagging else []))}
    followed = _followed_by(known, stored, sid)
    tracked = st.text_input(
        words("session.tracked_words"),
        stored.tracked if stored else "",
        key=f"tracked_{sid}",
        persist_state="page",
    )
    support = st.text_input(
        words("session.support"),
        stored.support if stored else "",
        key=f"support_{sid}",
        persist_state="page",
    )
    return followed, (promise or "", tracked or "", support or "")


def _followed_by(known: dict[int, Indicator], stored: Commitment | None, sid: int) -> int | None:
    options = [None, *known]
    before = stored.indicator_id if stored else None
    chosen = st.selectbox(
        words("session.tracked_by"),
        options,
        index=options.index(before) if before in known else 0,
        format_func=lambda i: known[i].name if i in known else words("session.tracked_none"),
        key=f"followed_{sid}",
        persist_state="page",
    )
    return chosen if chosen in known else None


def _keep(
    visit: Visit, session: Session, followed: int | None, given: tuple[str, str, str]
) -> None:
    seen = f"seen_commitment_{session.session_id}"
    promise, tracked, support = given
    try:
        st.session_state[seen] = keep_commitment(
            visit,
            session,
            promise,
            indicator_id=followed,
            tracked=tracked,
            support=support,
            seen=st.session_state.get(seen),
        )
    except CommitmentChanged:
        st.session_state[seen] = commitment_in(visit, session)  # it has been shown: press again
        raise


def draw_summary(visit: Visit, session: Session) -> None:
    """What both may read of a session, and the same as files."""
    summary = summary_of(visit, session)
    with st.container(border=True):
        st.html(
            "<style>.told p { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }"
            ".told :is(h2, h3) { padding: .6rem 0 .1rem; margin: 0 }</style>"
            f'<div class="told"><h2 style="font-size:1.2rem">{escape(summary.title)}</h2>'
            f"<p>{escape(summary.between)}</p>"
            f"{body_html(summary).replace('<h2>', H3).replace('</h2>', '</h3>')}</div>"
        )
        name = f"session-{session.day}"
        with st.container(horizontal=True):
            st.download_button(
                "Markdown",
                on_press(visit, lambda now: as_markdown(summary_of(now, session))),
                file_name=f"{name}.md",
                mime="text/markdown",
                on_click="ignore",
                icon=":material/download:",
                key=f"md_{session.session_id}",
            )
            st.download_button(
                "Page to print",
                on_press(visit, lambda now: as_html(summary_of(now, session))),
                file_name=f"{name}.html",
                mime="text/html",
                on_click="ignore",
                icon=":material/download:",
                key=f"html_{session.session_id}",
            )


H3 = '<h3 style="font-size:1rem">'


def draw_earlier(visit: Visit, coach_id: int) -> None:
    """The sessions before, read only when somebody opens the list; while sharing only this pair's."""
    folded = st.expander("Earlier sessions", on_change="rerun", key="earlier_sessions")
    if not folded.open:
        return
    with folded:
        only = coach_id if sharing() or not visit.own else None
        ended = {s.session_id: s for s in sessions_of(visit, only) if s.ended}
        if not ended:
            st.text(words("session.no_earlier"))
            return
        promised = {c.session_id: c for c in commitments_of(visit, only)}
        labels = {i: _line(s, promised.get(i)) for i, s in ended.items()}
        st.text("\n".join(labels.values()))
        chosen = st.selectbox(
            "Read the summary of",
            list(labels),
            index=None,
            format_func=lambda i: labels.get(i, ""),
            placeholder="Choose a session",
            key="earlier_session",
        )
        if chosen in ended:
            draw_summary(visit, ended[chosen])
            _own_notebook(visit, ended[chosen])


def _own_notebook(visit: Visit, session: Session) -> None:
    if not sharing() and (own := notebook_of(visit, session)):
        st.text(words("session.notebook_own" if visit.own else "session.notebook_coach"))
        with st.container(border=True):
            st.text(own)


def _line(session: Session, commitment: Commitment | None) -> str:
    said = f"{commitment.text} ({commitment.standing})" if commitment else "no commitment"
    return f"{session.day.day} {session.day:%b %Y}: {said}"
