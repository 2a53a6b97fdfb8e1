"""Beeminder: the datapoints of one goal, alone or inside the goal; dummies are dropped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coach_data.formats.beeminder import read
from coach_data.sheet import sheet_of
from tests.formats.made import said


@pytest.mark.parametrize("around", [lambda p: p, lambda p: {"slug": "calls", "datapoints": p}])
def test_beeminder_drops_dummies(around: Any) -> None:
    point = {"timestamp": 1, "daystamp": "20260102", "value": 2.5, "comment": "x", "requestid": "r"}
    content = json.dumps(around([point, {**point, "is_dummy": True}])).encode()
    assert said(content, "calls.json") == [("calls", "2026-01-02", "2.5", "", "x")]


POINT = {"timestamp": 1, "daystamp": "20260102", "value": 2.5}


def test_how_many_dummies_were_left_out_is_said() -> None:
    content = json.dumps([POINT, {**POINT, "is_dummy": True}]).encode()
    assert sheet_of(content, "calls.json").remarks == [
        "Datapoints that are dummies are left out: 1."
    ]


@pytest.mark.parametrize(
    ("value", "written"), [(True, "True"), ("three", "three"), (1e301, "1e+301")]
)
def test_what_is_no_plain_number_is_handed_on_as_it_is(value: Any, written: str) -> None:
    """So that it is refused with its line, where numbers are judged."""
    content = json.dumps([{**POINT, "value": value}]).encode()
    assert [cell[2] for cell in said(content, "calls.json")] == [written]


@pytest.mark.parametrize(
    "found", [b"", b"days", b"[]", b"[1]", b'{"datapoints": 3}', b"[{}]", b"[" * 200_000, b"\xff["]
)
def test_anything_else_is_another_ones_file(found: bytes) -> None:
    assert read(found, "x.json") is None
    assert read(json.dumps([POINT, {"daystamp": "20260102"}]).encode(), "x.json") is None
