"""Targets beside the values: an aim is agreed, not brought in."""

from __future__ import annotations

from coach_data.files import Table
from coach_data.formats.targets import shape
from tests.formats.made import said


def test_targets_are_left_out_and_thousands_kept_as_written() -> None:
    content = (
        b'Date,Steps,Steps__Target,My__Target\n2026-01-02,"1,234","10,000",3\n2026-01-03,,8,\n'
    )
    assert said(content) == [
        ("Steps", "2026-01-02", "1,234", "", ""),
        ("My__Target", "2026-01-02", "3", "", ""),
    ]


def test_a_row_of_another_width_is_handed_on_to_be_refused_with_its_line() -> None:
    table = shape(Table(",", ("Date", "Calls", "Calls__Target"), iter([(2, ["a", "b"])]), 1))
    assert table is not None
    assert list(table.rows) == [(2, ["a", "b"])]
    assert table.header == ("Date", "Calls")


def test_a_table_without_targets_is_left_to_others() -> None:
    assert shape(Table(",", ("Date", "Calls"), iter(()), 0)) is None
