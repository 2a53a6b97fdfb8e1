"""Loop Habit Tracker: its ZIP export, one folder for each habit.

The files at the root end each line with a comma and do not quote names, so the ones in the folders
are read. ``YES_AUTO`` is a day on which nothing was done (another day of its week counts for it).
A number is kept times 1000; of a habit with numbers, 0 is written ``NO``.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator

from coach_data.files import LONG, Table, capped, refused, text_of
from coach_data.formats.archive import opened, part
from coach_data.parsing import number_text

_FOLDER = re.compile(r"([0-9]{3,}) ([^/\\]*)/Checkmarks\.csv")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_Habit = dict[str, str]


def read(content: bytes, name: str) -> Table | None:
    """The days of all habits, in the long shape."""
    archive = opened(content, name)
    if archive is None or "Habits.csv" not in archive.namelist():
        return None
    habits = {}
    for row in csv.DictReader(io.StringIO(text_of(part(archive, "Habits.csv", name), name))):
        habits[(row.get("Position") or "").lstrip("0")] = {k: v or "" for k, v in row.items() if k}
    found = [(p, m) for p in archive.namelist() if (m := _FOLDER.fullmatch(p))]
    if not found:
        raise refused(name, "is a Loop export without the folders of the habits.")
    remarks = ["A day that the app filled in by itself is not done."]
    for habit in habits.values():
        if habit.get("Target Type") == "AT_MOST":
            remarks.append(f"“{habit['Name'][:40]}” has an upper limit in Loop: less is better.")
    rows = capped(_rows(archive, found, habits, name), name)
    return Table(",", LONG, rows, len(content) // 4, tuple(remarks), "Loop Habit Tracker")


def _rows(
    archive: zipfile.ZipFile,
    found: list[tuple[str, re.Match[str]]],
    habits: dict[str, _Habit],
    name: str,
) -> Iterator[tuple[int, list[str]]]:
    for path, match in found:
        habit = habits.get(match[1].lstrip("0"), {})
        lines = csv.reader(io.StringIO(text_of(part(archive, path, name), name)), strict=True)
        try:
            kept = [(lines.line_num, cells) for cells in lines if cells][1:]
        except csv.Error as error:
            raise refused(name, f"cannot be read ({error}).") from None
        numeric = habit.get("Type") == "NUMERICAL" or any(
            len(c) > 1 and _WHOLE.fullmatch(c[1]) for _, c in kept
        )
        title = habit.get("Name") or match[2]
        for line, cells in kept:
            value, status = _value(cells[1] if len(cells) > 1 else "", numeric)
            note = cells[2] if len(cells) > 2 else ""
            yield line, [cells[0], title, value, status, note, habit.get("Unit", "")]


def _value(text: str, numeric: bool) -> tuple[str, str]:
    """What Loop's word or number is here, as (value, status)."""
    if text in ("SKIP", "UNKNOWN"):
        return "", "skipped" if text == "SKIP" else "unknown"
    if text in ("NO", "YES_AUTO"):
        return "0" if numeric else "no", ""
    if text == "YES_MANUAL":
        return "yes", ""
    return number_text(int(text) / 1000) if _WHOLE.fullmatch(text) else text, ""
