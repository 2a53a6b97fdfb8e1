"""Which values an indicator can take."""

from __future__ import annotations

from math import isfinite

from coach_data.model import CoachError, Indicator, Measure

_BOUNDS: dict[Measure, tuple[float | None, float | None]] = {
    Measure.COUNT: (0, 1000),
    Measure.MINUTES: (0, 1440),
    Measure.NUMBER: (None, None),
    Measure.RATING: (1, 5),
    Measure.YES_NO: (0, 1),
}
WHOLE = frozenset({Measure.COUNT, Measure.RATING, Measure.YES_NO})
"""Measures whose values are whole numbers."""


class BadValue(CoachError):
    """That number cannot be kept."""


def bounds(indicator: Indicator) -> tuple[float | None, float | None]:
    """The lowest and highest value that is taken, None where there is no limit."""
    low, high = _BOUNDS[indicator.measure]
    return (
        low if indicator.low is None else indicator.low,
        high if indicator.high is None else indicator.high,
    )


def checked(indicator: Indicator, value: float) -> float:
    """``value`` if it can be one of this indicator's; raises BadValue naming what can be."""
    low, high = bounds(indicator)
    if not isfinite(value):
        raise BadValue(f"{indicator.name}: that is not a number.")
    if (low is not None and value < low) or (high is not None and value > high):
        unit = f" {indicator.unit}" if indicator.unit else ""
        span = f"from {low:g}" if high is None else f"up to {high:g}" if low is None else ""
        span = span or f"from {low:g} to {high:g}"
        raise BadValue(f"{indicator.name}: {value:g} is out of range; it goes {span}{unit}.")
    if indicator.measure in WHOLE and value != int(value):
        raise BadValue(f"{indicator.name}: {value:g} is not a whole number.")
    return float(value)
