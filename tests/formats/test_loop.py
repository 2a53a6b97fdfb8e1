"""Loop Habit Tracker: skips stay skips, and what it filled in by itself is not done."""

from __future__ import annotations

from typing import Any

import pytest

from coach_data.files import FileRefused
from coach_data.formats import table_of
from coach_data.sheet import sheet_of
from tests.formats.made import HABITS, LOOP, said, zipped


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


@pytest.mark.abuse(26)
def test_case_26_a_folder_that_leads_out_is_not_read() -> None:
    outside = zipped({"Habits.csv": HABITS, "../001 x/Checkmarks.csv": "Date,Value\n"})
    with pytest.raises(FileRefused, match="without the folders"):
        table_of(outside, "x")


@pytest.mark.abuse(34)
def test_case_30_a_file_that_breaks_in_the_middle() -> None:
    broken = dict(LOOP) | {"002 Coffee/Checkmarks.csv": 'Date,Value\n2026-01-01,"1\n'}
    with pytest.raises(FileRefused, match="Nothing was saved"):
        sheet_of(zipped(broken), "x")


def test_a_habit_that_its_list_does_not_name_has_the_name_of_its_folder() -> None:
    parts = {"Habits.csv": HABITS, "007 Walk/Checkmarks.csv": "Date,Value\n2026-01-01,1500\n"}
    assert said(zipped(parts)) == [("Walk", "2026-01-01", "1.5", "", "")]


def test_the_files_at_the_root_are_not_read() -> None:
    """They do not quote names, so a comma in one would shift every cell."""
    parts = {"Habits.csv": HABITS, "Checkmarks.csv": LOOP["Checkmarks.csv"]}
    with pytest.raises(FileRefused, match="without the folders"):
        table_of(zipped(parts), "x")
