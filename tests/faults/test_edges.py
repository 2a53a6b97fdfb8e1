"""Faults that the engine does not tell, or tells in words that may quote what somebody typed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from coach_data import backups, faults
from coach_data.devices import people_on_this_device
from coach_data.faults import is_durable, on_using
from coach_data.file_store import FileStore
from coach_data.model import EntryNote, Indicator, Kind, Person, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Rows, Store, StoreError

pytestmark = pytest.mark.file_only(
    "faults of the file and its disk; tests/postgres has the server's"
)

HERE = Path(__file__).parent
TYPED = "No space left (PID 7) has been invalidated; COMMIT succeeded and is durable; AES tag"
"""A note that reads like the engine's own errors."""


def in_a_process(script: Path | str, *given: object) -> str:
    """What a script of its own process prints; the text of a script, or its path."""
    command = [str(script)] if isinstance(script, Path) else ["-c", script]
    done = subprocess.run(
        [sys.executable, *command, *map(str, given)],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


OPENING = """
import sys
from pathlib import Path
from coach_data.faults import InUse
from coach_data.file_store import FileStore
try:
    FileStore(Path(sys.argv[1]), sys.argv[2]).close()
    print("opened")
except InUse as told:
    print(told)
"""


class TestTheHold:
    def test_stays_though_this_process_reads_the_file(self, where: Places) -> None:
        """The system drops the engine's own lock then, and two writers would spoil the file."""
        store = open_store(where)
        where.data.read_bytes()
        said = in_a_process(OPENING, where.data, where.key())
        store.close()
        assert f"PID {os.getpid()}" in said
        assert in_a_process(OPENING, where.data, where.key()) == "opened\n"

    def test_is_one_within_a_process_too(self, where: Places) -> None:
        store = open_store(where)
        with pytest.raises(faults.InUse, match=rf"This process \(PID {os.getpid()}\)"):
            open_store(where)
        store.close()
        open_store(where).close()

    def test_is_the_same_under_another_name(self, where: Places, tmp_path: Path) -> None:
        store = open_store(where)
        (tmp_path / "link").symlink_to(where.data)
        where.data.read_bytes()
        said = in_a_process(OPENING, tmp_path / "link", where.key())
        store.close()
        assert f"PID {os.getpid()}" in said

    def test_keeps_a_restore_away(self, where: Places, tmp_path: Path, now: datetime) -> None:
        open_store(where).close()
        backups.backup(where.data, where.key(), tmp_path / "backup")
        store = open_store(where)
        with pytest.raises(faults.InUse):
            backups.restore(tmp_path / "backup", where.data, where.key(), now)
        join(store, "Ann", now)
        store.close()
        store = open_store(where)
        assert len(people_on_this_device(store)) == 1
        store.close()


class TestTheLog:
    @pytest.fixture
    def left(self, where: Places, now: datetime, tmp_path: Path) -> Places:
        """A data file whose log holds Ann: what a killed process leaves."""
        store = open_store(where)
        join(store, "Ann", now)
        left = Places(tmp_path / "left" / "coach.duckdb", where.key_file)
        shutil.copytree(where.data.parent, left.data.parent)
        store.close()
        return left

    @pytest.mark.parametrize(
        "harm",
        [lambda log: bytes(len(log)), lambda log: b"hello" * 1000, lambda log: b"\x00" + log[1:]],
        ids=["zeros", "text", "one bit"],
    )
    def test_that_is_none_is_refused(self, left: Places, harm: Callable[[bytes], bytes]) -> None:
        """The engine passes such a log over without a word, and all that is in it with it."""
        log = left.data.with_name("coach.duckdb.wal")
        bad = harm(log.read_bytes())
        log.write_bytes(bad)
        before = left.data.read_bytes()
        with pytest.raises(faults.DamagedLog, match="restore a backup"):
            FileStore(left.data, left.key())
        assert (left.data.read_bytes(), log.read_bytes()) == (before, bad)

    @pytest.mark.parametrize("length", [0, 3, 8])
    def test_that_was_just_begun_is_none(self, left: Places, length: int) -> None:
        os.truncate(left.data.with_name("coach.duckdb.wal"), length)
        FileStore(left.data, left.key()).close()

    def test_of_another_file_is_refused(self, left: Places, where: Places, tmp_path: Path) -> None:
        """As after a restore that was killed before the old log was out of the way."""
        backups.backup(where.data, where.key(), tmp_path / "backup")
        shutil.copy(tmp_path / "backup", left.data)
        with pytest.raises(faults.DamagedLog):
            FileStore(left.data, left.key())

    @pytest.mark.parametrize("data", ["there", "gone"])
    def test_goes_aside_in_a_restore(
        self, left: Places, where: Places, tmp_path: Path, now: datetime, data: str
    ) -> None:
        backups.backup(where.data, where.key(), tmp_path / "backup")
        log = left.data.with_name("coach.duckdb.wal").read_bytes()
        if data == "gone":
            left.data.unlink()
        _, aside = backups.restore(tmp_path / "backup", left.data, left.key(), now)
        assert (aside is not None) == (data == "there")
        names = {f.name: f for f in left.data.parent.iterdir() if f.suffix != ".lock"}
        old = "coach.duckdb.before-20260531T120000"
        assert names.keys() == {"coach.duckdb", f"{old}.wal"} | ({old} if aside else set())
        assert names[f"{old}.wal"].read_bytes() == log
        FileStore(left.data, left.key()).close()


def test_where_files_cannot_grow(tmp_path: Path) -> None:
    said = in_a_process(HERE / "too_large.py", tmp_path / "coach.duckdb", tmp_path / "key")
    full = f"DiskFull: {faults.DiskFull.__doc__}"
    assert said.splitlines() == [
        f"first start: DiskFull: The disk that holds {tmp_path / 'coach.duckdb'} is full. "
        "Free some space, then start again.",
        "left: ['coach.duckdb.new', 'key']",
        "start: done",
        f"save: {full}",
        f"save: {full}",
        "save: done",
        "start: done",
        "kept: 2",
    ]


def test_temporary_files_of_a_killed_process_go(where: Places) -> None:
    spilled = where.data.with_name("coach.duckdb.tmp")
    spilled.mkdir(parents=True)
    (spilled / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"x")
    open_store(where).close()
    assert not spilled.exists()


def test_damage_that_shows_only_in_reading(where: Places, now: datetime) -> None:
    """Blocks are read when they are needed: what is broken is told then, and nothing is changed."""
    store = open_store(where)
    visit = Visit.open(store, join(store, "Ann", now).person_id, now)
    given = {"person_id": visit.viewer_id, "indicator_id": new_id()}
    visit.save(Indicator(**given, kind=Kind.LEADING, name="Calls"))
    days = [date.fromordinal(730000 + k) for k in range(3000)]
    visit.save(*(EntryNote(**given, day=d, note=os.urandom(99).hex()) for d in days))
    store.close()
    whole, told = where.data.read_bytes(), 0
    for block in range(12288, len(whole), 262144):
        harmed = bytearray(whole)
        harmed[block + 1000] ^= 1
        where.data.write_bytes(harmed)
        try:
            store = open_store(where)
        except StoreError:
            continue
        try:
            Visit.open(store, visit.viewer_id, now).records(EntryNote)
        except faults.Damaged as error:
            told += str(error) == faults.Damaged.__doc__
        store.close()
    assert told


class TestTheEnginesText:
    """It may quote what was typed, so neither a person nor a log gets it."""

    @pytest.fixture
    def visit(self, store: Store, person: Callable[..., Person], now: datetime) -> Visit:
        return Visit.open(store, person("Ann").person_id, now)

    def told(self, act: Callable[[], Any]) -> StoreError:
        """The error of ``act``; all that a log would hold of it is free of the typed words."""
        with pytest.raises(StoreError) as caught:
            act()
        log = "".join(traceback.format_exception(caught.value))
        for word in (TYPED, "No space left", "duckdb", "Error:", "Arrow"):
            assert word not in log.replace(str(HERE), "").replace("test_edges", ""), log
        return caught.value

    def test_of_a_query(self, visit: Visit) -> None:
        error = self.told(lambda: visit.read("SELECT ?::INTEGER", [TYPED]))
        assert type(error) is faults.Unkeepable
        error = self.told(lambda: visit.arrays("SELECT ?::DATE AS day", [TYPED]))
        assert type(error) is faults.Unkeepable

    @pytest.mark.parametrize("count", [1, 500])
    def test_of_a_save(self, visit: Visit, count: int) -> None:
        """Rows as the doors let none through: they refuse a text where a number belongs."""
        rows = [(1.5, TYPED)] * (count - 1) + [(TYPED, TYPED)]

        batch = Rows("day_log", ("seconds", "recorded_at"), rows)
        assert type(self.told(lambda: visit.store.append(batch))) is faults.Unkeepable
        assert visit.read("SELECT count(*) FROM day_log") == [(0,)]
        visit.save(visit.about)  # the same store goes on

    def test_a_mistake_of_ours_is_told_without_values(self, visit: Visit) -> None:
        with pytest.raises(duckdb.Error, match="nonsense") as caught:
            visit.read("SELECT nonsense FROM entry WHERE reason = ?", [TYPED])
        assert TYPED not in str(caught.value)

    def test_typed_words_are_not_taken_for_a_sign(self) -> None:
        quoting = duckdb.ConversionException(f"Could not convert string '{TYPED}' to INT32")
        assert type(on_using(quoting)) is faults.Unkeepable

    @pytest.mark.parametrize(
        ("error", "ours"),
        [
            (duckdb.IOException("Could not write file: No space left on device"), faults.DiskFull),
            (duckdb.InvalidInputException("AES tag differs"), faults.Damaged),
            (duckdb.FatalException("x"), faults.Stopped),
            (duckdb.InternalException("x"), faults.Stopped),
            (duckdb.OutOfMemoryException("x"), faults.Busy),
            (duckdb.OutOfRangeException("x"), faults.Unkeepable),
        ],
    )
    def test_each_error_is_one_of_ours(self, error: duckdb.Error, ours: type[StoreError]) -> None:
        assert type(on_using(error)) is ours

    def test_durable_is_what_the_engine_says_of_a_commit(self) -> None:
        said = "Transaction COMMIT succeeded and is durable, but the autocheckpoint failed."
        assert is_durable(duckdb.IOException(said))
        assert not is_durable(duckdb.IOException("Failed to commit: Could not write file"))

    def test_every_fault_has_its_own_words(self) -> None:
        kinds = [k for k in vars(faults).values() if isinstance(k, type)]
        kinds = [k for k in kinds if issubclass(k, StoreError)]
        assert len(kinds) > 12
        assert len({k.__doc__ for k in kinds}) == len(kinds)


def test_a_closed_store_says_so(store: Store, person: Callable[..., Person], now: datetime) -> None:
    visit = Visit.open(store, person("Ann").person_id, now)
    store.close()
    with pytest.raises(faults.Busy):
        visit.save(visit.about)
    with pytest.raises(faults.Busy):
        visit.read("FROM viewer")
    with pytest.raises(faults.Busy, match="closed"):
        Visit.open(store, visit.viewer_id, now)
