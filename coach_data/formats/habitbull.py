"""HabitBull: a CSV file in the long shape with names of its own for the columns."""

from __future__ import annotations

from dataclasses import replace

from coach_data.files import Table

_NAMES = {
    "HabitName": "indicator",
    "CalendarDate": "date",
    "Value": "value",
    "CommentText": "note",
}


def shape(table: Table) -> Table | None:
    """The same rows under the names that are read here."""
    if not {"HabitName", "CalendarDate", "Value"} <= set(table.header):
        return None
    header = tuple(_NAMES.get(title, title) for title in table.header)
    return replace(table, header=header, app="HabitBull")
