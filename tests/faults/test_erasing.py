"""An erasure that is killed, or finds no room, leaves the old file whole or the new one."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach_data.devices import people_on_this_device
from coach_data.erasure import erase
from coach_data.model import OwnNote, Person
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Store, StoreError
from tests.faults.erasing import NOW
from tests.test_erasure import content
from tests.test_privacy import belongings

pytestmark = pytest.mark.file_only(
    "faults of the file and its disk; tests/postgres has the server's"
)

HERE = Path(__file__).parent
ALL = int(os.environ.get("COACH_KILLS", "12")) >= 100


def filled(where: Places) -> tuple[Store, Person, Person]:
    """A store with Ann and Bob and one record of every kind of each."""
    store = open_store(where)
    people = join(store, "Ann", NOW), join(store, "Bob", NOW)
    for person in people:
        Visit.open(store, person.person_id, NOW).save(*belongings(person))
    return store, *people


def names(store: Store) -> list[str]:
    return sorted(name for _, name, _ in people_on_this_device(store))


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A folder as a killed process leaves it: the rows are in the log."""
    store, *_ = filled(Places(tmp_path / "live" / "coach.duckdb", tmp_path / "key"))
    shutil.copytree(tmp_path / "live", tmp_path / "left")
    store.close()
    return tmp_path / "left"


def killed(folder: Path, left: Path) -> Iterator[Places]:
    """The data files that were left behind, one for each step after which an erasure died."""
    script = [HERE / "erasing.py", left, folder / "work", folder / "key", 1 if ALL else 9]
    done = subprocess.run(
        [sys.executable, *map(str, script)],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    died = done.stdout.split()
    assert len(died) >= (60 if ALL else 8), "the erasure was not cut into its steps"
    for k in died:
        yield Places(folder / "work" / k / "coach.duckdb", folder / "key")


@pytest.mark.slow
def test_killed_at_any_moment_the_old_file_is_whole_or_the_new_one(
    tmp_path: Path, left: Path
) -> None:
    seen = []
    for where in killed(tmp_path, left):
        store = open_store(where)
        assert not list(where.data.parent.glob("*.erasing*")), "what was begun is taken away"
        seen.append(names(store))
        bob = next(i for i, name, _ in people_on_this_device(store) if name == "Bob")
        visit = Visit.open(store, bob, NOW)
        assert [n.text for n in visit.records(OwnNote)] == ["diary of Bob"]
        if seen[-1] == ["Ann", "Bob"]:
            ann = next(i for i, name, _ in people_on_this_device(store) if name == "Ann")
            notes = Visit.open(store, ann, NOW).records(OwnNote)
            assert [n.text for n in notes] == ["diary of Ann"]
        visit.save(OwnNote(person_id=bob, session_id=notes_session(visit), text="later"))
        store.close()
        again = open_store(where)
        assert [n.text for n in Visit.open(again, bob, NOW).records(OwnNote)] == ["later"]
        again.close()
    assert [s for k, s in enumerate(seen) if s not in seen[:k]] == [["Ann", "Bob"], ["Bob"]]
    assert seen == sorted(seen), "once she is gone she stays gone"


def notes_session(visit: Visit) -> int:
    return visit.records(OwnNote)[0].session_id


@pytest.mark.parametrize("size", [2_000, 20_000, 200_000, 800_000])
def test_without_room_for_the_new_file_nothing_is_erased(where: Places, size: int) -> None:
    """A limit on the size of a file, because it needs no disk of its own."""
    store, ann, bob = filled(where)
    store.close()
    store = open_store(where)  # the log is empty now
    before = content(store)
    visit = Visit.open(store, ann.person_id, NOW)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        with pytest.raises(StoreError) as caught:
            erase(visit, "Ann")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert str(caught.value)
    assert content(store) == before
    assert not list(where.data.parent.glob("*.erasing*"))
    Visit.open(store, bob.person_id, NOW).save(bob)
    erase(Visit.open(store, ann.person_id, NOW), "Ann")
    assert names(store) == ["Bob"]
    store.close()
