"""The store as one file: for this user only, stamps in one order, many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from coach_data import backups
from coach_data.file_store import FileStore
from coach_data.model import Entry, EntryNote, EntryState, Indicator, Kind, Person, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.store import Busy, Rows, Store, Unkeepable
from tests.stored import FIRST, ask

pytestmark = pytest.mark.file_only("the store as one file")


def indicator_of(visit: Visit) -> int:
    """A new indicator of the viewer; its id."""
    made = Indicator(
        person_id=visit.viewer_id, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    )
    visit.save(made)
    return made.indicator_id


class TestFiles:
    def test_every_new_file_is_for_this_user_only(self, where: Places, now: datetime) -> None:
        def modes() -> dict[str, int]:
            here = [f for f in where.data.parents[1].rglob("*") if f.is_file()]
            return {f.name: f.stat().st_mode & 0o777 for f in here}

        store = open_store(where)
        join(store, "Ann", now)
        open_ = modes()
        store.close()
        backups.backup(where.data, where.key(), where.data.with_name("backup"))
        data = where.data.name
        assert {data, f"{data}.wal", "key"} <= open_.keys()
        assert {data, "backup", "key"} <= modes().keys()
        assert {*open_.values(), *modes().values()} == {0o600}

    def test_closing_twice_is_no_error(self, where: Places) -> None:
        store = open_store(where)
        store.close()
        store.close()


class TestStamps:
    def test_strictly_increasing_whatever_the_clock_does(
        self, where: Places, now: datetime
    ) -> None:
        clocks = [now, now, now - timedelta(days=400), now + timedelta(seconds=1), now]
        made: list[datetime] = []
        for _ in range(2):
            store = open_store(where)
            person = join(store, "Ann", clocks[-1])
            for clock in clocks:
                made.append(store.stamp(clock))
                visit = Visit.open(store, person.person_id, clock)
                visit.save(visit.about)
                saved = ask(store, "SELECT max(recorded_at) FROM app.raw.person")[0][0]
                made.append(saved)
            store.close()
        assert all(earlier < later for earlier, later in zip(made, made[1:], strict=False)), made

    def test_a_later_change_counts_though_the_clock_went_back(
        self, where: Places, now: datetime
    ) -> None:
        store = open_store(where)
        person = join(store, "Ann", now)
        visit = Visit.open(store, person.person_id, now)
        indicator = indicator_of(visit)
        given = {"person_id": person.person_id, "indicator_id": indicator, "day": FIRST}
        visit.save(Entry(**given, value=1.0))
        store.close()
        store = open_store(where)
        earlier = Visit.open(store, person.person_id, now - timedelta(days=30))
        earlier.save(Entry(**given, state=EntryState.CLEARED))
        assert [e.state for e in earlier.records(Entry)] == [EntryState.CLEARED]
        store.close()


class TestThreads:
    def test_eight_at_once_lose_nothing_and_see_only_their_own(
        self, store: Store, person: Callable[..., Person], now: datetime
    ) -> None:
        each, start, wrong = 20, threading.Barrier(8), []
        acknowledged: dict[int, list[float]] = {}
        people = [person(f"P{k}") for k in range(8)]

        def work(number: int) -> None:
            visit = Visit.open(store, people[number].person_id, now)
            indicator = indicator_of(visit)
            mine = acknowledged[number] = []
            start.wait(20)
            for k in range(each):
                day = FIRST + timedelta(days=k)
                given = {"person_id": visit.viewer_id, "indicator_id": indicator, "day": day}
                visit.save(
                    Entry(**given, value=float(number * 1000 + k)),
                    EntryNote(**given, note=f"of {number}"),
                )
                mine.append(float(number * 1000 + k))
                seen = sorted(v for (v,) in visit.read("SELECT value FROM entry"))
                notes = {n.note for n in visit.records(EntryNote)}
                if seen != mine or notes != {f"of {number}"}:
                    wrong.append((number, k, seen, notes))

        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        found = sorted(v for (v,) in ask(store, "SELECT value FROM app.raw.entry"))
        assert found == sorted(v for mine in acknowledged.values() for v in mine)
        assert len(found) == 8 * each

    def test_who_saves_at_the_same_moment_saves_in_one_transaction(self, store: FileStore) -> None:
        """And what no column can hold is refused to the one who brought it."""
        names, at, before = ("seconds", "recorded_at"), FIRST, store.saves
        refused: list[Unkeepable] = []

        def save(seconds: object) -> None:
            try:
                store.append(Rows("day_log", names, [(seconds, at)]), Rows("device", names[1:], []))
            except Unkeepable as error:
                refused.append(error)

        for values in ([1.0, 2.0, 3.0, 4.0], [5.0, "secret", 6.0]):
            threads = [threading.Thread(target=save, args=(value,)) for value in values]
            with store._writer:
                for count, thread in enumerate(threads, 1):
                    thread.start()
                    while len(store._appends._waiting) < count:
                        threading.Event().wait(0.001)
            for thread in threads:
                thread.join(20)
        kept = ask(store, "SELECT seconds FROM app.raw.day_log ORDER BY ALL")
        assert kept == [(float(k),) for k in range(1, 7)]
        assert len(refused) == 1
        assert store.saves == before + 1 + 2, (
            "one for the four, one each for those beside the other"
        )

    def test_a_save_about_one_does_not_wait_for_another(
        self, store: Store, person: Callable[..., Person], now: datetime
    ) -> None:
        ann, bob = (Visit.open(store, person(name).person_id, now) for name in ("Ann", "Bob"))
        with ann.alone():
            saver = threading.Thread(target=lambda: bob.save(bob.about))
            saver.start()
            saver.join(20)
            assert not saver.is_alive()

    @pytest.mark.parametrize("everybody", [False, True])
    def test_while_somebody_is_alone_with_it_nobody_else_saves(
        self, store: FileStore, person: Callable[..., Person], now: datetime, everybody: bool
    ) -> None:
        ann = Visit.open(store, person("Ann").person_id, now)
        saved = len(ask(store, "FROM app.raw.person"))
        saver = threading.Thread(target=lambda: ann.save(ann.about))
        with store.alone(*() if everybody else (ann.viewer_id,)):
            saver.start()
            while not store._turns._waiting:
                threading.Event().wait(0.001)
            assert len(ask(store, "FROM app.raw.person")) == saved
        saver.join(20)
        assert len(ask(store, "FROM app.raw.person")) == saved + 1


def test_once_it_is_closed_it_says_so(where: Places) -> None:
    store = open_store(where)
    store.close()
    with pytest.raises(Busy, match="closed here"):
        store.cursor()


def test_copies_are_the_files_that_a_restore_has_put_aside(where: Places) -> None:
    store = open_store(where)
    assert store.copies() == ()
    aside = where.file.with_name(f"{where.file.name}.before-20260531T120000")
    for made in (aside, aside.with_name(aside.name + ".wal"), where.file.with_name("other")):
        made.write_text("x")
    assert store.copies() == (aside,)
    store.close()
