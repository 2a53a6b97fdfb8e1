"""Files of other apps: each built by its own rules, with its traps; what is no such file is refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from coach_data.files import FileRefused
from coach_data.formats import archive, table_of
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
        "from coach_data.outcomes import Plan\n"
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
