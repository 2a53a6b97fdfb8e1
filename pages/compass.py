"""The compass: five rows and the result, to be read together in under a minute."""

import streamlit as st

from coach_data.compass import compass_of
from coach_data.library import words
from coach_data.sprints import running_of
from pages.parts.cards import empty_state, plain
from pages.parts.compass_rows import drawer, rows_html
from pages.parts.sharing import share_switch, values_hidden
from pages.parts.sprint_strip import draw_strip
from pages.parts.visit import start_visit

visit = start_visit("Compass")
hidden = values_hidden()
# All that takes time comes first: what then arrives at once, the browser draws at once.
compass, running = compass_of(visit), running_of(visit)
rows = rows_html(compass, hidden=hidden)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Compass" if visit.own else f"Compass of {plain(visit.about.name)}", anchor=False)
    if compass.plan.leading:
        share_switch()

if not compass.plan.leading:
    empty_state(words("compass.empty"), "../outcome.py", "Set the outcome")
    st.stop()

if hidden:
    st.text("The values show when you say go.")
else:
    st.text(words("compass.private") + f" Last {len(compass.days) // 7} weeks.")

draw_strip(running)
st.html(rows)
if not hidden:
    drawer(visit, compass, "dark" if st.context.theme.type == "dark" else "light")
