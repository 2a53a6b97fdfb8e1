"""Perfice: its entries have moments, so their day is the person's own; a day's are brought together."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from coach_data.files import FileRefused
from coach_data.imports import preview_of
from coach_data.judging import days_of
from coach_data.privacy import Visit
from coach_data.sheet import sheet_of
from tests.formats.made import moment, perfice, said


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
