"""The sample's nameless participants: they make the programme large enough for a lead to read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from coach_data.devices import people_on_this_device
from coach_data.engines import open_at
from coach_data.model import Entry, Purpose, Role
from coach_data.people import roles_of
from coach_data.plan import plan_of
from coach_data.privacy import Visit, views
from coach_data.statistics.release import Word
from coach_data.store import Store
from coach_data.team import programme_of
from sample_data.load import NAMELESS, load
from sample_data.participants import COUNT, fill_programme, participants
from sample_data.recipes import SPAN
from tests.cluster import places_at


@pytest.fixture
def known(tmp_path) -> Iterator[Store]:
    """A store with a key and ids that nobody knows: the words of the sample hang on neither."""
    opened = open_at(places_at(tmp_path).data, secrets.token_hex())
    opened.define(views())
    yield opened
    opened.close()


def test_they_are_the_same_for_the_same_day_and_have_numbers_only(now):
    until = now.date()
    made = participants(until)
    assert made == participants(until)
    assert len({p.name for p in made}) == COUNT
    for person in made:
        assert person.name.startswith(NAMELESS)
        assert person.consents == (Purpose.PATTERN,)
        assert not person.coach
        assert not person.guards
        assert not person.annotations
        days = [e.day for i in person.logged for e in i.entries]
        assert until - timedelta(days=SPAN) < min(days) <= max(days) <= until
        assert not any(e.note for i in person.logged for e in i.entries)


@pytest.mark.parametrize(
    "later", [0, 11, *(pytest.param(days, marks=pytest.mark.slow) for days in (7, 16, 22))]
)
def test_a_lead_reads_one_of_each_word(known: Store, now: datetime, later: int) -> None:
    now += timedelta(days=later)
    ids = load(known, now)
    fill_programme(known, now)
    seen = programme_of(Visit.open(known, ids["Wanda"], now))
    assert 4 <= len(seen.blocks) <= 6
    last = {row.behaviour: row.words[-1] for row in seen.rows}
    assert last == {
        "First task for tomorrow written down": Word.UNCLEAR,
        "Focus blocks of 50 minutes": Word.TOGETHER,
        "Working time before the first look at messages": Word.APART,
    }
    assert len(seen.silent) > 20


def test_filled_again_nothing_changes_and_their_days_are_nobody_elses(
    known: Store, now: datetime
) -> None:
    ids = load(known, now)
    fill_programme(known, now)
    people, saved = people_on_this_device(known), known.stamp(now)
    assert len(people) == 13 + COUNT
    fill_programme(known, now + timedelta(hours=1))
    assert people_on_this_device(known) == people
    assert known.stamp(now) - saved == timedelta(microseconds=1), "nothing was saved between"
    someone = next(i for i, name, _ in people if name == f"{NAMELESS}1")
    visit = Visit.open(known, someone, now)
    assert roles_of(visit) == {Role.COACHEE}
    assert len(plan_of(visit).leading) == 2
    assert len(visit.records(Entry)) > 300
    for name in ("Wanda", "Noor", "Amara"):
        seen = Visit.open(known, ids[name], now)
        assert seen.read("SELECT count(*) FROM entry WHERE person_id = ?", [someone]) == [(0,)]
