"""What of a file is good, what is refused on which line, what has to be asked."""

from __future__ import annotations

import pytest

from coach_data.files import FileRefused
from coach_data.model import EntryState, Measure
from coach_data.parsing import DayOrder, DecimalMark
from coach_data.preview import Duplicates, Topic
from tests.previews import CALLS, HOURS, indicator, look, values, why


@pytest.mark.abuse(9)
def test_case_9_a_long_note_is_refused_with_its_line() -> None:
    text = f"date,indicator,value,note\n2026-01-01,Calls,1,{'x' * 2001}\n2026-01-02,Calls,1,\n"
    seen = look(text, CALLS)
    assert [(r.line, r.column) for r in seen.refusals] == [(2, "Calls")]
    assert "holds 2,000" in seen.refusals[0].why
    with pytest.raises(FileRefused):
        look("date,indicator,value,note\n2026-01-01,Calls,1," + "x" * 10_000_000 + "\n", CALLS)


@pytest.mark.abuse(11, 12, 13, 14, 16)
@pytest.mark.parametrize(
    ("case", "text", "reason"),
    [
        (11, "NaN", "not a number"),
        (12, "1e999", "exponent"),
        (12, "inf", "not a number"),
        (13, "1_000", "underscore"),
        (14, "١٢", "digits 0 to 9"),
        (16, "1001", "from 0 to 1000"),
        (16, "-1", "from 0 to 1000"),
    ],
)
def test_case_11_to_16_numbers_that_are_refused(case: int, text: str, reason: str) -> None:
    seen = look(f"date,Calls\n2026-01-01,{text}\n2026-01-02,4\n", CALLS)
    ((line, column, said),) = why(seen)
    assert (line, column, values(seen)) == (2, "Calls", {"2026-01-02": 4})
    assert reason in said
    assert not seen.ready
    assert look(f"date,Calls\n2026-01-01,{text}\n", CALLS, only_good_rows=True).ready


@pytest.mark.abuse(15)
def test_case_15_a_comma_in_a_number_is_asked_once() -> None:
    text = "date;Hours\n2026-01-01;1,5\n2026-01-02;2\n2026-01-03;1,234\n"
    seen = look(text, HOURS)
    (question,) = seen.questions
    assert question.topic is Topic.DECIMAL
    assert "1,5 on line 2, and 1 more" in question.text
    assert (values(seen, "Hours"), seen.refused) == ({"2026-01-02": 2}, 0)
    seen = look(text, HOURS, decimal=DecimalMark.COMMA)
    assert values(seen, "Hours") == {"2026-01-01": 1.5, "2026-01-02": 2, "2026-01-03": 1.234}
    seen = look(text, HOURS, decimal=DecimalMark.POINT)
    assert values(seen, "Hours") == {"2026-01-02": 2, "2026-01-03": 1234}
    assert [line for line, *_ in why(seen)] == [2]


@pytest.mark.abuse(17, 18, 19)
@pytest.mark.parametrize(
    ("case", "text", "reason"),
    [
        (17, "infinity", "not a day"),
        (18, "2026-02-30", "no such day"),
        (19, "2026-06-01", "not come yet"),
    ],
)
def test_case_17_to_19_days_that_are_refused(case: int, text: str, reason: str) -> None:
    seen = look(f"date,Calls,Hours\n{text},1,1\n2026-01-02,4,2\n", CALLS, HOURS)
    ((line, column, said),) = why(seen)
    assert (line, column) == (2, "date")
    assert reason in said


@pytest.mark.abuse(20)
def test_case_20_the_order_of_day_and_month_is_asked() -> None:
    text = "date,Calls\n01/02/2026,1\n02/02/2026,2\n03/02/2026,3\n"
    seen = look(text, CALLS)
    assert [q.topic for q in seen.questions] == [Topic.DAY_ORDER]
    assert "01/02/2026" in seen.questions[0].text
    assert (values(seen), seen.refused) == ({"2026-02-02": 2}, 0)
    assert [*values(look(text, CALLS, day_order=DayOrder.DMY))] == [
        "2026-02-01",
        "2026-02-02",
        "2026-02-03",
    ]
    assert [*values(look(text, CALLS, day_order=DayOrder.MDY))] == [
        "2026-01-02",
        "2026-02-02",
        "2026-03-02",
    ]


