"""Our own export: everything.json, alone or inside its ZIP file, read without trust.

It is no table but every record of a person, so it stands beside the readers of the other formats.
What is in the records is judged by ``bring_back``, when they are made.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from coach_data.files import refused, text_of
from coach_data.formats.archive import opened, part

FORMAT, VERSION = "coach-compass", 1
NAME = "everything.json"
MOST_VALUES = 4_000_000
"""Commas and opening brackets, so no fewer than the values: each takes at most some 70 bytes."""
MOST_ROWS = 250_000
_SAYS_SO = re.compile(rb'"format"\s*:\s*"' + FORMAT.encode() + rb'"')
_HEAD = 1_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Everything:
    """``person_id``: whose it was; of use only to know which ids in it mean that person."""

    made_at: str
    person_id: object
    rows: dict[str, list[Row]]
    """By kind, from the earliest on."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.values()))


def everything_in(content: bytes, name: str) -> Everything | None:
    """What is in one of our exports, None where the file is something else. Raises FileRefused."""
    archive = opened(content, name)
    if archive is not None:
        if NAME not in archive.namelist():
            return None
        content = part(archive, NAME, name)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{" or not _SAYS_SO.search(content[:_HEAD]):
        if archive is None:
            return None
        raise refused(name, f"holds an {NAME} that is not one of ours.")
    return _checked(_parsed(content, name), name)


def _parsed(content: bytes, name: str) -> Any:
    text = text_of(content, name)
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise refused(name, f"holds more than {MOST_VALUES:,} values; no export of ours does.")

    def no_number(what: str) -> NoReturn:
        raise refused(name, f"holds {what}, which is not a number.")

    try:
        return json.loads(text, parse_constant=no_number)
    except RecursionError:
        raise refused(name, "is nested too deeply to be an export of ours.") from None
    except ValueError as error:
        at = f" (line {error.lineno:,})" if isinstance(error, json.JSONDecodeError) else ""
        raise refused(name, f"is damaged: it is not whole JSON{at}.") from None


def _checked(found: Any, name: str) -> Everything:
    """Raises FileRefused where it is not built as our exports are."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise refused(name, "is not built as an export of ours.")
    if found.get("version") != VERSION:
        raise refused(name, "was made by another version of the app, which this one cannot read.")
    rows = found.get("records")
    if not isinstance(rows, dict) or not all(isinstance(r, list) for r in rows.values()):
        raise refused(name, "is not built as an export of ours.")
    if not all(isinstance(row, dict) for kind in rows.values() for row in kind):
        raise refused(name, "holds something that is not a record.")
    made = Everything(str(found.get("made_at", ""))[:10], found.get("person_id"), rows)
    if made.count > MOST_ROWS:
        raise refused(name, f"has more than {MOST_ROWS:,} records.")
    return made
