"""Which values an indicator takes, and what is said of the others."""

from __future__ import annotations

import math

import pytest

from coach_data.model import Indicator, Kind, Measure
from coach_data.values import BadValue, bounds, checked, span


def indicator(measure: Measure, low: float | None = None, high: float | None = None) -> Indicator:
    """An indicator called Calls."""
    return Indicator(
        person_id=1, indicator_id=2, kind=Kind.LEADING, name="Calls", unit="h",
        measure=measure, low=low, high=high,
    )  # fmt: skip


@pytest.mark.abuse(11, 12)
@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 1e999, 10**400],
    ids=["11 nan", "12 inf", "-inf", "12 1e999", "more digits than a float has"],
)
def test_11_12_what_is_not_a_number_is_refused(measure: Measure, value: float) -> None:
    with pytest.raises(BadValue, match="Calls: that is not a number"):
        checked(indicator(measure), value)


@pytest.mark.parametrize("value", [1.1e15, -1e150])
def test_a_number_that_nothing_can_be_reckoned_from_is_refused(value: float) -> None:
    assert checked(indicator(Measure.NUMBER), 1e15) == 1e15
    with pytest.raises(BadValue, match="too large to be kept"):
        checked(indicator(Measure.NUMBER), value)


RANGES = [
    (Measure.COUNT, None, None, [0, 1000], [-1, 1001], "from 0 to 1000 h"),
    (Measure.MINUTES, None, None, [0, 0.5, 1440], [-0.1, 1440.1], "from 0 to 1440 h"),
    (Measure.RATING, None, None, [1, 5], [0, 6], "from 1 to 5 h"),
    (Measure.YES_NO, None, None, [0, 1], [-1, 2], "from 0 to 1 h"),
    (Measure.NUMBER, None, None, [-1e9, 0.001, 1e9], [], ""),
    (Measure.NUMBER, 0, None, [0, 1e9], [-0.1], "from 0 h"),
    (Measure.NUMBER, None, 8, [-1e9, 8], [8.1], "up to 8 h"),
    (Measure.NUMBER, 2, 8, [2, 8], [1.9, 8.1], "from 2 to 8 h"),
    (Measure.COUNT, 5, 10, [5, 10], [4, 11], "from 5 to 10 h"),
]


@pytest.mark.abuse(16)
@pytest.mark.parametrize(("measure", "low", "high", "taken", "refused", "said"), RANGES)
def test_16_out_of_range_is_refused_with_the_range(
    measure: Measure,
    low: float | None,
    high: float | None,
    taken: list[float],
    refused: list[float],
    said: str,
) -> None:
    calls = indicator(measure, low, high)
    assert [checked(calls, value) for value in taken] == taken
    for value in refused:
        with pytest.raises(BadValue, match=rf"Calls: {value:g} is out of range; it goes {said}\."):
            checked(calls, value)


@pytest.mark.parametrize("measure", Measure)
def test_halves(measure: Measure) -> None:
    calls = indicator(measure, 0, 5)
    if measure in (Measure.MINUTES, Measure.NUMBER):
        assert checked(calls, 2.5) == 2.5
    else:
        with pytest.raises(BadValue, match=r"2\.5 is not a whole number"):
            checked(calls, 2.5)


def test_a_value_is_kept_as_a_float() -> None:
    assert type(checked(indicator(Measure.COUNT), 3)) is float


def test_one_end_of_a_range_may_be_given() -> None:
    assert bounds(indicator(Measure.RATING, high=10)) == (1, 10)


def test_a_range_in_words() -> None:
    assert [span(0, 5), span(0, None), span(None, 5), span(None, None)] == [
        "from 0 to 5",
        "from 0",
        "up to 5",
        "",
    ]
