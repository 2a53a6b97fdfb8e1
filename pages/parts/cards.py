"""Small composed elements that several screens share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

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
        next_link(page, label)


def next_link(page: str, label: str, icon: str = "arrow_forward") -> None:
    """The way to the one thing to do next: a link that looks like the button that it is used as.

    ``page``: from the folder of the router, as ``../today.py``; at most one link to it on a screen.
    """
    with st.container(key=f"next_{page.strip('./').removesuffix('.py')}"):  # page.css draws it
        st.page_link(page, label=label, icon=f":material/{icon}:")


def facts(told: Iterable[tuple[str, str]]) -> None:
    """What is known of one thing: each under its name, on a wide screen beside it."""
    each = (f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in told)
    st.html(f"<dl class='facts'>{''.join(each)}</dl>")


MOST_LISTED = 30
"""Beyond so many the list opens only for whoever wants to read it."""


def listed(lines: Sequence[str]) -> None:
    """Names one below the other, in columns where there is room."""
    told = f"<ul class='listed'>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
    if len(lines) <= MOST_LISTED:
        st.html(told)
        return
    with st.expander(f"All {len(lines)}"):
        st.html(told)


def number(value: float | None, unit: str = "") -> str:
    """A value with its unit, as short as it can be told; a dash where nothing is known."""
    if value is None or value != value:
        return "–"
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()
