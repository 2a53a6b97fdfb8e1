"""Faults of the data file: each its own message, nothing lost, nothing changed, nothing readable."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from coach_data import backups, faults, file_store
from coach_data.devices import people_on_this_device
from coach_data.file_store import FileStore
from coach_data.model import Entry, EntryNote, EntryState, Indicator, Kind, Person, new_id
from coach_data.people import join
from coach_data.places import NoKey, Places
from coach_data.privacy import Visit, open_store, views
from coach_data.store import Rows, Store, StoreError
from tests.stored import snapshot

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
KILLS = int(os.environ.get("COACH_KILLS", "12"))
PARTS = 5
MARKER = "Zebrafink-7041-Holunder"
ENGINE = ("duckdb", "IO Error", "Error:", "checkpoint", "Traceback", "AES", "WAL")
TEMPORARY = Path(tempfile.gettempdir())

pytestmark = pytest.mark.file_only(
    "faults of the file and its disk; tests/postgres has the server's"
)


def environment(**more: str) -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if not k.startswith("COACH_")}
    return {**known, "PYTHONPATH": str(ROOT), **more}


def log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """What a killed process leaves: a data file and a log that was not folded in."""
    made = tmp_path_factory.mktemp("left")
    where = Places(made / "open.duckdb", made / "key")
    store = open_store(where)
    for k in range(20):
        join(store, f"P{k}", NOW)
    left = Places(made / "left.duckdb", made / "key")
    shutil.copy(where.data, left.data)
    shutil.copy(log_of(where.data), log_of(left.data))
    store.close()
    shutil.copy(where.data, made / "whole.duckdb")
    return left


class TestMessages:
    """The file is made wrong in one way; what a person reads names that way, and no byte changes."""

    @staticmethod
    def flip(path: Path, at: int) -> None:
        content = bytearray(path.read_bytes())
        content[at] ^= 0xFF
        path.write_bytes(content)

    @staticmethod
    def plain(path: Path) -> None:
        path.unlink()
        engine = duckdb.connect(str(path))
        engine.execute("CREATE TABLE mine AS SELECT 1")
        engine.close()

    @pytest.mark.parametrize(
        ("harm", "error", "says"),
        [
            ("other key", faults.WrongKey, "This key does not open"),
            ("plain", faults.NotEncrypted, "is not encrypted"),
            ("header flipped", faults.Damaged, "is damaged.*restore the latest backup"),
            ("block flipped", faults.Damaged, "is damaged.*restore the latest backup"),
            ("cut", faults.CutShort, "shorter than it should be"),
            ("log flipped", faults.DamagedLog, "log beside the data file is damaged"),
            ("log alone", faults.LogAlone, "log is here, but not the data file"),
            ("text", faults.NotADataFile, "no data file"),
            ("empty", faults.NotADataFile, "no data file"),
        ],
    )
    def test_each_its_own(
        self, left_behind: Places, tmp_path: Path, harm: str, error: type[StoreError], says: str
    ) -> None:
        path, key = tmp_path / "coach.duckdb", left_behind.key()
        shutil.copy(left_behind.data.with_name("whole.duckdb"), path)
        if harm.startswith("log"):
            shutil.copy(left_behind.data, path)
            shutil.copy(log_of(left_behind.data), log_of(path))
        harms: dict[str, Callable[[], Any]] = {
            "plain": lambda: self.plain(path),
            "header flipped": lambda: self.flip(path, 20),
            "block flipped": lambda: self.flip(path, 4100),
            "cut": lambda: os.truncate(path, 20_000),
            "log flipped": lambda: self.flip(log_of(path), log_of(path).stat().st_size // 2),
            "log alone": path.unlink,
            "text": lambda: path.write_text("hello " * 5000),
            "empty": lambda: path.write_bytes(b""),
            "other key": lambda: None,
        }
        harms[harm]()
        before = snapshot(tmp_path)
        with pytest.raises(error, match=says) as caught:
            FileStore(path, "another key" if harm == "other key" else key)
        assert type(caught.value) is error
        assert snapshot(tmp_path) == before
        words = str(caught.value).replace(str(path), "")
        assert not [sign for sign in ENGINE if sign in words]
        assert caught.value.__cause__ is None or not isinstance(
            caught.value.__cause__, duckdb.Error
        )

    def test_what_was_left_behind_is_whole(self, left_behind: Places, tmp_path: Path) -> None:
        """Else the cases above would show nothing."""
        path = tmp_path / "coach.duckdb"
        shutil.copy(left_behind.data, path)
        shutil.copy(log_of(left_behind.data), log_of(path))
        store = FileStore(path, left_behind.key())
        assert len(people_on_this_device(store)) == 20
        store.close()

    def test_the_key_file_is_gone(self, where: Places) -> None:
        open_store(where).close()
        assert where.key_file is not None
        where.key_file.unlink()
        before = snapshot(where.data.parents[1])
        with pytest.raises(NoKey, match="COACH_KEY_FILE"):
            open_store(where)
        assert snapshot(where.data.parents[1]) == before


class TestRights:
    """As a user without special rights: root may write everywhere."""

    @pytest.fixture
    def reachable(self) -> Iterator[Path]:
        folder = Path(tempfile.mkdtemp(prefix="coach-test-"))
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)
        shutil.rmtree(folder)

    @staticmethod
    def told(path: Path, key: str) -> str:
        script = ROOT / "tests" / "faults" / "as_nobody.py"
        done = subprocess.run(
            [sys.executable, str(script), str(path), key],
            env=environment(),
            cwd="/",
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        )
        return done.stdout.strip()

    @pytest.mark.parametrize("closed", ["folder", "file", "neither"])
    def test_said_as_such(self, reachable: Path, closed: str) -> None:
        path = reachable / "coach.duckdb"
        FileStore(path, "key").close()
        for file in reachable.iterdir():
            file.chmod(0o666)
        reachable.chmod(0o777)
        if closed == "folder":
            reachable.chmod(0o555)
        if closed == "file":
            path.chmod(0o444)
        before = snapshot(reachable)
        said = self.told(path, "key")
        if closed == "neither":
            assert said == "opened"
            return
        shut = reachable if closed == "folder" else path
        assert said.startswith("ReadOnly: ")
        assert f"{shut} cannot be written to" in said
        assert snapshot(reachable) == before


class Disk:
    """A small disk of its own, mounted for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, leave: int = 0) -> None:
        """Take all of its room but ``leave`` bytes."""
        handle = os.open(self.folder / "ballast", os.O_WRONLY | os.O_CREAT)
        free = os.statvfs(self.folder)
        left = free.f_bavail * free.f_frsize - leave
        while left > 0:
            left -= os.write(handle, b"x" * min(left, 65536))
        os.close(handle)

    def free(self) -> None:
        (self.folder / "ballast").unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if not shutil.which("mount") or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk to fill")
    done = subprocess.run(mount, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip(f"a small disk could not be mounted: {done.stderr.strip()}")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


class TestFullDisk:
    COLUMNS = ("person_id", "indicator_id", "day", "note", "recorded_at", "author")

    def save_until_full(self, store: Store, person: Person, rows: int) -> tuple[int, StoreError]:
        """Notes that do not compress, until one save is refused: how many were acknowledged."""
        saved = 0
        for _ in range(2000):
            batch = [
                (person.person_id, k, date(2026, 1, 1), os.urandom(60).hex())
                + (store.stamp(NOW), person.person_id)
                for k in range(rows)
            ]
            try:
                store.append(Rows("entry_note", self.COLUMNS, batch))
            except StoreError as error:
                return saved, error
            saved += rows
        raise AssertionError("the disk never became full")

    @staticmethod
    def notes(visit: Visit) -> int:
        return int(visit.read("SELECT count(*) FROM entry_note_history")[0][0])

    @pytest.mark.abuse(54)
    @pytest.mark.parametrize(
        ("rows", "threshold", "leave", "given_up"),
        [(1, "16MB", 0, False), (100, "16MB", 500_000, False), (300, "1MB", 1_200_000, True)],
        ids=["log", "long log", "checkpoint"],
    )
    def test_nothing_lost_and_the_same_store_goes_on(
        self,
        disk: Disk,
        monkeypatch: pytest.MonkeyPatch,
        rows: int,
        threshold: str,
        leave: int,
        given_up: bool,
    ) -> None:
        attached: list[Any] = []
        plain = file_store.attach
        monkeypatch.setattr(file_store, "attach", lambda *a: (attached.append(a), plain(*a)))
        where = Places(disk.folder / "coach.duckdb", disk.folder.parent / "key")
        where.key()
        begin = FileStore.define

        def define(store: Store, sql: str) -> None:
            begin(store, f"SET checkpoint_threshold = '{threshold}'; {sql}")

        monkeypatch.setattr(FileStore, "define", define)
        store = open_store(where)
        attached.clear()
        person = join(store, "Ann", NOW)
        onlooker = Visit.open(store, person.person_id, NOW)
        disk.fill(leave)
        saved, error = self.save_until_full(store, person, rows)
        assert saved
        assert isinstance(error, faults.DiskFull)
        assert str(error) == faults.DiskFull.__doc__
        assert self.notes(onlooker) == saved
        disk.free()
        more, indicator = 3, new_id()
        visit = Visit.open(store, person.person_id, NOW)
        given = {"person_id": person.person_id, "indicator_id": indicator}
        visit.save(Indicator(**given, kind=Kind.LEADING, name="Calls"))
        for k in range(more):
            visit.save(EntryNote(**given, day=date(2026, 1, 1) + timedelta(days=k), note="again"))
        assert self.notes(onlooker) == saved + more
        assert bool(attached) == given_up, "the case did not reach what it is named after"
        store.close()
        monkeypatch.undo()
        store = open_store(where)
        assert self.notes(Visit.open(store, person.person_id, NOW)) == saved + more
        store.close()

    def test_an_unfinished_read_delays_it_only(self, disk: Disk) -> None:
        """A read that was begun holds the old file, so it cannot be opened anew until it ends."""
        where = Places(disk.folder / "coach.duckdb", disk.folder.parent / "key")
        where.key()
        store = FileStore(where.data, where.key())
        store.define(f"SET checkpoint_threshold = '1MB'; {views()}")
        person = join(store, "Ann", NOW)
        onlooker = store.cursor()
        onlooker.execute("SELECT * FROM app.raw.person, range(5)").fetchone()
        disk.fill(1_200_000)
        saved, _ = self.save_until_full(store, person, 300)
        disk.free()
        for _ in range(2):
            with pytest.raises(faults.Busy):
                Visit.open(store, person.person_id, NOW)
        onlooker.close()
        visit = Visit.open(store, person.person_id, NOW)
        visit.save(person)
        assert self.notes(visit) == saved
        store.close()

    def test_no_room_to_put_entries_in_order(
        self, disk: Disk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        where = Places(disk.folder / "coach.duckdb", disk.folder.parent / "key")
        before = unordered(where)
        monkeypatch.setattr("coach_data.upkeep.TAIL", 1)
        disk.fill(100_000)
        with pytest.raises(faults.DiskFull, match="Free some space, then start again"):
            open_store(where)
        disk.free()
        store = open_store(where)
        assert sums(store) == before
        assert store.cursor().execute("SELECT count(*) FROM app.raw.upkeep").fetchall() == [(1,)]
        store.close()

    def test_a_start_and_a_backup(self, disk: Disk) -> None:
        where = Places(disk.folder / "coach.duckdb", disk.folder.parent / "key")
        store = open_store(where)
        person = join(store, "Ann", NOW)
        store.close()
        disk.fill()
        before = snapshot(disk.folder)
        with pytest.raises(StoreError) as caught:
            backups.backup(where.data, where.key(), disk.folder / "backup")
        assert "disk" in str(caught.value)
        assert "full" in str(caught.value)
        assert snapshot(disk.folder) == before
        store = open_store(where)
        assert people_on_this_device(store) == [(person.person_id, "Ann", "own")]
        store.close()


class Victims:
    """The script of processes to kill; see ``faults/save_batches.py``."""

    def __init__(self, where: Places, **more: str) -> None:
        script = ROOT / "tests" / "faults" / "save_batches.py"
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(where.data), str(where.key_file)],
            env=environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.pid = 0

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.endswith("\n"), "the script of the victims has ended by itself"
        return line.strip()

    def start(self) -> None:
        """A new child; returns when it is about to open the store."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.pid = int(self.line().split()[1])
        self.wait_for("opening")

    def wait_for(self, *words: str) -> list[str]:
        """The lines up to one of the words, which are the last of them."""
        lines = [self.line()]
        while lines[-1] not in words:
            lines.append(self.line())
        return lines

    def kill(self) -> list[str]:
        """Kill the child; what it had told since."""
        os.kill(self.pid, 9)
        self.pid = 0
        return list(takewhile(lambda line: line != "gone", iter(self.line, None)))

    def close(self) -> None:
        if self.pid:  # a test that failed half-way
            self.kill()
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(20) == 0
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def victims(where: Places) -> Iterator[Callable[..., Victims]]:
    made: list[Victims] = []

    def start(place: Places = where, **more: str) -> Victims:
        made.append(Victims(place, **more))
        return made[-1]

    yield start
    for one in made:
        one.close()


def batches(store: Store) -> dict[int, int]:
    """How many entries each batch has."""
    rows = store.cursor().execute("SELECT value, count(*) FROM app.raw.entry GROUP BY value")
    return {int(value): count for value, count in rows.fetchall()}


def sums(store: Store) -> list[tuple[Any, ...]]:
    """What changes when an entry is lost, doubled or altered; later days, saved by victims, apart."""
    sql = """
        SELECT count(*), sum(value), sum(hash(day, value)) FROM app.raw.entry
        WHERE day < DATE '2026-01-01'
    """
    return store.cursor().execute(sql).fetchall()


def unordered(where: Places) -> list[tuple[Any, ...]]:
    """A store with 90,000 entries in no order; their sums."""
    store = open_store(where)
    person = join(store, "Ann", NOW)
    visit, ids = Visit.open(store, person.person_id, NOW), [new_id() for _ in range(5)]
    given = {"person_id": person.person_id, "kind": Kind.LEADING, "name": "I"}
    visit.save(*(Indicator(**given, indicator_id=i) for i in ids))
    store.cursor().execute(
        "INSERT INTO app.raw.entry SELECT ?, ?, DATE '2000-01-01' + (k * 7919 % 9000)::INT,"
        " 'value', k, NULL, 'screen', TIMESTAMP '2026-01-01' + to_microseconds(k), ?"
        " FROM range(90000) t(k)",
        [person.person_id, ids[0], person.person_id],
    )
    found = sums(store)
    store.close()
    return found


@pytest.mark.slow
class TestKilled:
    def test_while_saving(self, where: Places, victims: Callable[..., Victims]) -> None:
        chance, running, acknowledged = random.Random(), victims(), 0
        for round_ in range(KILLS):
            running.start()
            running.wait_for("ready")
            told = [running.line() for _ in range(chance.randrange(1, 12))]
            time.sleep(chance.random() * 0.02)  # the moment within a save
            told += running.kill()
            acknowledged = max(acknowledged, *map(int, told))
            store = open_store(where)
            found = batches(store)
            notes = store.cursor().execute("SELECT count(*) FROM app.raw.entry_note").fetchall()
            store.close()
            lost = set(range(1, acknowledged + 1)) - found.keys()
            partial = {number: count for number, count in found.items() if count != PARTS}
            assert (lost, partial) == (set(), {}), f"at kill {round_}"
            assert notes == [(len(found),)]
            acknowledged = max(found)
        print(f"\n{KILLS} kills, {acknowledged} batches, 0 lost, 0 partial")
        assert acknowledged >= KILLS

    def test_at_the_very_first_start(self, where: Places, victims: Callable[..., Victims]) -> None:
        running = victims()
        running.start()
        begun = time.monotonic()
        running.wait_for("ready")
        whole = time.monotonic() - begun
        running.kill()
        unfinished = 0
        for k in range(6):
            assert where.key_file is not None
            shutil.rmtree(where.data.parent)
            shutil.rmtree(where.key_file.parent)
            running.start()
            time.sleep(whole * k / 6)  # the moments are spread over the whole start
            unfinished += "ready" not in running.kill()
            store = open_store(where)
            join(store, "Ann", NOW)
            store.close()
        assert unfinished >= 1

    def test_while_entries_are_put_in_order(
        self, tmp_path: Path, victims: Callable[..., Victims]
    ) -> None:
        pristine = tmp_path / "pristine"
        before = unordered(Places(pristine / "c.duckdb", tmp_path / "key"))
        where = Places(tmp_path / "data" / "c.duckdb", tmp_path / "key")
        shutil.copytree(pristine, where.data.parent)
        running = victims(where, COACH_TAIL="1")
        running.start()
        running.wait_for("compacting")
        begun = time.monotonic()
        running.wait_for("compacted")
        whole = time.monotonic() - begun
        running.kill()
        half_way, rounds = 0, max(6, KILLS // 2)
        for k in range(rounds):
            shutil.rmtree(where.data.parent)
            shutil.copytree(pristine, where.data.parent)
            running.start()
            running.wait_for("compacting")
            time.sleep(whole * (k + random.random()) / rounds)
            half_way += "compacted" not in running.kill()
            store = FileStore(where.data, where.key())
            assert sums(store) == before
            store.close()
        print(f"\n{half_way} of {rounds} kills half-way, {whole * 1000:.0f} ms each")
        assert half_way >= 1


class TestSecondProcess:
    @pytest.mark.abuse(54)
    def test_is_told_who_has_the_file(self, where: Places, victims: Callable[..., Victims]) -> None:
        running = victims()
        running.start()
        running.wait_for("ready")
        with pytest.raises(faults.InUse) as caught:
            open_store(where)
        with pytest.raises(faults.InUse):
            backups.backup(where.data, where.key(), where.data.with_name("backup"))
        assert f"PID {running.pid}" in str(caught.value)
        assert str(where.data) in str(caught.value)
        assert running.line()  # it goes on saving
        running.kill()
        open_store(where).close()


class TestUnreadable:
    """Nothing typed can be read from any file."""

    @staticmethod
    def holders(folder: Path) -> list[str]:
        needles = [MARKER.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
        return [
            str(f.relative_to(folder))
            for f in sorted(folder.rglob("*"))
            if f.is_file() and any(needle in f.read_bytes() for needle in needles)
        ]

    def test_in_a_plain_file_it_could_be(self, tmp_path: Path) -> None:
        """Else the search below would show nothing."""
        engine = duckdb.connect()
        engine.execute(f"ATTACH '{tmp_path / 'plain'}' AS p")
        engine.execute(f"CREATE TABLE p.note AS SELECT '{MARKER}' AS note")
        assert self.holders(tmp_path) == ["plain.wal"]
        engine.close()
        assert self.holders(tmp_path) == ["plain"]

    def test_data_file_log_and_backup(self, where: Places) -> None:
        folder = where.data.parents[1]
        store = open_store(where)
        visit = Visit.open(store, join(store, "Ann", NOW).person_id, NOW)
        given = {"person_id": visit.viewer_id, "indicator_id": new_id()}
        day = {"day": date(2026, 5, 1)}
        visit.save(
            Indicator(**given, kind=Kind.LEADING, name=MARKER),
            Entry(**given, **day, state=EntryState.SKIPPED, reason=MARKER),
            EntryNote(**given, **day, note=MARKER),
        )
        assert log_of(where.data).stat().st_size > len(MARKER)
        assert self.holders(folder) == []
        store.close()
        backups.backup(where.data, where.key(), folder / "backup")
        assert self.holders(folder) == []
        assert (folder / "backup").exists()
        store = open_store(where)
        visit = Visit.open(store, visit.viewer_id, NOW)
        assert [n.note for n in visit.records(EntryNote)] == [MARKER]
        store.close()

    @pytest.mark.parametrize("encrypted", [True, False], ids=["ours", "else nothing is shown"])
    def test_temporary_files(
        self, where: Places, monkeypatch: pytest.MonkeyPatch, encrypted: bool
    ) -> None:
        monkeypatch.setenv("COACH_MEMORY", "60MB")
        store = open_store(where)
        cursor = store.cursor()
        if not encrypted:
            folder = where.data.with_name("plain.tmp")
            cursor = duckdb.connect(
                config={"memory_limit": "60MB", "temp_directory": str(folder), "threads": 1}
            )
        cursor.execute(
            "CREATE TEMP TABLE t AS SELECT ? || hash(k) AS note FROM range(900000) t(k)", [MARKER]
        )
        cursor.execute("FROM t ORDER BY hash(note), note")
        assert cursor.fetchone()
        spilled = [f for f in where.data.parent.rglob("*") if ".tmp" in str(f) and f.is_file()]
        assert spilled, "the engine needed no temporary file: this would show nothing"
        assert bool(self.holders(where.data.parents[1])) != encrypted
        cursor.close()
        store.close()
