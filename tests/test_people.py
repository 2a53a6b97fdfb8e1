"""Who is who: roles, pairings, consents, the day of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest

from coach_data.model import CoachError, Consent, Pairing, Person, Purpose, Role
from coach_data.people import NoName, coachees_of, consent, join, keep_day, pair, roles_of
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from coach_data.text import BadText
from tests.cluster import places_at

Join = Callable[..., Person]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("people")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


def test_a_new_person_is_a_coachee_unless_said(store: Store, person: Join, now: datetime) -> None:
    assert roles_of(Visit.open(store, person("Ann").person_id, now)) == {Role.COACHEE}
    both = person("Cleo", roles=(Role.COACH, Role.LEAD))
    assert roles_of(Visit.open(store, both.person_id, now)) == {Role.COACH, Role.LEAD}


@pytest.mark.parametrize("name", ["", "  \n", "\u200b\u202e", "\u3164"])
def test_a_name_that_cannot_be_seen_is_no_name(store: Store, now: datetime, name: str) -> None:
    before = store.cursor().execute("SELECT count(*) FROM app.raw.person").fetchall()
    with pytest.raises(NoName, match="Nothing was saved"):
        join(store, name, now)
    assert store.cursor().execute("SELECT count(*) FROM app.raw.person").fetchall() == before


def test_a_name_is_cleaned_and_has_its_limit(store: Store, now: datetime) -> None:
    ann = join(store, "  <b>Ann</b>\u202e ", now)
    assert Visit.open(store, ann.person_id, now).about.name == "<b>Ann</b>"
    with pytest.raises(BadText):
        join(store, "x" * 81, now)


def test_two_of_the_same_name_are_two(store: Store, person: Join, now: datetime) -> None:
    one, two = person("Eve"), person("Eve")
    assert one.person_id != two.person_id
    assert Visit.open(store, one.person_id, now).about == one


def test_the_coachees_of_a_coach_by_name(store: Store, person: Join, now: datetime) -> None:
    coach = person("Cleo", roles=(Role.COACH,))
    own = {}
    for name in ("Zoe", "Ann", "Mia"):
        own[name] = Visit.open(store, person(name).person_id, now)
        pair(own[name], coach.person_id, cadence_days=7)
    visit = Visit.open(store, coach.person_id, now)
    assert [c.name for c in coachees_of(visit)] == ["Ann", "Mia", "Zoe"]
    pair(own["Mia"], coach.person_id, active=False)
    visit = Visit.open(store, coach.person_id, now)  # the next run
    assert [c.name for c in coachees_of(visit)] == ["Ann", "Zoe"]
    assert coachees_of(own["Ann"]) == []
    assert own["Ann"].records(Pairing)[0].cadence_days == 7


def test_a_consent_is_off_until_given_and_leaves_a_receipt(
    store: Store, person: Join, now: datetime
) -> None:
    visit = Visit.open(store, person("Ann").person_id, now)
    assert visit.records(Consent) == []
    consent(visit, Purpose.NOTES, given=True)
    consent(visit, Purpose.NOTES, given=False)
    assert [(c.purpose, c.given, c.version) for c in visit.records(Consent)] == [
        (Purpose.NOTES, False, 1)
    ]
    receipts = visit.read("SELECT given, recorded_at FROM consent_history ORDER BY recorded_at")
    assert [given for given, _ in receipts] == [True, False]
    assert receipts[0][1].date() == now.date()


def test_the_day_of_a_person_can_be_set(store: Store, person: Join, now: datetime) -> None:
    ann = person("Ann")
    keep_day(Visit.open(store, ann.person_id, now), zone="Pacific/Kiritimati", day_ends=0)
    visit = Visit.open(store, ann.person_id, now)
    assert (visit.about.name, visit.today) == ("Ann", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("zone", "day_ends", "said"),
    [
        ("Mars/Olympus", 0, "Mars/Olympus is not known"),
        ("../../etc/passwd", 0, "is not known"),
        ("UTC", -1, "between midnight and noon"),
        ("UTC", 721, "between midnight and noon"),
    ],
)
def test_a_day_that_cannot_be(
    store: Store, person: Join, now: datetime, zone: str, day_ends: int, said: str
) -> None:
    ann = person("Ann")
    with pytest.raises(CoachError, match=said):
        keep_day(Visit.open(store, ann.person_id, now), zone=zone, day_ends=day_ends)
    assert Visit.open(store, ann.person_id, now).about == ann


def test_an_unknown_zone_at_the_start_is_utc(store: Store, person: Join, now: datetime) -> None:
    assert person("Ann", zone="Mars/Olympus").time_zone == "UTC"
