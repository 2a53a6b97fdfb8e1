"""What a column can hold: a record of wrong parts is refused at the door, in words, before the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from coach_data.model import (
    RECORDS,
    Aim,
    Annotation,
    Entry,
    EntryState,
    Indicator,
    Kind,
    Membership,
    Outcome,
    Person,
    Role,
)
from coach_data.records import columns, records_of, row_of
from coach_data.text import BadText
from coach_data.values import BadValue

DAY = date(2026, 5, 31)
ENTRY = Entry(person_id=1, indicator_id=2, day=DAY, value=3.0)
CALLS = Indicator(person_id=1, indicator_id=2, kind=Kind.LEADING, name="Calls")

REFUSED = [
    ("11 nan", ENTRY, {"value": float("nan")}, "not a number"),
    ("11 nan of another kind", ENTRY, {"value": np.float32("nan")}, "not a number"),
    ("12 infinity", ENTRY, {"value": 1e999}, "not a number"),
    ("12 more digits than a float has", ENTRY, {"value": 10**400}, "not a number"),
    ("a text for a number", ENTRY, {"value": "3"}, "not a number"),
    ("17 the last day of all, kept as infinity", ENTRY, {"day": date.max}, "day: .*not a day"),
    ("17 the first day of all", ENTRY, {"day": date.min}, "not a day"),
    ("a year of three digits", ENTRY, {"day": date(202, 6, 1)}, "not a day"),
    ("a moment for a day", ENTRY, {"day": datetime(2026, 5, 31, 12)}, "not a day"),
    ("18 30 February, as a text", ENTRY, {"day": "2026-02-30"}, "not a day"),
    ("no day", ENTRY, {"day": None}, "not a day"),
    ("no such state", ENTRY, {"state": "guessed"}, "state: there is no such choice"),
    ("an id beyond 63 bits", ENTRY, {"indicator_id": 2**63}, "too large"),
    ("half an id", ENTRY, {"indicator_id": 2.5}, "not a whole number"),
    ("a lag beyond 31 bits", CALLS, {"expected_lag": 2**31}, "expected lag: .*too large"),
    ("a flag that is a word", CALLS, {"keystone": "yes"}, "neither yes nor no"),
    ("a flag that is not known", CALLS, {"rising_is_better": None}, "neither yes nor no"),
    ("a number for a text", CALLS, {"name": 7}, "name: that is not a text"),
    ("no text", CALLS, {"name": None}, "not a text"),
]


@pytest.mark.abuse(11, 12, 17, 18)
@pytest.mark.parametrize(
    ("record", "changes", "says"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_refused(record: Any, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadValue, match=says):
        row_of(replace(record, **changes))


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "x" * 81])
def test_texts_have_their_own_rules(text: str) -> None:
    with pytest.raises(BadText):
        row_of(replace(CALLS, name=text))


def test_a_row_has_its_texts_clean_and_its_words_plain() -> None:
    row = row_of(replace(CALLS, name=" Calls\u200b ", expected_lag=np.int64(3), low=0))
    found = dict(zip(columns(Indicator), row, strict=True))
    assert (found["name"], found["kind"], type(found["kind"])) == ("Calls", "leading", str)
    assert (found["expected_lag"], type(found["expected_lag"])) == (3, int)
    assert (found["low"], type(found["low"]), found["high"]) == (0.0, float, None)


def test_nothing_is_nothing_where_it_may_be() -> None:
    row = row_of(replace(ENTRY, state=EntryState.SKIPPED, value=None))
    assert row == (1, 2, DAY, "skipped", None, None, "screen")


ROUND = [
    ENTRY,
    CALLS,
    Person(person_id=1, name="Ann", time_zone="Europe/Berlin"),
    Membership(person_id=1, role=Role.LEAD),
    Outcome(person_id=1, outcome_id=3, goal="Win", due=DAY, target=0.1),
    Aim(person_id=1, indicator_id=2, since=DAY, amount=2.5),
    Annotation(person_id=1, annotation_id=4, first_day=DAY, last_day=DAY, text="Launch"),
]


@pytest.mark.parametrize("record", ROUND, ids=lambda r: type(r).TABLE)
def test_there_and_back_again(record: Any) -> None:
    assert type(record) in RECORDS
    assert records_of(type(record), [row_of(record)]) == [record]
