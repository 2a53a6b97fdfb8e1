"""Rows of a compass for the tests of what is drawn of them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from coach_data.compass import Reading, Row
from coach_data.model import Annotation, Event, Indicator, Kind, Measure, Period
from coach_data.statistics.variation import Signal

FIRST = date(2025, 9, 29)  # a Monday
DAYS = [FIRST + timedelta(days=k) for k in range(42)]
NAN = float("nan")


def row(
    values: dict[int, float],
    *,
    usual: tuple[float, float, float] = (NAN, NAN, NAN),
    skipped: tuple[int, ...] = (),
    outside: dict[int, int] | None = None,
    aimed: list[float] | None = None,
    measure: Measure = Measure.NUMBER,
    period: Period = Period.DAY,
    reading: Reading = Reading.USUAL,
    unit: str = "h",
) -> Row:
    indicator = Indicator(
        person_id=1,
        indicator_id=1,
        kind=Kind.LEADING,
        name="Sleep",
        unit=unit,
        measure=measure,
        period=period,
    )
    series, marks, skips = np.full(42, NAN), np.zeros(42, np.int64), np.zeros(42, bool)
    for place, value in values.items():
        series[place] = value
    for place, side in (outside or {}).items():
        marks[place] = side
    skips[list(skipped)] = True
    low, centre, high = (np.full(42, v) for v in usual)
    return Row(
        indicator=indicator,
        aim=None,
        values=series,
        skipped=skips,
        usual_low=low,
        usual_centre=centre,
        usual_high=high,
        outside=marks,
        aimed=np.array(aimed or [NAN] * 42),
        reading=reading,
        signal=Signal.NONE,
        needle=None,
        n_known=len(values),
    )


def note(
    first: int, last: int | None = None, text: str = "Launch", leave: bool = False
) -> Annotation:
    return Annotation(
        person_id=1,
        annotation_id=first + 100,
        first_day=FIRST + timedelta(days=first),
        last_day=FIRST + timedelta(days=first if last is None else last),
        event=Event.LEAVE if leave else Event.EVENT,
        text=text,
    )
