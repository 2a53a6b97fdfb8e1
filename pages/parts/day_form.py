"""The parts of Today: a widget for each indicator, skips and notes, the month, the history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import streamlit as st

from coach_data.dates import month_weeks, time_zone
from coach_data.entries import SCREEN, DayRow, Logged, history_of, logged_days_of
from coach_data.library import word_list, words
from coach_data.model import Aim, EntryState, Indicator, Kind, Measure
from coach_data.privacy import Visit
from coach_data.values import bounds
from pages.parts.cards import number, plain

NOT_SKIPPED, SKIPPED = "not skipped", "skipped"


def ask(row: DayRow, day: date, *, read_only: bool, sentence: str = "", news: str = "") -> None:
    """One indicator: its name with the aim, yesterday's value beside it, the widget that suits it.

    ``news``: what was saved elsewhere and does not stand in the field.

    ``sentence``: the plan that makes a habit of it; a second line of the label, so that it is read
    each time and costs no element.
    """
    indicator = row.indicator
    known = row.known.value if row.known and row.known.state is EntryState.VALUE else None
    key, label = _key(row, day), _label(row)
    if news:
        label += f" · **{plain(news)}**"
    if sentence:
        label += f"  \n{plain(sentence)}"
    if indicator.measure in (Measure.RATING, Measure.YES_NO):
        low, high = bounds(indicator)
        options = [1, 0] if indicator.measure is Measure.YES_NO else _ratings(low, high)
        st.segmented_control(
            label,
            options,
            default=None if known is None else int(known),
            format_func=_yes_no if indicator.measure is Measure.YES_NO else str,
            width="stretch",
            key=key,
            disabled=read_only,
        )
        return
    whole = indicator.measure in (Measure.COUNT, Measure.MINUTES)
    st.number_input(
        label,
        value=None if known is None else int(known) if whole and known == int(known) else known,
        step=(1 if indicator.measure is Measure.COUNT else 5) if whole else 0.5,
        format="%d" if whole else "%g",
        placeholder=indicator.unit or "number",
        key=key,
        disabled=read_only,
    )


def asides(rows: list[DayRow], day: date, *, read_only: bool) -> None:
    """Skips with their reason, and notes: folded away, because most days need neither.

    Drawn from the first opening on: for a day of seven rows they cost as much as the rest of the
    screen. Afterwards they stay, folded or not: what was typed in them must not go with the fold.
    """
    folded = st.expander("Skip or add a note", on_change="rerun", key=f"asides:{day}")
    if not (folded.open or st.session_state.get(f"asides_opened:{day}")):
        return
    st.session_state[f"asides_opened:{day}"] = True
    with folded:
        for row in rows:
            _aside(row, day, read_only)


def _aside(row: DayRow, day: date, read_only: bool) -> None:
    skipped = row.known is not None and row.known.state is EntryState.SKIPPED
    reason = row.known.reason if skipped and row.known else None
    options = [NOT_SKIPPED, SKIPPED, *word_list("today.skip_reasons")]
    if reason and reason not in options:
        options.append(reason)
    st.selectbox(
        f"{plain(row.indicator.name)}: skip",
        options,
        index=options.index((reason or SKIPPED) if skipped else NOT_SKIPPED),
        key=f"skip:{_key(row, day)}",
        persist_state="page",
        disabled=read_only,
    )
    st.text_input(
        f"{plain(row.indicator.name)}: note",
        row.note,
        key=f"note:{_key(row, day)}",
        persist_state="page",
        disabled=read_only,
    )


@dataclass
class Seen:
    """What the form of a day has shown so far, so that a change made elsewhere is told, not lost."""

    opened: datetime
    at: dict[int, datetime] = field(default_factory=dict)
    """When what is known was recorded, by indicator."""
    notes: dict[int, str] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    """Indicators whose field held something: only those can be taken back by emptying it."""

    def news(self, row: DayRow) -> str:
        """What is known of the row and was never in its field: it came from elsewhere meanwhile.

        The field itself is left alone: somebody may be typing into it.
        """
        if row.known is None:
            return ""
        key, there = row.indicator.indicator_id, row.known.state is not EntryState.CLEARED
        if self.at.get(key) == row.known.recorded_at and (key in self.held or not there):
            return ""
        return f"now: {row.known.told(row.indicator)} ({_from(row.known.source)})"

    def saved(self, rows: list[DayRow], answers: list[Logged]) -> None:
        """Take in what this form has just saved, and no more: the rest it does not show."""
        given_for = {
            a.indicator.indicator_id
            for a in answers
            if a.value is not None or a.skipped or a.cleared
        }
        self.look([r for r in rows if r.indicator.indicator_id in given_for], own=True)
        noted = {a.indicator.indicator_id for a in answers if a.note is not None}
        for row in rows:
            if row.indicator.indicator_id in noted:
                self.notes[row.indicator.indicator_id] = row.note

    def look(self, rows: list[DayRow], *, own: bool) -> None:
        """Take in ``rows``; ``own``: they are what this form itself shows or has just saved."""
        for row in rows:
            key = row.indicator.indicator_id
            self.notes[key] = row.note
            if row.known:
                self.at[key] = row.known.recorded_at
                if own and row.known.state is not EntryState.CLEARED:
                    self.held.add(key)


def seen_of(rows: list[DayRow], day: date, now: datetime) -> Seen:
    """What this browser tab saw of ``day``, kept from its first sight of the form."""
    key = f"seen:{day}"
    if key not in st.session_state:
        st.session_state[key] = Seen(now)
        st.session_state[key].look(rows, own=True)
    seen: Seen = st.session_state[key]
    return seen


def given(row: DayRow, day: date, seen: Seen) -> Logged:
    """What the person has given for that row, from the state of its widgets."""
    key, indicator_id = _key(row, day), row.indicator.indicator_id
    value = st.session_state.get(key)
    was_skipped = row.known is not None and row.known.state is EntryState.SKIPPED
    skip = st.session_state.get(f"skip:{key}")  # None while nobody has opened the asides
    # A value typed beside a chosen skip is the later thought: it counts.
    skipped = value is None and skip not in (None, NOT_SKIPPED)
    left_alone = value is None and skip is None and was_skipped
    return Logged(
        indicator=row.indicator,
        value=None if value is None else float(value),
        skipped=skipped,
        cleared=value is None and not (skipped or left_alone) and indicator_id in seen.held,
        reason=skip if skipped and skip != SKIPPED else None,
        note=st.session_state.get(f"note:{key}"),
        seen=seen.at.get(indicator_id),
        note_seen=seen.notes.get(indicator_id),
    )


def show_month(visit: Visit, day: date) -> None:
    """The month of ``day`` with a quiet mark on each day of which anything is known."""
    weeks = month_weeks(day)
    within = [d for week in weeks for d in week if d]
    logged = logged_days_of(visit, within[0], within[-1])
    cells = "".join(
        "<tr>" + "".join(_cell(d, d in logged, d == visit.today) for d in week) + "</tr>"
        for week in weeks
    )
    names = "".join(f"<th scope='col'>{n}</th>" for n in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))
    st.html(
        "<style>.month{border-collapse:collapse;width:100%;max-width:22rem;text-align:center}"
        ".month caption{text-align:left;font-weight:600;padding:.25rem 0}"
        ".month th{font-weight:400;font-size:.8rem}.month td{padding:.2rem 0;height:2.4rem}"
        ".month .now{font-weight:700;text-decoration:underline}</style>"
        f"<table class='month'><caption>{day:%B %Y}</caption><tr>{names}</tr>{cells}</table>"
    )


def show_history(visit: Visit, day: date) -> None:
    """All that was ever saved for ``day``; read only when somebody opens it."""
    folded = st.expander("Earlier values of this day", on_change="rerun")
    if not folded.open:
        return
    with folded:
        zone = time_zone(visit.about.time_zone)
        lines = [
            f"{c.known.recorded_at.replace(tzinfo=UTC).astimezone(zone):%d %b %H:%M}  "
            f"{c.indicator.name}: {c.known.told(c.indicator)}, by {c.by}"
            + (f" ({c.known.source})" if c.known.source != SCREEN else "")
            for c in history_of(visit, day)
        ]
        st.text("\n".join(lines) if lines else "Nothing was saved for this day yet.")


def _from(source: str) -> str:
    return words("today.another_window") if source == SCREEN else source


def aim_text(aim: Aim | None, indicator: Indicator) -> str:
    """The aim in words: "at least 4 hours a day"."""
    if aim is None:
        return ""
    if indicator.measure is Measure.YES_NO:
        return (
            "every day" if aim.period == "day" else f"{aim.comparison} {aim.amount:g} days a week"
        )
    return f"{aim.comparison} {number(aim.amount, indicator.unit)} a {aim.period}"


def _key(row: DayRow, day: date) -> str:
    return f"{row.indicator.indicator_id}:{day}"


def _label(row: DayRow) -> str:
    """The name in bold; then what is agreed, and what the day before held."""
    indicator = row.indicator
    parts = [f"**{plain(indicator.name)}**"]
    if indicator.kind is Kind.GUARD:
        parts.append("guard")
    if indicator.kind is Kind.LAGGING:
        parts.append("result, once a week" if indicator.period == "week" else "result")
    if indicator.kind is Kind.SPRINT:
        parts.append("for the sprint")
    if row.aim:
        parts.append(plain(aim_text(row.aim, indicator)))
    if row.before:
        parts.append(f"day before: {plain(row.before.told(indicator))}")
    return " · ".join(parts)


def _ratings(low: float | None, high: float | None) -> list[int]:
    return list(range(int(low or 1), int(high or 5) + 1))


def _yes_no(value: int) -> str:
    return "Yes" if value else "No"


def _cell(day: date | None, logged: bool, today: bool) -> str:
    if day is None:
        return "<td></td>"
    mark = "<span aria-label='logged'>✓</span>" if logged else "&nbsp;"
    name = f"<span class='now'>{day.day}</span>" if today else str(day.day)
    return f"<td>{name}<br>{mark}</td>"
