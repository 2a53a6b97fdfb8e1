"""The compass row: what is in its table, its axis, its words, and that it compiles and draws."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.compass import Reading, Row
from coach_data.model import Annotation, Event, Indicator, Kind, Measure, Period
from coach_data.statistics.variation import Signal
from pages.parts.charts import picture, row_alt, row_chart
from pages.parts.row_data import domain, figure, limit, marks_of, two_ticks, usual_shown

FIRST = date(2025, 9, 29)  # a Monday
DAYS = [FIRST + timedelta(days=k) for k in range(42)]
NAN = float("nan")


def row(
    values: dict[int, float],
    *,
    usual: tuple[float, float, float] = (NAN, NAN, NAN),
    skipped: tuple[int, ...] = (),
    outside: dict[int, int] | None = None,
    aimed: list[float] | None = None,
    measure: Measure = Measure.NUMBER,
    period: Period = Period.DAY,
    reading: Reading = Reading.USUAL,
    unit: str = "h",
) -> Row:
    indicator = Indicator(
        person_id=1,
        indicator_id=1,
        kind=Kind.LEADING,
        name="Sleep",
        unit=unit,
        measure=measure,
        period=period,
    )
    series, marks, skips = np.full(42, NAN), np.zeros(42, np.int64), np.zeros(42, bool)
    for place, value in values.items():
        series[place] = value
    for place, side in (outside or {}).items():
        marks[place] = side
    skips[list(skipped)] = True
    low, centre, high = (np.full(42, v) for v in usual)
    return Row(
        indicator=indicator,
        aim=None,
        values=series,
        skipped=skips,
        usual_low=low,
        usual_centre=centre,
        usual_high=high,
        outside=marks,
        aimed=np.array(aimed or [NAN] * 42),
        reading=reading,
        signal=Signal.NONE,
        needle=None,
        n_known=len(values),
    )


def note(
    first: int, last: int | None = None, text: str = "Launch", leave: bool = False
) -> Annotation:
    return Annotation(
        person_id=1,
        annotation_id=first + 100,
        first_day=FIRST + timedelta(days=first),
        last_day=FIRST + timedelta(days=first if last is None else last),
        event=Event.LEAVE if leave else Event.EVENT,
        text=text,
    )


def table(shown: Row, *annotations: Annotation) -> dict[str, list[Any]]:
    data, _ = row_chart(shown, DAYS, annotations, theme="light")
    return data.to_pydict()


def spec_of(shown: Row, *annotations: Annotation, **how: Any) -> dict[str, Any]:
    return row_chart(shown, DAYS, annotations, **{"theme": "light", **how})[1]


class TestTable:
    def test_a_missing_day_is_nan_and_never_filled(self) -> None:
        made = table(row({0: 7, 2: 8}))
        assert made["value"][0] == 7
        assert np.isnan(made["value"][1])
        assert made["shape"][:3] == ["usual", None, "usual"]
        assert made["lane"][:3] == [None, "gap", None]
        assert made["told"][1] == "Tue 30 Sep 2025\nno entry"

    def test_days_are_whole_numbers_since_1970(self) -> None:
        made = table(row({0: 7}))
        assert made["day"][0] == (FIRST - date(1970, 1, 1)).days
        assert made["told"][0] == "Mon 29 Sep 2025\n7 h"

    def test_no_gap_before_the_first_sign_of_life_nor_today(self) -> None:
        lane = table(row({20: 7}))["lane"]
        assert lane[:21] == [None] * 21
        assert lane[21:41] == ["gap"] * 20
        assert lane[41] is None

    def test_nothing_known_has_no_gaps(self) -> None:
        assert table(row({}))["lane"] == [None] * 42

    def test_skipped_is_not_missing(self) -> None:
        made = table(row({0: 7}, skipped=(1,)))
        assert made["lane"][1:3] == ["skip", "gap"]
        assert made["told"][1].endswith("\nskipped")

    def test_a_leave_has_no_gaps(self) -> None:
        made = table(row({0: 7}), note(2, 5, leave=True))
        assert made["lane"][1:7] == ["gap", "leave", "leave", "leave", "leave", "gap"]
        assert made["told"][3].endswith("\non leave")

    def test_days_outside_have_a_shape_and_words(self) -> None:
        made = table(row({0: 9, 1: 2, 2: 6}, usual=(4, 6, 8), outside={0: 1, 1: -1}))
        assert made["shape"][:3] == ["above", "below", "usual"]
        said = [told.splitlines()[1:] for told in made["told"][:3]]
        assert [first for first, _ in said] == [
            "9 h, above the usual",
            "2 h, below the usual",
            "6 h, as usual",
        ]
        assert {second for _, second in said} == {"usually 4 to 8 h"}

    def test_a_weekly_indicator_joins_its_weeks_and_breaks_at_a_missed_one(self) -> None:
        made = table(row({4: 5, 11: 6, 25: 7}, period=Period.WEEK))
        assert [k for k, lane in enumerate(made["lane"]) if lane] == [20, 34]
        assert [k for k, line in enumerate(made["line"]) if line] == [4, 11, 20, 25, 34]

    def test_yes_and_no_are_not_joined(self) -> None:
        made = table(row({0: 1, 1: 0}, measure=Measure.YES_NO, unit=""))
        assert not any(made["line"])
        assert [told.splitlines()[1] for told in made["told"][:2]] == ["yes", "no"]

    def test_the_aim_of_each_day_is_kept(self) -> None:
        made = table(row({0: 1}, aimed=[3.0] * 20 + [4.0] * 22))
        assert made["aim"][19:21] == [3, 4]
        assert [told.splitlines()[-1] for told in made["told"][19:21]] == ["aim 3 h", "aim 4 h"]


class TestUsual:
    def test_it_is_cut_at_what_can_be(self) -> None:
        low, high = usual_shown(row({0: 1}, usual=(-3, 0.5, 4), measure=Measure.YES_NO))
        assert (low[0], high[0]) == (0, 1)

    def test_a_number_never_negative_has_no_negative_usual(self) -> None:
        assert usual_shown(row({0: 1, 1: 5}, usual=(-3, 2, 7)))[0][0] == 0
        assert usual_shown(row({0: -1, 1: 5}, usual=(-3, 2, 7)))[0][0] == -3

    def test_where_there_is_none_there_stays_none(self) -> None:
        assert np.isnan(usual_shown(row({0: 1}))[0]).all()


class TestAxis:
    @given(
        st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
        st.floats(0.001, 1e6),
        st.sampled_from([Measure.NUMBER, Measure.COUNT, Measure.MINUTES]),
    )
    def test_two_round_numbers_within_and_far_apart(
        self, low: float, width: float, measure: Measure
    ) -> None:
        ticks = two_ticks(low, low + width, measure)
        slack = 1e-6 * max(abs(low), width)
        assert len(ticks) == 2
        assert low - slack <= ticks[0] < ticks[1] <= low + width + slack
        assert ticks[1] - ticks[0] >= 0.5 * width

    @pytest.mark.parametrize(
        ("ends", "ticks"), [((-0.2, 5.6), [0, 5]), ((4.4, 8.8), [5, 8]), ((-4, 115), [0, 100])]
    )
    def test_examples(self, ends: tuple[float, float], ticks: list[float]) -> None:
        assert two_ticks(*ends, Measure.NUMBER) == ticks

    def test_everything_drawn_is_inside(self) -> None:
        shown = row({0: 7, 1: 12}, usual=(4, 6, 8), aimed=[9.0] * 42)
        floor, ceiling = domain(shown, *usual_shown(shown))
        assert floor < 4
        assert ceiling > 12

    def test_a_small_amount_stands_on_zero_and_an_empty_chart_has_an_axis(self) -> None:
        low = row({0: 2, 1: 8})
        assert domain(low, *usual_shown(low))[0] <= 0
        empty = row({})
        assert domain(empty, *usual_shown(empty)) == (0, 1)
        same = row({0: 0.0})
        floor, ceiling = domain(same, *usual_shown(same))
        assert floor < 0 < ceiling


class TestAnnotations:
    def test_only_those_within_the_days_cut_to_them(self) -> None:
        marks = marks_of([note(-10, -1), note(-3, 4), note(40, 60), note(50)], DAYS)
        assert [(m.start, m.end) for m in marks] == [(0, 4), (40, 41)]

    def test_words_have_the_room_up_to_the_next_mark(self) -> None:
        first, second = marks_of([note(5), note(20)], DAYS)
        assert (first.room, first.left) == (15, False)
        assert (second.room, second.left) == (22, False)

    def test_the_last_words_turn_left_at_the_edge_and_share_the_room(self) -> None:
        before, last = marks_of([note(20), note(38, text="Something long")], DAYS)
        assert last.left
        assert before.room + last.room == 18

    def test_line_breaks_of_a_text_are_spaces(self) -> None:
        assert marks_of([note(1, text="On\n leave")], DAYS)[0].label == "On leave"


class TestSpec:
    def test_it_holds_no_data_and_no_day_of_anybody(self) -> None:
        spec = spec_of(row({0: 7}), note(3), labels=True, axis=True)
        assert "datasets" not in spec
        assert not any("data" in layer for layer in spec["layer"])
        assert "Launch" not in json.dumps(spec)
        assert "Sleep" not in json.dumps(spec)

    def test_drawing_one_row_leaves_the_next_untouched(self) -> None:
        one = json.dumps(spec_of(row({0: 7})))
        spec_of(row({0: 700}))
        assert json.dumps(spec_of(row({0: 7}))) == one

    def test_one_aim_as_a_step_and_nothing_bridges_a_gap(self) -> None:
        layers = spec_of(row({0: 7}, aimed=[5.0] * 42))["layer"]
        aims = [x for x in layers if x["encoding"].get("y", {}).get("field") == "aim"]
        assert [a["mark"]["interpolate"] for a in aims] == ["step"]
        assert "aim" not in json.dumps([x["encoding"] for x in spec_of(row({0: 7}))["layer"]])
        assert not any("invalid" in layer["mark"] or "impute" in str(layer) for layer in layers)

    def test_marks_are_silent_and_the_chart_speaks(self) -> None:
        assert all(x["mark"]["aria"] is False for x in spec_of(row({0: 7}))["layer"])

    def test_all_rows_have_the_same_width_and_height_of_plot(self) -> None:
        plain, last = spec_of(row({0: 7})), spec_of(row({0: 12000}), axis=True)
        axes = [x["encoding"]["y"]["axis"] for s in (plain, last) for x in s["layer"][:1]]
        assert {(a["minExtent"], a["maxExtent"]) for a in axes} == {(36, 36)}
        assert (
            last["height"] - plain["height"]
            == last["layer"][0]["encoding"]["x"]["axis"]["minExtent"]
        )
        assert spec_of(row({0: 7}), phone=True)["height"] == 64

    def test_names_take_room_only_where_there_are_some(self) -> None:
        assert spec_of(row({0: 7}), labels=True)["height"] == 84
        assert spec_of(row({0: 7}), note(3), labels=True)["height"] > 84

    def test_colours_follow_the_theme(self) -> None:
        light, dark = (json.dumps(spec_of(row({0: 7}), theme=t)) for t in ("light", "dark"))
        assert "#1F2933" in light
        assert "#1F2933" not in dark


class TestWords:
    def test_a_row_in_one_sentence(self) -> None:
        shown = row({0: 7, 1: 6.25}, usual=(5.84, 7, 8.66), aimed=[8.0] * 42)
        assert row_alt(shown) == (
            "Sleep: about the usual, last value 6.25 h, usually 5.8 to 8.7 h, aim 8 h."
        )

    def test_few_days_and_none(self) -> None:
        assert row_alt(row({0: 7}, reading=Reading.LEARNING)) == (
            "Sleep: still learning the usual: 1 of 6 days, last value 7 h."
        )
        assert row_alt(row({}, reading=Reading.NOTHING)) == "Sleep: nothing to read yet."

    @pytest.mark.parametrize("reading", list(Reading))
    def test_every_reading_has_words(self, reading: Reading) -> None:
        assert row_alt(row({0: 7}, reading=reading)).startswith("Sleep: ")

    @pytest.mark.parametrize(
        ("value", "words"),
        [(3.0, "3"), (2.5, "2.5"), (0.143, "0.14"), (12.34, "12.3"), (1234.0, "1,234"), (-4, "-4")],
    )
    def test_figures(self, value: float, words: str) -> None:
        assert figure(value) == words

    def test_limits_claim_two_digits(self) -> None:
        assert [limit(v) for v in (4.77, 0.0234, 0.0, 83.3)] == ["4.8", "0.023", "0", "83.3"]


class TestPicture:
    def test_png_and_svg_with_every_day_and_the_title(self) -> None:
        pytest.importorskip("vl_convert")
        shown = row({0: 7, 1: 6, 3: 9}, usual=(4, 6, 8), outside={3: 1}, skipped=(5,))
        data, spec = row_chart(shown, DAYS, [note(7)], theme="dark", axis=True, labels=True)
        assert picture(data, spec, "png", title="Sleep")[:8] == b"\x89PNG\r\n\x1a\n"
        svg = picture(data, spec, "svg", title="Sleep <b>& rest").decode()
        ElementTree.fromstring(svg)
        assert "Sleep &lt;b&gt;&amp; rest" in svg
        assert "Launch" in svg
        assert svg.count("#6CAEF0") == 1  # one day stands out
        assert svg.count("#E8ECF0") >= 2  # two do not

    @pytest.mark.parametrize("values", [{}, {0: 0.0}, {0: -3.0, 5: 2.0}, {41: 1e6}])
    def test_odd_rows_draw_too(self, values: dict[int, float]) -> None:
        pytest.importorskip("vl_convert")
        data, spec = row_chart(row(values), DAYS, theme="light", phone=True, axis=True)
        assert picture(data, spec, "svg").startswith(b"<svg")


def test_charts_do_not_load_what_they_do_not_need() -> None:
    code = (
        "import sys, pages.parts.charts, pages.parts.needle\n"
        "print([m for m in ('altair', 'pandas', 'streamlit', 'vl_convert') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
