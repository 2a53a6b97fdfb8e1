"""Guide: questions, traps and the ways back, experiments, wording, ethics, reading."""

import streamlit as st

from coach_data.library import words
from pages.parts.cards import heading
from pages.parts.guide_parts import SECTIONS, draw_section, found
from pages.parts.visit import start_visit

visit = start_visit("Guide", own_only=True)
heading("Guide", words("guide.what"))

search = st.text_input(
    "Search", key="guide_search", type="search", live=True, placeholder="One or more words", width=420
)  # fmt: skip
if search and search.strip():
    hits = found(search)
    for name, cards in hits.items():
        draw_section(name, cards)
    if not hits:
        st.text(words("guide.nothing", search=search.strip()))
    st.stop()

section = st.segmented_control(
    "Section",
    list(SECTIONS),
    default=next(iter(SECTIONS)),
    required=True,
    key="guide_section",
    label_visibility="collapsed",
    bind="query-params",
)
draw_section(section, SECTIONS[section]())
