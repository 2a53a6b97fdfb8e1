"""Numbers and days from text: the one place that says what is read and what is refused.

**A number** has the digits 0 to 9, at most one sign in front and at most one decimal mark, with a
digit after it: ``12``, ``-3``, ``+0.5``, ``.5``, ``007``. The mark is a point unless a person has
said that it is a comma. The other mark may stand between thousands, in full groups of three:
``1,234.5`` (or ``1.234,5``). What a comma means is asked wherever it could be a decimal comma.
Refused, each with its reason: underscores (``1_000``), other digits (``١٢``), blanks inside, an
exponent (``1e5``: a spreadsheet that writes it has dropped digits), hexadecimal, ``nan``, ``inf``,
a percent sign where the unit is not %, and whatever is too long to be a number.

**A day** is ``YYYY-MM-DD``, ``DD.MM.YYYY``, or ``DD/MM/YYYY`` or ``MM/DD/YYYY``: for the last two
the order is one for the whole file, and asked where the file leaves it open. Refused: a day that
the calendar lacks, one before 2000, one that has not come yet, and a day with a time of day.

**Yes and no**: ``yes true done x 1`` and ``no false 0``, in any case. **A skip**: ``skip``,
``skipped``. An empty cell is no value at all: never a zero, and it takes nothing back.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite

from coach_data.model import CoachError

FIRST_DAY = date(2000, 1, 1)
LONGEST = 400
"""Characters of a number: the smallest and the largest that a machine keeps need under 350."""
SKIP_WORDS = frozenset({"skip", "skipped"})
_YES_NO = {"yes": 1.0, "true": 1.0, "done": 1.0, "x": 1.0, "1": 1.0, "no": 0.0, "false": 0.0}
_YES_NO["0"] = 0.0

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SWAP = str.maketrans({",": ".", ".": ","})
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class DecimalMark(StrEnum):
    """What separates whole and part; the other one groups thousands."""

    POINT = "point"
    COMMA = "comma"


class DayOrder(StrEnum):
    """What comes first in 01/02/2026."""

    DMY = "dmy"
    MDY = "mdy"


class Unreadable(CoachError):
    """That cannot be read as what it should be."""


class Ambiguous(Unreadable):
    """That can be read in two ways."""


def number(text: str, mark: DecimalMark | None = None, *, percent: bool = False) -> float:
    """The number in ``text``. ``percent``: the unit is %, so a percent sign may follow.

    Raises Ambiguous where a comma could be a decimal comma and ``mark`` is None, else Unreadable.
    """
    text = text.strip(" ")
    if percent:
        text = text.removesuffix("%").rstrip(" ")
    with_comma = _reading(text.translate(_SWAP))
    if mark is None and with_comma is not None and "," in text:
        raise Ambiguous("the comma can be a decimal comma or stand between thousands")
    value = with_comma if mark == DecimalMark.COMMA else _reading(text)
    if value is None:
        raise Unreadable(_why_no_number(text, mark))
    return value


def number_text(value: float) -> str:
    """A finite number written so that ``number`` reads the very same one back."""
    return f"{Decimal(repr(value)):f}"


def yes_no(text: str) -> float | None:
    """1 for yes, 0 for no, None for anything else."""
    return _YES_NO.get(text.strip().casefold())


def is_skip(text: str) -> bool:
    """Whether the word says that the day was skipped."""
    return text.strip().casefold() in SKIP_WORDS


def day(text: str, today: date, order: DayOrder | None = None) -> date:
    """The day in ``text``, not before 2000 and not after ``today``.

    Raises Ambiguous where the order of day and month matters and is not given, else Unreadable.
    """
    found = _readings(text.strip())
    if not found:
        raise Unreadable(_why_no_day(text.strip()))
    if order is not None and order not in found:
        first = "day" if order == DayOrder.DMY else "month"
        raise Unreadable(f"there is no such day with the {first} first")
    read = {found[order]} if order is not None else set(found.values())
    if len(read) > 1:
        raise Ambiguous("the day or the month can come first")
    only = read.pop()
    if only > today:
        raise Unreadable("the day has not come yet")
    if only < FIRST_DAY:
        raise Unreadable("the day lies before 2000")
    return only


def day_orders(text: str) -> frozenset[DayOrder]:
    """The orders in which ``text`` is a day: both for 01/02/2026, one for 31/01/2026."""
    return frozenset(_readings(text.strip()))


def shown(text: str, limit: int = 40) -> str:
    """``text`` for a message: invisible characters replaced, long texts cut."""
    kept = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def _reading(text: str) -> float | None:
    """The number with a decimal point, None where it is not one."""
    if len(text) > LONGEST:
        return None
    if _PLAIN.fullmatch(text):
        value = float(text)
    elif _GROUPED.fullmatch(text):
        value = float(text.replace(",", ""))
    else:
        return None
    return value + 0.0 if isfinite(value) else None


def _why_no_number(text: str, mark: DecimalMark | None) -> str:
    folded = text.casefold().lstrip("+-")
    if len(text) > LONGEST:
        return f"that is longer than a number can be ({LONGEST} characters)"
    if "_" in text:
        return "an underscore is no part of a number; write 1000 for 1_000"
    if any(c.isnumeric() and not c.isascii() for c in text):
        return "only the digits 0 to 9 are read"
    if folded in {"nan", "na", "n/a", "null", "none", "-", "", "inf", "infinity", "∞"}:
        return "that is not a number; leave the cell empty where nothing is known"
    if re.fullmatch(r"0x[0-9a-f]+", folded):
        return "a hexadecimal number is not read; write it with the digits 0 to 9"
    if re.fullmatch(r"[0-9.,]+e[+-]?[0-9]+", folded):
        return "a number with an exponent is not read; write all its digits"
    if text.endswith("%"):
        return "there is a percent sign, but the unit is not %"
    if re.fullmatch(r"[0-9.,]+", folded) and any(c in text for c in ".,"):
        name = "comma" if mark == DecimalMark.COMMA else "point"
        return f"with a decimal {name}, the marks in it do not make a number"
    return "that is not a number"


def _readings(text: str) -> dict[DayOrder, date]:
    """For each order the day that ``text`` is in it; empty where it is none."""
    if found := _ISO.fullmatch(text):
        year, month, first = (int(part) for part in found.groups())
        tried = dict.fromkeys(DayOrder, (year, month, first))
    elif found := _DOTTED.fullmatch(text):
        first, month, year = (int(part) for part in found.groups())
        tried = dict.fromkeys(DayOrder, (year, month, first))
    elif found := _SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        tried = {DayOrder.DMY: (year, second, first), DayOrder.MDY: (year, first, second)}
    else:
        return {}
    days = {}
    for order, parts in tried.items():
        try:
            days[order] = date(*parts)
        except ValueError:
            continue
    return days


def _why_no_day(text: str) -> str:
    if not text:
        return "there is no day in this row"
    if any(form.fullmatch(text) for form in (_ISO, _DOTTED, _SLASHED)):
        return "the calendar has no such day"
    if _ISO.match(text):
        return "only the day is read, without a time: 2026-05-31"
    return "that is not a day; write it as 2026-05-31"
