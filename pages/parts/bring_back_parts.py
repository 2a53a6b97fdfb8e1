"""The part of the screen Import that brings one of our own exports back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from coach_data.bring_back import bring_back, seen_of
from coach_data.library import words
from coach_data.model import CoachError
from pages.parts.cards import next_link

if TYPE_CHECKING:
    from coach_data.formats.everything import Everything
    from coach_data.privacy import Visit


def draw_bring_back(visit: Visit, everything: Everything, name: str) -> None:
    """What the file would bring back, and the button that does it. Raises FileRefused."""
    bar = st.empty()
    seen = seen_of(visit, everything, name, lambda share: bar.progress(share, "Reading the file"))
    bar.empty()
    with st.container(border=True):
        st.text(words("bring_back.what", day=seen.made_at))
        told = [f"{words(f'bring_back.kinds.{k}')}: {n:,}" for k, n in seen.new.items()]
        st.text("\n".join(told) or words("bring_back.nothing"))
        if seen.same:
            st.text(words("bring_back.same", count=f"{seen.same:,}"))
        if seen.other:
            st.text(words("bring_back.other", count=f"{seen.other:,}"))
        st.caption(words("bring_back.not_brought"))
    if not seen.new:
        return
    if st.button("Bring it back", type="primary", icon=":material/download:"):
        try:
            with st.spinner("Bringing it back"):
                count = bring_back(visit, seen)
        except CoachError as problem:
            st.error(str(problem))
        else:
            st.success(words("bring_back.done", count=f"{count:,}"))
            next_link("../compass.py", "Read the compass", "explore")
