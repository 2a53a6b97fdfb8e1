"""Who looked: names of their time, newest first, and a list that shows when it was tampered with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from coach_data.looks import count_looks_of, looks_are_whole, looks_of
from coach_data.model import NotAllowed, Person, Role
from coach_data.people import pair, rename
from coach_data.privacy import Visit
from coach_data.store import Store

Join = Callable[..., Person]


@pytest.fixture
def people(store: Store, person: Join, now: datetime) -> tuple[Person, Person]:
    """Ann in Kolkata, and Cleo, who coached her, looked twice, and does so no more."""
    ann, cleo = person("Ann", zone="Asia/Kolkata"), person("Cleo", roles=(Role.COACH,))
    own = Visit.open(store, ann.person_id, now)
    pair(own, cleo.person_id)
    for hours, screen, name in ((1, "Compass", "Cleo B."), (2, "Today", "Cleo Brown")):
        at = now + timedelta(hours=hours)
        Visit.open(store, cleo.person_id, at, ann.person_id).look(screen)
        rename(Visit.open(store, cleo.person_id, at), name)
    pair(own, cleo.person_id, active=False)
    return ann, cleo


def told(visit: Visit, count: int = 10) -> list[tuple[str, str, bool, str]]:
    return [(k.name, k.screen, k.allowed, f"{k.at:%d %H:%M}") for k in looks_of(visit, count)]


def test_newest_first_with_the_name_and_the_local_time_of_then(
    store: Store, people: tuple[Person, Person], now: datetime
) -> None:
    ann, cleo = people
    visit = Visit.open(store, ann.person_id, now)
    before = [("Cleo B.", "Today", True, "31 19:30"), ("Cleo", "Compass", True, "31 18:30")]
    assert told(visit) == before
    with pytest.raises(NotAllowed):
        Visit.open(store, cleo.person_id, now + timedelta(hours=3), ann.person_id)
    assert told(visit) == [("Cleo Brown", "denied", False, "31 20:30"), *before]
    assert told(visit, 1) == told(visit)[:1]
    assert count_looks_of(visit) == 3


def test_a_name_is_known_up_to_the_last_look_and_no_further(
    store: Store, people: tuple[Person, Person], now: datetime
) -> None:
    ann, cleo = people
    rename(Visit.open(store, cleo.person_id, now + timedelta(days=9)), "Cleo under another name")
    names = Visit.open(store, ann.person_id, now).read("SELECT person_id, name FROM met")
    assert {n for i, n in names if i == cleo.person_id} == {"Cleo", "Cleo B.", "Cleo Brown"}
    assert {i for i, _ in names} == {cleo.person_id}


def test_only_those_who_looked_at_me_are_known_by_name(
    store: Store, people: tuple[Person, Person], person: Join, now: datetime
) -> None:
    ann, cleo = people
    bob = person("Bob")
    assert Visit.open(store, bob.person_id, now).read("FROM met") == []
    assert Visit.open(store, cleo.person_id, now).read("FROM met") == [], "Ann looked at nobody"
    with pytest.raises(NotAllowed):
        Visit.open(store, bob.person_id, now, ann.person_id)
    assert told(Visit.open(store, ann.person_id, now))[0][:3] == ("Bob", "denied", False)
    assert Visit.open(store, bob.person_id, now).read("FROM met") == [], "who tries learns nothing"
    columns = Visit.open(store, ann.person_id, now).read("DESCRIBE met")
    assert [c[0] for c in columns] == ["person_id", "name", "recorded_at"], "nothing but the name"


def test_own_looks_are_not_in_the_list(
    store: Store, people: tuple[Person, Person], now: datetime
) -> None:
    ann, cleo = people
    Visit.open(store, ann.person_id, now).look("Compass")
    assert count_looks_of(Visit.open(store, ann.person_id, now)) == 2
    coach = Visit.open(store, cleo.person_id, now)
    assert (looks_of(coach, 10), count_looks_of(coach)) == ([], 0), "what others saw of her"


def test_somebody_whose_record_is_gone_has_no_name(
    store: Store, people: tuple[Person, Person], now: datetime
) -> None:
    ann, cleo = people
    store.cursor().execute("DELETE FROM app.raw.person WHERE person_id = ?", [cleo.person_id])
    assert [k.name for k in looks_of(Visit.open(store, ann.person_id, now), 10)] == ["", ""]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE app.raw.access_log SET viewer_id = 7 WHERE screen = 'Compass' AND person_id = ?",
        "DELETE FROM app.raw.access_log WHERE screen = 'Compass' AND person_id = ?",
    ],
)
def test_a_changed_or_missing_row_is_noticed_by_whom_it_concerns(
    store: Store, people: tuple[Person, Person], person: Join, now: datetime, change: str
) -> None:
    ann, cleo = people
    bob = person("Bob")
    with pytest.raises(NotAllowed):
        Visit.open(store, cleo.person_id, now, bob.person_id)
    visits = [Visit.open(store, p.person_id, now) for p in (ann, bob)]
    assert [looks_are_whole(v) for v in visits] == [True, True]
    store.cursor().execute(change, [ann.person_id])
    assert [looks_are_whole(v) for v in visits] == [False, True]
