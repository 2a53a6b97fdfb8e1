"""A person's days as tables: titles that differ, guards, and what is not known left empty."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from openpyxl import load_workbook

from coach_data.model import (
    Aim,
    Comparison,
    Entry,
    EntryState,
    Indicator,
    Kind,
    Measure,
    Period,
)
from coach_data.spreadsheets import LONG, Days, as_csv, as_workbook, long_rows, wide_rows

FIRST, SECOND, THIRD = (date(2026, 5, k) for k in (1, 2, 3))


def indicator(indicator_id: int, name: str, measure: Measure = Measure.NUMBER) -> Indicator:
    return Indicator(
        person_id=1, indicator_id=indicator_id, kind=Kind.LEADING, name=name, measure=measure
    )


def entry(indicator_id: int, day: date, value: float | None) -> Entry:
    """Without a value it is a skip."""
    state = EntryState.SKIPPED if value is None else EntryState.VALUE
    return Entry(person_id=1, indicator_id=indicator_id, day=day, value=value, state=state)


def days(*entries: Entry, notes: dict[tuple[int, date], str] | None = None) -> Days:
    """Calls (1), a yes or no (2), and a name that a spreadsheet would run (3)."""
    return Days(
        indicators=(
            indicator(1, "Calls"),
            indicator(2, "Walk", Measure.YES_NO),
            indicator(3, "=1+1"),
        ),
        entries={(e.indicator_id, e.day): e for e in entries},
        entered={(e.indicator_id, e.day): datetime(2026, 5, 31, 12, 0, 0, 9) for e in entries},
        notes=notes or {},
        aims={
            1: [
                Aim(
                    person_id=1,
                    indicator_id=1,
                    since=SECOND,
                    comparison=Comparison.AT_LEAST,
                    amount=3,
                    period=Period.WEEK,
                )
            ]
        },
    )


def test_a_long_row_has_what_was_known_and_agreed_on_its_day() -> None:
    rows = long_rows(days(entry(1, SECOND, 2.5), entry(2, FIRST, 1), entry(3, FIRST, None)))
    told = [dict(zip(LONG, row, strict=True)) for row in rows]
    assert [(t["date"], t["indicator"], t["value"], t["status"], t["aim"]) for t in told] == [
        (FIRST, "Walk", "yes", "value", ""),
        (FIRST, "'=1+1", None, "skipped", ""),
        (SECOND, "Calls", 2.5, "value", "at least 3 a week"),
    ]
    assert {t["entered_at"] for t in told} == {"2026-05-31T12:00:00Z"}


def test_a_note_alone_is_a_row_without_a_status() -> None:
    (row,) = long_rows(days(notes={(1, FIRST): "@home"}))
    told = dict(zip(LONG, row, strict=True))
    assert (told["value"], told["status"], told["note"]) == (None, "", "'@home")
    assert (told["entered_at"], told["source"]) == ("", "")
    assert long_rows(days(notes={(77, FIRST): "of nothing that is here"})) == []


def test_a_wide_row_is_a_day_and_tells_a_skip_from_nothing_known() -> None:
    rows = wide_rows(days(entry(1, THIRD, 0), entry(2, FIRST, 0), entry(1, FIRST, None)))
    assert rows == [
        ["date", "Calls", "Walk", "'=1+1"],
        [FIRST, "skip", "no", None],
        [THIRD, 0, None, None],
    ]
    assert wide_rows(days()) == [["date", "Calls", "Walk", "'=1+1"]]


def test_no_title_stands_twice_whatever_the_names_are() -> None:
    names = ["Date", "day", "Calls", "calls ", "Calls (2)", "Ca\u200blls"]
    some = days()
    made = Days(
        tuple(indicator(k, name) for k, name in enumerate(names)),
        some.entries,
        some.entered,
        some.notes,
        {},
    )
    titles = wide_rows(made)[0]
    assert titles[1:3] == ["Date (2)", "day (2)"]
    assert len({str(t).replace("\u200b", "").strip().casefold() for t in titles}) == len(titles)


def test_a_csv_file_keeps_every_digit_and_reads_as_one_row_a_row() -> None:
    content = as_csv([["a", "b"], [FIRST, 0.1 + 0.2], ['say "no"\nonce', None], ["x", 3.0]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["a", "b"],
        ["2026-05-01", "0.30000000000000004"],
        ['say "no"\nonce', ""],
        ["x", "3"],
    ]


def test_a_workbook_has_days_as_days_numbers_as_numbers_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(as_workbook(days(entry(1, FIRST, 2.5), entry(3, FIRST, 1.0)))))
    assert book.sheetnames == ["Entries", "Days"]
    wide = [list(row) for row in book["Days"].iter_rows(values_only=True)]
    assert wide == [
        ["date", "Calls", "Walk", "'=1+1"],
        [datetime(2026, 5, 1), 2.5, None, 1],
    ]
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert "f" not in {c.data_type for c in cells}
    assert not any(c.hyperlink for c in cells)
