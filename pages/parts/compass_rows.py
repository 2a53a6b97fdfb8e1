"""The parts of the compass screen: a row, its table, its pictures, marks on the time axis."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import streamlit as st

from coach_data.compass import Compass, Reading, Row, notes_of
from coach_data.library import words
from coach_data.model import Annotation, CoachError, Event, Kind, new_id
from coach_data.outcomes import count_usual_from, mark, unmark
from coach_data.privacy import Visit
from coach_data.statistics.variation import LEARNING_UNTIL, Signal
from pages.parts.cards import number, plain
from pages.parts.charts import Spec, picture, row_alt, row_chart
from pages.parts.needle import needle_html
from pages.parts.palette import Theme
from pages.parts.sharing import sharing

if TYPE_CHECKING:
    import pyarrow as pa


def draw_row(
    row: Row, compass: Compass, *, theme: Theme, first: bool, last: bool, hidden: bool
) -> None:
    """Needle and words on the left, six weeks of days on the right; one below the other on a phone."""
    left, right = st.columns([5, 9], vertical_alignment="center", gap="small")
    with left.container(horizontal=True, wrap=False, vertical_alignment="center"):
        if not hidden:
            st.html(needle_html(row.needle, row.reading, theme=theme), width=84)
        st.markdown(f"**{plain(row.indicator.name)}**" if hidden else _words(row))
    if hidden:
        return
    data, spec = row_chart(
        row, compass.days, compass.annotations, theme=theme, axis=last, labels=first
    )
    right.vega_lite_chart(
        data, spec, theme=None, alt=row_alt(row), key=f"row_{row.indicator.indicator_id}"
    )


def _words(row: Row) -> str:
    """Name, state and question, in three short lines."""
    role = (
        "result"
        if row.indicator.kind is Kind.LAGGING
        else "keystone"
        if row.indicator.keystone
        else ""
    )
    name = f"**{plain(row.indicator.name)}**" + (f" · {role}" if role else "")
    state = words(f"compass.state.{row.reading}", known=row.n_known, needed=LEARNING_UNTIL)
    question = words(f"compass.question.{row.reading}")
    if row.reading is Reading.NO_AIM and row.signal is not Signal.NONE:
        question = words(f"compass.signal.{row.signal}")
    return f"{name}  \n**{plain(state)}**  \n{plain(question)}"


def table(compass: Compass) -> None:
    """The same facts as a table; made when somebody opens it."""
    opened = st.expander("The same as a table", on_change="rerun")
    if not opened.open:
        return
    import pandas as pd

    rows = [*compass.rows, *([compass.result] if compass.result else [])]
    columns = {
        f"{r.indicator.name} ({r.indicator.unit})" if r.indicator.unit else r.indicator.name: [
            "skipped" if s else number(float(v)) for v, s in zip(r.values, r.skipped, strict=True)
        ]
        for r in rows
    }
    frame = pd.DataFrame(columns, index=pd.Index(compass.days, name="Day")).iloc[::-1]
    opened.dataframe(frame, height=420, alt="The days of the compass as a table")


def more(visit: Visit, compass: Compass, theme: Theme) -> None:
    """One chart as a picture, and a new start for its usual range."""
    opened = st.expander("Pictures, and a new start for a usual range", on_change="rerun")
    if not opened.open:
        return
    rows = {r.indicator.indicator_id: r for r in (*compass.rows, compass.result) if r}
    with opened:
        chosen = st.selectbox(
            "Indicator", list(rows), format_func=lambda i: plain(rows[i].indicator.name)
        )
        row = rows[chosen]
        data, spec = row_chart(row, compass.days, compass.annotations, theme=theme, axis=True)
        with st.container(horizontal=True):
            _download(data, spec, "png", row.indicator.name)
            _download(data, spec, "svg", row.indicator.name)
        if visit.own:
            _count_anew(visit, row)


def _download(data: pa.Table, spec: Spec, kind: Literal["png", "svg"], name: str) -> None:
    st.download_button(
        kind.upper(),
        lambda: picture(data, spec, kind, title=name),
        file_name=f"compass.{kind}",
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


def mark_event(visit: Visit, compass: Compass) -> None:
    """Write an event or a leave on the time axis, or take one away."""
    opened = st.expander("Mark an event or a leave", on_change="rerun")
    if not opened.open:
        return
    with opened:
        with st.form("event", border=False, clear_on_submit=True):
            text = st.text_input("What happened", max_chars=120, placeholder="Launch week")
            span = st.date_input("From and to", (visit.today, visit.today))
            leave = st.checkbox("On leave: leave these days out of every reading")
            if st.form_submit_button("Mark"):
                ends = list(span) if isinstance(span, tuple) else [span]
                try:
                    mark(
                        visit,
                        Annotation(
                            person_id=visit.about.person_id,
                            annotation_id=new_id(),
                            first_day=ends[0],
                            last_day=ends[-1],
                            event=Event.LEAVE if leave else Event.EVENT,
                            text=text,
                        ),
                    )
                except CoachError as problem:
                    st.error(str(problem))
                else:
                    st.rerun()
        for annotation in compass.annotations:
            if st.button(
                f"Remove “{plain(annotation.text)}”",
                key=f"unmark_{annotation.annotation_id}",
                type="tertiary",
            ):
                unmark(visit, annotation)
                st.rerun()


def notes(visit: Visit, compass: Compass) -> None:
    """The notes beside entries, for those who may read them; never while the screen is shared."""
    if sharing():
        return
    opened = st.expander("Notes of these weeks", on_change="rerun")
    if not opened.open:
        return
    names = {
        r.indicator.indicator_id: r.indicator.name for r in (*compass.rows, compass.result) if r
    }
    lines = [
        f"{day:%d %b}  {names[indicator_id]}: {note}"
        for (indicator_id, day), note in sorted(
            notes_of(visit, compass.days[0]).items(), key=lambda item: item[0][1], reverse=True
        )
        if indicator_id in names and note
    ]
    opened.text("\n".join(lines) if lines else "No notes in these weeks that are yours to read.")
