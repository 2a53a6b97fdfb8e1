"""What a CSV file says about each indicator, day by day, still as text. Wide or long is seen from it.

Wide: the first column is ``date`` (or ``day``), every other column is one indicator. Long: columns
``date, indicator, value`` in any order, with any of ``indicator_id``, ``status``, ``note``,
``reason`` and ``unit``; further columns are named and left out. The order of the rows is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from coach_data.files import DAY_COLUMNS, Table, refused, unguarded
from coach_data.formats import table_of, utc_day
from coach_data.formats.perfice import DayOf
from coach_data.parsing import shown
from coach_data.text import BadText, clean, same

Progress = Callable[[float], None]
"""Is told the share that is done, from 0 to 1."""

MOST_VALUES = 500_000
REFUSALS_SHOWN = 100
EVERY = 5_000
"""Rows between two reports of progress."""
_LONG = frozenset({"indicator", "value"})
_READ = frozenset({"indicator_id", "status", "note", "reason", "unit"})
_LEFT_OUT = {
    "aim": "an aim is agreed, not brought in",
    "source": "every value gets the source “import”",
    "entered_at": "the history begins with the import",
}


class Format(StrEnum):
    """The shape of a file: a column for each indicator, or a row for each value."""

    WIDE = "wide"
    LONG = "long"


class Cell(NamedTuple):
    """What one place of the file says, blanks around it taken off. ``row``: its place in the rows."""

    row: int
    value: str
    status: str = ""
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that cannot be brought in. ``line``: of the file, counted from 1."""

    line: int
    column: str
    what: str
    why: str


@dataclass(slots=True)
class Refusals:
    """All of them counted, the first hundred kept."""

    shown: list[Refusal] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, what: str, why: str) -> None:
        """Note one down."""
        self.count += 1
        if len(self.shown) < REFUSALS_SHOWN:
            self.shown.append(Refusal(line, shown(column), shown(what), why))


