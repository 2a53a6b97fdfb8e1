"""What is known of indicators day by day, as arrays: what the compass and the check both read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from coach_data.model import Annotation, Event
from coach_data.privacy import Visit

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Series:
    """One indicator on a full grid of days from ``first_day``; nan where nothing is known.

    Compared by its content, and fixed: what was worked out from one can be kept for its equal.
    """

    first_day: date
    values: Floats
    skipped: NDArray[np.bool_]

    def __post_init__(self) -> None:
        self.values.flags.writeable = self.skipped.flags.writeable = False

    def _content(self) -> tuple[date, bytes, bytes]:
        return self.first_day, self.values.tobytes(), self.skipped.tobytes()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Series) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())


def series_of(
    visit: Visit, indicators: list[int], annotations: list[Annotation]
) -> dict[int, Series]:
    """For each indicator all its days up to today on one grid; days of a leave are not known."""
    found = visit.arrays(
        """
        SELECT indicator_id, (day - DATE '1970-01-01')::INTEGER AS day,
               CASE WHEN state = 'value' THEN value END AS value,
               state = 'skipped' AS skipped
        FROM entry WHERE person_id = ? AND day <= ? AND state <> 'cleared'
        """,
        [visit.about.person_id, visit.today],
    )
    epoch = date(1970, 1, 1)
    last = (visit.today - epoch).days
    first = int(min(found["day"].min(initial=last), last))
    day = np.asarray(found["day"]) - first
    value = np.ma.filled(found["value"].astype(np.float64), np.nan)
    leave = np.zeros(last - first + 1, bool)
    for a in annotations:
        if a.event is Event.LEAVE:
            start, end = (a.first_day - epoch).days - first, (a.last_day - epoch).days - first
            leave[max(start, 0) : max(end + 1, 0)] = True
    series = {}
    for indicator_id in indicators:
        mine = np.asarray(found["indicator_id"]) == indicator_id
        values = np.full(leave.size, np.nan)
        values[day[mine]] = value[mine]
        values[leave] = np.nan
        skipped = np.zeros(leave.size, bool)
        skipped[day[mine]] = np.asarray(found["skipped"])[mine]
        series[indicator_id] = Series(epoch + timedelta(days=first), values, skipped)
    return series
