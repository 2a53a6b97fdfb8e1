"""Several processes on one server: what one saves counts for the others, and once is once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from coach_data import postgres as postgres_store
from coach_data.access_log import verify_access_log
from coach_data.entries import ChangedMeanwhile, Logged, day_of, log_day
from coach_data.erasure import erase
from coach_data.invitations import WrongCode, accept, invite
from coach_data.model import Entry, Indicator, Kind, NotAllowed, Person, Purpose, Role, new_id
from coach_data.pairings import pairings_of, part
from coach_data.people import consent, join, pair, rename
from coach_data.postgres import PostgresStore
from coach_data.postgres_sql import asked, run
from coach_data.privacy import Visit
from coach_data.releases import Release, keep
from coach_data.server import Server
from coach_data.server_faults import NoServer
from coach_data.statistics.release import Word
from coach_data.store import Cursor, Store
from tests.cluster import Cluster

MANY = 40


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Each in a thread of its own; what they raised."""
    raised: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - it is told
            raised.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.fixture
def ann(here: Store, now: datetime) -> Person:
    """A coachee with one behaviour."""
    made = join(here, "Ann", now, roles=(Role.COACHEE,))
    calls = Indicator(
        person_id=made.person_id, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    )
    Visit.open(here, made.person_id, now).save(calls)
    return made


def calls_of(visit: Visit) -> Indicator:
    return visit.records(Indicator)[0]


@pytest.fixture
def cleo(here: Store, ann: Person, now: datetime) -> Person:
    """Her coach, who sees her entries."""
    made = join(here, "Cleo", now, roles=(Role.COACH,))
    visit = Visit.open(here, ann.person_id, now)
    pair(visit, made.person_id)
    consent(visit, Purpose.ENTRIES, given=True)
    return made


@pytest.mark.slow
def test_stamps_are_never_the_same_and_later_ones_are_later(
    here: Store, there: Store, now: datetime
) -> None:
    """One clock is an hour behind: what is saved later is later all the same."""
    made: list[datetime] = []

    def draw(store: Store, at: datetime) -> None:
        for _ in range(MANY):
            made.extend(store.stamps(at, 3))

    assert not at_once(lambda: draw(here, now), lambda: draw(there, now - timedelta(hours=1)))
    assert len(set(made)) == len(made) == 6 * MANY
    assert there.stamp(now - timedelta(hours=1)) > max(made)


def test_of_two_who_saw_the_same_only_one_saves(
    here: Store, there: Store, ann: Person, now: datetime
) -> None:
    """What was seen is compared and replaced in one go, over both processes."""
    for round_ in range(10):
        day = (now - timedelta(days=round_)).date()

        def log(store: Store, value: float, day: object = day) -> None:
            visit = Visit.open(store, ann.person_id, now)
            log_day(visit, day, [Logged(calls_of(visit), value=value)])  # type: ignore[arg-type]

        raised = at_once(lambda log=log: log(here, 1.0), lambda log=log: log(there, 2.0))
        assert [type(error) for error in raised] == [ChangedMeanwhile]
    assert len(Visit.open(here, ann.person_id, now).read("FROM entry_history")) == 10


def test_a_code_is_good_once(here: Store, there: Store, cleo: Person, now: datetime) -> None:
    """Two people hold the same code and use it at the same moment."""
    code = invite(Visit.open(here, cleo.person_id, now), Role.COACHEE)
    people = [join(here, name, now) for name in ("Bob", "Eve")]
    raised = at_once(
        lambda: accept(Visit.open(here, people[0].person_id, now), code),
        lambda: accept(Visit.open(there, people[1].person_id, now), code),
    )
    assert [type(error) for error in raised] == [WrongCode]


@pytest.mark.slow
def test_a_block_is_published_once(here: Store, there: Store, now: datetime) -> None:
    releases = [Release("Calls", now.date(), Word.NOTHING, None, ())]
    counts: list[int] = []
    assert not at_once(
        *(lambda s=s: counts.append(keep(s, "own", releases, now)) for s in (here, there) * 3)
    )
    assert sorted(counts) == [0, 0, 0, 0, 0, 1]


@pytest.mark.slow
def test_the_chain_of_looks_holds_with_two_writers(
    here: Store, there: Store, ann: Person, cleo: Person, now: datetime
) -> None:
    def look(store: Store) -> None:
        for _ in range(MANY):
            Visit.open(store, cleo.person_id, now, ann.person_id).look("today")

    assert not at_once(lambda: look(here), lambda: look(there))
    own = Visit.open(there, ann.person_id, now)
    assert len(own.read("SELECT 1 FROM access_log WHERE allowed")) == 2 * MANY
    assert verify_access_log(here) == verify_access_log(there) == []


def test_what_is_withdrawn_elsewhere_counts_in_the_next_visit(
    here: Store, there: Store, ann: Person, cleo: Person, now: datetime
) -> None:
    visit = Visit.open(here, ann.person_id, now)
    log_day(visit, visit.today, [Logged(calls_of(visit), value=1.0)])
    assert Visit.open(there, cleo.person_id, now, ann.person_id).records(Entry)
    consent(visit, Purpose.ENTRIES, given=False)
    assert not Visit.open(there, cleo.person_id, now, ann.person_id).records(Entry)
    part(visit, pairings_of(visit)[0])
    with pytest.raises(NotAllowed):
        Visit.open(there, cleo.person_id, now, ann.person_id)


