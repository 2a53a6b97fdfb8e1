"""The four charts of "does it matter?": one verdict, nothing invented, and they compile."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import vl_convert

from pages.parts.association_charts import (
    Trend,
    histogram_chart,
    lag_chart,
    rolling_chart,
    scatter_chart,
)
from pages.parts.palette import DARK, LIGHT, Theme

VEGA_LITE = "6.1"  # the version that Altair writes, among those that vl-convert brings along
NAN = float("nan")
DAYS = [date(2025, 9, 15) + timedelta(days=k) for k in range(40)]
TREND = Trend([1, 2], [3, 4], [2, 3], [4, 5])


def svg_of(data: Any, spec: dict[str, Any]) -> str:
    """The chart as Vega draws it."""
    whole = {**spec, "data": {"values": data.to_pylist()}, "width": 600}
    return vl_convert.vegalite_to_svg(whole, vl_version=VEGA_LITE)


def charts(theme: Theme = "light", clear: bool = True, **how: Any) -> dict[str, tuple[Any, Any]]:
    rising = np.linspace(0, 0.5, 40)
    return {
        "scatter": scatter_chart(
            [1, 2, NAN, 4],
            [2, NAN, 3, 5],
            x_title='Blocks "deep"',
            y_title="Proposals\\n",
            theme=theme,
            trend=TREND if clear else None,
            **how,
        ),
        "lag": lag_chart(
            range(1, 15),
            [0.1, 0.2, 0.5, *[0.0] * 11],
            0.36,
            x_title="Days",
            y_title="Strength",
            theme=theme,
            marked=3,
            clear=clear,
            band_label="chance alone",
            **how,
        ),
        "rolling": rolling_chart(
            DAYS,
            rising,
            rising - 0.2,
            rising + 0.2,
            y_title="Strength",
            theme=theme,
            aims=[(DAYS[5], "aim agreed"), (date(2020, 1, 1), "long ago")],
            clear=clear,
            **how,
        ),
        "histogram": histogram_chart(
            [0, 1, 2, 3],
            [1, 7, 2],
            [1.5, NAN, 2],
            x_title="Blocks",
            y_title="Days",
            theme=theme,
            aim=1,
            clear=clear,
            **how,
        ),
    }


def params(spec: dict[str, Any]) -> dict[str, Any]:
    return {p["name"]: p["value"] for p in spec["params"]}


def test_only_pairs_that_are_known_are_drawn() -> None:
    data, _ = charts()["scatter"]
    made = data.to_pydict()
    assert made["x"] == [1, 4]
    assert made["y"] == [2, 5]


def test_no_trend_line_without_a_clear_verdict() -> None:
    data, _ = charts(clear=False)["scatter"]
    assert data.to_pydict()["fitted"] == [None, None]


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_colour_only_with_a_clear_verdict(theme: Theme, colours: Any) -> None:
    for clear in (True, False):
        for kind, (data, spec) in charts(theme, clear).items():
            svg = svg_of(data, spec)
            drawn = re.sub(r"<path (?![^>]*\bd=)[^>]*/>", "", svg)  # a path of no points
            assert (colours.signal in drawn) == clear, kind


def test_the_bar_that_holds_the_aim() -> None:
    assert charts()["histogram"][0].to_pydict()["at_aim"] == [False, True, False]
    data, _ = histogram_chart([0, 1], [3], x_title="", y_title="", theme="light", aim=9)
    assert data.to_pydict()["at_aim"] == [False]


@pytest.mark.parametrize(("edges", "whole"), [([-0.5, 0.5, 1.5, 2.5], True), ([0, 1, 2], False)])
def test_bars_of_whole_numbers_have_no_ticks_in_between(edges: list[float], whole: bool) -> None:
    counts = [30] * (len(edges) - 1)
    chart = histogram_chart(edges, counts, x_title="x", y_title="Days", theme="light")
    labels = re.findall(r">([−\d.]+)</text>", svg_of(*chart))
    assert any("." in label for label in labels) is not whole


def test_strength_reaches_as_far_up_as_down() -> None:
    for kind in ("lag", "rolling"):
        found = params(charts()[kind][1])
        assert found["floor"] == -found["ceiling"]
        assert 0.4 <= found["ceiling"] <= 1.05


def test_every_lag_has_its_number() -> None:
    svg = svg_of(*charts()["lag"])
    assert {str(lag) for lag in range(1, 15)} <= set(re.findall(r">(\d+)</text>", svg))


def test_aims_outside_the_days_are_left_out() -> None:
    made = charts()["rolling"][0].to_pydict()
    assert [w for w in made["words"] if w] == ["aim agreed"]


def test_titles_of_axes_are_kept_to_the_letter_and_specs_are_fresh() -> None:
    one = charts()["scatter"][1]
    titles = {
        layer["encoding"][c]["title"]
        for layer in one["layer"]
        for c in "xy"
        if "title" in layer["encoding"][c]
    }
    assert titles == {'Blocks "deep"', "Proposals\\n"}
    assert "@x" not in json.dumps(one)
    one["layer"].clear()
    assert charts()["scatter"][1]["layer"]


def test_marks_are_silent_and_hold_no_data() -> None:
    for kind, (_, spec) in charts().items():
        assert "datasets" not in spec, kind
        assert all(layer["mark"]["aria"] is False for layer in spec["layer"]), kind


def test_nothing_known_still_draws() -> None:
    nothing = np.full(40, NAN)
    words = {"y_title": "y", "theme": "light"}
    for data, spec in (
        scatter_chart([], [], x_title="x", **words),
        lag_chart([1, 2], [NAN, NAN], [NAN, NAN], x_title="x", **words),
        rolling_chart(DAYS, nothing, nothing, nothing, **words),
        histogram_chart([0, 1], [0], x_title="x", **words),
    ):
        assert svg_of(data, spec).startswith("<svg")
