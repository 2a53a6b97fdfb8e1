"""Which app a file comes from, seen from its content alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from coach_data import files
from coach_data.files import FileRefused
from coach_data.formats import table_of, utc_day
from coach_data.imports import preview_of
from coach_data.privacy import Visit
from coach_data.sheet import sheet_of
from tests.formats.made import LOOP, perfice, workbook, zipped


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


@pytest.mark.abuse(29)
def test_case_29_deeply_nested_json() -> None:
    for content in (b"[" * 200_000, b'{"a":' * 200_000, b"[]", b'{"datapoints": 3}', b"[1, 2]"):
        with pytest.raises(FileRefused):
            sheet_of(content, "x.json")


def test_the_day_of_a_moment_in_utc() -> None:
    assert utc_day(0) == date(1970, 1, 1)
    assert utc_day(86_399.9) == date(1970, 1, 1)
    assert utc_day(86_400) == date(1970, 1, 2)


def test_a_file_that_is_too_large_is_tried_by_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would read all of it first."""
    monkeypatch.setattr(files, "MOST_BYTES", 50)
    with pytest.raises(FileRefused, match="MB"):
        table_of(zipped(LOOP), "x")
