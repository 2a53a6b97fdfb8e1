"""Pairings: since when, until when, who may end one, and what lapses with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from coach_data.model import NotAllowed, Pairing, Person, Purpose, Role
from coach_data.pairings import Together, pairings_of, part
from coach_data.people import consent, consents_of, keep_cadence, pair, rename
from coach_data.privacy import Visit
from coach_data.store import Store

Join = Callable[..., Person]
COACH = (Purpose.ENTRIES, Purpose.NOTES)


@dataclass(frozen=True)
class Two:
    """Ann and Cleo, her coach since 31 May."""

    store: Store
    now: datetime
    ann: Person
    cleo: Person

    def as_ann(self, days: float = 0) -> Visit:
        return Visit.open(self.store, self.ann.person_id, self.now + timedelta(days=days))

    def as_cleo(self, days: float = 0) -> Visit:
        return Visit.open(self.store, self.cleo.person_id, self.now + timedelta(days=days))

    def sees(self) -> bool:
        try:
            Visit.open(self.store, self.cleo.person_id, self.now, self.ann.person_id)
        except NotAllowed:
            return False
        return True


@pytest.fixture
def two(store: Store, person: Join, now: datetime) -> Two:
    made = Two(store, now, person("Ann"), person("Cleo", roles=(Role.COACH,)))
    pair(made.as_ann(), made.cleo.person_id, cadence_days=7)
    return made


def told(pairings: list[Together]) -> list[tuple[str, date, date | None]]:
    return [(p.name, p.since, p.until) for p in pairings]


def test_both_see_since_when(two: Two) -> None:
    assert told(pairings_of(two.as_ann())) == [("Cleo", date(2026, 5, 31), None)]
    assert told(pairings_of(two.as_cleo())) == [("Ann", date(2026, 5, 31), None)]


def test_a_changed_cadence_begins_nothing_anew(two: Two) -> None:
    keep_cadence(two.as_ann(3), two.cleo.person_id, 14)
    assert told(pairings_of(two.as_ann())) == [("Cleo", date(2026, 5, 31), None)]


@pytest.mark.parametrize("side", ["ann", "cleo"])
def test_either_side_ends_it_and_the_coach_sees_nothing_any_more(two: Two, side: str) -> None:
    visit = two.as_ann(4) if side == "ann" else two.as_cleo(4)
    assert two.sees()
    part(visit, pairings_of(visit)[0])
    assert not two.sees()
    ended = [("Cleo", date(2026, 5, 31), date(2026, 6, 4))]
    assert told(pairings_of(two.as_ann())) == ended
    assert pairings_of(two.as_cleo()) == [], "a former coachee is nobody's business"
    assert two.as_ann().records(Pairing)[0].cadence_days == 7


def test_the_days_are_those_of_the_viewer(two: Two, store: Store, person: Join) -> None:
    far = person("Kay", zone="Pacific/Kiritimati")
    visit = Visit.open(store, far.person_id, two.now)
    pair(visit, two.cleo.person_id)
    assert told(pairings_of(visit)) == [("Cleo", date(2026, 6, 1), None)]


def test_an_old_tab_ends_nothing_twice(two: Two) -> None:
    seen = pairings_of(two.as_ann())[0]
    for visit in (two.as_ann(1), two.as_ann(2), two.as_cleo(3)):
        part(visit, seen)
    assert told(pairings_of(two.as_ann())) == [("Cleo", date(2026, 5, 31), date(2026, 6, 1))]
    assert not two.as_ann().read("SELECT 1 FROM access_log"), "and that is no attempt"


def test_each_stretch_has_its_days(two: Two) -> None:
    part(two.as_ann(1), pairings_of(two.as_ann())[0])
    pair(two.as_ann(5), two.cleo.person_id)
    assert told(pairings_of(two.as_ann())) == [
        ("Cleo", date(2026, 6, 5), None),
        ("Cleo", date(2026, 5, 31), date(2026, 6, 1)),
    ]


def test_a_former_coach_stays_known_by_the_name_of_that_time(two: Two) -> None:
    rename(two.as_cleo(1), "Cleo Brown")
    part(two.as_ann(2), pairings_of(two.as_ann())[0])
    rename(two.as_cleo(3), "Cleo Somebody-Else")
    with pytest.raises(NotAllowed):  # written down with the new name, which changes nothing here
        Visit.open(two.store, two.cleo.person_id, two.now, two.ann.person_id)
    assert [p.name for p in pairings_of(two.as_ann())] == ["Cleo Brown"]


def test_a_coach_can_end_it_and_change_nothing_else(two: Two) -> None:
    kept = two.as_ann().records(Pairing)[0]
    for changed in (kept, replace(kept, cadence_days=1)):
        with pytest.raises(NotAllowed):
            two.as_cleo().save(changed)
    with pytest.raises(NotAllowed):
        two.as_cleo().save(replace(kept, coach_id=kept.person_id, active=False))
    assert two.as_ann().records(Pairing) == [kept]
    two.as_cleo().save(replace(kept, active=False))
    with pytest.raises(NotAllowed):
        two.as_cleo().save(kept)


def test_nobody_ends_what_never_was(two: Two, person: Join) -> None:
    """The end of a pairing names the coach: with a made-up one it would tell a stranger's name."""
    eve = person("Eve", roles=(Role.COACH,))
    with pytest.raises(NotAllowed):
        pair(two.as_ann(), eve.person_id, active=False)
    assert two.as_ann().read("SELECT 1 FROM met WHERE person_id = ?", [eve.person_id]) == []


def given(visit: Visit) -> set[Purpose]:
    return {c.purpose for c in consents_of(visit) if c.given}


def test_a_new_coach_sees_nothing_that_was_meant_for_an_earlier_one(two: Two, person: Join) -> None:
    for purpose in Purpose:
        consent(two.as_ann(), purpose, given=True)
    part(two.as_cleo(), pairings_of(two.as_cleo())[0])
    assert given(two.as_ann()) == set(Purpose), "the coach withdraws nothing of the coachee's"
    dora = person("Dora", roles=(Role.COACH,))
    pair(two.as_ann(), dora.person_id)
    assert given(two.as_ann()) == {Purpose.PATTERN}
    receipts = {c.purpose: c.receipts for c in consents_of(two.as_ann())}
    assert [[r.given for r in receipts[p]] for p in COACH] == [[False, True]] * 2


def test_beside_a_coach_what_was_agreed_to_counts_for_both(two: Two, person: Join) -> None:
    consent(two.as_ann(), Purpose.ENTRIES, given=True)
    dora = person("Dora", roles=(Role.COACH,))
    pair(two.as_ann(), dora.person_id)
    assert given(two.as_ann()) == {Purpose.ENTRIES}
    assert [p.name for p in pairings_of(two.as_ann())] in (["Cleo", "Dora"], ["Dora", "Cleo"])