@dataclass(slots=True)
class Column:
    """All that a file says about one indicator. ``indicator_id``: only if it is this person's."""

    name: str
    indicator_id: int | None = None
    unit: str = ""
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A whole file. ``days`` and ``lines``: of each row, as it is written and where."""

    format: Format
    separator: str
    days: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)
    remarks: list[str] = field(default_factory=list)
    app: str = ""


def sheet_of(
    content: bytes,
    name: str,
    own_ids: Collection[int] = (),
    progress: Progress | None = None,
    day_of: DayOf = utc_day,
) -> Sheet:
    """What the file says. ``own_ids``: the indicators whose ids count. Raises FileRefused.

    ``day_of``: the person's local day of a moment, in seconds since 1970.
    """
    table = table_of(content, name, day_of)
    header = [unguarded(h.strip()) for h in table.header]
    folded = [same(h) for h in header]
    is_long = set(folded) >= _LONG and bool(DAY_COLUMNS & set(folded))
    if not is_long and folded[0] not in DAY_COLUMNS:
        raise refused(
            name,
            f"begins with the column “{shown(header[0])}”. The first column holds the days and "
            "is called “date”; or there are the columns “date”, “indicator” and “value”.",
        )
    _check_twice(folded, header, name)
    reader = _LongReader if is_long else _WideReader
    sheet = Sheet(Format.LONG if is_long else Format.WIDE, table.separator)
    sheet.remarks += table.remarks
    sheet.app = table.app
    _fill(sheet, reader(sheet, header, folded, own_ids, name), table, name, progress)
    return sheet


def _check_twice(folded: list[str], header: list[str], name: str) -> None:
    for k, this in enumerate(folded):
        as_day = this in DAY_COLUMNS and any(h in DAY_COLUMNS for h in folded[:k])
        if this and (this in folded[:k] or as_day):
            raise refused(name, f"has the column “{shown(header[k])}” twice. Rename one of them.")


def _fill(
    sheet: Sheet,
    reader: _WideReader | _LongReader,
    table: Table,
    name: str,
    progress: Progress | None,
) -> None:
    width = len(table.header)
    for count, (line, cells) in enumerate(table.rows):
        if progress is not None and count % EVERY == 0:
            progress(min(1.0, count / (table.about + 1)))
        if len(cells) > width and not any(c.strip() for c in cells[width:]):
            cells = cells[:width]
        sheet.days.append(cells[reader.day_at].strip() if len(cells) > reader.day_at else "")
        sheet.lines.append(line)
        if len(cells) != width:
            why = f"the row has {len(cells)} cells, the header {width}"
            sheet.refusals.add(line, "", ", ".join(cells[:20]), why)
            sheet.days[-1] = REFUSED
            continue
        reader.take(count, line, cells)
        if reader.values > MOST_VALUES:
            raise refused(name, f"holds more than {MOST_VALUES:,} values. Split it.")


REFUSED = "\0"
"""In place of the day of a row that is refused already."""


class _WideReader:
    day_at = 0

    def __init__(
        self, sheet: Sheet, header: list[str], folded: list[str], own: Collection[int], name: str
    ) -> None:
        self.refusals, self.values = sheet.refusals, 0
        self.columns: list[Column | None] = [None]
        for title in header[1:]:
            try:
                column = Column(clean(title, "name")) if title else None
            except BadText as error:
                raise refused(name, f"has the column “{shown(title)}”: {error}") from None
            self.columns.append(column)
            if column is not None:
                sheet.columns.append(column)

    def take(self, row: int, line: int, cells: list[str]) -> None:
        for k in range(1, len(cells)):
            text = cells[k]
            if not text or text.isspace():
                continue
            column = self.columns[k]
            if column is None:
                self.refusals.add(line, "", text.strip(), f"column {k + 1} has no name")
                continue
            column.cells.append(Cell(row, unguarded(text.strip())))
            self.values += 1


class _LongReader:
    def __init__(
        self, sheet: Sheet, header: list[str], folded: list[str], own: Collection[int], name: str
    ) -> None:
        self.sheet, self.own, self.values = sheet, frozenset(own), 0
        self.found: dict[str | int, Column] = {}
        self.seen: dict[tuple[str, str], Column] = {}
        self.at = {title: k for k, title in enumerate(folded)}
        self.day_at = next(k for k, title in enumerate(folded) if title in DAY_COLUMNS)
        for title, as_written in zip(folded, header, strict=True):
            if title and title not in _LONG | _READ | DAY_COLUMNS:
                why = _LEFT_OUT.get(title, "it is not one that is read")
                sheet.remarks.append(f"The column “{shown(as_written)}” is left out: {why}.")

    def take(self, row: int, line: int, cells: list[str]) -> None:
        def cell(title: str) -> str:
            at = self.at.get(title)
            return "" if at is None else unguarded(cells[at].strip())

        named = cell("indicator"), cell("indicator_id")
        column = self.seen.get(named) or self._column(*named, line)
        if column is None:
            self.sheet.days[row] = REFUSED
            return
        self.seen[named] = column
        column.unit = column.unit or cell("unit")
        column.cells.append(
            Cell(row, cell("value"), cell("status"), cell("note"), cell("reason")),
        )
        self.values += 1

    def _column(self, title: str, id_text: str, line: int) -> Column | None:
        """The column of that indicator; a name counts, an id only if it is this person's."""
        given = int(id_text) if id_text.isdecimal() and len(id_text) < 20 else None
        own = given if given in self.own else None
        key = same(title) if own is None else own
        if key in self.found:
            return self.found[key]
        try:
            name = clean(title, "name")
        except BadText as error:
            self.sheet.refusals.add(line, "indicator", title, str(error))
            return None
        if not name and own is None:
            self.sheet.refusals.add(line, "indicator", title, "the indicator has no name")
            return None
        column = Column(name, own)
        self.found[key] = column
        self.sheet.columns.append(column)
        return column
