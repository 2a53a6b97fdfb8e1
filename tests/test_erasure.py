"""Erasure: nothing of that person is left, in no table and in no byte; all of everybody else's is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from coach_data import engine, faults, file_store
from coach_data.access_log import verify_access_log
from coach_data.behaviours import add_leading
from coach_data.compass import compass_of
from coach_data.devices import device_person, people_on_this_device, remember_device
from coach_data.erasure import NAMES, WrongName, erase
from coach_data.imports import bring_in, preview_of
from coach_data.invitations import WrongCode, accept, invite, open_invitations
from coach_data.model import (
    NOBODY,
    RECORDS,
    CoachNote,
    Commitment,
    Entry,
    Indicator,
    NotAllowed,
    OwnNote,
    Pairing,
    Person,
    Purpose,
    Role,
    Session,
    SessionNote,
    Sprint,
)
from coach_data.people import consent, join, pair
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from coach_data.releases import Release, block_of, keep
from coach_data.sessions import begin, sessions_of
from coach_data.sign_in import identity_of, signed_in
from coach_data.statistics.release import Reading, Word
from coach_data.store import Busy, Rows, Store
from tests.stored import before_insert
from tests.test_privacy import belongings, coach_note

MARKER = "Zebrafink-7041-Holunder"
Join = Callable[..., Person]
Content = dict[str, list[tuple[Any, ...]]]


class House:
    """Ann and Bob, coached by Cleo; Dora coaches nobody. All of Ann's texts hold the marker."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        self.ann = join(store, f"Ann {MARKER}", now)
        self.bob = join(store, "Bob", now)
        self.cleo = join(store, "Cleo", now, roles=(Role.COACHEE, Role.COACH))
        self.things = {who.name: belongings(who, self.cleo) for who in (self.ann, self.bob)}
        for who, things in zip((self.ann, self.bob), self.things.values(), strict=True):
            own = self.visit(who)
            own.save(*things)
            pair(own, self.cleo.person_id)
            consent(own, Purpose.ENTRIES, given=True)
            consent(own, Purpose.PATTERN, given=True)
            coach = self.visit(self.cleo, who)
            coach.save(coach_note(things, f"GUESS about {who.name}"))
            coach.look("Compass")
            coach.save(replace(_one(things, SessionNote), text=f"noted with {who.name}"))
        self.visit(self.cleo).save(*belongings(self.cleo))
        sprint = _one(self.things[self.ann.name], Sprint)
        self.visit(self.ann).save(replace(sprint, sprint_id=7, behaviour=f"a {MARKER} day"))
        self._bring_in()
        remember_device(store, "device of Ann", self.bob.person_id, now)
        remember_device(store, "device of Ann", self.ann.person_id, now)
        remember_device(store, "device of Bob", self.bob.person_id, now)

    def _bring_in(self) -> None:
        own = self.visit(self.ann)
        calls = next(i for i in own.records(Indicator) if i.name == "Calls")
        file = f"date,indicator,value,note\n2026-05-01,{calls.name},3,{MARKER} from a file\n"
        bring_in(own, preview_of(own, file.encode(), "x.csv"))

    def visit(self, viewer: Person, about: Person | None = None) -> Visit:
        about_id = about.person_id if about else None
        return Visit.open(self.store, viewer.person_id, self.now, about_id)


def _one(things: list[Any], kind: type[Any]) -> Any:
    return next(t for t in things if isinstance(t, kind))


@pytest.fixture
def house(store: Store, now: datetime) -> House:
    return House(store, now)


def tables(store: Store) -> dict[str, dict[str, str]]:
    """The type of every column of every table."""
    rows = (
        store.cursor()
        .execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = 'app' AND schema_name = 'raw' ORDER BY table_name, column_index"
        )
        .fetchall()
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def content(store: Store) -> Content:
    """Every row of every table."""
    ask = store.cursor()
    return {t: sorted(ask.execute(f"FROM app.raw.{t}").fetchall(), key=str) for t in tables(store)}


def hits(rows: Content, what: object) -> set[str]:
    """The tables that hold it: as a whole value, or within a text."""
    return {
        table
        for table, found in rows.items()
        for row in found
        for value in row
        if value == what or (isinstance(what, str) and isinstance(value, str) and what in value)
    }


