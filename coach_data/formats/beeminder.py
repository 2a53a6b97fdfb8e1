"""Beeminder: the datapoints of one goal as JSON, alone or inside the goal. Dummies are dropped."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from coach_data.files import LONG, Table, capped
from coach_data.parsing import number_text


def read(content: bytes, name: str) -> Table | None:
    """The datapoints, in the long shape; the file names the goal where the JSON does not."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"[", b"{"):
        return None
    try:
        found: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    slug = found.get("slug") if isinstance(found, dict) else None
    points = found.get("datapoints") if isinstance(found, dict) else found
    if not isinstance(points, list) or not points or not all(_is_point(p) for p in points):
        return None
    goal = str(slug or PurePath(name).stem or "Beeminder")
    real = [(k, p) for k, p in enumerate(points, start=1) if not p.get("is_dummy")]
    rows = ((k, [_day(p), goal, _value(p["value"]), "", _note(p), ""]) for k, p in real)
    remarks = (f"Datapoints that are dummies are left out: {len(points) - len(real):,}.",)
    return Table(",", LONG, capped(rows, name), len(real), remarks, "Beeminder")


def _is_point(point: object) -> bool:
    return isinstance(point, dict) and {"timestamp", "daystamp", "value"} <= point.keys()


def _day(point: dict[str, Any]) -> str:
    text = str(point["daystamp"])
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else text


def _value(value: object) -> str:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return number_text(float(value)) if plain and abs(value) < 1e300 else str(value)  # type: ignore[arg-type]


def _note(point: dict[str, Any]) -> str:
    return str(point.get("comment") or "")
