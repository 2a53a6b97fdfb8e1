"""What an import would bring in: the counts, the refused rows, the questions only a person can answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from coach_data.imports import Choices, Match, Preview, Question, Topic
from pages.parts.cards import plain


def show_file(preview: Preview) -> None:
    """The file in a few lines: its shape, its days, its indicators, and what would change."""
    with st.container(border=True):
        st.text(f"{preview.name}: {_many(preview.rows, 'row')}, {preview.origin}")
        if preview.first_day and preview.last_day:
            st.text(
                f"{_many(preview.entries, 'value')} from {preview.first_day} to {preview.last_day}"
            )
        if preview.changes:
            c = preview.changes
            st.text(f"{c.new:,} new, {c.changed:,} changed, {c.unchanged:,} here already")
        lines = [
            f"{f.name}: {_MEANT[f.match]}, {_many(f.values, 'value')}" for f in preview.indicators
        ]
        st.text("\n".join(lines))
        for remark in preview.remarks:
            st.caption(plain(remark))


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


_MEANT = {
    Match.HERE: "here already",
    Match.NEW: "will be made",
    Match.IGNORED: "left out",
    Match.ASKED: "see the question below",
}


def show_refusals(preview: Preview) -> None:
    """The rows that cannot be kept, each with its reason."""
    if not preview.refused:
        return
    with st.expander(f"{preview.refused:,} refused", expanded=True):
        st.text(
            "\n".join(f"Line {r.line}, {r.column}: “{r.what}” – {r.why}" for r in preview.refusals)
        )
        if preview.refused > len(preview.refusals):
            st.caption(f"The first {len(preview.refusals)} are shown.")


def answers(preview: Preview, asked: Choices) -> Choices:
    """The choices with what the person has answered just now."""
    chosen = asked
    for question in preview.questions:
        given = _ask(question)
        if given is None:
            continue
        if question.topic is Topic.MAPPING:
            chosen = replace(chosen, mapping={**chosen.mapping, question.name: given})
        elif question.topic is Topic.UNITS:
            chosen = replace(chosen, units={**chosen.units, question.name: given})
        else:
            chosen = replace(chosen, **{question.topic.value: given})
    if preview.refused:
        only_good = st.checkbox(
            "Bring in only the good rows", asked.only_good_rows, key="only_good_rows"
        )
        chosen = replace(chosen, only_good_rows=only_good)
    return chosen


def _ask(question: Question) -> Any:
    told = dict(question.options)
    return st.radio(
        plain(question.text),
        [answer for answer, _ in question.options],
        index=None,
        format_func=lambda answer: plain(told[answer]),
        key=f"{question.topic}:{question.name}",
    )
