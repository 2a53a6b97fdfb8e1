"""Excel (.xlsx): the first sheet, read row by row; of a formula the value that was saved with it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from coach_data.files import MOST_COLUMNS, Table, capped, refused
from coach_data.formats.archive import opened, part
from coach_data.parsing import number_text, shown


def read(content: bytes, name: str) -> Table | None:
    """The first sheet as a table."""
    archive = opened(content, name)
    if archive is None or "xl/workbook.xml" not in archive.namelist():
        return None
    for path in archive.namelist():
        if path.endswith((".xml", ".rels")) and b"<!DOCTYPE" in part(archive, path, name):
            raise refused(name, "defines entities of its own, which no workbook needs.")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
    except Exception:  # noqa: BLE001 - openpyxl lets through whatever goes wrong below it
        raise refused(name, "is a damaged workbook.") from None
    rows = _rows(sheet, name)
    header = next(rows, (1, []))[1]
    while header and not header[-1]:
        header.pop()
    if not 1 < len(header) <= MOST_COLUMNS:
        raise refused(name, "has no table on its first sheet: a header and two columns or more.")
    remarks = [f"Of the workbook, the sheet “{shown(sheet.title)}” is read."]
    remarks.append("A formula that was never calculated counts as empty.")
    padded = ((line, c + [""] * (len(header) - len(c))) for line, c in rows)
    return Table(
        ",", tuple(header), capped(padded, name), len(content) // 8, tuple(remarks), "Excel"
    )


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                yield line, texts
    except Exception:  # noqa: BLE001 - a damaged part shows only when its rows are reached
        raise refused(name, "is a damaged workbook.") from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return number_text(cell) if isinstance(cell, float) and cell % 1 else str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip()
