"""Numbers and days from text: what is read, what is refused and why, what is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.parsing import (
    Ambiguous,
    DayOrder,
    DecimalMark,
    Unreadable,
    day,
    day_orders,
    is_skip,
    number,
    number_text,
    shown,
    yes_no,
)

TODAY = date(2026, 5, 31)
POINT, COMMA = DecimalMark.POINT, DecimalMark.COMMA
DMY, MDY = DayOrder.DMY, DayOrder.MDY


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-3", -3), ("+0.5", 0.5), (".5", 0.5), ("007", 7), (" 4 ", 4), ("-0", 0)],
)
def test_a_number_with_a_decimal_point_needs_no_answer(text: str, value: float) -> None:
    assert number(text) == number(text, POINT) == value


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1,5", COMMA, 1.5),
        ("-0,25", COMMA, -0.25),
        ("1,234", COMMA, 1.234),
        ("1.234", COMMA, 1234),
        ("1.234.567,8", COMMA, 1234567.8),
        ("1,234", POINT, 1234),
        ("1.234", POINT, 1.234),
        ("1,234,567.8", POINT, 1234567.8),
    ],
)
def test_the_chosen_mark_is_decimal_and_the_other_one_groups(
    text: str, mark: DecimalMark, value: float
) -> None:
    assert number(text, mark) == value


@pytest.mark.abuse(15)
@pytest.mark.parametrize("text", ["1,5", "1,234", "0,25", "1.234,5", ",5"])
def test_case_15_a_comma_that_could_be_decimal_is_asked(text: str) -> None:
    with pytest.raises(Ambiguous):
        number(text)


def test_a_comma_that_can_only_group_is_not_asked() -> None:
    assert number("1,234.5") == 1234.5


@pytest.mark.abuse(11)
@pytest.mark.parametrize("text", ["nan", "NaN", "-nan"])
def test_case_11_nan_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="not a number"):
        number(text)


@pytest.mark.abuse(12)
@pytest.mark.parametrize("text", ["1e999", "1e5", "1E+05", "inf", "-Infinity", "9" * 350])
def test_case_12_infinite_and_exponents_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        number(text)


def test_what_is_longer_than_a_number_can_be_is_refused() -> None:
    assert number("0" * 399 + "7") == 7
    with pytest.raises(Unreadable, match="longer than a number"):
        number("0" * 400 + "7")


@pytest.mark.abuse(13)
def test_case_13_underscores_in_numbers() -> None:
    with pytest.raises(Unreadable, match="underscore"):
        number("1_000")


@pytest.mark.abuse(14)
@pytest.mark.parametrize("text", ["١٢", "१२", "¹", "Ⅻ", "１２"])
def test_case_14_only_ascii_digits_are_read(text: str) -> None:
    with pytest.raises(Unreadable, match="digits 0 to 9"):
        number(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "5.", "1,2,3", "1.2.3", "12,34,567", "1 000", "--1", "0x10", "5%", "€5", "30 min"],
)
@pytest.mark.parametrize("mark", [POINT, COMMA])
def test_what_is_no_number_is_refused_with_a_reason(text: str, mark: DecimalMark) -> None:
    with pytest.raises(Unreadable) as refusal:
        number(text, mark)
    assert len(str(refusal.value)) > 15


def test_a_percent_sign_is_read_where_the_unit_is_percent() -> None:
    assert number("95 %", percent=True) == 95
    with pytest.raises(Unreadable, match="percent"):
        number("95 %")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back_as_it_was(value: float) -> None:
    text = number_text(value)
    assert number(text) == value
    assert number(text.replace(".", ","), COMMA) == value


@given(st.integers(-(10**15), 10**15))
def test_thousands_come_back_as_they_were(value: int) -> None:
    assert number(f"{value:,}", POINT) == value


@given(st.text(max_size=20), st.sampled_from([None, POINT, COMMA]))
def test_any_text_is_a_number_or_refused(text: str, mark: DecimalMark | None) -> None:
    try:
        assert isinstance(number(text, mark), float)
    except Unreadable:
        return


def test_words_for_yes_no_and_skip() -> None:
    assert [yes_no(w) for w in ("Yes", "TRUE", "done", "x", "1")] == [1.0] * 5
    assert [yes_no(w) for w in ("no", "False", "0")] == [0.0] * 3
    assert yes_no("perhaps") is yes_no("") is yes_no("2") is None
    assert is_skip("Skip")
    assert is_skip("skipped")
    assert not is_skip("")


@pytest.mark.parametrize("text", ["2026-02-01", "01.02.2026", "1.2.2026", " 2026-02-01 "])
def test_days_that_can_be_read_in_one_way_only(text: str) -> None:
    assert day(text, TODAY) == date(2026, 2, 1)


@pytest.mark.abuse(20)
def test_case_20_day_and_month_first_is_asked() -> None:
    with pytest.raises(Ambiguous):
        day("01/02/2026", TODAY)
    assert day("01/02/2026", TODAY, DMY) == date(2026, 2, 1)
    assert day("01/02/2026", TODAY, MDY) == date(2026, 1, 2)
    assert day("02/02/2026", TODAY) == date(2026, 2, 2)
    assert day_orders("01/02/2026") == {DMY, MDY}
    assert day_orders("31/01/2026") == {DMY}
    assert day_orders("01/31/2026") == {MDY}
    with pytest.raises(Unreadable, match="month first"):
        day("31/01/2026", TODAY, MDY)


@pytest.mark.abuse(17)
@pytest.mark.parametrize("text", ["infinity", "-infinity", "nan", "tomorrow", "1.5", "20260201"])
def test_case_17_infinity_is_no_day(text: str) -> None:
    with pytest.raises(Unreadable, match="not a day"):
        day(text, TODAY)


@pytest.mark.abuse(18)
@pytest.mark.parametrize(
    "text", ["2026-02-30", "30.02.2026", "30/02/2026", "2026-13-01", "0000-01-01", "2025-02-29"]
)
def test_case_18_a_day_that_the_calendar_lacks(text: str) -> None:
    with pytest.raises(Unreadable, match="no such day"):
        day(text, TODAY)


@pytest.mark.abuse(19)
def test_case_19_a_future_day_and_one_before_2000() -> None:
    assert day("2026-05-31", TODAY) == TODAY
    with pytest.raises(Unreadable, match="not come yet"):
        day("2026-06-01", TODAY)
    with pytest.raises(Unreadable, match="before 2000"):
        day("1999-12-31", TODAY)


@pytest.mark.parametrize(
    "text", ["2026-05-01T00:00:00", "01.05.26", "2026-5-1", "٢٠٢٦-٠٥-٠١", "", "5/1"]
)
def test_other_forms_of_days_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        day(text, TODAY)


@given(st.dates(date(2000, 1, 1), TODAY))
def test_every_day_comes_back_as_it_was(on: date) -> None:
    assert day(on.isoformat(), TODAY) == on
    assert day(f"{on:%d.%m.%Y}", TODAY) == on
    assert day(f"{on:%d/%m/%Y}", TODAY, DMY) == day(f"{on:%m/%d/%Y}", TODAY, MDY) == on


@settings(max_examples=200)
@given(st.text(alphabet="0123456789/.- ", max_size=12), st.sampled_from([None, DMY, MDY]))
def test_any_text_is_a_day_or_refused(text: str, order: DayOrder | None) -> None:
    try:
        assert TODAY - timedelta(days=10_000) < day(text, TODAY, order) <= TODAY
    except Unreadable:
        return


def test_what_is_shown_holds_nothing_invisible() -> None:
    assert shown("a\u202eb\x1b[2Jc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[2Jc"
    assert shown("x" * 50) == "x" * 39 + "…"
    assert shown("x" * 40) == "x" * 40
