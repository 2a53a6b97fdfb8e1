"""My data: what one agrees to, with whom, who looked, what they see, and how it is put right."""

import streamlit as st

from coach_data.library import words
from pages.parts.cards import heading
from pages.parts.my_data_looks import draw_looks, draw_pairings, draw_seen
from pages.parts.my_data_parts import draw_consents, draw_corrections
from pages.parts.phone_parts import draw_phone
from pages.parts.sharing import sharing
from pages.parts.takeout_parts import draw_erasure, draw_export
from pages.parts.visit import start_visit

# One line a section: its name, and what draws it. Only the one that is open is drawn.
SECTIONS = {
    "Consents": draw_consents,
    "Coaches": draw_pairings,
    "Who looked": draw_looks,
    "What my coach sees": draw_seen,
    "Corrections": draw_corrections,
    "Export": draw_export,
    "Phone and calendar": draw_phone,
    "Erasure": draw_erasure,
}

visit = start_visit("My data", own_only=True)
if sharing():
    st.info(words("people.shared"))
    st.stop()
heading("My data", words("my_data.what"))
section = st.segmented_control(
    "Section",
    list(SECTIONS),
    default=next(iter(SECTIONS)) if "my_data_section" not in st.session_state else None,
    required=True,
    key="my_data_section",
    label_visibility="collapsed",
    persist_state="page",
)
SECTIONS[section](visit)
