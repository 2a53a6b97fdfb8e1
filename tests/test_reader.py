"""What a file would bring in: what is read, what is refused on which line, what is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach_data.files import FileRefused
from coach_data.matching import Handling
from coach_data.model import EntryState, Measure, Status
from coach_data.parsing import DecimalMark
from coach_data.preview import Choices, Duplicates, Preview
from coach_data.reader import read
from tests.previews import CALLS, EMPTY, TODAY, indicator, look

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("import_*"))


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


def test_progress_ends_at_one() -> None:
    told: list[float] = []
    content = b"date,Calls\n" + b"2026-01-01,1\n" * 20_000
    read(content, "x", replace(EMPTY, leading=(CALLS,)), TODAY, progress=told.append)
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == 1


@pytest.mark.abuse(26)
def test_case_26_the_name_of_the_file_is_only_shown() -> None:
    assert look("date,Calls\n2026-01-01,1\n", CALLS, name="../../x.csv").name == "../../x.csv"
    assert look("date,Calls\n", CALLS, name="a\x1b[2J\u202e").name.isprintable()


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


def test_behaviours_beyond_five_are_parked_in_the_order_of_the_file() -> None:
    names = [f"B{k}" for k in range(7)]
    header = ",".join(names)
    seen = look(
        f"date,{header}\n2026-01-01,{','.join('1' * 7)}\n",
        mapping=dict.fromkeys(names, Handling.NEW),
    )
    made = [f.indicator for f in seen.indicators if f.indicator]
    assert [i.position for i in made] == [1, 2, 3, 4, 5, 6, 7]
    assert [i.status for i in made] == [Status.ACTIVE] * 5 + [Status.PARKED] * 2


def test_of_two_with_one_name_the_nearer_to_hand_is_found() -> None:
    closed = replace(CALLS, indicator_id=2, status=Status.CLOSED)
    earlier = replace(CALLS, indicator_id=3)
    content = b"date,Calls\n2026-01-01,1\n"
    for others, found in (([closed, earlier], 3), ([closed], 2)):
        assert [*read(content, "x", EMPTY, TODAY, others=others).given] == [found]
    plan = replace(EMPTY, leading=(CALLS,))
    assert [*read(content, "x", plan, TODAY, others=[closed, earlier]).given] == [1]
