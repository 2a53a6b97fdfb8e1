"""What the chart of a compass row draws, day by day; and the same in words. Nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from coach_data.compass import Floats, Reading, Row
from coach_data.library import words
from coach_data.model import Annotation, Event, Measure, Period
from coach_data.statistics.variation import LEARNING_UNTIL
from coach_data.values import bounds

EPOCH = date(1970, 1, 1)
NOTES = {1: "above the usual", -1: "below the usual", 0: "as usual"}


class Mark(NamedTuple):
    """An annotation on the axis: places of the first and last day shown, and the room for words."""

    start: int
    end: int
    leave: bool
    label: str
    room: int
    """Days until the next mark or the end; before it, if ``left``."""
    left: bool


@dataclass(frozen=True, slots=True, eq=False)
class RowDays:
    """The days of a row as they are drawn. Lists and arrays: one place a day."""

    low: Floats
    """The usual range, kept within what the indicator can be; nan where there is none yet."""
    high: Floats
    line: list[bool]
    """Whether the day belongs to the line; without a value it breaks it."""
    shape: list[str | None]
    """usual, above or below; None without a value."""
    lane: list[str | None]
    """What is known of a day without a value: gap (no entry), skip or leave."""
    told: list[str]
    """What is said of the day when it is pointed at."""


def days_of(row: Row, days: Sequence[date], marks: Sequence[Mark]) -> RowDays:
    """The row over ``days``, with the annotations among them."""
    known = np.isfinite(row.values)
    low, high = usual_shown(row)
    lane = _lane(row, days, marks, known)
    return RowDays(
        low=low,
        high=high,
        line=_line(row, lane, known),
        shape=_shapes(row, known),
        lane=lane,
        told=_told(row, lane, low, high),
    )


def usual_shown(row: Row) -> tuple[Floats, Floats]:
    """The usual range, cut at what the indicator can be: nobody works -12 minutes."""
    least, most = bounds(row.indicator)
    known = row.values[np.isfinite(row.values)]
    if least is None and known.size and known.min() >= 0:
        least = 0
    low, high = row.usual_low, row.usual_high
    if least is not None:
        low = np.maximum(low, least)
    if most is not None:
        high = np.minimum(high, most)
    return low, high


def domain(row: Row, low: Floats, high: Floats) -> tuple[float, float]:
    """The lowest and highest number on the chart, with a little air; never empty."""
    everything = np.concatenate([row.values, low, high, row.aimed])
    finite = everything[np.isfinite(everything)]
    if row.indicator.measure is Measure.YES_NO:
        return -0.05, 1.05
    if not finite.size:
        return 0.0, 1.0
    least, most = float(finite.min()), float(finite.max())
    if least == most:
        return (0.0, most * 1.25) if most > 0 else (least - 1, most + 1)
    if 0 <= least < 0.4 * most:
        least = 0.0
    air = 0.04 * (most - least)
    return least - air, most + air


def two_ticks(low: float, high: float, measure: Measure) -> list[float]:
    """Two round numbers within the domain, the roundest that are far apart."""
    if measure is Measure.YES_NO:
        return [0.0, 1.0]
    power = math.floor(math.log10(high - low)) + 1
    for step in (m * 10.0**p for p in range(power, power - 3, -1) for m in (5, 2, 1)):
        least, most = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if (most - least) * step >= 0.6 * (high - low):
            return [round(least * step, 10), round(most * step, 10)]
    return [low, high]


def marks_of(annotations: Sequence[Annotation], days: Sequence[date]) -> list[Mark]:
    """The annotations within the days shown, earliest first, each with the room for its words."""
    size = len(days)
    spans = sorted(
        (
            max((a.first_day - days[0]).days, 0),
            min((a.last_day - days[0]).days, size - 1),
            a.event is Event.LEAVE,
            " ".join(a.text.split()),
        )
        for a in annotations
        if a.last_day >= days[0] and a.first_day <= days[-1]
    )
    made = []
    for k, (start, end, leave, text) in enumerate(spans):
        after = (spans[k + 1][0] if k + 1 < len(spans) else size) - start
        made.append(Mark(start, end, leave, text, after, False))
    return _last_turned(made, size)


def _last_turned(marks: list[Mark], size: int) -> list[Mark]:
    """The last mark's words to its left where the right edge would cut them.

    It shares the room between it and the mark before by the length of the words.
    """
    if not marks or size - marks[-1].start >= 9:
        return marks
    *others, last = marks
    if not others:
        return [last._replace(room=last.start, left=True)]
    before = others[-1]
    between = last.start - before.start
    need = len(last.label) + len(before.label) + 2
    mine = int(between * (len(last.label) + 1) / need)
    if mine <= last.room:
        return marks
    return [
        *others[:-1],
        before._replace(room=between - mine),
        last._replace(room=mine, left=True),
    ]


def figure(value: float) -> str:
    """A number as short as it can be told."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")


