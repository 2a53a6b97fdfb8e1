"""Programme: what leads read. Words on indicators of the whole programme, never on people."""

import streamlit as st

from coach_data.library import words
from pages.parts.cards import heading
from pages.parts.programme_parts import draw_legend, draw_rows, shown
from pages.parts.visit import start_visit

visit = start_visit("Programme", own_only=True)
theme = "dark" if st.context.theme.type == "dark" else "light"
heading("Programme", words("programme.what"))
programme = shown(visit)
day = f"{programme.next_day.day} {programme.next_day:%B %Y}"

if not programme.blocks:
    with st.container(border=True):
        st.text(words("programme.empty", day=day))
elif not programme.rows:
    with st.container(border=True):
        st.text(words("programme.blank"))
else:
    draw_legend(theme)
    draw_rows(programme, theme)

if programme.rows and programme.silent:
    with st.expander(words("programme.silent", count=len(programme.silent))):
        st.text("\n".join(programme.silent))

with st.container(border=True):
    st.header("What this page leaves out", anchor=False)
    st.text(words("programme.never"))
    if visit.about.programme == "sample":
        st.text(words("programme.invented"))
    if programme.blocks:
        st.text(words("programme.next", day=day))
