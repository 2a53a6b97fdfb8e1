"""Daylio: a mood and activities for each entry. An activity that is not named is not known, not no.

Columns ``full_date, date, weekday, time, mood, activities, note_title, note``; the activities have
``|`` between them. The five moods that Daylio begins with are 5 to 1; a mood of a person's own
making has no number, so it is refused with its line.
"""

from __future__ import annotations

from collections.abc import Iterator

from coach_data.files import LONG, Table

_MOODS = {"rad": "5", "good": "4", "meh": "3", "bad": "2", "awful": "1"}


def shape(table: Table) -> Table | None:
    """The moods and the activities, in the long shape."""
    if not {"full_date", "mood", "activities"} <= set(table.header):
        return None
    remarks = (
        "The moods rad, good, meh, bad, awful are read as 5, 4, 3, 2, 1.",
        "A day on which an activity is not named stays unknown.",
    )
    return Table(table.separator, LONG, _rows(table), table.about, remarks, "Daylio")


def _rows(table: Table) -> Iterator[tuple[int, list[str]]]:
    for line, cells in table.rows:
        if len(cells) != len(table.header):
            yield line, cells[:5]
            continue
        entry = dict(zip(table.header, cells, strict=True))
        day, mood = entry["full_date"], entry["mood"].strip()
        title, note = entry.get("note_title", "").strip(), entry.get("note", "").strip()
        told = "\n".join(filter(None, (title, note)))
        yield line, [day, "Mood", _MOODS.get(mood.casefold(), mood), "", told, ""]
        for activity in filter(None, map(str.strip, entry["activities"].split("|"))):
            yield line, [day, activity, "yes", "", "", ""]
