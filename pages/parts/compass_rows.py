"""The parts of the compass screen: a row, its table, its pictures, marks on the time axis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial
from html import escape

import streamlit as st

from coach_data.annotations import mark, new_annotation, unmark
from coach_data.behaviours import count_usual_from
from coach_data.compass import KEPT, Compass, GuardDays, Reading, Row, guards_of, notes_of
from coach_data.library import words
from coach_data.model import Annotation, CoachError, Event, Indicator, Kind, Measure
from coach_data.privacy import Visit
from coach_data.statistics.variation import LEARNING_UNTIL, Signal
from pages.parts.cards import number, plain
from pages.parts.needle import needle_html
from pages.parts.palette import Theme
from pages.parts.row_chart import RowChart, days_html, picture, row_chart
from pages.parts.sharing import sharing
from pages.parts.visit import on_press


def rows_html(compass: Compass, *, hidden: bool = False) -> str:
    """Needle and words on the left, six weeks of days on the right; one below the other on a phone.

    All of it is one element for ``st.html``, laid out by ``page.css``: elements cost the server and
    the browser more than all that they hold. ``hidden``: the names alone.
    """
    rows = _rows(compass)
    if hidden:
        return "".join(f"<p><strong>{escape(r.indicator.name)}</strong></p>" for r in rows)
    charts = [
        _chart(row, compass.days, compass.annotations, place == len(rows) - 1, place == 0)
        for place, row in enumerate(rows)
    ]
    made = [_beside(row, compass) + c.html for row, c in zip(rows, charts, strict=True)]
    return f'<div class="compass-rows">{"".join(made)}{days_html(compass.days, charts)}</div>'


def _beside(row: Row, compass: Compass) -> str:
    """Needle and words of a row."""
    drawn = needle_html(row.needle, row.reading)
    return f'<div class="compass-row">{drawn}<p>{_words(row, compass)}</p></div>'


@lru_cache(maxsize=KEPT)
def _chart(
    row: Row, days: tuple[date, ...], annotations: tuple[Annotation, ...], axis: bool, labels: bool
) -> RowChart:
    """As long as the row itself is kept, so is its chart."""
    return row_chart(row, days, annotations, axis=axis, labels=labels)


def _rows(compass: Compass) -> list[Row]:
    return [*compass.rows, *([compass.result] if compass.result else [])]


def _words(row: Row, compass: Compass) -> str:
    """Name, state and question, in three short lines of HTML; a fourth where the two drift apart."""
    role = (
        " · result"
        if row.indicator.kind is Kind.LAGGING
        else " · keystone"
        if row.indicator.keystone
        else ""
    )
    state = words(f"compass.state.{row.reading}", known=row.n_known, needed=LEARNING_UNTIL)
    question = words(f"compass.question.{row.reading}")
    if row.reading is Reading.NO_AIM and row.signal is not Signal.NONE:
        question = words(f"compass.signal.{row.signal}")
    name = f"<strong>{escape(row.indicator.name)}</strong>{role}"
    lines = [name, f"<strong>{escape(state)}</strong>", escape(question)]
    if row.indicator.indicator_id in compass.drifted:
        lines.append(escape(words("matter.compass_line")))
    return "<br>".join(lines)


def drawer(visit: Visit, compass: Compass, theme: Theme) -> None:
    """What else there is, one at a time, below the rows: made only when somebody asks for it.

    Until then it is one button: a row of choices takes the browser longer than the rows themselves.
    """
    if "more" not in st.session_state:
        st.button("How to read it, and more", on_click=_open_drawer)
        return
    makers: dict[str, Callable[[], None]] = {
        "How to read it": lambda: _say(words("compass.legend")),
        "As a table": lambda: _table(visit, compass),
        "Pictures": lambda: _pictures(visit, compass, theme),
    }
    if visit.own:
        makers["Mark an event"] = lambda: _mark_event(visit, compass)
    if not sharing():
        makers["Notes"] = lambda: _notes(visit, compass)
    chosen = st.segmented_control(
        "More", list(makers), key="more", label_visibility="collapsed", persist_state="page"
    )
    if chosen in makers:
        makers[chosen]()


def _open_drawer() -> None:
    st.session_state["more"] = "How to read it"


def _say(text: str) -> None:
    st.text(text)


def _table(visit: Visit, compass: Compass) -> None:
    """The same facts as a table, and the guards, which have no row of their own."""
    import pandas as pd

    shown: list[Row | GuardDays] = [*_rows(compass), *guards_of(visit, compass)]
    columns = {
        _column(r.indicator): [
            "skipped" if skipped else _told(r.indicator, float(value))
            for value, skipped in zip(r.values, r.skipped, strict=True)
        ]
        for r in shown
    }
    frame = pd.DataFrame(columns, index=pd.Index(compass.days, name="Day")).iloc[::-1]
    st.dataframe(frame, height=420, alt="The days of the compass as a table")


def _column(indicator: Indicator) -> str:
    guard = "Guard: " if indicator.kind is Kind.GUARD else ""
    return (
        f"{guard}{indicator.name} ({indicator.unit})" if indicator.unit else guard + indicator.name
    )


def _told(indicator: Indicator, value: float) -> str:
    if indicator.measure is Measure.YES_NO and value == value:
        return "yes" if value else "no"
    return number(value)


def _pictures(visit: Visit, compass: Compass, theme: Theme) -> None:
    """One chart as a picture, and a new start for its usual range."""
    rows = {r.indicator.indicator_id: r for r in _rows(compass)}
    chosen = st.selectbox("Indicator", list(rows), format_func=lambda i: rows[i].indicator.name)
    row, shown = rows[chosen], (compass.days, compass.annotations)
    with st.container(horizontal=True):
        _download(visit, "png", partial(picture, row, *shown, "png", theme=theme))
        _download(visit, "svg", partial(picture, row, *shown, "svg", theme=theme))
    if visit.own:
        _count_anew(visit, row)


def _download(visit: Visit, kind: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        kind.upper(),
        on_press(visit, lambda _: make()),
        file_name=f"compass.{kind}",
        on_click="ignore",  # a run meanwhile would forget what is to be made
        icon=":material/download:",
        key=f"picture_{kind}",
    )


def _count_anew(visit: Visit, row: Row) -> None:
    with st.form("usual", border=False):
        st.text("Count the usual range anew, because something has changed for good.")
        day = st.date_input("From", visit.today - timedelta(days=28), max_value=visit.today)
        why = st.text_input("What has changed", max_chars=120)
        if st.form_submit_button("Count anew"):
            try:
                count_usual_from(visit, row.indicator, day, why)
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.rerun()


def _mark_event(visit: Visit, compass: Compass) -> None:
    """Write an event or a leave on the time axis, or take one away."""
    with st.form("event", border=False, clear_on_submit=True):
        text = st.text_input("What happened", max_chars=120, placeholder="Launch week")
        span = st.date_input("From and to", (visit.today, visit.today))
        leave = st.checkbox("On leave: leave these days out of every reading")
        if st.form_submit_button("Mark"):
            ends = list(span) if isinstance(span, tuple) else [span]
            event = Event.LEAVE if leave else Event.EVENT
            try:
                mark(visit, new_annotation(visit, text, ends[0], ends[-1], event))
            except CoachError as problem:
                st.error(str(problem))
            else:
                st.rerun()
    for annotation in compass.annotations:
        label = f"Remove “{plain(annotation.text)}”"
        if st.button(label, key=f"unmark_{annotation.annotation_id}", type="tertiary"):
            unmark(visit, annotation)
            st.rerun()


def _notes(visit: Visit, compass: Compass) -> None:
    """The notes beside entries, for those who may read them; never while the screen is shared."""
    names = {r.indicator.indicator_id: r.indicator.name for r in _rows(compass)}
    lines = [
        f"{day:%d %b}  {names[indicator_id]}: {note}"
        for (indicator_id, day), note in sorted(
            notes_of(visit, compass.days[0]).items(), key=lambda item: item[0][1], reverse=True
        )
        if indicator_id in names and note
    ]
    st.text("\n".join(lines) if lines else "No notes in these weeks that are yours to read.")
