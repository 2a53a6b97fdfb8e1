"""What a file says day by day, still as text: its columns, and rows that cannot be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coach_data import sheet
from coach_data.files import FileRefused
from tests.previews import CALLS, look, values, why


def test_a_file_without_days_in_front_is_refused_as_a_whole() -> None:
    with pytest.raises(FileRefused, match="begins with the column “name”"):
        look("name,age\nAna,3\n")


@pytest.mark.abuse(28)
def test_case_28_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_VALUES", 100)
    with pytest.raises(FileRefused, match="more than 100 values"):
        look("date,a,b\n" + "2026-01-01,1,1\n" * 51)


@pytest.mark.abuse(30)
@pytest.mark.parametrize("header", ["date,Calls,date", "date,day,Calls", "date,Calls, CALLS"])
def test_case_30_a_column_twice_is_refused_by_its_name(header: str) -> None:
    with pytest.raises(FileRefused, match=r"“(date|day|CALLS)” twice"):
        look(f"{header}\n2026-01-01,1,1\n")


def test_an_empty_column_and_left_out_columns_ask_nothing() -> None:
    assert not look("date,Calls,Walks\n2026-01-01,1,\n", CALLS).questions
    seen = look("date,indicator,value,aim,mood\n2026-01-01,Calls,1,3,\n", CALLS)
    assert [r.split(":")[0] for r in seen.remarks] == [
        "The column “aim” is left out",
        "The column “mood” is left out",
    ]


def test_cells_without_a_name_and_rows_of_another_width_are_refused() -> None:
    seen = look(
        "date,Calls,\n2026-01-01,1,7\n2026-01-02,2\n2026-01-03,3,,\n2026-01-04,4,,9\n", CALLS
    )
    assert [(line, said) for line, _, said in why(seen)] == [
        (2, "column 3 has no name"),
        (3, "the row has 2 cells, the header 3"),
        (5, "the row has 4 cells, the header 3"),
    ]
    assert values(seen) == {"2026-01-01": 1, "2026-01-03": 3}


def test_a_row_of_another_width_is_refused_once_whatever_its_day_is() -> None:
    assert [said for *_, said in why(look("date,Calls\nnever,1,2\n", CALLS))] == [
        "the row has 3 cells, the header 2"
    ]


def test_of_many_refusals_the_first_hundred_are_kept_and_all_counted() -> None:
    seen = look("date,Calls\n" + "2026-01-01,?\n" * 250, CALLS)
    assert (seen.refused, len(seen.refusals)) == (250, 100)


@pytest.mark.abuse(28)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own figures")
def test_case_28_a_million_rows_are_refused_in_bounded_memory() -> None:
    code = (
        "from coach_data.files import FileRefused\n"
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


def test_wide_and_long_say_the_same() -> None:
    wide = sheet.sheet_of(b"date,Calls,Walks\n2026-01-01,1,\n2026-01-02,2,3\n", "x")
    long = sheet.sheet_of(
        b"indicator,value,day\nCalls,1,2026-01-01\nCalls,2,2026-01-02\nWalks,3,2026-01-02\n", "x"
    )

    def said(of: sheet.Sheet) -> list[tuple[str, str, str]]:
        return [(c.name, of.days[cell.row], cell.value) for c in of.columns for cell in c.cells]

    assert said(wide) == said(long)
    assert (wide.format, long.format) == (sheet.Format.WIDE, sheet.Format.LONG)
    assert (wide.lines, long.lines) == ([2, 3], [2, 3, 4])


def test_of_the_ids_only_ones_own_count() -> None:
    content = b"date,indicator,indicator_id,value\n2026-01-01,Calls,7,1\n2026-01-01,Calls,8,2\n"
    own = sheet.sheet_of(content, "x", own_ids=[7])
    assert [(c.name, c.indicator_id) for c in own.columns] == [("Calls", 7), ("Calls", None)]
    nobodys = sheet.sheet_of(content, "x")
    assert [(c.name, c.indicator_id, len(c.cells)) for c in nobodys.columns] == [("Calls", None, 2)]


def test_a_name_that_cannot_be_kept_refuses_its_row_or_its_file() -> None:
    long_name = "x" * 500
    with pytest.raises(FileRefused, match="has the column"):
        sheet.sheet_of(f"date,{long_name}\n2026-01-01,1\n".encode(), "x")
    content = f"date,indicator,value\n2026-01-01,{long_name},1\n2026-01-01,,1\n".encode()
    found = sheet.sheet_of(content, "x")
    assert [r.line for r in found.refusals.shown] == [2, 3]
    assert found.columns == []
