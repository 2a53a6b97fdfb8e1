"""The server's disk is full: it is told, nothing half is there, and with room again it goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from coach_data.model import Entry, Indicator, Kind, Person, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.server_faults import NoServer, ServerFull
from coach_data.store import Store, StoreError
from tests.cluster import Cluster, own_cluster

MB = 1024 * 1024
FIRST = date(2000, 1, 1)


class Disk:
    """A file system of its own in memory, of which all but what is in it can be taken away."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self._ballast = folder, folder / "ballast"
        command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return

    def free(self) -> None:
        self._ballast.unlink()

    def remove(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Disk]]:
    """``disk(40)``: one of so many megabytes. Only the administrator of a machine can make one."""
    if os.geteuid() != 0:
        pytest.skip("a disk that can be filled is mounted by root only")
    made: list[Disk] = []

    def another(megabytes: int) -> Disk:
        folder = tmp_path / f"disk{len(made)}"
        folder.mkdir()
        for above in folder.parents:  # the server is not root and has to come by
            if above.stat().st_uid == os.geteuid() and str(above) not in ("/", "/tmp"):
                above.chmod(above.stat().st_mode | 0o011)
        made.append(Disk(folder, megabytes * MB))
        return made[-1]

    yield another
    for one in made:
        one.remove()


def newcomer(store: Store, now: datetime) -> tuple[Person, Indicator]:
    person = join(store, "Ann", now)
    calls = Indicator(
        person_id=person.person_id, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    )
    Visit.open(store, person.person_id, now).save(calls)
    return person, calls


def entries(calls: Indicator, round_: int, count: int = 400) -> list[Entry]:
    ids = {"person_id": calls.person_id, "indicator_id": calls.indicator_id}
    return [
        Entry(**ids, day=FIRST + timedelta(days=round_ * count + k), value=float(k))
        for k in range(count)
    ]


def saved_until_told(visit: Visit, calls: Indicator) -> tuple[int, StoreError]:
    """How many saves returned, and what the next one raised."""
    for round_ in range(500):
        try:
            visit.save(*entries(calls, round_))
        except StoreError as told:
            return round_, told
    raise AssertionError("the disk was never full")


def kept(store: Store) -> int:
    found = store.ask(
        store.cursor(), "SELECT count(*) FROM app.raw.entry", [], lambda c: c.fetchall()
    )
    return int(found[0][0])


@pytest.mark.slow
def test_where_the_tables_have_no_room_nothing_is_saved_and_then_it_is(
    disk: Callable[[int], Disk], postgres: Cluster, tmp_path: Path, now: datetime
) -> None:
    small = disk(24)
    os.chown(small.folder, postgres.folder.stat().st_uid, -1)
    postgres.run(f"CREATE TABLESPACE small LOCATION '{small.folder}'")
    server = postgres.fresh()
    postgres.run(f"ALTER DATABASE {server.database} SET TABLESPACE small")
    store = open_store(Places(server, tmp_path / "key"))
    person, calls = newcomer(store, now)
    visit = Visit.open(store, person.person_id, now)
    small.fill()
    rounds, told = saved_until_told(visit, calls)
    assert isinstance(told, ServerFull)
    assert str(told) == ServerFull.__doc__
    assert kept(store) == 400 * rounds, "all of a save or nothing of it"
    assert Visit.open(store, person.person_id, now).records(Indicator) == [calls], "it can be read"
    small.free()
    visit.save(*entries(calls, rounds))
    assert kept(store) == 400 * (rounds + 1)
    store.close()
    postgres.run(f"DROP DATABASE {server.database} WITH (FORCE)")
    postgres.run("DROP TABLESPACE small")


@pytest.mark.slow
def test_where_its_log_has_no_room_the_server_stops_and_nothing_is_lost(
    disk: Callable[[int], Disk], tmp_path: Path, now: datetime
) -> None:
    """Then PostgreSQL itself gives up; started again on a disk with room it has all that was saved."""
    small = disk(140)
    sizes = {"min_wal_size": "32MB", "max_wal_size": "32MB", "wal_recycle": "off"}
    with own_cluster(small.folder, **sizes) as cluster:
        store = open_store(Places(cluster.new(), tmp_path / "key"))
        person, calls = newcomer(store, now)
        visit = Visit.open(store, person.person_id, now)
        small.fill()
        rounds, told = saved_until_told(visit, calls)
        assert isinstance(told, NoServer | ServerFull)
        assert "still here" in str(told)
        small.free()
        cluster.stop("immediate")
        cluster.start()
        assert kept(store) == 400 * rounds
        Visit.open(store, person.person_id, now).save(*entries(calls, rounds))
        assert kept(store) == 400 * (rounds + 1)
        store.close()
