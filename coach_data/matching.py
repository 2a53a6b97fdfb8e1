"""Which indicator a column of a file is: one that is here, a new one, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from coach_data.model import Indicator, Kind, Measure, new_id
from coach_data.parsing import DecimalMark, Unreadable, is_skip, number, shown, yes_no
from coach_data.sheet import Column
from coach_data.text import BadText, clean, same
from coach_data.values import bounds

_WITH_UNIT = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")
_MINUTES = frozenset({"min", "mins", "minute", "minutes"})


class Handling(StrEnum):
    """What to do with a name that no indicator has."""

    NEW = "new"
    LAGGING = "lagging"
    IGNORE = "ignore"


class Units(StrEnum):
    """What to do where the file has another unit than the indicator here, and one is so much of it."""

    CONVERT = "convert"
    AS_THEY_ARE = "as they are"


class Match(StrEnum):
    """What an indicator of the file is to the person whom it is brought in for."""

    HERE = "here"
    NEW = "new"
    IGNORED = "ignored"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator of the file. ``indicator``: the one here, or the one to be made (then guessed).

    ``values``: places of the file that say anything about it.
    """

    name: str
    match: Match
    indicator: Indicator | None
    values: int
    factor: float = 1.0
    """By which its numbers are multiplied, because the file has another unit."""
    asked: str = ""
    """How they would be converted, where a person still has to say whether they are to be."""


class Matcher:
    """Finds for each column its indicator. ``known``: those of the person, the likeliest first."""

    def __init__(
        self,
        known: Iterable[Indicator],
        mapping: Mapping[str, int | str],
        mark: DecimalMark | None,
        *,
        lagging_allowed: bool,
        units: Mapping[str, str] | None = None,
    ) -> None:
        known = list(known)
        self._ids = {i.indicator_id: i for i in known}
        self._names = {same(i.name): i for i in reversed(known)}
        self._mapping = {same(name): answer for name, answer in mapping.items()}
        self._units = {same(name): answer for name, answer in (units or {}).items()}
        self._mark = mark
        self._lagging_allowed = lagging_allowed
        self.remarks: list[str] = []

    def all(self, columns: list[Column]) -> list[Found]:
        """What each column is, in their order."""
        self._titles = [same(_split(c.name)[0]) for c in columns]
        return [self._one(column) for column in columns]

    def _one(self, column: Column) -> Found:
        answer = self._mapping.get(same(column.name))
        here = self._ids.get(answer) if isinstance(answer, int) else None
        here = here or self._here(column)
        name = column.name or (here.name if here else "")
        values = len(column.cells)
        if answer == Handling.IGNORE or (here is None and not values):
            return Found(name, Match.IGNORED, None, values)
        if here is not None:
            return self._compared(column, here, Found(name, Match.HERE, here, values))
        made = self._made(column)
        if answer == Handling.LAGGING and self._lagging_allowed:
            self._lagging_allowed = False
            return Found(name, Match.NEW, replace(made, kind=Kind.LAGGING), values)
        return Found(name, Match.NEW if answer == Handling.NEW else Match.ASKED, made, values)

    def _here(self, column: Column) -> Indicator | None:
        if column.indicator_id is not None:
            return self._ids.get(column.indicator_id)
        if here := self._names.get(same(column.name)):
            return here
        base, unit = _split(column.name)
        here = self._names.get(same(base))
        return here if here is not None and same(here.unit) == same(unit) else None

    def _compared(self, column: Column, here: Indicator, found: Found) -> Found:
        """What is found, with what is to be done where the file and the indicator here differ."""
        if column.indicator_id is not None and column.name and same(column.name) != same(here.name):
            self.remarks.append(f"“{shown(column.name)}” is called “{shown(here.name)}” here.")
        factor = _factor(column.unit or _split(column.name)[1], here.unit)
        answer = self._units.get(same(found.name))
        if factor is not None and answer == Units.CONVERT:
            return replace(found, factor=factor)
        if factor is not None and answer != Units.AS_THEY_ARE:
            unit = shown(column.unit or _split(column.name)[1])
            larger = f"1 {unit} is {factor:g} {here.unit}"
            return replace(
                found,
                asked=larger if factor > 1 else f"1 {here.unit} is {1 / factor:g} {unit}",
            )
        if column.unit and here.unit and same(column.unit) != same(here.unit):
            self.remarks.append(
                f"“{shown(here.name)}” is in {shown(column.unit)} in the file and in {here.unit} "
                "here. The numbers are taken as they are."
            )
        return found

    def _made(self, column: Column) -> Indicator:
        """The indicator that the column would become; its name, unit and measure are guesses."""
        base, unit = _split(column.name)
        taken = same(base) in self._names or self._titles.count(same(base)) > 1
        name, unit = (column.name, "") if taken else (base, unit)
        try:
            unit = clean(column.unit or unit, "unit")
        except BadText:
            self.remarks.append(f"The unit of “{shown(name)}” is too long and was left out.")
            unit = ""
        measure, unit = _guess(column, unit, self._mark)
        return Indicator(
            person_id=0,
            indicator_id=new_id(),
            kind=Kind.LEADING,
            name=name,
            unit=unit,
            measure=measure,
        )


_SCALES: tuple[dict[str, float], ...] = (
    {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600},
    {"mm": 0.001, "cm": 0.01, "m": 1, "meter": 1, "metre": 1, "km": 1000},
    {"mg": 0.001, "g": 1, "gram": 1, "kg": 1000},
    {"ml": 0.001, "cl": 0.01, "dl": 0.1, "l": 1, "liter": 1, "litre": 1},
)
"""Units of one kind, each as so many of one of them; what else there is cannot be converted."""


def _factor(given: str, wanted: str) -> float | None:
    """How many ``wanted`` one ``given`` is; None where they are the same, or not of one kind."""
    first, second = (same(u) if len(u) < 3 else same(u).removesuffix("s") for u in (given, wanted))
    for scale in _SCALES:
        if first in scale and second in scale and scale[first] != scale[second]:
            return scale[first] / scale[second]
    return None


def _split(name: str) -> tuple[str, str]:
    """``Deep work (min)`` as its name and its unit."""
    found = _WITH_UNIT.fullmatch(name)
    return (found[1], found[2].strip()) if found else (name, "")


def _guess(column: Column, unit: str, mark: DecimalMark | None) -> tuple[Measure, str]:
    texts = {c.value for c in column.cells if c.value and not is_skip(c.value)}
    if texts and all(yes_no(t) is not None for t in texts) and not texts <= {"0", "1"}:
        return Measure.YES_NO, ""
    if not unit and texts and all(t.endswith("%") for t in texts):
        unit = "%"
    numbers = [n for t in texts if (n := _number(t, mark, unit)) is not None]
    wanted = Measure.MINUTES if unit.casefold() in _MINUTES else Measure.COUNT
    if wanted is Measure.COUNT and (unit == "%" or any(n != int(n) for n in numbers)):
        return Measure.NUMBER, unit
    probe = Indicator(person_id=0, indicator_id=0, kind=Kind.LEADING, name="", measure=wanted)
    low, high = bounds(probe)
    inside = all((low or 0) <= n <= (high or n) for n in numbers)
    return (wanted if numbers and inside else Measure.NUMBER), unit


def _number(text: str, mark: DecimalMark | None, unit: str) -> float | None:
    try:
        return number(text, mark, percent=unit == "%")
    except Unreadable:
        return None
