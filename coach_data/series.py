"""What is known of indicators day by day, as arrays: what the compass and the check both read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach_data.model import Annotation, Event
from coach_data.privacy import Visit

Floats = NDArray[np.float64]
Columns = dict[str, np.ndarray[Any, Any]]


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
    found = _current(
        visit.arrays(
            """
            SELECT indicator_id, (day - DATE '1970-01-01')::INTEGER AS day,
                   CASE WHEN state = 'value' THEN value END AS value,
                   state = 'skipped' AS skipped, state = 'cleared' AS cleared, recorded_at
            FROM entry_history WHERE person_id = ? AND day <= ?
            """,
            [visit.about.person_id, visit.today],
        )
    )
    epoch = date(1970, 1, 1)
    last = (visit.today - epoch).days
    first = int(found["day"].min(initial=last))
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


def _current(found: Columns) -> Columns:
    """Of the rows of one indicator and day the one recorded last, unless it takes the day back.

    Done here and not by the engine, which needs longer to group them than to find them.
    """
    if not found["day"].size:
        return found
    day = np.asarray(found["day"]) - found["day"].min()
    which, place = np.unique(found["indicator_id"], return_inverse=True)
    last = np.full((which.size, day.max() + 1), -1)
    order = np.argsort(found["recorded_at"], kind="stable")
    last[place[order], day[order]] = order  # of several at one place the last one stays
    rows = last[last >= 0]
    rows = rows[~found["cleared"][rows]]
    return {name: column[rows] for name, column in found.items()}
