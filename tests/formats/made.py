"""Files as other apps write them, made for the tests, and all that is read in one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook

from coach_data.sheet import sheet_of

HABITS = (
    "Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,"
    "Target Type,Target Value,Archived?\n"
    '001,"Read, then write",YES_NO,,,1,1,#FF0000,,,,false\n'
    "002,Coffee,NUMERICAL,,,1,1,#FF0000,cups,AT_MOST,2.0,false\n"
)


LOOP = {
    "Habits.csv": HABITS,
    "Checkmarks.csv": "Date,Read, then write,Coffee,\n2026-01-03,2,1500,\n",
    "001 Read, then write/Checkmarks.csv": "Date,Value,Notes\n2026-01-05,YES_MANUAL,\n"
    "2026-01-04,YES_AUTO,\n2026-01-03,NO,\n2026-01-02,SKIP,ill\n2026-01-01,UNKNOWN,\n",
    "002 Coffee/Checkmarks.csv": "Date,Value\n2026-01-03,1500\n2026-01-02,NO\n2026-01-01,UNKNOWN\n",
}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of those parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in parts.items():
            kept.writestr(name, content)
    return made.getvalue()


def workbook(*rows: list[Any]) -> bytes:
    """A workbook whose first sheet has those rows."""
    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(made)
    return made.getvalue()


def said(content: bytes, name: str = "file") -> list[tuple[str, str, str, str, str]]:
    """(indicator, day, value, status, note) for all that the file says."""
    sheet = sheet_of(content, name)
    return [
        (c.name, sheet.days[cell.row], cell.value, cell.status, cell.note)
        for c in sheet.columns
        for cell in c.cells
    ]


def moment(day: int, hour: int) -> int:
    """Milliseconds since 1970 of that hour in UTC, in January 2026."""
    return int(datetime(2026, 1, day, hour, tzinfo=UTC).timestamp() * 1000)


def perfice() -> dict[str, Any]:
    """A complete export: water is added up, mood has a mean, a walk has two questions, sleep none."""

    def question(name: str, kind: str, unit: str | None = None) -> dict[str, Any]:
        return {"id": f"q {name}", "name": name, "dataType": kind, "unit": unit}

    def trackable(name: str, **card: str) -> dict[str, Any]:
        return {"id": name, "name": name, "formId": f"f {name}", "cardSettings": card}

    def form(name: str, *questions: dict[str, Any]) -> dict[str, Any]:
        return {"id": f"f {name}", "name": name, "questions": list(questions)}

    def entry(name: str, day: int, hour: int, **answers: Any) -> dict[str, Any]:
        shown = {
            f"q {k}": {"type": "DISPLAY", "value": {"value": {"value": v}, "display": None}}
            for k, v in answers.items()
        }
        return {"formId": f"f {name}", "timestamp": moment(day, hour), "answers": shown}

    return {
        "collections": {
            "trackables": [
                trackable("Water", aggregateType="SUM", field="q ml"),
                trackable("Mood", aggregateType="MEAN", field="q level"),
                trackable("Walk"),
                trackable("Read, then write"),
            ],
            "forms": [
                form("Water", question("ml", "NUMBER", "ml"), question("kind", "TEXT")),
                form("Mood", question("level", "NUMBER")),
                form("Walk", question("time", "TIME_ELAPSED"), question("alone", "BOOLEAN")),
                form("Read, then write"),
                form("Reflection", question("n", "NUMBER")),
            ],
            "entries": [
                entry("Water", 2, 8, ml=250, kind="still"),
                entry("Water", 2, 9, ml=250),
                entry("Mood", 2, 9, level=3),
                entry("Mood", 2, 20, level=4),
                entry("Walk", 2, 12, time=45, alone=False),
                entry("Walk", 2, 18, alone=True),
                entry("Water", 3, 1, ml=100),
                entry("Read, then write", 2, 22),
                entry("Reflection", 2, 22, n=1),
            ],
            "tags": [{"id": "t", "name": "Sauna"}],
            "tagEntries": [
                {"tagId": "t", "timestamp": moment(2, 20)},
                {"tagId": "gone", "timestamp": moment(2, 20)},
            ],
        },
        "dataVersion": 3,
    }
