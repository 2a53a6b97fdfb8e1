"""Perfice: its complete export, or that of one trackable, as JSON.

An entry there has a moment (milliseconds since 1970), so its day is the person's local one. Several
entries of one day become one value: numbers and durations (minutes) are added up, or their mean is
taken where the card in Perfice shows a mean; a yes among them is a yes. A tag, and an entry without
a question that has a number, is a yes on its day; days without one stay unknown. Texts are left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coach_data.files import LONG, Table, capped
from coach_data.parsing import number_text

DayOf = Callable[[float], date]
"""The person's local day of a moment, in seconds since 1970. Raises ValueError or OverflowError."""
_UNITS = {"NUMBER": "", "TIME_ELAPSED": "min", "BOOLEAN": ""}
"""The kinds of questions that have a value, each with its unit where it has always the same."""
_REMARKS = (
    "Numbers of one day are added up, or their mean is taken where the card shows a mean.",
    "Texts are left out; a day without an entry stays unknown.",
)
_Json = dict[str, Any]


def read(content: bytes, name: str, day_of: DayOf) -> Table | None:
    """The days of all trackables and tags, in the long shape."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return None
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    days = _Days(day_of)
    if {"trackables", "forms", "entries"} <= (kept := _dict(found.get("collections"))).keys():
        _everything(kept, days)
    elif {"questions", "entries"} <= found.keys() and _is_one(found["entries"]):
        _one(found, days)
    else:
        return None
    return Table(",", LONG, capped(days.rows(), name), days.count, _REMARKS, "Perfice")


@dataclass(slots=True)
class _Days:
    """The values of each indicator by its day as a text, in the order in which they come."""

    day_of: DayOf
    given: dict[tuple[str, str, bool], dict[str, list[float | bool]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    """By (name, unit, whether the mean counts)."""

    def add(self, key: tuple[str, str, bool], moment: object, value: float | bool) -> None:
        """One entry; a moment that is none is kept as it is written, and refused with its line."""
        try:
            day = str(self.day_of(float(moment) / 1000))  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError, OSError):
            day = str(moment)
        self.given[key][day].append(value)

    @property
    def count(self) -> int:
        return sum(map(len, self.given.values()))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        line = 0
        for (title, unit, mean), days in self.given.items():
            for day, values in days.items():
                line += 1
                yield line, [day, title, _together(values, mean), "", "", unit]


def _together(values: list[float | bool], mean: bool) -> str:
    if any(isinstance(v, bool) for v in values):
        return "yes" if any(values) else "no"
    total = sum(values) / len(values) if mean else sum(values)
    return number_text(total) if abs(total) < 1e300 else str(total)


def _everything(kept: _Json, days: _Days) -> None:
    forms = {f.get("id"): f for f in _dicts(kept["forms"])}
    meant = {
        t.get("formId"): _questions(t, forms.get(t.get("formId"), {}))
        for t in _dicts(kept["trackables"])
    }
    names = {t.get("formId"): str(t.get("name") or "") for t in _dicts(kept["trackables"])}
    for entry in _dicts(kept["entries"]):
        form, answers = entry.get("formId"), _dict(entry.get("answers"))
        if form not in meant:
            continue  # of a reflection, or of a trackable that was deleted
        if not meant[form]:
            days.add((names[form], "", False), entry.get("timestamp"), True)
        for question, key in meant[form].items():
            value = _plain(answers.get(question))
            if value is not None:
                days.add(key, entry.get("timestamp"), value)
    tags = {t.get("id"): str(t.get("name") or "") for t in _dicts(kept.get("tags"))}
    for entry in _dicts(kept.get("tagEntries")):
        if entry.get("tagId") in tags:
            days.add((tags[entry.get("tagId")], "", False), entry.get("timestamp"), True)


def _questions(trackable: _Json, form: _Json) -> dict[str, tuple[str, str, bool]]:
    """The questions with a value: for each its (name, unit, whether the mean counts)."""
    asked = [q for q in _dicts(form.get("questions")) if q.get("dataType") in _UNITS]
    title, card = str(trackable.get("name") or ""), _dict(trackable.get("cardSettings"))
    found = {}
    for question in asked:
        named = title if len(asked) == 1 else f"{title}: {question.get('name')}"
        unit = str(question.get("unit") or _UNITS[question["dataType"]])
        mean = card.get("aggregateType") == "MEAN" and card.get("field") == question.get("id")
        found[str(question.get("id"))] = (named, unit, mean)
    return found


def _plain(answer: object) -> float | bool | None:
    """The number or the yes or no in an answer, which may be wrapped in how it is shown."""
    while isinstance(answer, dict) and answer.get("type") == "DISPLAY":
        answer = _dict(answer.get("value")).get("value")
    value = _dict(answer).get("value")
    return value if isinstance(value, bool | int | float) else None


def _is_one(entries: object) -> bool:
    return all({"timestamp", "answers"} <= e.keys() for e in _dicts(entries))


def _one(found: _Json, days: _Days) -> None:
    """One trackable: nothing says what its card shows, so numbers are added up."""
    titles = [str(q) for q in found["questions"]] if isinstance(found["questions"], list) else []
    for entry in _dicts(found["entries"]):
        answers = entry["answers"] if isinstance(entry["answers"], list) else []
        for title, value in zip(titles, answers, strict=False):
            if isinstance(value, bool | int | float):
                days.add((title, "", False), entry["timestamp"], value)


def _dict(value: object) -> _Json:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[_Json]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
