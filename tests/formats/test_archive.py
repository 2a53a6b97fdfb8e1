"""A ZIP file opened without trust: a bomb, damage, and a part that cannot be read."""

from __future__ import annotations

import pytest

from coach_data.files import FileRefused
from coach_data.formats import archive, table_of
from coach_data.formats.archive import opened, part
from coach_data.sheet import sheet_of
from tests.formats.made import LOOP, zipped


@pytest.mark.abuse(25)
def test_case_25_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    for inside in ("Habits.csv", "xl/workbook.xml"):
        with pytest.raises(FileRefused, match="too much"):
            table_of(zipped({inside: b"0" * 2_000_000}), "x")
    monkeypatch.setattr(archive, "MOST_PARTS", 10)
    with pytest.raises(FileRefused, match="11 files"):
        table_of(zipped({str(k): "" for k in range(11)}), "x")


@pytest.mark.abuse(27)
def test_case_27_wrong_first_bytes_and_damage() -> None:
    whole = zipped(LOOP)
    for content in (b"PK\x03\x04" + b"x" * 99, whole[:-30], b"\x89PNG\r\n\x1a\n" + bytes(99)):
        with pytest.raises(FileRefused):
            sheet_of(content, "days.csv")


def test_what_is_no_zip_file_is_none() -> None:
    assert opened(b"date,Calls\n", "x") is None
    assert opened(b"", "x") is None


def test_a_part_is_read_and_one_that_is_damaged_or_absent_is_refused() -> None:
    content = bytearray(zipped({"a": b"x" * 1000}))
    whole = opened(bytes(content), "x")
    assert whole is not None
    assert part(whole, "a", "x") == b"x" * 1000
    with pytest.raises(FileRefused, match="damaged"):
        part(whole, "b", "x")
    content[35] ^= 0xFF  # in the packed bytes of the part
    harmed = opened(bytes(content), "x")
    assert harmed is not None
    with pytest.raises(FileRefused, match="damaged"):
        part(harmed, "a", "x")
