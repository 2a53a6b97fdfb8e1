"""Which indicator a column is: one that is here, a new one with guesses, or one to be asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach_data.matching import Handling, Match, Units
from coach_data.model import Kind, Measure, Outcome
from coach_data.preview import Choices, Topic
from coach_data.reader import read
from tests.previews import CALLS, EMPTY, MINUTES, TODAY, look, values


@pytest.mark.abuse(1, 10, 30)
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a.b", "x:Q", "'; DROP TABLE entry"])
def test_case_1_10_and_30_a_name_is_kept_literally(text: str) -> None:
    seen = look(f'date,"{text}"\n2026-01-01,1\n')
    assert [f.indicator.name for f in seen.indicators if f.indicator] == [text]


@pytest.mark.abuse(6)
def test_case_6_what_cannot_be_seen_tells_no_two_names_apart() -> None:
    seen = look("date,indicator,value\n2026-01-01,Ca\u200blls\u202e,1\n", CALLS)
    assert values(seen) == {"2026-01-01": 1}


@pytest.mark.abuse(35)
def test_case_35_another_persons_id_is_ignored() -> None:
    text = "date,indicator_id,indicator,value\n2026-01-01,77,Calls,3\n2026-01-02,77,Other,4\n"
    seen = look(text, CALLS)
    assert values(seen) == {"2026-01-01": 3}
    assert [(q.topic, q.name) for q in seen.questions] == [(Topic.MAPPING, "Other")]
    assert 77 not in seen.given
    assert look(text, CALLS, mapping={"Other": 77}).questions, "an answer cannot name it either"


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
