"""From the bytes of a file to its rows. Whatever is no plain table is refused as a whole, by name.

Nothing is unpacked, so there is no bomb to go off; the name is only shown, never used as a path.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from coach_data.model import CoachError
from coach_data.parsing import shown

MOST_BYTES = 50_000_000
MOST_ROWS = 250_000
MOST_COLUMNS = 500
LONGEST_LINE = 1_000_000
"""Characters; a line that is longer would be millions of cells before anybody counts them."""
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
LONG = ("date", "indicator", "value", "status", "note", "unit")
"""The columns of the long shape, into which the files of other apps are brought."""
DAY_COLUMNS = frozenset({"date", "day"})
_SAVE = "Save the sheet as “CSV UTF-8” and choose that file."
_UNPACK = "Unpack it and choose the file inside."

# The first bytes say what a file is; its name does not.
_KINDS = (
    (b"\x1f\x8b", f"a gzip file. {_UNPACK}"),
    (b"PK\x03\x04", f"an Excel workbook or another ZIP file, not CSV. {_SAVE}"),
    (b"PK\x05\x06", f"an empty ZIP file, not CSV. {_SAVE}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"an old Excel or Office file, not CSV. {_SAVE}"),
    (b"\x89PNG", "a PNG picture, not CSV."),
    (b"\xff\xd8\xff", "a JPEG picture, not CSV."),
    (b"%PDF", "a PDF, not CSV."),
    (b"BZh", f"a bzip2 file. {_UNPACK}"),
    (b"\xfd7zXZ\x00", f"an xz file. {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"a Zstandard file. {_UNPACK}"),
    (b"7z\xbc\xaf", f"a 7-Zip file. {_UNPACK}"),
    (b"Rar!", f"a RAR file. {_UNPACK}"),
)
_GUARDED = re.compile(r"'*[=+\-@\t\r]")


class FileRefused(CoachError):
    """This file cannot be read. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and, one by one, the rows below it as (line of the file, cells)."""

    separator: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    about: int
    """Lines of the file: roughly how many rows there will be."""
    remarks: tuple[str, ...] = ()
    """What a person should know about how it was read."""
    app: str = ""
    """From which app or program it comes, where that is known."""


def table_of(content: bytes, name: str) -> Table:
    """The table in a file. ``name``: for messages. Raises FileRefused, also while rows are read."""
    text = text_of(content, name)
    separator, header = _separator(text, name)
    if len(header) > MOST_COLUMNS:
        raise refused(name, f"has {len(header):,} columns; at most {MOST_COLUMNS:,} are read.")
    rows = _records(text, separator, name)
    next(rows)
    return Table(separator, tuple(header), capped(rows, name), text.count("\n"))


def text_of(content: bytes, name: str) -> str:
    """The text in a file: UTF-8, with or without a byte-order mark. Raises FileRefused."""
    if len(content) > MOST_BYTES:
        size, most = len(content) / 1e6, MOST_BYTES // 1_000_000
        raise refused(name, f"has {size:,.1f} MB; at most {most} MB are read. Split it.")
    if not content.strip():
        raise refused(name, "is empty.")
    for sign, kind in _KINDS:
        if content.startswith(sign):
            raise refused(name, f"is {kind}")
    if wide := _wide_encoding(content):
        raise refused(name, f"is saved as {wide} (“Unicode text”). {_SAVE}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        raise refused(name, f"is not UTF-8 (line {line:,}). {_SAVE}") from None
    if (place := text.find("\0")) >= 0:
        line = 1 + text.count("\n", 0, place)
        raise refused(name, f"holds a NUL character (line {line:,}), so it is not CSV.")
    return text


def guarded(text: str) -> str:
    """A text for a CSV cell: one that a spreadsheet would run as a formula gets a ``'`` in front."""
    return "'" + text if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def _wide_encoding(content: bytes) -> str:
    """UTF-16 or UTF-32 where the file is, by its mark or by the zero bytes of plain letters."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    start = content[:400]
    zeros = max(start[0::2].count(0), start[1::2].count(0))
    return "UTF-16" if zeros > 0.4 * (len(start) / 2) and zeros > 2 else ""


def _separator(text: str, name: str) -> tuple[str, list[str]]:
    """The separator that fits the header best, and the header: a day column counts most."""
    best: tuple[bool, int, str, list[str]] = (False, 1, ",", [])
    problem = None
    for separator in SEPARATORS:
        try:
            _, cells = next(_records(text, separator, name))
        except FileRefused as error:
            problem = error
            continue
        except StopIteration:
            raise refused(name, "is empty.") from None
        named = any(c.strip().casefold() in DAY_COLUMNS for c in cells)
        if (named, len(cells)) > best[:2]:
            best = (named, len(cells), separator, cells)
    if len(best[3]) > 1:
        return best[2], best[3]
    raise problem or refused(
        name,
        "has one column only. Columns are told apart by commas, semicolons or tabs; "
        "the first one holds the days and is called “date”.",
    )


def _records(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """All rows that hold anything, each with the line on which it begins."""
    reader = csv.reader(_lines(text, name), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(
            name, f"cannot be read from line {line:,} on ({error}). Is a quotation mark not closed?"
        ) from None


def _lines(text: str, name: str) -> Iterator[str]:
    for count, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise refused(
                name, f"has {len(line):,} characters on line {count:,}, so it is no table."
            )
        yield line


def capped(rows: Iterator[tuple[int, list[str]]], name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows, at most so many as are read at all. Raises FileRefused at the first one beyond."""
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise refused(name, f"has more than {MOST_ROWS:,} rows. Split it.")
        yield row


def refused(name: str, what: str) -> FileRefused:
    """The refusal of the file called ``name``; ``what``: the rest of the sentence."""
    return FileRefused(f"{shown(name, 80) or 'The file'} {what} Nothing was saved.")
