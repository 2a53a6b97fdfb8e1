"""Does it matter? One behaviour and one result: one verdict, four charts, and what to do next."""

import streamlit as st

from coach_data.library import words
from coach_data.matter import pairs_of, review_of
from pages.parts.cards import empty_state, plain
from pages.parts.review_parts import choose, draw_charts, draw_figures, draw_question, draw_verdict
from pages.parts.sharing import share_switch, values_hidden
from pages.parts.visit import start_visit

visit = start_visit("Does it matter?")
choices = pairs_of(visit)
theme = "dark" if st.context.theme.type == "dark" else "light"
ready = bool(choices.leading and choices.lagging)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Does it matter?" if visit.own else f"Does it matter for {plain(visit.about.name)}?",
             anchor=False)  # fmt: skip
    if ready:
        share_switch()

if not ready:
    empty_state(words("matter.empty"), "../outcome.py", "Set the outcome")
    st.stop()

leading, lagging = choose(choices)
if values_hidden():
    st.text("The values show when you say go.")
    st.stop()

review = review_of(visit, choices, leading, lagging)
draw_verdict(review, own=visit.own)
if review.pairs is not None:
    draw_question(review)
    draw_charts(review, theme)
    draw_figures(review)
