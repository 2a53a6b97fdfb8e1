"""The compass: five rows and the result, to be read together in under a minute."""

import streamlit as st

from coach_data.compass import compass_of
from coach_data.library import words
from pages.parts.cards import empty_state, plain
from pages.parts.compass_rows import draw_row, mark_event, more, notes, table
from pages.parts.sharing import share_switch, values_hidden
from pages.parts.visit import start_visit

visit = start_visit("Compass")
compass = compass_of(visit)
theme = "dark" if st.context.theme.type == "dark" else "light"

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Compass" if visit.own else f"Compass of {plain(visit.about.name)}", anchor=False)
    if compass.plan.leading:
        share_switch()

if not compass.plan.leading:
    empty_state(words("compass.empty"), "../outcome.py", "Set the outcome")
    st.stop()

hidden = values_hidden()
if hidden:
    st.text("The values show when you say go.")
else:
    st.text(words("compass.private") + f" Last {len(compass.days) // 7} weeks.")

rows = [*compass.rows, *([compass.result] if compass.result else [])]
for place, row in enumerate(rows):
    draw_row(
        row,
        compass,
        theme=theme,
        first=place == 0,
        last=place == len(rows) - 1,
        hidden=hidden,
    )

if not hidden:
    with st.expander("How to read it"):
        st.text(words("compass.legend"))
    table(compass)
    more(visit, compass, theme)
    if visit.own:
        mark_event(visit, compass)
    notes(visit, compass)
