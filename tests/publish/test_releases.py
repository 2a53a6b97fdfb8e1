"""Releases: their blocks and days, what can be seen of them, and that an erasure takes words back."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from coach_data import erasure
from coach_data.faults import DiskFull
from coach_data.file_store import FileStore
from coach_data.model import Membership, Person, Purpose, Role
from coach_data.people import consent, join
from coach_data.publish import publish
from coach_data.releases import (
    BLOCK,
    FIRST_BLOCK,
    BadFloor,
    Release,
    agreed_since,
    block_of,
    due_blocks,
    falling_without,
    fewest_people,
    keep,
    next_publication,
    programmes,
    published_on,
    readings_of,
)
from coach_data.statistics.release import Reading, Word
from coach_data.store import Rows, Store
from tests.publish.group import BEFORE, DUE, FIRST, NAME, Group, noon


def test_blocks_are_four_weeks_from_a_monday_and_do_not_overlap() -> None:
    days = [FIRST_BLOCK + timedelta(days=k) for k in range(-60, 60)]
    firsts = {block_of(day) for day in days}
    assert all(first.weekday() == 0 and (first - FIRST_BLOCK).days % 28 == 0 for first in firsts)
    assert all(block_of(day) <= day < block_of(day) + BLOCK for day in days)
    assert block_of(FIRST) == FIRST


@pytest.mark.parametrize("offset", range(0, 30, 3))
def test_the_next_publication_is_the_first_due_day_that_is_still_to_come(offset: int) -> None:
    today = FIRST + timedelta(days=offset)
    expected = min(d for k in range(-3, 4) if (d := published_on(FIRST + k * BLOCK)) > today)
    assert next_publication(today) == expected


def test_a_block_is_due_a_week_after_its_end_and_only_if_it_began_after_the_start() -> None:
    day = published_on(FIRST)
    assert list(due_blocks(FIRST, day - timedelta(days=1))) == []
    assert list(due_blocks(FIRST, day)) == [FIRST]
    assert list(due_blocks(FIRST + timedelta(days=1), day)) == []
    assert list(due_blocks(FIRST, day + 2 * BLOCK)) == [FIRST, FIRST + BLOCK, FIRST + 2 * BLOCK]


def test_leads_1_2_a_release_shows_words_and_days_only(group: Group, lead: Person) -> None:
    publish(group.store, DUE)
    for viewer in (lead, group.people[0]):
        visit = group.visit(viewer)
        columns = [c for c, *_ in visit.read("DESCRIBE SELECT * FROM release")]
        assert columns == ["behaviour", "first_day", "last_day", "word"]
        assert {row[3] for row in visit.read("FROM release")} <= {w.value for w in Word}


def test_leads_1_the_rows_behind_it_cannot_be_read(group: Group, lead: Person) -> None:
    publish(group.store, DUE)
    visit = group.visit(lead)
    with pytest.raises(Exception, match="release_part does not exist"):
        visit.read("FROM release_part")
    with pytest.raises(Exception, match="excess"):
        visit.read("SELECT excess FROM release")


def test_without_a_role_in_the_programme_nothing_is_seen(group: Group, store: Store) -> None:
    publish(store, DUE)
    administrator = join(store, "Ada", BEFORE, roles=(Role.ADMINISTRATOR,))
    assert group.visit(administrator).read("FROM release") == []
    member = group.people[0]
    assert group.visit(member).read("FROM release")
    row = (member.person_id, "coachee", False, store.stamp(DUE), member.person_id)
    names = ("person_id", "role", "active", "recorded_at", "author")
    store.append(Rows(Membership.TABLE, names, [row]))
    assert group.visit(member).read("FROM release") == []
    assert store.cursor().execute("SELECT count(*) FROM release").fetchall() == [(0,)]


def erase(group: Group, person: Person) -> int:
    return erasure.erase(group.visit(person), person.name).releases


def test_leads_7_an_erasure_takes_back_what_falls_under_the_threshold(store: Store) -> None:
    group = Group(store, 7)
    publish(store, DUE)
    before = group.rows()
    assert erase(group, group.people[0]) == 0
    assert group.rows() == before
    assert group.parts() == {p.person_id for p in group.people[1:]}
    assert erase(group, group.people[1]) == 1
    assert group.parts() == set()
    row = next(r for r in group.rows() if r[2] == NAME)
    blank = next(r for r in group.rows() if r[2] != NAME)
    assert row[5:8] == blank[5:8] == (Word.NOTHING.value, None, None)
    assert publish(store, DUE + timedelta(days=1)) == 0
    assert group.counted() == [False]


@pytest.mark.file_only("a file that cannot be swapped")
def test_leads_7_an_erasure_that_fails_takes_no_release_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: Store, _new: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    group = Group(store, 6)
    publish(store, DUE)
    before = group.rows(), group.rows("release_part")
    monkeypatch.setattr(FileStore, "_swap", full)
    with pytest.raises(DiskFull):
        erase(group, group.people[0])
    assert (group.rows(), group.rows("release_part")) == before
    monkeypatch.undo()
    assert erase(group, group.people[0]) == 1


def test_leads_7_an_erasure_leaves_other_releases_alone(group: Group) -> None:
    others = [group.add(f"O{k}", 50 + k, behaviour="Walking outdoors") for k in range(6)]
    publish(group.store, DUE)
    assert group.counted("Walking outdoors") == [True]
    erase(group, group.people[0])
    assert group.counted("Walking outdoors") == [True]
    assert erase(group, others[0]) == 1
    assert group.counted("Walking outdoors") == [False]
    assert group.counted() == [True]


@pytest.mark.parametrize("wrong", ["5", "0", "-7", "six", "", "6.5"])
def test_the_floor_is_never_below_six(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.delenv("COACH_FEWEST_PEOPLE", raising=False)
    assert fewest_people() == 6
    monkeypatch.setenv("COACH_FEWEST_PEOPLE", wrong)
    with pytest.raises(BadFloor):
        fewest_people()


def test_releases_are_written_once_and_only_those_who_counted_are_kept(store: Store) -> None:
    told = Release(NAME, FIRST, Word.TOGETHER, Reading(1.5, 0.5), (1, 2))
    silent = Release("Walking", FIRST, Word.NOTHING, None, (3,))
    assert keep(store, "own", [told, silent], DUE) == 2
    assert keep(store, "own", [told, silent], DUE) == 0
    assert readings_of(store, "own") == {FIRST: {NAME: Reading(1.5, 0.5), "Walking": None}}
    assert readings_of(store, "elsewhere") == {}
    parts = store.cursor().execute("SELECT person_id FROM app.raw.release_part").fetchall()
    assert sorted(p for (p,) in parts) == [1, 2]
    later = Release(NAME, FIRST + BLOCK, Word.NOTHING, None, ())
    assert keep(store, "own", [told, later], DUE + BLOCK) == 1


def test_which_releases_fall_when_somebody_is_gone(store: Store) -> None:
    enough = Release(NAME, FIRST, Word.TOGETHER, Reading(1.5, 0.5), tuple(range(1, 8)))
    just = Release("Walking", FIRST, Word.TOGETHER, Reading(1.5, 0.5), tuple(range(1, 7)))
    keep(store, "own", [enough, just], DUE)
    assert len(falling_without(store, 1)) == 1, "six are left of seven, five of six"
    assert falling_without(store, 7) == []
    assert falling_without(store, 99) == []


def test_since_when_somebody_has_agreed_is_without_a_break(store: Store) -> None:
    group = Group(store, 2, agreed=BEFORE)
    first, second = group.people
    since = {p: at.date() for p, at in agreed_since(store, "own").items()}
    assert since == {p.person_id: BEFORE.date() for p in group.people}
    consent(group.visit(first, noon(FIRST)), Purpose.PATTERN, given=False)
    assert agreed_since(store, "own").keys() == {second.person_id}
    consent(group.visit(first, noon(FIRST + timedelta(days=2))), Purpose.PATTERN, given=True)
    assert agreed_since(store, "own")[first.person_id].date() == FIRST + timedelta(days=2)
    assert agreed_since(store, "elsewhere") == {}


def test_the_programmes_are_those_that_anybody_is_in_at_present(store: Store) -> None:
    assert programmes(store) == []
    for name, programme in (("Ann", "own"), ("Bo", "elsewhere"), ("Cy", "own")):
        join(store, name, BEFORE, programme=programme)
    assert programmes(store) == ["elsewhere", "own"]
