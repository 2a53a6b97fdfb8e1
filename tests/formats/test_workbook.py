"""Excel: the first sheet by the types of its cells; damage and entities are refused."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from coach_data.files import FileRefused
from coach_data.formats import table_of
from tests.formats.made import workbook, zipped


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


@pytest.mark.abuse(29)
def test_case_29_a_workbook_with_entities() -> None:
    bad = zipped({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})
    with pytest.raises(FileRefused, match="entities"):
        table_of(bad, "x.xlsx")


def test_a_short_row_has_empty_cells_and_an_empty_one_is_none() -> None:
    table = table_of(workbook(["date", "Calls", ""], ["2026-01-02"], [None], ["x", 1]), "x.xlsx")
    assert table.header == ("date", "Calls")
    assert list(table.rows) == [(2, ["2026-01-02", ""]), (4, ["x", "1"])]


@pytest.mark.parametrize("rows", [[], [["date"]], [[None]]])
def test_a_sheet_that_is_no_table_is_refused(rows: list[list[Any]]) -> None:
    with pytest.raises(FileRefused, match="has no table on its first sheet"):
        table_of(workbook(*rows), "x.xlsx")


def test_what_only_looks_like_a_workbook_is_a_damaged_one() -> None:
    with pytest.raises(FileRefused, match="damaged workbook"):
        table_of(zipped({"xl/workbook.xml": "<x/>"}), "x.xlsx")
