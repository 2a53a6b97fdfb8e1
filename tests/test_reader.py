"""What a file would bring in: what is read, what is refused on which line, what is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach_data import sheet
from coach_data.imports import (
    Choices,
    DayOrder,
    DecimalMark,
    Duplicates,
    FileRefused,
    Handling,
    Match,
    Preview,
    Topic,
    Units,
)
from coach_data.model import EntryState, Indicator, Kind, Measure, Outcome
from coach_data.plan import Plan
from coach_data.reader import read

TODAY = date(2026, 5, 31)
SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("import_*"))
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


# --- whole files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda f: f.name)
def test_scenario(folder: Path) -> None:
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    known = [indicator(**{**i, "measure": Measure(i["measure"])}) for i in case["indicators"]]
    choices = Choices(
        decimal=DecimalMark(case["decimal"]) if "decimal" in case else None,
        mapping=case.get("mapping", {}),
    )
    plan = replace(EMPTY, leading=tuple(known))
    content = (folder / "input.csv").read_bytes()
    seen = read(content, "input.csv", plan, date.fromisoformat(case["today"]), choices)
    expected = case["expected"]
    for key in ("format", "separator", "rows", "entries", "notes"):
        assert getattr(seen, key) == expected[key], key
    assert [str(seen.first_day), str(seen.last_day)] == [
        expected["first_day"],
        expected["last_day"],
    ]
    assert [q.text for q in seen.questions] == expected["questions"]
    assert [[r.line, r.column, r.what] for r in seen.refusals] == [
        r[:3] for r in expected["refusals"]
    ]
    for refusal, (*_, part) in zip(seen.refusals, expected["refusals"], strict=True):
        assert part in refusal.why
    found = [(f, f.indicator) for f in seen.indicators]
    assert [[f.name, f.match, i.name, i.measure, i.unit, f.values] for f, i in found if i] == (
        expected["found"]
    )
    for f, i in found:
        assert i is not None
        days = {
            str(d): g.value if g.state is EntryState.VALUE else g.state or "a note"
            for d, g in seen.given[i.indicator_id].items()
        }
        assert days == expected["values"][f.name]


def test_nothing_in_the_file_is_nothing_to_bring_in() -> None:
    seen = look("date,Calls\n", CALLS)
    assert (seen.rows, seen.entries, seen.first_day, seen.ready) == (0, 0, None, True)


def test_a_file_without_days_in_front_is_refused_as_a_whole() -> None:
    with pytest.raises(FileRefused, match="begins with the column “name”"):
        look("name,age\nAna,3\n")


def test_progress_ends_at_one() -> None:
    told: list[float] = []
    content = b"date,Calls\n" + b"2026-01-01,1\n" * 20_000
    read(content, "x", replace(EMPTY, leading=(CALLS,)), TODAY, progress=told.append)
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == 1


# --- the abuse cases -------------------------------------------------------------------------------


@pytest.mark.abuse(1, 10, 30)
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a.b", "x:Q", "'; DROP TABLE entry"])
def test_case_1_10_and_30_a_name_is_kept_literally(text: str) -> None:
    seen = look(f'date,"{text}"\n2026-01-01,1\n')
    assert [f.indicator.name for f in seen.indicators if f.indicator] == [text]


@pytest.mark.abuse(6)
def test_case_6_what_cannot_be_seen_tells_no_two_names_apart() -> None:
    seen = look("date,indicator,value\n2026-01-01,Ca\u200blls\u202e,1\n", CALLS)
    assert values(seen) == {"2026-01-01": 1}


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


@pytest.mark.abuse(26)
def test_case_26_the_name_of_the_file_is_only_shown() -> None:
    assert look("date,Calls\n2026-01-01,1\n", CALLS, name="../../x.csv").name == "../../x.csv"
    assert look("date,Calls\n", CALLS, name="a\x1b[2J\u202e").name.isprintable()


@pytest.mark.abuse(28)
def test_case_28_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_VALUES", 100)
    with pytest.raises(FileRefused, match="more than 100 values"):
        look("date,a,b\n" + "2026-01-01,1,1\n" * 51)


@pytest.mark.abuse(30)
@pytest.mark.parametrize("header", ["date,Calls,date", "date,day,Calls", "date,Calls, CALLS"])
def test_case_30_a_column_twice_is_refused_by_its_name(header: str) -> None:
    with pytest.raises(FileRefused, match=r"“(date|day|CALLS)” twice"):
        look(f"{header}\n2026-01-01,1,1\n")


@pytest.mark.abuse(35)
def test_case_35_another_persons_id_is_ignored() -> None:
    text = "date,indicator_id,indicator,value\n2026-01-01,77,Calls,3\n2026-01-02,77,Other,4\n"
    seen = look(text, CALLS)
    assert values(seen) == {"2026-01-01": 3}
    assert [(q.topic, q.name) for q in seen.questions] == [(Topic.MAPPING, "Other")]
    assert 77 not in seen.given
    assert look(text, CALLS, mapping={"Other": 77}).questions, "an answer cannot name it either"


# --- names and guesses -----------------------------------------------------------------------------


def test_an_unknown_name_is_asked_with_what_it_may_be() -> None:
    seen = look("date,Walks\n2026-01-01,2\n", CALLS)
    (question,) = seen.questions
    assert (question.topic, question.name) == (Topic.MAPPING, "Walks")
    assert [answer for answer, _ in question.options] == [Handling.NEW, 1, Handling.IGNORE]
    assert [f.match for f in seen.indicators] == [Match.ASKED]
    seen = look("date,Walks\n2026-01-01,2\n", CALLS, mapping={" walks": Handling.IGNORE})
    assert (seen.questions, seen.entries) == ((), 0)


def test_the_result_may_be_new_only_where_there_is_none() -> None:
    text = b"date,Sales,Revenue\n2026-01-01,2,3\n"
    outcome = Outcome(person_id=1, outcome_id=5, goal="Sell more")
    choices = Choices(mapping={"Sales": Handling.LAGGING, "Revenue": Handling.LAGGING})
    seen = read(text, "x", replace(EMPTY, outcome=outcome), TODAY, choices)
    assert [(f.match, f.indicator and f.indicator.kind) for f in seen.indicators] == [
        (Match.NEW, Kind.LAGGING),
        (Match.ASKED, Kind.LEADING),
    ]
    seen = read(text, "x", replace(EMPTY, outcome=outcome, lagging=CALLS), TODAY, choices)
    assert [q.topic for q in seen.questions] == [Topic.MAPPING] * 2
    assert all(a != Handling.LAGGING for q in seen.questions for a, _ in q.options)


@pytest.mark.parametrize(
    ("name", "column", "measure", "unit"),
    [
        ("Walk", ["1", "30"], Measure.COUNT, ""),
        ("Walk", ["1", "1.5"], Measure.NUMBER, ""),
        ("Walk", ["1", "1001"], Measure.NUMBER, ""),
        ("Walk", ["-1"], Measure.NUMBER, ""),
        ("Walk", ["0", "1"], Measure.COUNT, ""),
        ("Walk", ["yes", "0"], Measure.YES_NO, ""),
        ("Walk", ["x"], Measure.YES_NO, ""),
        ("Walk", ["5%", "20 %"], Measure.NUMBER, "%"),
        ("Walk (min)", ["5", "20.5"], Measure.MINUTES, "min"),
        ("Walk [minutes]", ["1500"], Measure.NUMBER, "minutes"),
        ("Walk (km)", ["5", "skip"], Measure.COUNT, "km"),
    ],
)
def test_the_measure_and_unit_of_a_new_indicator_are_guessed(
    name: str, column: list[str], measure: Measure, unit: str
) -> None:
    rows = "".join(f"2026-01-{k:02},{text}\n" for k, text in enumerate(column, start=1))
    seen = look(f"date,{name}\n{rows}", mapping={name: "new"})
    made = seen.indicators[0].indicator
    assert made is not None
    assert (made.name, made.measure, made.unit, seen.refused) == ("Walk", measure, unit, 0)


def test_brackets_that_tell_two_names_apart_stay() -> None:
    seen = look("date,Walk (am),Walk (pm)\n2026-01-01,1,2\n")
    assert [f.indicator.name for f in seen.indicators if f.indicator] == ["Walk (am)", "Walk (pm)"]


def test_an_empty_column_and_left_out_columns_ask_nothing() -> None:
    assert not look("date,Calls,Walks\n2026-01-01,1,\n", CALLS).questions
    seen = look("date,indicator,value,aim,mood\n2026-01-01,Calls,1,3,\n", CALLS)
    assert [r.split(":")[0] for r in seen.remarks] == [
        "The column “aim” is left out",
        "The column “mood” is left out",
    ]


MINUTES = replace(CALLS, unit="min", measure=Measure.NUMBER)


@pytest.mark.parametrize(
    ("text", "here", "told", "kept"),
    [
        ("date,indicator,value,unit\n2026-01-01,Calls,1.1,h\n", "min", "1 h is 60 min", 66),
        (
            "date,indicator,value,unit\n2026-01-01,Calls,45,Minutes\n",
            "hours",
            "1 hours is 60 Minutes",
            0.75,
        ),
        ("date,indicator,value,unit\n2026-01-01,Calls,2.5,km\n", "m", "1 km is 1000 m", 2500),
        ("date,indicator,value,unit\n2026-01-01,Calls,330,ml\n", "l", "1 l is 1000 ml", 0.33),
    ],
)
def test_another_unit_of_the_same_kind_is_asked(
    text: str, here: str, told: str, kept: float
) -> None:
    known = replace(MINUTES, unit=here)
    seen = look(text, known)
    (question,) = seen.questions
    assert (question.topic, question.name) == (Topic.UNITS, "Calls")
    assert told in question.text
    assert [answer for answer, _ in question.options] == list(Units)
    converted = look(text, known, units={"calls": Units.CONVERT})
    plain = look(text, known, units={"Calls": Units.AS_THEY_ARE})
    assert converted.ready
    assert plain.ready
    (day,) = converted.given[known.indicator_id].values()
    assert day.value == kept
    (day,) = plain.given[known.indicator_id].values()
    assert day.value != kept
    assert any("taken as they are" in r for r in plain.remarks)


def test_a_heading_with_another_unit_is_asked_once_it_is_known_what_it_is() -> None:
    text = "date,Talk (h)\n2026-01-01,2\n"
    seen = look(text, MINUTES)
    assert [q.topic for q in seen.questions] == [Topic.MAPPING]
    seen = look(text, MINUTES, mapping={"Talk (h)": MINUTES.indicator_id})
    assert [q.topic for q in seen.questions] == [Topic.UNITS]
    seen = look(
        text, MINUTES, mapping={"Talk (h)": MINUTES.indicator_id}, units={"Talk (h)": "convert"}
    )
    assert [d.value for d in seen.given[MINUTES.indicator_id].values()] == [120]


@pytest.mark.parametrize(
    ("unit", "here"), [("min", "minutes"), ("h", "hours"), ("calls", "min"), ("", "min"), ("h", "")]
)
def test_no_question_about_the_same_unit_or_about_one_of_another_kind(unit: str, here: str) -> None:
    text = f"date,indicator,value,unit\n2026-01-01,Calls,1,{unit}\n"
    assert look(text, replace(MINUTES, unit=here)).questions == ()


def test_another_unit_in_the_file_is_said() -> None:
    seen = look("date,indicator,value,unit\n2026-01-01,Calls,1,laps\n", MINUTES)
    assert "is in laps in the file and in min here" in seen.remarks[0]


def test_cells_without_a_name_and_rows_of_another_width_are_refused() -> None:
    seen = look(
        "date,Calls,\n2026-01-01,1,7\n2026-01-02,2\n2026-01-03,3,,\n2026-01-04,4,,9\n", CALLS
    )
    assert [(line, said) for line, _, said in why(seen)] == [
        (2, "column 3 has no name"),
        (3, "the row has 2 cells, the header 3"),
        (5, "the row has 4 cells, the header 3"),
    ]
    assert values(seen) == {"2026-01-01": 1, "2026-01-03": 3}


def test_a_row_of_another_width_is_refused_once_whatever_its_day_is() -> None:
    assert [said for *_, said in why(look("date,Calls\nnever,1,2\n", CALLS))] == [
        "the row has 3 cells, the header 2"
    ]


def test_of_many_refusals_the_first_hundred_are_kept_and_all_counted() -> None:
    seen = look("date,Calls\n" + "2026-01-01,?\n" * 250, CALLS)
    assert (seen.refused, len(seen.refusals)) == (250, 100)


# --- anything at all -------------------------------------------------------------------------------

CELLS = st.one_of(
    st.sampled_from(["date", "Calls", "indicator", "value", "note", "status", "skip", "", "yes"]),
    st.sampled_from(["2026-01-01", "01/02/2026", "31.12.2025", "1,5", "5%", "=1", '"', "\0", "\r"]),
    st.text(max_size=8),
    st.integers(-5, 2000).map(str),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
def test_any_table_is_a_preview_or_refused(
    rows: list[list[str]], separator: str, headed: bool
) -> None:
    lines = (["date" + separator + "Calls"] if headed else []) + [separator.join(r) for r in rows]
    try:
        seen = look("\n".join(lines), CALLS, duplicates=Duplicates.REFUSE)
    except FileRefused:
        return
    assert all(q.options for q in seen.questions)
    assert all(r.why and r.line > 0 for r in seen.refusals)
    assert seen.refused >= len(seen.refusals)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_preview_or_refused(content: bytes) -> None:
    for start in (b"", b"date,Calls\n"):
        try:
            assert isinstance(look(start + content, CALLS), Preview)
        except FileRefused:
            continue
