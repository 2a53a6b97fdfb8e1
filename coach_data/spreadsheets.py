"""A person's days as tables for other programs: CSV, long and wide, and an Excel workbook.

Whatever a person typed is ``guarded``, so that no program runs it as a formula; our own import takes
the guard off again. Days that were taken back are left out; their history is in everything.json.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from coach_data.files import DAY_COLUMNS, guarded
from coach_data.model import Aim, Entry, EntryNote, EntryState, Indicator, Measure
from coach_data.parsing import number_text
from coach_data.plan import aim_on
from coach_data.privacy import Visit
from coach_data.text import same

LONG = (
    "date",
    "indicator_id",
    "indicator",
    "value",
    "status",
    "note",
    "entered_at",
    "aim",
    "source",
)
_MARK = "\ufeff"
"""At the beginning of a CSV file: without it Excel takes UTF-8 for something else."""
_Key = tuple[int, date]
Cell = str | float | date | None


@dataclass(frozen=True, slots=True)
class Days:
    """All that is known of a person's days; indicators in their order, days in theirs."""

    indicators: tuple[Indicator, ...]
    entries: dict[_Key, Entry]
    entered: dict[_Key, datetime]
    """In UTC, without a zone."""
    notes: dict[_Key, str]
    aims: dict[int, list[Aim]]


def days_of(visit: Visit) -> Days:
    """The viewer's own days: what is known now, not how it came about."""
    stamps = visit.read(
        "SELECT indicator_id, day, max(recorded_at) FROM entry_history WHERE person_id = ?"
        " GROUP BY indicator_id, day",
        [visit.about.person_id],
    )
    aims: dict[int, list[Aim]] = defaultdict(list)
    for aim in sorted(visit.records(Aim), key=lambda a: a.since):
        aims[aim.indicator_id].append(aim)
    known = (e for e in visit.records(Entry) if e.state is not EntryState.CLEARED)
    indicators = sorted(visit.records(Indicator), key=lambda i: (i.position, i.indicator_id))
    return Days(
        indicators=tuple(indicators),
        entries={(e.indicator_id, e.day): e for e in known},
        entered={(indicator_id, day): at for indicator_id, day, at in stamps},
        notes={(n.indicator_id, n.day): n.note for n in visit.records(EntryNote) if n.note},
        aims=aims,
    )


def long_rows(days: Days) -> list[list[Cell]]:
    """One row for each value, skip or note, in the order of ``LONG``; the latest day last."""
    order = {i.indicator_id: k for k, i in enumerate(days.indicators)}
    known = [k for k in {**days.entries, **days.notes} if k[0] in order]
    rows = []
    for key in sorted(known, key=lambda k: (k[1], order[k[0]])):
        indicator, entry = days.indicators[order[key[0]]], days.entries.get(key)
        at, aim = days.entered.get(key), aim_on(days.aims.get(key[0], ()), key[1])
        row: list[Cell] = [
            key[1],
            str(indicator.indicator_id),
            guarded(indicator.name),
            _value(indicator, entry),
            entry.state.value if entry else "",
            guarded(days.notes.get(key, "")),
            f"{at.isoformat(timespec='seconds')}Z" if entry and at else "",
            f"{aim.comparison} {aim.amount:g} a {aim.period}" if aim else "",
            guarded(entry.source) if entry else "",
        ]
        rows.append(row)
    return rows


def wide_rows(days: Days) -> list[list[Cell]]:
    """A header with a title for each indicator, then one row a day; "skip" for a skipped day."""
    titles = _titles([i.name for i in days.indicators])
    rows: list[list[Cell]] = [["date", *map(guarded, titles)]]
    for day in sorted({day for _, day in days.entries}):
        found = [(i, days.entries.get((i.indicator_id, day))) for i in days.indicators]
        rows.append([day, *(_wide(i, entry) for i, entry in found)])
    return rows


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as a CSV file: UTF-8 with its mark, commas, quotation marks where they are needed."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return (_MARK + made.getvalue()).encode()


def as_workbook(days: Days) -> bytes:
    """An Excel workbook: the long table on its first sheet, the wide one on its second.

    Numbers to the fifteen digits that Excel itself keeps; CSV and JSON have all of them.
    """
    import xlsxwriter

    made = io.BytesIO()
    # In memory, because the usual way writes each sheet into a temporary file first, as plain text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheets: dict[str, list[list[Cell]]] = {
            "Entries": [[*LONG], *long_rows(days)],
            "Days": wide_rows(days),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            for place, cell in ((at, c) for at, c in _placed(rows) if c not in (None, "")):
                if isinstance(cell, date):
                    sheet.write_datetime(*place, cell, as_day)
                elif isinstance(cell, float):
                    sheet.write_number(*place, cell)
                else:
                    sheet.write_string(*place, cell)
    return made.getvalue()


def _placed(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[tuple[int, int], Cell]]:
    for k, row in enumerate(rows):
        for column, cell in enumerate(row):
            yield (k, column), cell


def _titles(names: Sequence[str]) -> list[str]:
    """The names, each made different from the ones before it: no title may stand twice."""
    taken, titles = set(DAY_COLUMNS), []
    for name in names:
        title, count = name, 2
        while same(title) in taken:
            title, count = f"{name} ({count})", count + 1
        taken.add(same(title))
        titles.append(title)
    return titles


def _wide(indicator: Indicator, entry: Entry | None) -> Cell:
    skipped = entry is not None and entry.state is EntryState.SKIPPED
    return "skip" if skipped else _value(indicator, entry)


def _value(indicator: Indicator, entry: Entry | None) -> Cell:
    if entry is None or entry.value is None:
        return None
    if indicator.measure is Measure.YES_NO and entry.value in (0, 1):
        return "yes" if entry.value else "no"
    return entry.value


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return number_text(cell).removesuffix(".0")
    return cell.isoformat() if isinstance(cell, date) else cell or ""