def test_nothing_of_the_person_is_left_in_any_table(house: House) -> None:
    before = content(house.store)
    assert hits(before, MARKER) >= {"person", "entry_note", "own_note", "session_note", "sprint"}
    assert {kind.TABLE for kind in RECORDS} - {"membership"} - hits(
        before, house.ann.person_id
    ) <= {
        "request",
        "digest",
    }
    erase(house.visit(house.ann), f" ann {MARKER.upper()}")
    after = content(house.store)
    assert hits(after, MARKER) == set()
    assert hits(after, house.ann.person_id) == set()


def test_all_that_is_others_is_what_it_was(house: House) -> None:
    before = content(house.store)
    erase(house.visit(house.ann), house.ann.name)
    after = content(house.store)
    columns = {t: list(c) for t, c in tables(house.store).items()}
    for table, rows in before.items():
        if table in ("device", "upkeep", "invitation"):
            continue
        kept = [r for r in rows if house.ann.person_id not in _whose(columns[table], r)]
        assert after[table] == kept, table
    bob = house.visit(house.bob)
    assert [n.text for n in bob.records(OwnNote)] == ["diary of Bob"]
    seen = house.visit(house.cleo, house.bob).records(CoachNote)
    assert [n.text for n in seen] == ["GUESS about Bob"]


def _whose(columns: list[str], row: tuple[Any, ...]) -> list[Any]:
    return [v for c, v in zip(columns, row, strict=True) if c == "person_id"]


def test_a_coachee_keeps_what_is_theirs_when_their_coach_is_gone(house: House) -> None:
    kept = {kind: house.visit(house.bob).records(kind) for kind in RECORDS}
    erase(house.visit(house.cleo), "Cleo")
    after = content(house.store)
    assert hits(after, house.cleo.person_id) == set()
    assert hits(after, "GUESS") == set(), "the notebook was the coach's"
    bob = house.visit(house.bob)
    for kind in RECORDS:
        now = bob.records(kind)
        if kind is Pairing:
            assert now == []
            continue
        assert now == [_without_coach(r) for r in kept[kind]], kind
    assert _one(bob.records(SessionNote), SessionNote).text == "noted with Bob"
    assert {s.coach_id for s in sessions_of(bob)} == {NOBODY}
    begin(bob, bob.viewer_id)  # the rhythm goes on alone
    names = [n for _, n, _ in people_on_this_device(house.store)]
    assert sorted(names) == [f"Ann {MARKER}", "Bob"]


def _without_coach(record: Any) -> Any:
    return replace(record, coach_id=NOBODY) if hasattr(record, "coach_id") else record


def test_every_column_that_can_name_a_person_is_decided(store: Store) -> None:
    """A new column of ids fails here until somebody has said whether a person stands in it."""
    things = {"indicator_id", "outcome_id", "annotation_id", "sprint_id", "session_id"}
    things |= {"commitment_id", "guard_of", "behaviour_id", "measure_id", "adapted_from"}
    things |= {"release_id", "token_id", "ordered_entries"}
    found = {c for cols in tables(store).values() for c, kind in cols.items() if kind == "BIGINT"}
    assert found == {"person_id", *NAMES, *things}


def test_the_logs_of_others_verify_though_one_who_looked_is_gone(house: House) -> None:
    with pytest.raises(NotAllowed):
        Visit.open(house.store, house.ann.person_id, house.now, house.bob.person_id)
    house.visit(house.cleo, house.bob).look("Today")
    before = [r[1:4] for r in _log(house, house.bob)]
    assert len(before) == 3
    erase(house.visit(house.ann), house.ann.name)
    assert verify_access_log(house.store) == []
    gone = house.ann.person_id
    assert [r[1:4] for r in _log(house, house.bob)] == [
        (NOBODY if who == gone else who, screen, allowed) for who, screen, allowed in before
    ]
    assert NOBODY in {r[1] for r in _log(house, house.bob)}
    house.store.cursor().execute(
        "UPDATE app.raw.access_log SET screen = 'Guide' WHERE viewer_id = ?", [NOBODY]
    )
    assert verify_access_log(house.store) == [house.bob.person_id], "the chain still proves"


