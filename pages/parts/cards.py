"""Small composed elements that several screens share."""

from __future__ import annotations

import re

import streamlit as st

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&^=])")


def plain(text: str) -> str:
    """Words that a person typed, for a place that reads Markdown: shown to the letter.

    Where there is a choice use ``st.text``; labels of widgets have none.
    """
    return _MARKUP.sub(r"\\\1", text.replace("\n", " "))


def heading(title: str, below: str = "") -> None:
    """A screen's title, with one line under it in words of ours."""
    st.title(title, anchor=False)
    if below:
        st.caption(below)


def empty_state(text: str, page: str, label: str) -> None:
    """What will appear here, and the one thing to do next."""
    with st.container(border=True):
        st.text(text)
        st.page_link(page, label=label, icon=":material/arrow_forward:")


def number(value: float | None, unit: str = "") -> str:
    """A value with its unit, as short as it can be told; a dash where nothing is known."""
    if value is None or value != value:
        return "–"
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()
