"""HabitBull: names of its own for the columns of the long shape."""

from __future__ import annotations

from coach_data.files import LONG, Table
from coach_data.formats.habitbull import shape
from tests.formats.made import said


def test_habitbull() -> None:
    content = (
        b"HabitName,HabitDescription,HabitCategory,CalendarDate,Value,CommentText\n"
        b'"Run, far",,Body,2026-01-02,1,"rain"\n"Run, far",,Body,2026-01-03,0,\n'
    )
    assert said(content) == [
        ("Run, far", "2026-01-02", "1", "", "rain"),
        ("Run, far", "2026-01-03", "0", "", ""),
    ]


def test_another_header_is_another_ones_file() -> None:
    assert shape(Table(",", LONG, iter(()), 0)) is None
    assert shape(Table(",", ("HabitName", "Value"), iter(()), 0)) is None
