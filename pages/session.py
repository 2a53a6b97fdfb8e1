"""Session: thirty minutes in four parts, with the clock, the questions, the charts and the notes."""

import streamlit as st

from coach_data.cadence import quiet_of
from coach_data.commitments import commitments_of
from coach_data.library import session_parts, words
from coach_data.model import CoachError, Standing
from coach_data.sessions import begin, open_of, partners_of, sessions_of
from coach_data.summary import day_words
from pages.parts.cards import plain
from pages.parts.session_charts import draw_beside, draw_commitment
from pages.parts.session_clock import PROBLEM, choose_part, draw_clock
from pages.parts.session_end import ENDED, draw_commitment_form, draw_earlier, draw_summary
from pages.parts.session_notes import draw_side
from pages.parts.session_rhythm import choose_partner, draw_quiet
from pages.parts.sharing import share_switch, sharing, values_hidden
from pages.parts.visit import start_visit

visit = start_visit("Session")
theme = "dark" if st.context.theme.type == "dark" else "light"

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Session" if visit.own else f"Session with {plain(visit.about.name)}", anchor=False)
    share_switch()

coach_id = choose_partner(partners_of(visit))
session = open_of(visit, coach_id)
if not sharing():
    draw_quiet(visit, quiet_of(visit))
if problem := st.session_state.pop(PROBLEM, None):
    st.error(problem)

if session is None:
    held = sessions_of(visit, coach_id)
    just_ended = next((s for s in held if s.session_id == st.session_state.get(ENDED)), None)
    if just_ended:
        st.success(words("session.ended"))
        draw_summary(visit, just_ended)
    with st.container(border=True):
        st.text(words("session.empty"))
        if held and held[0].next_day:
            st.text(words("session.planned", day=day_words(held[0].next_day)))
        if st.button("Begin a session", type="primary", icon=":material/play_arrow:", key="begin"):
            try:
                begin(visit, coach_id)
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.session_state.pop(ENDED, None)
                st.rerun()
    still_open = [c for c in commitments_of(visit, coach_id) if c.standing is Standing.OPEN]
    if still_open:
        st.text(words("session.still_open"))
    for commitment in still_open[:5]:
        draw_commitment(visit, commitment)
else:
    if session.day != visit.today:
        st.text(words("session.from_before", day=day_words(session.day)))
    draw_clock(visit, session)
    part = choose_part(visit, session)
    side, beside = st.columns([4, 7], gap="large")
    with side:
        draw_side(visit, session, part, session_parts()[part - 1])
    with beside:
        if part == len(session_parts()):
            draw_commitment_form(visit, session)
        else:
            draw_beside(visit, session, part, theme, hidden=values_hidden())

draw_earlier(visit, coach_id)
