"""Files of other apps: each built by its own rules, with its traps; what is no such file is refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from coach_data.files import FileRefused
from coach_data.formats import archive, table_of
from coach_data.imports import preview_of
from coach_data.judging import days_of
from coach_data.privacy import Visit
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


@pytest.mark.parametrize("change", [str, lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_loop_skips_stay_skips_and_what_it_filled_in_is_not_done(change: Any) -> None:
    content = zipped({name: change(text).encode() for name, text in LOOP.items()})
    assert said(content, "any-name.csv") == [
        ("Read, then write", "2026-01-05", "yes", "", ""),
        ("Read, then write", "2026-01-04", "no", "", ""),
        ("Read, then write", "2026-01-03", "no", "", ""),
        ("Read, then write", "2026-01-02", "", "skipped", "ill"),
        ("Read, then write", "2026-01-01", "", "unknown", ""),
        ("Coffee", "2026-01-03", "1.5", "", ""),
        ("Coffee", "2026-01-02", "0", "", ""),
        ("Coffee", "2026-01-01", "", "unknown", ""),
    ]
    sheet = sheet_of(content, "x")
    assert sheet.columns[1].unit == "cups"
    assert any("upper limit" in remark for remark in sheet.remarks)


def test_habitbull() -> None:
    content = (
        b"HabitName,HabitDescription,HabitCategory,CalendarDate,Value,CommentText\n"
        b'"Run, far",,Body,2026-01-02,1,"rain"\n"Run, far",,Body,2026-01-03,0,\n'
    )
    assert said(content) == [
        ("Run, far", "2026-01-02", "1", "", "rain"),
        ("Run, far", "2026-01-03", "0", "", ""),
    ]


@pytest.mark.parametrize("around", [lambda p: p, lambda p: {"slug": "calls", "datapoints": p}])
def test_beeminder_drops_dummies(around: Any) -> None:
    point = {"timestamp": 1, "daystamp": "20260102", "value": 2.5, "comment": "x", "requestid": "r"}
    content = json.dumps(around([point, {**point, "is_dummy": True}])).encode()
    assert said(content, "calls.json") == [("calls", "2026-01-02", "2.5", "", "x")]


def test_daylio_names_what_was_done_and_leaves_the_rest_unknown() -> None:
    content = (
        b"\xef\xbb\xbffull_date,date,weekday,time,mood,activities,note_title,note\n"
        b'2026-01-02,2 January,Friday,8:05 PM,good,"clean | movies / tv","Title","Text, more"\n'
        b'2026-01-01,1 January,Thursday,8:05 PM,splendid,"",,\n'
    )
    assert said(content) == [
        ("Mood", "2026-01-02", "4", "", "Title\nText, more"),
        ("Mood", "2026-01-01", "splendid", "", ""),
        ("clean", "2026-01-02", "yes", "", ""),
        ("movies / tv", "2026-01-02", "yes", "", ""),
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


def test_perfice_brings_the_entries_of_a_day_together() -> None:
    assert said(json.dumps(perfice()).encode()) == [
        ("Water", "2026-01-02", "500", "", ""),
        ("Water", "2026-01-03", "100", "", ""),
        ("Mood", "2026-01-02", "3.5", "", ""),
        ("Walk: time", "2026-01-02", "45", "", ""),
        ("Walk: alone", "2026-01-02", "yes", "", ""),
        ("Read, then write", "2026-01-02", "yes", "", ""),
        ("Sauna", "2026-01-02", "yes", "", ""),
    ]
    sheet = sheet_of(json.dumps(perfice()).encode(), "x")
    assert {c.name: c.unit for c in sheet.columns if c.unit} == {"Water": "ml", "Walk: time": "min"}


def test_perfice_days_are_the_persons_own(person: Any, store: Any, now: Any) -> None:
    """At 01:00 in UTC it is evening in New York, and at 03:00 in Berlin's night still yesterday."""
    for zone, night in (("America/New_York", "02"), ("UTC", "02"), ("Asia/Tokyo", "03")):
        visit = Visit.open(store, person("Ann", zone=zone).person_id, now)
        seen = preview_of(visit, json.dumps(perfice()).encode(), "x")
        water = next(f for f in seen.indicators if f.name == "Water")
        assert water.indicator is not None
        found = {str(d): g.value for d, g in seen.given[water.indicator.indicator_id].items()}
        expected = (
            {"2026-01-02": 600.0} if night == "02" else {"2026-01-02": 500, "2026-01-03": 100}
        )
        assert found == expected, zone


def test_perfice_one_trackable() -> None:
    content = {
        "questions": ["ml", "kind", "cold"],
        "entries": [
            {"timestamp": moment(2, 8), "answers": [250.5, "still", True]},
            {"timestamp": moment(2, 9), "answers": [250, None, False]},
            {"timestamp": moment(3, 9), "answers": [1]},
        ],
    }
    assert said(json.dumps(content).encode()) == [
        ("ml", "2026-01-02", "500.5", "", ""),
        ("ml", "2026-01-03", "1", "", ""),
        ("cold", "2026-01-02", "yes", "", ""),
    ]


@pytest.mark.parametrize("wrong", ["yesterday", None, 1e300, [1], "infinity", -1])
def test_perfice_a_moment_that_is_none_is_refused_with_its_line(wrong: Any) -> None:
    content = {"questions": ["ml"], "entries": [{"timestamp": wrong, "answers": [1]}]}
    sheet = sheet_of(json.dumps(content).encode(), "x")
    days, _ = days_of(sheet, date(2026, 5, 31), None)
    assert days == [None]
    assert sheet.refusals.count == 1


