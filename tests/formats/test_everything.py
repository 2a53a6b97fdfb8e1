"""Our own export, read without trust: what is not built as ours is refused, or left to others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coach_data.files import FileRefused
from coach_data.formats import everything as format_
from coach_data.formats.everything import NAME, everything_in
from tests.formats.made import zipped


def export(**changed: Any) -> bytes:
    """A small export, with what is said in place of what belongs there."""
    whole: dict[str, Any] = {
        "format": "coach-compass",
        "version": 1,
        "made_at": "2026-05-31T12:00:00",
        "person_id": 7,
        "records": {"person": [{"name": "Ann"}], "entry": [{"value": 1}, {"value": 2}]},
    }
    return json.dumps(whole | changed).encode()


def test_alone_or_inside_its_zip_file_it_is_the_same() -> None:
    alone, packed = everything_in(export(), "x"), everything_in(zipped({NAME: export()}), "x.zip")
    assert alone is not None
    assert alone == packed
    assert (alone.made_at, alone.person_id, alone.count) == ("2026-05-31", 7, 3)


def test_other_files_are_left_to_the_other_readers() -> None:
    for content in (b"date,a\n", b"{}", b"[1]", b'{"format": "other"}', b"", b"PK\x05\x06"):
        assert everything_in(content, "x") is None
    assert everything_in(zipped({"Habits.csv": "x"}), "x.zip") is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"version": 2}, "another version"),
        ({"records": [1]}, "not built as"),
        ({"records": {"entry": {"value": 1}}}, "not built as"),
        ({"records": {"entry": [{"value": 1}, 2]}}, "not a record"),
        ({"records": {"entry": [{"value": float("nan")}]}}, "NaN, which is not a number"),
    ],
)
def test_what_is_not_built_as_ours_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        everything_in(export(**changed), "x.json")


def test_damage_is_told_with_its_line() -> None:
    with pytest.raises(FileRefused, match=r"not whole JSON \(line 1\)"):
        everything_in(export()[:-1], "x.json")
    deep = b'{"format": "coach-compass", "records": ' + b"[" * 200_000
    with pytest.raises(FileRefused, match="nested too deeply"):
        everything_in(deep, "x.json")


@pytest.mark.abuse(25)
def test_25_a_zip_that_is_not_what_it_says() -> None:
    with pytest.raises(FileRefused, match="not one of ours"):
        everything_in(zipped({NAME: b"x"}), "x.zip")
    bomb = b'{"format": "coach-compass"' + b" " * 250_000_000
    with pytest.raises(FileRefused, match="MB"):
        everything_in(zipped({NAME: bomb}), "x.zip")
    harmed = bytearray(zipped({NAME: export()}))
    at = harmed.index(NAME.encode()) + len(NAME)
    harmed[at : at + 20] = b"\xff" * 20
    with pytest.raises(FileRefused, match="damaged"):
        everything_in(bytes(harmed), "x.zip")


@pytest.mark.abuse(28)
def test_28_more_records_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format_, "MOST_ROWS", 2)
    with pytest.raises(FileRefused, match="more than 2 records"):
        everything_in(export(), "x.json")
    monkeypatch.setattr(format_, "MOST_VALUES", 10)
    with pytest.raises(FileRefused, match="more than 10 values"):
        everything_in(export(), "x.json")
