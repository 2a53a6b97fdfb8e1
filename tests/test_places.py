"""Where the data file and its key lie, and that no second key is ever made beside data."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coach_data import places as module
from coach_data.places import NoKey, Places, places

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.file_only("where a data file and its key lie; a server has an address")


def test_the_environment_says_where(tmp_path: Path) -> None:
    given = {"COACH_DATABASE": f" {tmp_path}/d ", "COACH_KEY_FILE": f"{tmp_path}/k"}
    assert places(given) == Places(tmp_path / "d", tmp_path / "k")


def test_a_key_in_the_environment_needs_no_file(tmp_path: Path) -> None:
    given = {"COACH_KEY": " the key \n", "COACH_KEY_FILE": str(tmp_path / "k")}
    where = places(given)
    assert where.key_file is None
    assert where.key(given) == "the key"
    assert not (tmp_path / "k").exists()


def test_else_two_folders_of_the_user() -> None:
    where = places({})
    assert where.key_file is not None
    assert where.data.parent != where.key_file.parent
    assert Path.home() in where.data.parents


def test_an_empty_setting_is_none() -> None:
    assert places({"COACH_DATABASE": " ", "COACH_KEY_FILE": "", "COACH_KEY": " "}) == places({})


def test_a_tilde_is_the_home() -> None:
    assert places({"COACH_DATABASE": "~/d"}).data == Path.home() / "d"


def test_made_once_for_this_user_only(where: Places) -> None:
    key = where.key()
    assert where.key() == key
    assert len(key) >= 43
    assert where.key_file is not None
    assert [f.name for f in where.key_file.parent.iterdir()] == [where.key_file.name]
    assert where.key_file.stat().st_mode & 0o777 == 0o600
    assert where.key_file.parent.stat().st_mode & 0o777 == 0o700


def test_two_people_get_two_keys(tmp_path: Path) -> None:
    keys = {Places(tmp_path / f"d{k}", tmp_path / f"k{k}").key() for k in range(8)}
    assert len(keys) == 8


def test_many_at_once_agree_on_one(where: Places) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: where.key(), range(32)))
    assert keys == {where.key()}


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "is not there"), (b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "no key")],
)
def test_no_new_key_beside_data(where: Places, content: bytes | None, says: str) -> None:
    assert where.key_file is not None
    where.data.parent.mkdir()
    where.data.write_bytes(b"data")
    if content is not None:
        where.key_file.parent.mkdir()
        where.key_file.write_bytes(content)
    with pytest.raises(NoKey, match=says) as caught:
        where.key()
    assert "COACH_KEY_FILE" in str(caught.value)
    assert where.data.read_bytes() == b"data"
    assert where.key_file.exists() == (content is not None)
    assert content is None or where.key_file.read_bytes() == content


def test_no_new_key_beside_a_log(where: Places) -> None:
    where.data.parent.mkdir()
    where.data.with_name(f"{where.data.name}.wal").write_bytes(b"log")
    with pytest.raises(NoKey, match="is not there"):
        where.key()
    assert where.key_file is not None
    assert not where.key_file.exists()


def test_a_folder_in_its_place_is_told(where: Places) -> None:
    assert where.key_file is not None
    where.key_file.mkdir(parents=True)
    with pytest.raises(NoKey, match="directory"):
        where.key()


def test_a_file_where_its_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoKey, match="key file"):
        Places(tmp_path / "d", tmp_path / "file" / "key").key()


def test_stopped_while_it_is_made_leaves_none(
    where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty key file would lock its user out of a store that is not there yet."""

    def stopped(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module.os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        where.key()
    monkeypatch.undo()
    assert where.key_file is not None
    assert list(where.key_file.parent.iterdir()) == []
    assert where.key() == where.key()


def test_without_hard_links(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path, __: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    assert where.key() == where.key()


def test_the_key_is_told_nowhere(where: Places, tmp_path: Path) -> None:
    """Neither with a wrong key nor with a right one does a failing start print it."""
    where.data.parent.mkdir()
    key = where.key()
    where.data.write_bytes(b"no data file" * 1000)
    code = "from coach_data.places import *; from coach_data.privacy import *; open_store(places())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "COACH_DATABASE": str(where.data),
            "COACH_KEY_FILE": str(where.key_file),
        },
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "NotADataFile" in done.stderr
    assert key not in done.stdout + done.stderr