def test_the_app_is_named(person: Any, store: Any, now: Any) -> None:
    """In the preview, instead of the shape into which its rows are brought."""
    visit = Visit.open(store, person("Ann").person_id, now)
    point = {"timestamp": 1, "daystamp": "20260102", "value": 2.5}
    for content, origin in (
        (zipped(LOOP), "Loop Habit Tracker"),
        (json.dumps([point]).encode(), "Beeminder"),
        (json.dumps(perfice()).encode(), "Perfice"),
        (workbook(["date", "Calls"], [date(2026, 1, 2), 3]), "Excel"),
        (b"HabitName,CalendarDate,Value\nRun,2026-01-02,1\n", "HabitBull"),
        (b"full_date,mood,activities\n2026-01-02,good,\n", "Daylio"),
        (b"date,Calls\n2026-01-02,1\n", "wide, comma"),
        (b"date;indicator;value\n2026-01-02;Calls;1\n", "long, semicolon"),
    ):
        assert preview_of(visit, content, "x").origin == origin


def test_perfice_damaged_from_end_to_end() -> None:
    """Whatever stands in the place of whatever: refused or left out, never a fault."""
    for where in perfice()["collections"]:
        for wrong in (None, 1, "x", [], {}, [None, 1, "x", [], {}]):
            changed = perfice()
            changed["collections"][where] = wrong
            list(said(json.dumps(changed).encode()))
    for wrong in ({"questions": 1, "entries": [{"timestamp": 1, "answers": 2}]}, {}):
        try:
            said(json.dumps(wrong).encode())
        except FileRefused:
            continue


def test_targets_are_left_out_and_thousands_kept_as_written() -> None:
    content = (
        b'Date,Steps,Steps__Target,My__Target\n2026-01-02,"1,234","10,000",3\n2026-01-03,,8,\n'
    )
    assert said(content) == [
        ("Steps", "2026-01-02", "1,234", "", ""),
        ("My__Target", "2026-01-02", "3", "", ""),
    ]


def test_a_workbook_by_the_types_of_its_cells() -> None:
    content = workbook(
        ["Date", "Calls", "Hours", "Done", "At"],
        [date(2026, 1, 2), 3, 1.5, True, time(7, 30)],
        [datetime(2026, 1, 3, 9, 15), 0, None, False, "=1+1"],
        ["2026-01-04", 2.0, 1e-7, None, "#DIV/0!"],
    )
    table = table_of(content, "picture.png")
    assert [cells for _, cells in table.rows] == [
        ["2026-01-02", "3", "1.5", "yes", "07:30:00"],
        ["2026-01-03 09:15:00", "0", "", "no", ""],
        ["2026-01-04", "2", "0.0000001", "", "#DIV/0!"],
    ]


@pytest.mark.abuse(25)
def test_case_25_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    for inside in ("Habits.csv", "xl/workbook.xml"):
        with pytest.raises(FileRefused, match="too much"):
            table_of(zipped({inside: b"0" * 2_000_000}), "x")
    monkeypatch.setattr(archive, "MOST_PARTS", 10)
    with pytest.raises(FileRefused, match="11 files"):
        table_of(zipped({str(k): "" for k in range(11)}), "x")


@pytest.mark.abuse(26)
def test_case_26_a_folder_that_leads_out_is_not_read() -> None:
    outside = zipped({"Habits.csv": HABITS, "../001 x/Checkmarks.csv": "Date,Value\n"})
    with pytest.raises(FileRefused, match="without the folders"):
        table_of(outside, "x")


@pytest.mark.abuse(27)
def test_case_27_wrong_first_bytes_and_damage() -> None:
    whole = zipped(LOOP)
    for content in (b"PK\x03\x04" + b"x" * 99, whole[:-30], b"\x89PNG\r\n\x1a\n" + bytes(99)):
        with pytest.raises(FileRefused):
            sheet_of(content, "days.csv")


@pytest.mark.abuse(29)
def test_case_29_deeply_nested_json() -> None:
    for content in (b"[" * 200_000, b'{"a":' * 200_000, b"[]", b'{"datapoints": 3}', b"[1, 2]"):
        with pytest.raises(FileRefused):
            sheet_of(content, "x.json")


@pytest.mark.abuse(29)
def test_case_29_a_workbook_with_entities() -> None:
    bad = zipped({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})
    with pytest.raises(FileRefused, match="entities"):
        table_of(bad, "x.xlsx")


@pytest.mark.abuse(34)
def test_case_30_a_file_that_breaks_in_the_middle() -> None:
    broken = dict(LOOP) | {"002 Coffee/Checkmarks.csv": 'Date,Value\n2026-01-01,"1\n'}
    with pytest.raises(FileRefused, match="Nothing was saved"):
        sheet_of(zipped(broken), "x")


@pytest.mark.abuse(28)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own figures")
def test_case_28_a_million_rows_are_refused_in_bounded_memory() -> None:
    code = (
        "from datetime import date\n"
        "from coach_data.imports import read, FileRefused\n"
        "from coach_data.plan import Plan\n"
        "from coach_data.sheet import sheet_of\n"
        "text = 'date,indicator,value\\n' + '2026-01-01,Calls,3\\n' * 1_000_000\n"
        "try:\n    sheet_of(text.encode(), 'x')\nexcept FileRefused as e:\n    print(e)\n"
        # of this program alone: ru_maxrss would hold that of the one which started it, too
        "status = open('/proc/self/status').read()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    why, peak = told.stdout.splitlines()
    assert "more than 250,000 rows" in why
    assert int(peak) < 500
