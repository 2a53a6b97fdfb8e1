"""What was written stays written: the system is told to, for a file and for the names in a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach_data import durable
from coach_data.durable import harden, harden_names


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The inodes of what the system was told to put down."""
    told: list[int] = []
    monkeypatch.setattr(durable.os, "fsync", lambda handle: told.append(os.fstat(handle).st_ino))
    return told


def test_the_content_of_that_very_file(tmp_path: Path, synced: list[int]) -> None:
    (tmp_path / "data").write_text("kept")
    harden(tmp_path / "data")
    assert synced == [(tmp_path / "data").stat().st_ino]
    assert (tmp_path / "data").read_text() == "kept"


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder cannot be opened")
def test_the_names_in_that_very_folder(tmp_path: Path, synced: list[int]) -> None:
    harden_names(tmp_path)
    assert synced == [tmp_path.stat().st_ino]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        harden(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        harden_names(tmp_path / "none")


def test_the_folder_is_let_go_of_also_where_the_disk_says_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable.os, "fsync", fails)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    for _ in range(5):
        with pytest.raises(OSError, match="Input/output"):
            harden_names(tmp_path)
    after = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    assert after == before
