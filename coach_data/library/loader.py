"""The one reader of the library's files. A file is described by a frozen dataclass: its fields are
the keys that the file must hold (those with a default may be left out), its types what the values
must be. Anything else is refused with the file and the key in the message.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from math import isfinite
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class BadLibrary(ValueError):
    """A library file is not as it must be; the message names the file and the key."""


def parse(kind: type[T], text: str, file: str) -> T:
    """The TOML ``text`` as a ``kind``; BadLibrary with ``file`` and the key where it is not one."""
    record: T = _record(kind, _toml(text, file), file)
    return record


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"{file}: this is not TOML: {error}") from error


def _record(kind: Any, raw: object, where: str) -> Any:
    if not isinstance(raw, dict):
        raise BadLibrary(f"{where}: a table is needed, not {raw!r}")
    types = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    for key in raw:
        if key not in known:
            raise BadLibrary(f"{where}: {key} is not a known key")
    for name, field in known.items():
        if name not in raw and field.default is MISSING:
            raise BadLibrary(f"{where}: {name} is missing")
    return kind(**{key: _value(types[key], raw[key], f"{where}: {key}") for key in raw})


def _value(kind: Any, raw: object, where: str) -> Any:
    """``raw`` as a ``kind``: a collection, an optional, a record, an enum or a plain value."""
    origin = get_origin(kind)
    if origin in (tuple, frozenset):
        return _items(origin, get_args(kind)[0], raw, where)
    if origin is UnionType:
        return _value(get_args(kind)[0], raw, where)
    if is_dataclass(kind):
        return _record(kind, raw, where)
    if issubclass(kind, StrEnum):
        if raw not in [str(member) for member in kind]:
            raise BadLibrary(f"{where}: {raw!r} is none of {', '.join(kind)}")
        return kind(raw)
    if kind is float and type(raw) is int:
        return float(raw)
    if type(raw) is not kind or raw == "" or (type(raw) is float and not isfinite(raw)):
        raise BadLibrary(f"{where}: {kind.__name__} is needed, not {raw!r}")
    return raw


def _items(collection: Any, kind: Any, raw: object, where: str) -> Any:
    if not isinstance(raw, list) or not raw:
        raise BadLibrary(f"{where}: a list with something in it is needed, not {raw!r}")
    items = [_value(kind, item, f"{where}[{k}]") for k, item in enumerate(raw)]
    if collection is frozenset and len(set(items)) < len(items):
        raise BadLibrary(f"{where}: something is listed twice")
    return collection(items)


def flatten(text: str, file: str) -> dict[str, str | tuple[str, ...]]:
    """The wording in the TOML ``text`` by dotted key: a string, or several."""
    flat: dict[str, str | tuple[str, ...]] = {}

    def walk(table: Mapping[str, object], path: str) -> None:
        for name, value in table.items():
            key = f"{path}{name}"
            if isinstance(value, dict):
                walk(value, f"{key}.")
            elif isinstance(value, list):
                flat[key] = _items(tuple, str, value, f"{file}: {key}")
            else:
                flat[key] = _value(str, value, f"{file}: {key}")

    walk(_toml(text, file), "")
    return flat
