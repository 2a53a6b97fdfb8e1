"""Records to rows and back: the types, the texts and the days that a column can hold."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from coach_data.model import RECORDS, Record
from coach_data.text import LIMITS, clean
from coach_data.values import LARGEST, BadValue

R = TypeVar("R", bound=Record)
Check = Callable[[Any], Any]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Beyond them a day is a slip of the finger; the engine takes the farthest ones for infinity."""


_COLUMNS = {kind: tuple(f.name for f in fields(kind)) for kind in RECORDS}


def columns(kind: type[Record]) -> tuple[str, ...]:
    """The fields of a kind of record, which are the columns of its table."""
    return _COLUMNS[kind]


def row_of(record: Record) -> tuple[Any, ...]:
    """The record as it is stored: texts cleaned, enums as words. Raises BadText or BadValue."""
    return tuple([check(getattr(record, name)) for name, check in _CHECKS[type(record)]])


def records_of(kind: type[R], rows: Sequence[tuple[Any, ...]]) -> list[R]:
    """Rows, in the order of ``columns(kind)``, as records."""
    names, enums = columns(kind), _ENUMS[kind]
    made = []
    for row in rows:
        found = dict(zip(names, row, strict=True))
        for name, enum in enums:
            if found[name] is not None:
                found[name] = enum(found[name])
        made.append(kind(**found))
    return made


def history(kind: type[Record], where: str, table: str = "") -> str:
    """The SQL for all rows of a kind, earlier ones too, that meet a condition; each with its time."""
    names = ", ".join((*columns(kind), "recorded_at"))
    return f"SELECT {names} FROM {table or f'{kind.TABLE}_history'} WHERE {where}"


def current(kind: type[R], rows: Sequence[tuple[Any, ...]]) -> list[R]:
    """Of rows of ``history`` with one key the latest, by their key.

    Done here and not by the engine: it needs longer to plan a query over so many columns than to
    find the few rows there are about one person.
    """
    key = operator.itemgetter(*(columns(kind).index(name) for name in kind.KEY))
    latest = {key(row): row for row in sorted(rows, key=operator.itemgetter(-1))}
    return records_of(kind, [latest[k][:-1] for k in sorted(latest)])


def read_back(kind: type[R], given: Mapping[str, Any]) -> R:
    """A record from what a JSON file can hold: days as texts, enums as words.

    Raises BadText or BadValue, also for a field that the kind does not have.
    """
    known = columns(kind)
    if unknown := sorted(given.keys() - set(known)):
        raise BadValue(f"there is no field “{unknown[0][:40]}”. Nothing was saved.")
    values: dict[str, Any] = {
        name: _as_day(name, value) if name in _DAYS[kind] and isinstance(value, str) else value
        for name, value in given.items()
    }
    try:
        return records_of(kind, [row_of(kind(**values))])[0]
    except TypeError:
        lacking = ", ".join(_shown(name) for name in known if name not in given)
        raise BadValue(f"something is missing ({lacking}). Nothing was saved.") from None


def _as_day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"{_shown(name)}: that is not a day. Nothing was saved.") from None


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _enum(hint: Any) -> type[StrEnum] | None:
    """The enum of a field that holds one, or one or nothing."""
    return next((h for h in (hint, *get_args(hint)) if _is_enum(h)), None)


def _check(name: str, hint: Any) -> Check:
    inner = [h for h in get_args(hint) if h is not NoneType]
    if inner:  # one type, or nothing
        check = _check(name, inner[0])
        return lambda value: None if value is None else check(value)
    if _is_enum(hint):
        return partial(_word, name, hint)
    bits = 63 if name.endswith("_id") or name in ("guard_of", "adapted_from") else 31
    known: dict[type, Check] = {
        str: partial(_text, name),
        bool: partial(_flag, name),
        int: partial(_whole, name, 1 << bits),
        float: partial(_number, name),
        date: partial(_day, name),
    }
    return known[hint]


def _field(kind: type[Record], name: str) -> str:
    """The name under which a text's limit stands: some tables hold longer ones than others."""
    full = f"{kind.TABLE}.{name}"
    return full if full in LIMITS else name


def _shown(name: str) -> str:
    return name.replace("_", " ")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(f"{_shown(name)}: that is not a text. Nothing was saved.")
    return clean(value, name)


def _word(name: str, enum: type[StrEnum], value: Any) -> str:
    try:
        return enum(value).value
    except ValueError:
        raise BadValue(f"{_shown(name)}: there is no such choice. Nothing was saved.") from None


def _flag(name: str, value: Any) -> bool:
    if value is True or value is False:
        return value
    raise BadValue(f"{_shown(name)}: that is neither yes nor no. Nothing was saved.")


def _whole(name: str, limit: int, value: Any) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise BadValue(f"{_shown(name)}: that is not a whole number. Nothing was saved.") from None
    if not -limit < number < limit:
        raise BadValue(f"{_shown(name)}: that number is too large to be kept. Nothing was saved.")
    return number


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if isinstance(value, str) or not abs(number) <= LARGEST:  # nan is not
        raise BadValue("That is not a number that can be kept. Please type it again.")
    return number


def _day(name: str, value: Any) -> date:
    if (
        isinstance(value, date)
        and not isinstance(value, datetime)
        and FIRST_YEAR <= value.year <= LAST_YEAR
    ):
        return value
    raise BadValue(f"{_shown(name)}: that is not a day that can be kept. Nothing was saved.")


_HINTS = {kind: get_type_hints(kind) for kind in RECORDS}
_CHECKS: dict[type[Record], list[tuple[str, Check]]] = {
    kind: [(name, _check(_field(kind, name), _HINTS[kind][name])) for name in columns(kind)]
    for kind in RECORDS
}
_ENUMS: dict[type[Record], list[tuple[str, type[StrEnum]]]] = {
    kind: [(n, enum) for n in columns(kind) if (enum := _enum(_HINTS[kind][n])) is not None]
    for kind in RECORDS
}
_DAYS: dict[type[Record], frozenset[str]] = {
    kind: frozenset(n for n, hint in _HINTS[kind].items() if date in (hint, *get_args(hint)))
    for kind in RECORDS
}
