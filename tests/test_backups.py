"""Backups: a whole copy comes back whole; a bad one changes nothing, and the reason is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from coach_data import backups
from coach_data.devices import people_on_this_device
from coach_data.durable import harden
from coach_data.file_store import FileStore
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.store import StoreError
from tests.stored import ENTRIES, ask, raw_entries, snapshot

pytestmark = pytest.mark.file_only("copies of the data file")


class TestBackup:
    @pytest.fixture
    def filled(self, where: Places, now: datetime) -> Places:
        store = open_store(where)
        join(store, "Ann", now)
        raw_entries(store, 500, now)
        store.close()
        return where

    def test_round_trip(self, filled: Places, tmp_path: Path, now: datetime) -> None:
        target = tmp_path / "a 'quoted' name.duckdb"
        assert backups.backup(filled.data, filled.key(), target) == 500
        store = open_store(filled)
        rows = sorted(ask(store, ENTRIES), key=str)
        join(store, "Bo", now)
        store.close()
        count, aside = backups.restore(target, filled.data, filled.key(), now)
        assert count == 500
        store = open_store(filled)
        assert sorted(ask(store, ENTRIES), key=str) == rows
        assert [name for _, name, _ in people_on_this_device(store)] == ["Ann"]
        store.close()
        assert aside is not None
        kept = FileStore(aside, filled.key())
        assert [name for _, name, _ in people_on_this_device(kept)] == ["Ann", "Bo"]
        kept.close()

    def test_a_copy_is_put_down_before_it_gets_its_name(
        self, filled: Places, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_down: list[tuple[str, int]] = []

        def told(file: Path) -> None:
            harden(file)
            put_down.append((file.suffix, file.stat().st_ino))

        monkeypatch.setattr(backups, "harden", told)
        target = tmp_path / "backup.duckdb"
        backups.backup(filled.data, filled.key(), target)
        backups.restore(target, filled.data, filled.key(), now)
        inodes = [target.stat().st_ino, filled.file.stat().st_ino]
        assert put_down == list(zip([".part", ".restoring"], inodes, strict=True))

    def test_a_disk_that_says_no_leaves_no_backup(
        self, filled: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(backups, "harden", full)
        target = tmp_path / "backup.duckdb"
        with pytest.raises(StoreError, match="No space left on device. There is no backup"):
            backups.backup(filled.data, filled.key(), target)
        assert not list(tmp_path.glob("backup*"))

    @pytest.mark.parametrize("harm", ["flip", "cut", "text", "other key"])
    def test_a_bad_backup_changes_nothing(
        self, filled: Places, tmp_path: Path, now: datetime, harm: str
    ) -> None:
        target = tmp_path / "backup.duckdb"
        backups.backup(filled.data, filled.key(), target)
        content = bytearray(target.read_bytes())
        content[9000] ^= 0xFF
        if harm == "cut":
            content = bytearray(target.read_bytes()[:20_000])
        if harm == "text":
            content = bytearray(b"no data file" * 2000)
        if harm == "other key":
            target.unlink()
            FileStore(target, "another key").close()
            content = bytearray(target.read_bytes())
        target.write_bytes(content)
        before = snapshot(filled.data.parent)
        with pytest.raises(StoreError):
            backups.restore(target, filled.data, filled.key(), now)
        assert snapshot(filled.data.parent) == before
        assert target.read_bytes() == content

    def test_a_damaged_data_file_can_be_replaced(
        self, filled: Places, tmp_path: Path, now: datetime
    ) -> None:
        target = tmp_path / "backup.duckdb"
        backups.backup(filled.data, filled.key(), target)
        filled.data.write_bytes(b"damaged" * 5000)
        count, aside = backups.restore(target, filled.data, filled.key(), now)
        assert count == 500
        assert aside is not None
        assert aside.read_bytes() == b"damaged" * 5000
        open_store(filled).close()

    def test_refusals_name_the_reason_and_leave_nothing(
        self, filled: Places, tmp_path: Path, now: datetime
    ) -> None:
        there = tmp_path / "there"
        there.write_text("mine")
        before = snapshot(tmp_path)
        key = filled.key()
        with pytest.raises(StoreError, match="exists already"):
            backups.backup(filled.data, key, there)
        with pytest.raises(StoreError, match="no folder"):
            backups.backup(filled.data, key, tmp_path / "nowhere" / "backup")
        with pytest.raises(StoreError, match="nothing to back up"):
            backups.backup(tmp_path / "none", key, tmp_path / "backup")
        with pytest.raises(StoreError, match="no backup"):
            backups.restore(tmp_path / "none", filled.data, key, now)
        assert snapshot(tmp_path) == before

    def test_the_store_is_let_go_of_after_a_failed_backup(
        self, filled: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_: Path, __: Path) -> None:
            raise RuntimeError("stopped here")

        target = tmp_path / "backup"
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", broken)
            with pytest.raises(RuntimeError, match="stopped here"):
                backups.backup(filled.data, filled.key(), target)
        assert not list(tmp_path.glob("backup*"))
        open_store(filled).close()
