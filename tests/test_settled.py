"""Whose data a viewer sees: settled at the start, anew after every save, and nobody where it failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from coach_data.model import Person, Purpose, Role
from coach_data.people import consent, pair
from coach_data.privacy import Visit
from coach_data.settled import Settled
from coach_data.store import Busy, Store

Join = Callable[..., Person]


class House:
    """Ann and Bob, both coached by Cleo."""

    def __init__(self, store: Store, person: Join, now: datetime) -> None:
        self.store, self.now = store, now
        self.ann, self.bob = person("Ann"), person("Bob")
        self.cleo = person("Cleo", roles=(Role.COACH,))
        for coachee in (self.ann, self.bob):
            pair(self.visit(coachee), self.cleo.person_id)

    def visit(self, viewer: Person) -> Visit:
        return Visit.open(self.store, viewer.person_id, self.now)

    def agree(self, coachee: Person, purpose: Purpose, *, given: bool = True) -> None:
        consent(self.visit(coachee), purpose, given=given)

    def settled(self, viewer: Person, **given: int) -> Settled:
        return Settled(self.store, self.store.cursor(), viewer.person_id, **given)


@pytest.fixture
def house(store: Store, person: Join, now: datetime) -> House:
    return House(store, person, now)


def lists(settled: Settled) -> dict[str, set[int] | None]:
    """The lists that the views go by; None where one was never set."""
    found = {}
    for name in ("frame", "entries", "notes"):
        (value,) = settled.cursor.execute(f"SELECT getvariable('{name}')").fetchone() or (None,)
        found[name] = None if value is None else set(value)
    return found


def test_who_coaches_nobody_has_no_lists(house: House) -> None:
    settled = house.settled(house.ann)
    assert settled.coachees == frozenset()
    assert lists(settled) == {"frame": None, "entries": None, "notes": None}


def test_notes_only_with_the_entries_that_they_are_about(house: House) -> None:
    both = {house.ann.person_id, house.bob.person_id}
    house.agree(house.ann, Purpose.ENTRIES)
    house.agree(house.ann, Purpose.NOTES)
    house.agree(house.bob, Purpose.NOTES)
    settled = house.settled(house.cleo)
    assert settled.coachees == both
    ann = {house.ann.person_id}
    assert lists(settled) == {"frame": both, "entries": ann, "notes": ann}


def test_it_is_settled_anew_only_after_something_was_saved(house: House) -> None:
    settled = house.settled(house.cleo)
    settled.cursor.execute("SET VARIABLE frame = NULL")
    settled.anew()
    assert lists(settled)["frame"] is None, "nothing was saved: nothing was asked"
    house.agree(house.ann, Purpose.ENTRIES)
    settled.anew()
    assert lists(settled)["entries"] == {house.ann.person_id}


def test_the_last_one_who_leaves_leaves_empty_lists_and_not_the_old_ones(house: House) -> None:
    house.agree(house.ann, Purpose.ENTRIES)
    settled = house.settled(house.cleo)
    for coachee in (house.ann, house.bob):
        pair(house.visit(coachee), house.cleo.person_id, active=False)
    settled.anew()
    assert settled.coachees == frozenset()
    assert lists(settled) == {"frame": set(), "entries": set(), "notes": set()}


def test_an_open_visit_sees_the_first_coachee_come_and_the_last_one_go(house: House) -> None:
    """The views of somebody who coaches nobody may be others than a coach's."""
    for coachee in (house.ann, house.bob):
        pair(house.visit(coachee), house.cleo.person_id, active=False)
    settled, names = house.settled(house.cleo), "SELECT DISTINCT name FROM person_history"

    def seen() -> set[str]:
        settled.anew()
        return {name for (name,) in settled.cursor.execute(names).fetchall()}

    assert seen() == {"Cleo"}
    pair(house.visit(house.ann), house.cleo.person_id)
    assert seen() == {"Cleo", "Ann"}
    pair(house.visit(house.ann), house.cleo.person_id, active=False)
    assert seen() == {"Cleo"}


def test_who_the_viewer_is_is_known_with_it(house: House) -> None:
    assert house.settled(house.ann).viewer == house.ann
    assert Settled(house.store, house.store.cursor(), 5).viewer is None


def test_what_a_coach_sees_of_one_person_is_about_that_one_alone(house: House) -> None:
    settled = house.settled(house.ann, seen_by=house.cleo.person_id)
    assert settled.coachees == {house.ann.person_id}
    assert lists(settled)["frame"] == {house.ann.person_id}
    (viewer,) = settled.cursor.execute("SELECT getvariable('viewer')").fetchone() or ("none",)
    assert viewer is None, "and nothing of the coach's own"


def test_seen_by_somebody_who_is_no_coach_there_is_nobody(house: House) -> None:
    settled = house.settled(house.ann, seen_by=house.bob.person_id)
    assert settled.coachees == frozenset()


@pytest.mark.parametrize("list_", ["frame", "entries", "notes"])
def test_where_settling_fails_the_next_read_settles_it_again(
    house: House, monkeypatch: pytest.MonkeyPatch, list_: str
) -> None:
    house.agree(house.ann, Purpose.ENTRIES)
    settled = house.settled(house.cleo)
    house.agree(house.ann, Purpose.ENTRIES, given=False)
    engine = type(house.store)
    ask = engine.ask

    def busy(store: Store, cursor: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(f"SET VARIABLE {list_}"):
            raise Busy
        return ask(store, cursor, sql, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "ask", busy)
        with pytest.raises(Busy):
            settled.anew()
    settled.anew()
    assert lists(settled)["entries"] == set()
