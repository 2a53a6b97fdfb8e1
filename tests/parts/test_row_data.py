"""What a row of the compass draws: the three states of a day, its axis, its marks, and its words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.compass import Reading, Row
from coach_data.model import Annotation, Measure, Period
from pages.parts.row_data import (
    RowDays,
    day_names,
    days_of,
    domain,
    figure,
    limit,
    marks_of,
    row_alt,
    two_ticks,
    usual_shown,
)
from tests.parts.rows import DAYS, note, row


def shown(one: Row, *annotations: Annotation) -> RowDays:
    return days_of(one, DAYS, marks_of(annotations, DAYS))


class TestDays:
    def test_a_missing_day_is_never_filled(self) -> None:
        made = shown(row({0: 7, 2: 8}))
        assert made.shape[:3] == ["usual", None, "usual"]
        assert made.lane[:3] == [None, "gap", None]
        assert made.told[:2] == ["Sleep: 7 h", "Sleep: no entry"]

    def test_no_gap_before_the_first_sign_of_life_nor_today(self) -> None:
        lane = shown(row({20: 7})).lane
        assert lane[:21] == [None] * 21
        assert lane[21:41] == ["gap"] * 20
        assert lane[41] is None

    def test_nothing_known_has_no_gaps(self) -> None:
        assert shown(row({})).lane == [None] * 42

    def test_skipped_is_not_missing(self) -> None:
        made = shown(row({0: 7}, skipped=(1,)))
        assert made.lane[1:3] == ["skip", "gap"]
        assert made.told[1] == "Sleep: skipped"

    def test_a_leave_has_no_gaps(self) -> None:
        made = shown(row({0: 7}), note(2, 5, leave=True))
        assert made.lane[1:7] == ["gap", "leave", "leave", "leave", "leave", "gap"]
        assert made.told[3] == "Sleep: on leave"

    def test_days_outside_have_a_shape_and_words(self) -> None:
        made = shown(row({0: 9, 1: 2, 2: 6}, usual=(4, 6, 8), outside={0: 1, 1: -1}))
        assert made.shape[:3] == ["above", "below", "usual"]
        assert made.told[:4] == [
            "Sleep: 9 h, above the usual (4 to 8)",
            "Sleep: 2 h, below the usual (4 to 8)",
            "Sleep: 6 h, as usual (4 to 8)",
            "Sleep: no entry, usually 4 to 8",
        ]

    def test_a_weekly_indicator_joins_its_weeks_and_breaks_at_a_missed_one(self) -> None:
        made = shown(row({4: 5, 11: 6, 25: 7}, period=Period.WEEK))
        assert [k for k, lane in enumerate(made.lane) if lane] == [20, 34]
        assert [k for k, line in enumerate(made.line) if line] == [4, 11, 20, 25, 34]

    def test_yes_and_no_are_not_joined(self) -> None:
        one = row(
            {0: 1, 1: 0}, measure=Measure.YES_NO, unit="", usual=(0, 0.5, 1), aimed=[0.6] * 42
        )
        made = shown(one)
        assert not any(made.line)
        assert made.told[:2] == ["Sleep: yes", "Sleep: no"]

    def test_the_aim_of_each_day_is_told(self) -> None:
        made = shown(row({0: 1}, aimed=[3.0] * 20 + [4.0] * 22))
        assert made.told[19:21] == ["Sleep: no entry, aim 3", "Sleep: no entry, aim 4"]

    def test_each_day_has_its_name(self) -> None:
        assert day_names(tuple(DAYS))[:2] == ["Mon 29 Sep 2025", "Tue 30 Sep 2025"]


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
        one = row({0: 7, 1: 12}, usual=(4, 6, 8), aimed=[9.0] * 42)
        floor, ceiling = domain(one, *usual_shown(one))
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


class TestWords:
    def test_a_row_in_one_sentence(self) -> None:
        one = row({0: 7, 1: 6.25}, usual=(5.84, 7, 8.66), aimed=[8.0] * 42)
        assert row_alt(one) == (
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
