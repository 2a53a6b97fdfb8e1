"""Which app or program a file comes from, seen from its content alone, and its rows as one table.

A format is one module with one function ``read(content, name) -> Table | None``: None where the
file is another one's, FileRefused where it is this one's and cannot be read. It is registered by
its line in ``READERS``. What none of them knows is read as plain CSV, which has the last word.
Most hand on the long shape (``LONG``): then names, units, days and values are matched, asked about
and refused in the same places as those of any CSV file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from coach_data import files
from coach_data.files import Table
from coach_data.formats import beeminder, daylio, habitbull, loop, perfice, targets, workbook

READERS = (loop.read, workbook.read, beeminder.read)
"""For bytes that are no CSV, in the order in which they are tried."""
SHAPES = (habitbull.shape, daylio.shape, targets.shape)
"""For CSV files with a header of their own: ``shape(table) -> Table | None``."""


def utc_day(moment: float) -> date:
    """The day of a moment, in seconds since 1970, for somebody in UTC whose day ends at midnight."""
    return datetime.fromtimestamp(moment, UTC).date()


def table_of(content: bytes, name: str, day_of: perfice.DayOf = utc_day) -> Table:
    """The table in a file of any format. Raises FileRefused, also while rows are read.

    ``day_of``: the person's local day of a moment, for files that tell moments.
    """
    if len(content) <= files.MOST_BYTES:
        for read in READERS:
            if (found := read(content, name)) is not None:
                return found
        if (found := perfice.read(content, name, day_of)) is not None:
            return found
    table = files.table_of(content, name)
    for shape in SHAPES:
        if (found := shape(table)) is not None:
            return found
    return table