def _log(house: House, person: Person) -> list[tuple[Any, ...]]:
    sql = "FROM app.raw.access_log WHERE person_id = ? ORDER BY recorded_at"
    return house.store.cursor().execute(sql, [person.person_id]).fetchall()


def test_the_name_is_typed_and_only_oneself_is_erased(house: House) -> None:
    before = content(house.store)
    for wrong in ("", "Ann", "Bob"):
        with pytest.raises(WrongName):
            erase(house.visit(house.ann), wrong)
    with pytest.raises(NotAllowed):
        erase(house.visit(house.cleo, house.ann), house.ann.name)
    assert content(house.store) == before


def test_their_browser_is_nobodys_and_not_somebody_elses(house: House) -> None:
    assert device_person(house.store, "device of Ann") == house.ann.person_id
    erase(house.visit(house.ann), house.ann.name)
    assert device_person(house.store, "device of Ann") is None
    assert device_person(house.store, "device of Bob") == house.bob.person_id


def test_a_used_code_stays_used_and_an_open_one_of_theirs_goes(house: House) -> None:
    cleo, now = house.visit(house.cleo), house.now
    used, waiting = invite(cleo, Role.COACHEE), invite(cleo, Role.COACHEE)
    accept(Visit.first(house.store, Person(person_id=42, name="Eve"), now), used)
    eve = Visit.open(house.store, 42, now)
    erase(eve, "Eve")
    late = Visit.first(house.store, Person(person_id=43, name="Fay"), now)
    with pytest.raises(WrongCode):
        accept(late, used)
    assert len(open_invitations(house.visit(house.cleo))) == 1
    erase(house.visit(house.cleo), "Cleo")
    with pytest.raises(WrongCode):
        accept(late, waiting)
    assert content(house.store)["invitation"] == []


def test_their_identity_goes_and_the_proof_of_it_begins_no_other_session(house: House) -> None:
    claims = {"is_logged_in": True, "iss": "https://provider", "sub": MARKER, "nonce": "n"}
    who = identity_of({**claims, "iat": house.now.timestamp()})
    assert who is not None
    code = invite(house.visit(house.cleo), Role.COACHEE)
    accept(Visit.first(house.store, Person(person_id=42, name="Eve"), house.now), code, who)
    assert signed_in(house.store, "token", who, house.now).person_id == 42  # type: ignore[union-attr]
    assert hits(content(house.store), MARKER) >= {"identity", "sign_in"}
    erase(Visit.open(house.store, 42, house.now), "Eve")
    assert not hits(content(house.store), MARKER) & {"identity", "sign_in"}
    for token in ("token", "another tab"):
        assert signed_in(house.store, token, who, house.now + timedelta(seconds=5)) is None
    assert not hits(content(house.store), MARKER) & {"identity", "sign_in"}


def test_a_tab_that_was_open_brings_nothing_back(house: House) -> None:
    own, coach = house.visit(house.ann), house.visit(house.cleo, house.ann)
    entry = own.records(Entry)[0]
    note = coach.records(CoachNote)[0]
    erase(house.visit(house.ann), house.ann.name)
    with pytest.raises(NotAllowed):
        own.save(replace(entry, value=5.0))
    with pytest.raises(NotAllowed):
        coach.save(replace(note, text=MARKER))
    with pytest.raises(NotAllowed):
        coach.look("Compass")
    assert own.records(Entry) == []
    assert coach.records(Commitment) == []
    with pytest.raises(NotAllowed):
        house.visit(house.ann)
    assert hits(content(house.store), house.ann.person_id) == set()
    assert hits(content(house.store), MARKER) == set()


def test_a_group_reading_that_too_few_are_left_in_is_taken_back(house: House) -> None:
    others = [join(house.store, f"P{k}", house.now).person_id for k in range(7)]
    day = block_of(date(2026, 3, 1))

    def release(name: str, people: list[int]) -> Release:
        return Release(name, day, Word.TOGETHER, Reading(1.0, 0.1), tuple(people))

    ann = house.ann.person_id
    kept = [release("Six", [ann, *others[:5]]), release("Eight", [ann, *others])]
    assert keep(house.store, "own", kept, house.now) == 2
    assert erase(house.visit(house.ann), house.ann.name).releases == 1
    rows = content(house.store)
    told = {r[2]: (r[5], r[6]) for r in rows["release"]}
    assert told["Six"] == ("not enough to show", None)
    assert told["Eight"][1] == 1.0
    assert hits(rows, ann) == set()


