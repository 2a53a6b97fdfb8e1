"""The engine: what it may reach, who has hold of a file, and what lies beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb
import pytest

from coach_data import engine
from coach_data.engine import Hold, beside, check_folder, check_log, one, quoted, remove
from coach_data.faults import DamagedLog, InUse, LogAlone, ReadOnly
from coach_data.store import Store

pytestmark = pytest.mark.file_only("the engine and one data file")


class TestLocked:
    @pytest.mark.parametrize(
        "sql",
        [
            "FROM read_csv('{file}')",
            "FROM read_text('{file}')",
            "FROM read_blob('{file}')",
            "LOAD '{file}'",
            "LOAD postgres_scanner",
            "INSTALL sqlite",
            "SET memory_limit = '4GB'",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "RESET memory_limit",
            "ATTACH '{other}' AS stolen",
            "COPY (SELECT 1) TO '{other}'",
            "EXPORT DATABASE '{other}'",
        ],
    )
    def test_no_sql_reaches_a_file_or_a_setting(
        self, store: Store, tmp_path: Path, sql: str
    ) -> None:
        file, other = tmp_path / "some.csv", tmp_path / "other"
        file.write_text("a,b\n1,2\n")
        cursor = store.cursor()
        with pytest.raises(duckdb.Error, match=r"(?i)disabled|locked|access|configuration"):
            cursor.execute(sql.format(file=file, other=other)).fetchall()
        assert not other.exists()
        assert cursor.execute("SELECT 1").fetchall() == [(1,)]


class TestHold:
    def test_a_second_one_is_told_who_has_it(self, tmp_path: Path) -> None:
        path = tmp_path / "data"
        hold = Hold(path)
        with pytest.raises(InUse) as caught:
            Hold(path)
        assert f"PID {os.getpid()}" in str(caught.value)
        hold.close()
        hold.close()
        Hold(path).close()

    def test_reading_the_file_by_another_way_does_not_lose_it(self, tmp_path: Path) -> None:
        """The system drops the engine's own lock as soon as somebody here has closed the file."""
        path = tmp_path / "data"
        path.write_bytes(b"x")
        hold = Hold(path)
        path.read_bytes()
        with pytest.raises(InUse):
            Hold(path)
        hold.close()

    def test_where_the_lock_cannot_be_written_it_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(ReadOnly, match=r"data\.lock"):
            Hold(tmp_path / "nowhere" / "data")


class TestFolder:
    def test_it_is_made_for_this_user_only(self, tmp_path: Path) -> None:
        check_folder(tmp_path / "new" / "data")
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700

    def test_a_file_in_the_place_of_the_folder_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "new").write_text("in the way")
        with pytest.raises(ReadOnly, match="could not be made"):
            check_folder(tmp_path / "new" / "data")

    @pytest.mark.parametrize("ending", ["", ".wal", ".lock"])
    def test_what_cannot_be_written_is_told_by_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
    ) -> None:
        closed = beside(tmp_path / "data", ending)
        closed.write_text("")
        monkeypatch.setattr(engine.os, "access", lambda place, _: place != closed)
        with pytest.raises(ReadOnly, match=f"{closed.name} cannot be written"):
            check_folder(tmp_path / "data")


class TestLog:
    def test_none_is_well(self, tmp_path: Path) -> None:
        check_log(tmp_path / "data")

    def test_alone_it_would_be_deleted_by_the_engine(self, tmp_path: Path) -> None:
        (tmp_path / "data.wal").write_bytes(b"anything")
        with pytest.raises(LogAlone, match="data"):
            check_log(tmp_path / "data")

    @pytest.mark.parametrize(
        ("begins", "whole"),
        [
            (b"\x64\x00\x62\x65\x00\x02\x66\x00\x10rest", True),
            (b"\x64\x00\x62", True),  # cut off at once: the engine reads as far as it goes
            (b"", True),
            (b"\x64\x00\x62\x65\x01\x02\x66\x00\x10", False),
            (b"\x64\x00\x62\x65\x00\x02\x66\x01\x10", False),
        ],
    )
    def test_a_beginning_that_is_none_would_be_passed_over(
        self, tmp_path: Path, begins: bytes, whole: bool
    ) -> None:
        (tmp_path / "data").write_bytes(b"data")
        (tmp_path / "data.wal").write_bytes(begins)
        if whole:
            check_log(tmp_path / "data")
        else:
            with pytest.raises(DamagedLog):
                check_log(tmp_path / "data")


def test_an_unfinished_file_goes_with_its_logs_and_nothing_else(tmp_path: Path) -> None:
    for name in ("part", "part.wal", "part.wal.checkpoint", "part.wal.recovery", "part.mine"):
        (tmp_path / name).write_text("x")
    remove(tmp_path / "part")
    assert [f.name for f in tmp_path.iterdir()] == ["part.mine"]
    remove(tmp_path / "part")


def test_a_path_with_a_quote_is_text_for_the_engine() -> None:
    path = Path("/it's/a 'path'")
    assert duckdb.execute(f"SELECT {quoted(path)}").fetchone() == (str(path),)


def test_the_first_value_or_none() -> None:
    assert one(duckdb.execute("SELECT 7, 8")) == 7
    assert one(duckdb.execute("SELECT 7 WHERE false")) is None