@pytest.mark.slow
def test_and_in_a_visit_that_stays_open_a_moment_later(
    here: Store, there: Store, ann: Person, cleo: Person, now: datetime
) -> None:
    visit = Visit.open(here, ann.person_id, now)
    log_day(visit, visit.today, [Logged(calls_of(visit), value=1.0)])
    about = Visit.open(there, cleo.person_id, now, ann.person_id)
    assert about.records(Entry)
    consent(visit, Purpose.ENTRIES, given=False)
    time.sleep(postgres_store.WATCH + 0.1)
    assert not about.records(Entry)
    assert about.coachees
    part(visit, pairings_of(visit)[0])
    time.sleep(postgres_store.WATCH + 0.1)
    assert not about.records(Indicator)
    assert not about.coachees


def test_nobody_comes_back_who_was_erased_elsewhere(
    here: Store, there: Store, ann: Person, cleo: Person, now: datetime
) -> None:
    open_tab = Visit.open(there, ann.person_id, now)
    coach = Visit.open(there, cleo.person_id, now, ann.person_id)
    calls = calls_of(open_tab)
    erase(Visit.open(here, ann.person_id, now), "Ann")
    with pytest.raises(NotAllowed):
        log_day(open_tab, open_tab.today, [Logged(calls, value=1.0)])
    with pytest.raises(NotAllowed):
        coach.look("today")
    with pytest.raises(NotAllowed):
        Visit.open(there, ann.person_id, now)
    left = there.cursor().execute("SELECT count(*) FROM app.raw.entry").fetchall()
    assert left == [(0,)]


def test_a_save_about_one_does_not_wait_for_another(
    here: Store, there: Store, ann: Person, now: datetime
) -> None:
    bob = join(here, "Bob", now)
    with here.alone(ann.person_id):
        visit = Visit.open(there, bob.person_id, now)
        visit.save(visit.about)


@pytest.mark.slow
def test_while_somebody_is_alone_with_everything_nobody_saves(
    here: Store, there: Store, ann: Person, now: datetime
) -> None:
    done: list[str] = []
    visit = Visit.open(there, ann.person_id, now)

    def save() -> None:
        visit.save(visit.about)
        done.append("saved")

    with here.alone():
        saver = threading.Thread(target=save)
        saver.start()
        time.sleep(0.5)
        done.append("was alone")
    saver.join()
    assert done == ["was alone", "saved"]


@pytest.mark.slow
@pytest.mark.parametrize("everybody", [False, True])
def test_whose_right_to_be_alone_breaks_off_while_saving_is_alone_until_it_is_saved(
    postgres: Cluster,
    server: Server,
    here: Store,
    there: Store,
    ann: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    everybody: bool,
) -> None:
    """The connection that holds it ends at the worst moment: after it was looked at, before COMMIT."""
    visit = Visit.open(here, ann.person_id, now)
    about = () if everybody else (ann.person_id,)
    came: list[list[tuple[str]]] = []
    others: list[threading.Thread] = []

    def come() -> None:
        with there.alone(*about):
            names = "SELECT name FROM app.raw.person WHERE person_id = ? ORDER BY recorded_at"
            found = there.ask(there.cursor(), names, [ann.person_id], lambda c: c.fetchall())
            came.append(found)

    def looked_at(cursor: Cursor, sql: str, *on: str) -> None:
        run(cursor, sql, *on)
        if sql == "SELECT 1":
            turn = asked(cursor, "SELECT pg_backend_pid()")
            postgres.run(f"SELECT pg_terminate_backend({turn}, 2000)")
            others.append(threading.Thread(target=come))
            others[0].start()
            time.sleep(0.5)
            assert not came

    monkeypatch.setattr(postgres_store, "run", looked_at)
    rename(visit, "Ann B")
    others[0].join()
    assert came == [[("Ann",), ("Ann B",)]]


def test_whose_right_to_be_alone_broke_off_before_saving_saves_nothing(
    postgres: Cluster, here: Store, ann: Person, now: datetime
) -> None:
    visit = Visit.open(here, ann.person_id, now)
    with here.alone(ann.person_id):
        assert isinstance(here, PostgresStore)
        turn = here._on_turn("SELECT pg_backend_pid()")
        postgres.run(f"SELECT pg_terminate_backend({turn}, 2000)")
        with pytest.raises(NoServer):
            rename(visit, "Ann B")
    assert Visit.open(here, ann.person_id, now).about.name == "Ann"
    rename(visit, "Ann B")


def test_the_day_form_sees_what_another_process_saved(
    here: Store, there: Store, ann: Person, now: datetime
) -> None:
    visit = Visit.open(here, ann.person_id, now)
    calls = calls_of(visit)
    log_day(visit, visit.today, [Logged(calls, value=4.0)])
    (row,) = day_of(Visit.open(there, ann.person_id, now), visit.today, [(calls, None)])
    assert row.known is not None
    assert row.known.value == 4.0