def test_what_was_derived_is_forgotten(house: House) -> None:
    from coach_data import review

    visit = house.visit(house.cleo)
    made = new_indicator(visit, "Walks")
    add_leading(visit, made, None)
    for k in range(40):
        day = visit.today - timedelta(days=k)
        given = {"person_id": visit.viewer_id, "indicator_id": made.indicator_id, "day": day}
        visit.save(Entry(**given, value=float(k % 5)))
    compass_of(house.visit(house.cleo))
    caches = [
        value
        for module in (review, __import__("coach_data.compass", fromlist=["x"]))
        for value in vars(module).values()
        if hasattr(value, "cache_info")
    ]
    assert sum(c.cache_info().currsize for c in caches) > 0
    erase(house.visit(house.ann), house.ann.name)
    assert sum(c.cache_info().currsize for c in caches) == 0


@pytest.mark.file_only("a restore puts old files beside the data file")
def test_older_copies_beside_the_file_are_told(house: House) -> None:
    aside = house.store.path.with_name(f"{house.store.path.name}.before-20260101T000000")
    aside.write_bytes(b"old")
    assert erase(house.visit(house.ann), house.ann.name).copies == (aside,)
    assert house.store.copies() == (aside,)


class TestReaders:
    """Others go on while somebody is erased."""

    @pytest.mark.file_only("a read holds the old file while another takes its place")
    def test_a_read_that_has_begun_is_busy_once_and_goes_on(self, house: House) -> None:
        bob = house.visit(house.bob)
        reader = house.store.cursor()
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM app.raw.person").fetchall() == [(3,)]
        erase(house.visit(house.ann), house.ann.name)
        with pytest.raises(Busy):
            bob.records(OwnNote)
        with pytest.raises(Busy):
            bob.save(replace(house.bob, name="Bobby"))
        reader.execute("ROLLBACK")
        assert [n.text for n in bob.records(OwnNote)] == ["diary of Bob"]
        bob.save(replace(house.bob, name="Bobby"))
        assert hits(content(house.store), MARKER) == set()

    def test_nobody_saves_meanwhile_and_nothing_acknowledged_is_lost(self, house: House) -> None:
        saved, stop = [], threading.Event()
        made = next(i for i in house.visit(house.bob).records(Indicator) if i.name == "Calls")

        def work() -> None:
            k = 0
            while not stop.is_set() or k < 5:
                bob = house.visit(house.bob)
                day = date(2020, 1, 1) + timedelta(days=k)
                given = {"person_id": bob.viewer_id, "indicator_id": made.indicator_id}
                bob.save(Entry(**given, day=day, value=float(k)))
                saved.append(day)
                k += 1

        thread = threading.Thread(target=work)
        thread.start()
        try:
            erase(house.visit(house.ann), house.ann.name)
        finally:
            stop.set()
            thread.join(60)
        assert len(saved) >= 5
        kept = {e.day for e in house.visit(house.bob).records(Entry)}
        assert kept >= set(saved)

    def test_a_write_that_has_begun_is_waited_for(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun, go_on, done = threading.Event(), threading.Event(), list[str]()

        def waits(table: str) -> None:
            if table == "device":
                begun.set()
                go_on.wait(20)

        def write() -> None:
            before_insert(monkeypatch, waits)
            row = ("x", house.bob.person_id, house.store.stamp(house.now))
            house.store.append(Rows("device", ("token_sha256", "person_id", "recorded_at"), [row]))
            done.append("written")

        def leave() -> None:
            erase(house.visit(house.ann), house.ann.name)
            done.append("erased")

        writer, leaver = threading.Thread(target=write), threading.Thread(target=leave)
        writer.start()
        begun.wait(20)
        leaver.start()
        leaver.join(0.5)
        assert done == []
        go_on.set()
        writer.join(20)
        leaver.join(20)
        assert done == ["written", "erased"]
        assert "x" in {r[0] for r in content(house.store)["device"]}


@pytest.mark.file_only("the bytes of the file; tests/postgres/test_erasing.py has the server's")
class TestBytes:
    """The file is encrypted, so searching it proves nothing. Here the same store works without a key."""

    @pytest.fixture
    def plain(self, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> House:
        def attach(root: Any, path: Path, key: str, name: str = "app") -> None:
            options = "TYPE duckdb, STORAGE_VERSION 'v1.5.0'"
            root.execute(f"ATTACH {engine.quoted(path)} AS {name} ({options})")

        def start(path: Path) -> Any:
            root = real(path)
            root.execute("SET force_compression = 'uncompressed'")  # words as they are
            return root

        real = engine.start
        monkeypatch.setattr(engine, "attach", attach)
        monkeypatch.setattr(file_store, "attach", attach)
        monkeypatch.setattr(file_store, "start", start)
        return House(open_store(Places(tmp_path / "data" / "c", tmp_path / "key")), now)

    def found(self, house: House) -> dict[str, int]:
        """How often the marker is in each file of the folder."""
        folder = house.store.path.parent
        assert not list(folder.glob("*.erasing*"))
        counted = {
            f.name: f.read_bytes().count(MARKER.encode()) for f in folder.rglob("*") if f.is_file()
        }
        return {name: count for name, count in counted.items() if count}

    def test_deleting_alone_leaves_the_words_in_the_file(self, plain: House) -> None:
        cursor = plain.store.cursor()
        cursor.execute("CHECKPOINT app")
        assert set(self.found(plain)) == {"c"}
        for table, columns in tables(plain.store).items():
            if "person_id" in columns:
                cursor.execute(
                    f"DELETE FROM app.raw.{table} WHERE person_id = ?", [plain.ann.person_id]
                )
        cursor.execute("CHECKPOINT app")
        assert hits(content(plain.store), MARKER) == set()
        assert self.found(plain), "the control: this is why the file is written anew"
        plain.store.close()

    def test_08_after_an_erasure_there_is_no_hit_in_any_file(self, plain: House) -> None:
        assert set(self.found(plain)) >= {"c.wal"}, "the control: what was saved is in the log"
        erase(plain.visit(plain.ann), plain.ann.name)
        assert self.found(plain) == {}
        plain.visit(plain.bob).save(replace(plain.bob, name="Bobby"))
        plain.store.close()
        assert self.found(plain) == {}


@pytest.mark.file_only(
    "the file is written anew; tests/postgres/test_full.py fills the server's disk"
)
class TestFull:
    """Where there is no room for the new file, the old one stays."""

    def test_nothing_is_erased_and_the_store_goes_on(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = content(house.store)

        def no_room(path: Path) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(engine, "harden", no_room)
            with pytest.raises(faults.DiskFull):
                erase(house.visit(house.ann), house.ann.name)
        assert content(house.store) == before
        assert not list(house.store.path.parent.glob("*.erasing*"))
        house.visit(house.bob).save(replace(house.bob, name="Bobby"))
        erase(house.visit(house.ann), house.ann.name)
        assert hits(content(house.store), MARKER) == set()

    @pytest.mark.parametrize("broken", ["replace", "harden_names", "fill"])
    def test_whatever_fails_one_of_the_two_files_is_whole(
        self, house: House, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        before = content(house.store)

        def fails(*_: Any) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patched:
            if broken == "replace":
                patched.setattr(Path, "replace", fails)
            elif broken == "harden_names":
                patched.setattr(file_store, "harden_names", fails)
            else:
                patched.setattr("coach_data.erasure._chain_anew", fails)
            with pytest.raises((faults.StoreError, duckdb.Error)):
                erase(house.visit(house.ann), house.ann.name)
        rows = content(house.store)
        if broken == "harden_names":  # it is in its place, and may not be durable yet
            assert hits(rows, MARKER) == set()
        else:
            assert rows == before
        house.visit(house.bob).save(replace(house.bob, name="Bobby"))


def test_it_is_so_after_opening_anew(where: Places, now: datetime) -> None:
    store = open_store(where)
    house = House(store, now)
    erase(house.visit(house.ann), house.ann.name)
    house.visit(house.bob).save(replace(house.bob, name="Bobby"))
    rows = content(store)
    store.close()
    store = open_store(where)
    assert content(store) == rows
    assert sorted(n for _, n, _ in people_on_this_device(store)) == ["Bobby", "Cleo"]
    assert _one(Visit.open(store, house.bob.person_id, now).records(Session), Session)
    store.close()