def row_alt(row: Row) -> str:
    """The row in one sentence: name, what it says, the last value, the usual range, the aim."""
    unit = f" {row.indicator.unit}" if row.indicator.unit else ""
    low, high = usual_shown(row)
    said = words(f"compass.state.{row.reading.value}", known=row.n_known, needed=LEARNING_UNTIL)
    known = row.values[np.isfinite(row.values)]
    parts = [f"{row.indicator.name}: {said[0].lower()}{said[1:]}"]
    if known.size and row.reading is not Reading.NOTHING:
        parts.append(f"last value {_said(row, known[-1])}{unit}")
    if np.isfinite(low[-1]):
        parts.append(f"usually {limit(low[-1])} to {limit(high[-1])}{unit}")
    if np.isfinite(row.aimed[-1]):
        parts.append(f"aim {_said(row, row.aimed[-1])}{unit}")
    return ", ".join(parts) + "."


def limit(value: float) -> str:
    """A limit of the usual range: two digits tell what it can tell."""
    return figure(value) if abs(value) >= 10 else f"{value:.2g}"


def _said(row: Row, value: float) -> str:
    if row.indicator.measure is Measure.YES_NO and value in (0, 1):
        return "yes" if value else "no"
    return figure(float(value))


def _lane(
    row: Row, days: Sequence[date], marks: Sequence[Mark], known: np.ndarray
) -> list[str | None]:
    """What is known of each day without a value: gap, skip or leave.

    No gap before the first sign of life, in a leave, or on the last day, which is not over; a
    weekly indicator has one gap for a whole week without a value, on its Sunday.
    """
    away = np.zeros(len(days), bool)
    for m in marks:
        if m.leave:
            away[m.start : m.end + 1] = True
    life = known | row.skipped | np.isfinite(row.usual_centre)
    gap = ~known & ~row.skipped & ~away
    gap[: int(life.argmax()) if life.any() else gap.size] = False
    gap[-1:] = False
    if row.indicator.period is Period.WEEK:
        sunday = np.array([d.weekday() == 6 for d in days])
        seen = known | row.skipped | away
        quiet = np.array([not seen[max(k - 6, 0) : k + 1].any() for k in range(len(days))])
        gap &= sunday & quiet & (np.arange(len(days)) >= 6)
    states = zip(row.skipped.tolist(), gap.tolist(), (away & ~known).tolist(), strict=True)
    return ["skip" if s else "gap" if g else "leave" if a else None for s, g, a in states]


def _line(row: Row, lane: list[str | None], known: np.ndarray) -> list[bool]:
    """Of a weekly indicator only its own days: a week joins the next, a missed one breaks the line."""
    if row.indicator.measure is Measure.YES_NO:
        return [False] * len(lane)  # from yes to no there is nothing in between
    if row.indicator.period is Period.DAY:
        return [True] * len(lane)
    return [bool(k) or mark in ("gap", "skip") for k, mark in zip(known, lane, strict=True)]


def _shapes(row: Row, known: np.ndarray) -> list[str | None]:
    names = {0: "usual", 1: "above", -1: "below"}
    return [names[int(o)] if k else None for o, k in zip(row.outside, known, strict=True)]


def _told(row: Row, lane: list[str | None], low: Floats, high: Floats) -> list[str]:
    """A line for each day: what was logged, the usual then, and the aim. Of yes and no only which."""
    plain = row.indicator.measure is Measure.YES_NO
    name = " ".join(row.indicator.name.split())
    unit = f" {row.indicator.unit}" if row.indicator.unit else ""
    missing = {"gap": "no entry", "skip": "skipped", "leave": "on leave", None: "–"}
    rows = zip(
        *(a.tolist() for a in (row.values, low, high, row.aimed, row.outside)), lane, strict=True
    )
    made = []
    for v, lo, hi, a, out, mark in rows:
        parts = [missing[mark] if v != v else _said(row, v) + unit]
        if lo == lo and not plain:
            usual = f"{limit(lo)} to {limit(hi)}"
            parts.append(f"usually {usual}" if v != v else f"{NOTES[out]} ({usual})")
        if a == a and not plain:
            parts.append(f"aim {figure(a)}")
        made.append(f"{name}: {', '.join(parts)}")
    return made


@lru_cache(maxsize=64)
def day_names(days: tuple[date, ...]) -> list[str]:
    """Each day as it is told: Mon 3 Nov 2025."""
    return [f"{d:%a} {d.day} {d:%b %Y}" for d in days]
