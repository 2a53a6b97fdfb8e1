"""Looking at a file for somebody with a few behaviours: what the tests of the import have in common."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from coach_data.model import Indicator, Kind, Measure
from coach_data.plan import Plan
from coach_data.preview import Choices, Preview
from coach_data.reader import read

TODAY = date(2026, 5, 31)


EMPTY = Plan(outcome=None, lagging=None, leading=(), guards=(), parked=(), aims={})


def indicator(name: str, measure: Measure = Measure.COUNT, **more: Any) -> Indicator:
    """A behaviour of person 1."""
    more = {"person_id": 1, "indicator_id": 1, "kind": Kind.LEADING, **more}
    return Indicator(name=name, measure=measure, **more)


def look(text: str | bytes, *known: Indicator, name: str = "x.csv", **choices: Any) -> Preview:
    """The preview of a file for somebody who has these behaviours."""
    content = text.encode() if isinstance(text, str) else text
    return read(content, name, replace(EMPTY, leading=known), TODAY, Choices(**choices))


def why(preview: Preview) -> list[tuple[int, str, str]]:
    """The refusals without what was written."""
    return [(r.line, r.column, r.why) for r in preview.refusals]


def values(preview: Preview, name: str = "Calls") -> dict[str, float | None]:
    """The values of one indicator by day."""
    found = next(f for f in preview.indicators if f.name == name)
    assert found.indicator is not None
    return {str(d): g.value for d, g in preview.given[found.indicator.indicator_id].items()}


CALLS = indicator("Calls")


HOURS = indicator("Hours", Measure.NUMBER)


MINUTES = replace(CALLS, unit="min", measure=Measure.NUMBER)