def test_one_day_after_the_twelfth_settles_the_order_of_the_file() -> None:
    seen = look("date,Calls\n01/02/2026,1\n13/02/2026,2\n", CALLS)
    assert not seen.questions
    assert [*values(seen)] == ["2026-02-01", "2026-02-13"]


def test_days_that_prove_both_orders_are_asked() -> None:
    text = "date,Calls\n01/13/2026,1\n13/02/2026,2\n2026-02-14,3\n"
    seen = look(text, CALLS)
    assert [q.topic for q in seen.questions] == [Topic.DAY_ORDER]
    assert values(seen) == {"2026-02-14": 3}
    seen = look(text, CALLS, day_order=DayOrder.DMY)
    assert values(seen) == {"2026-02-13": 2, "2026-02-14": 3}
    assert [line for line, *_ in why(seen)] == [2]


@pytest.mark.abuse(22)
def test_case_22_the_same_day_twice_is_asked() -> None:
    text = "date,Calls\n2026-01-01,1\n2026-01-02,5\n2026-01-01,3\n2026-01-02,5\n"
    seen = look(text, CALLS)
    (question,) = seen.questions
    assert question.topic is Topic.DUPLICATES
    assert "Calls on 2026-01-01: 1 on line 2, 3 on line 4" in question.text
    assert [answer for answer, _ in question.options] == [*Duplicates]
    assert values(look(text, CALLS, duplicates=Duplicates.FIRST))["2026-01-01"] == 1
    assert values(look(text, CALLS, duplicates=Duplicates.LAST))["2026-01-01"] == 3
    seen = look(text, CALLS, duplicates=Duplicates.REFUSE)
    assert values(seen) == {"2026-01-02": 5}
    assert [line for line, *_ in why(seen)] == [2, 4]


def test_two_columns_of_one_indicator_are_asked_where_they_differ() -> None:
    text = "date,Calls,Phone\n2026-01-01,1,2\n2026-01-02,3,3\n2026-01-03,,4\n"
    seen = look(text, CALLS, mapping={"Phone": 1})
    assert [q.topic for q in seen.questions] == [Topic.DUPLICATES]
    seen = look(text, CALLS, mapping={"Phone": 1}, duplicates=Duplicates.LAST)
    assert [*values(seen).values()] == [2, 3, 4]
    assert look(text, CALLS, mapping={"Phone": 1}, duplicates=Duplicates.REFUSE).refused == 2


LONG = "date,indicator,value,status,note,reason\n2026-01-01,Calls,"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",perhaps,,", "none of: value, skipped, unknown"),
        ("3,skipped,,", "there is a value, but the status is skipped"),
        ("3,unknown,,", "there is a value, but the status is unknown"),
        ("skip,value,,", "it is skipped, but the status is value"),
        (",value,,", "says that there is a value, but there is none"),
    ],
)
def test_a_status_that_the_value_contradicts_is_refused(cells: str, reason: str) -> None:
    seen = look(LONG + cells + "\n", CALLS)
    ((line, column, said),) = why(seen)
    assert (line, column) == (2, "Calls")
    assert reason in said


@pytest.mark.parametrize(
    ("cells", "given"),
    [
        (",Skipped,,ill", (EntryState.SKIPPED, None, "ill", None)),
        ("skip,,late,", (EntryState.SKIPPED, None, None, "late")),
        ("3,VALUE,good,", (EntryState.VALUE, 3, None, "good")),
        (",,thought of it,", (None, None, None, "thought of it")),
    ],
)
def test_a_value_a_skip_and_a_note_are_three_things(
    cells: str, given: tuple[EntryState | None, float | None, str | None, str | None]
) -> None:
    assert [*look(LONG + cells + "\n", CALLS).given[1].values()] == [given]


@pytest.mark.parametrize("cells", [",unknown,,", ",cleared,,", ",,,"])
def test_what_is_not_known_says_nothing(cells: str) -> None:
    seen = look(LONG + cells + "\n", CALLS)
    assert (seen.entries, seen.refused, seen.given[1]) == (0, 0, {})


@pytest.mark.parametrize(("text", "value"), [("yes", 1), ("No", 0), ("1", 1), ("0", 0)])
def test_yes_and_no_are_one_and_nought(text: str, value: float) -> None:
    done = indicator("Done", Measure.YES_NO)
    assert values(look(f"date,Done\n2026-01-01,{text}\n", done), "Done") == {"2026-01-01": value}
