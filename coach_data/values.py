"""Which values an indicator can take."""

from __future__ import annotations

from math import inf, isfinite

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


LARGEST = 1e15
"""Beyond it a number is a slip of the finger, and nothing can be reckoned from it."""


class BadValue(CoachError):
    """That number cannot be kept."""


def bounds(indicator: Indicator) -> tuple[float | None, float | None]:
    """The lowest and highest value that is taken, None where there is no limit."""
    low, high = _BOUNDS[indicator.measure]
    return (
        low if indicator.low is None else indicator.low,
        high if indicator.high is None else indicator.high,
    )


def span(low: float | None, high: float | None) -> str:
    """A range in words: "from 0 to 5", "from 0", "up to 5"."""
    ends = (("from", low), ("to" if low is not None else "up to", high))
    return " ".join(f"{word} {end:g}" for word, end in ends if end is not None)


def checked(indicator: Indicator, value: float) -> float:
    """``value`` if it can be one of this indicator's; raises BadValue naming what can be."""
    low, high = bounds(indicator)
    try:
        value = float(value)
    except OverflowError:  # more digits than any float has
        value = inf
    if not isfinite(value):
        raise BadValue(f"{indicator.name}: that is not a number.")
    if abs(value) > LARGEST:
        raise BadValue(f"{indicator.name}: {value:g} is too large to be kept.")
    if (low is not None and value < low) or (high is not None and value > high):
        unit = f" {indicator.unit}" if indicator.unit else ""
        raise BadValue(
            f"{indicator.name}: {value:g} is out of range; it goes {span(low, high)}{unit}."
        )
    if indicator.measure in WHOLE and value != int(value):
        raise BadValue(f"{indicator.name}: {value:g} is not a whole number.")
    return value


def check_range(indicator: Indicator) -> None:
    """Raises BadValue where no value, or no delay, of this indicator could make sense."""
    low, high = bounds(indicator)
    if low is not None and high is not None and low >= high:
        raise BadValue(f"{indicator.name}: the lowest value must be below the highest.")
    if indicator.expected_lag is not None and not 0 <= indicator.expected_lag <= 60:
        raise BadValue(f"{indicator.name}: the expected lag goes from 0 to 60 days.")
