"""See what my coach sees: exactly what the coach's own visit reads, less what is the coach's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from coach_data.compass import compass_of
from coach_data.model import (
    NOBODY,
    RECORDS,
    CoachNote,
    Consent,
    Entry,
    Indicator,
    NotAllowed,
    Outcome,
    Pairing,
    Person,
    Purpose,
    Record,
    Role,
    Session,
    SessionNote,
)
from coach_data.pairings import pairings_of, part
from coach_data.people import consent, pair
from coach_data.privacy import Visit, open_store
from coach_data.sight import GROUPS, NEVER, Seen, sight_of
from coach_data.store import Store
from tests.cluster import places_at
from tests.test_erasure import content
from tests.test_privacy import ABOUT_NOBODY, belongings, coach_note, views

Join = Callable[..., Person]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("sight")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Three:
    """Cleo coaches Ann and Bob, is coached by Dora, and everybody has one record of every kind.

    Ann had Otto as a coach before, with a session of their own.
    """

    store: Store
    now: datetime
    ann: Person
    bob: Person
    cleo: Person
    dora: Person
    otto: Person

    def visit(self, viewer: Person, about: Person | None = None) -> Visit:
        about_id = about.person_id if about else None
        return Visit.open(self.store, viewer.person_id, self.now, about_id)

    @property
    def coach(self) -> Visit:
        """What is to be shown: Cleo's own visit to Ann."""
        return self.visit(self.cleo, self.ann)

    @property
    def preview(self) -> Visit:
        return self.visit(self.ann).seen_by(self.cleo.person_id)


@pytest.fixture
def three(store: Store, person: Join, now: datetime) -> Three:
    both = (Role.COACH, Role.COACHEE)
    ann, bob, cleo = person("Ann"), person("Bob"), person("Cleo", roles=both)
    dora, otto = person("Dora", roles=both), person("Otto", roles=both)
    for coachee, coach in ((ann, otto), (ann, cleo), (bob, cleo), (cleo, dora)):
        visit = Visit.open(store, coachee.person_id, now)
        pair(visit, coach.person_id)
        things = belongings(coachee, coach)
        visit.save(*things)
        about = Visit.open(store, coach.person_id, now, coachee.person_id)
        about.save(coach_note(things, f"{coach.name} about {coachee.name}"))
        about.look("Compass")
    pair(Visit.open(store, ann.person_id, now), otto.person_id, active=False)
    return Three(store, now, ann, bob, cleo, dora, otto)


def agree(visit: Visit, *purposes: Purpose) -> None:
    for purpose in Purpose:
        consent(visit, purpose, given=purpose in purposes)


def rows_of(visit: Visit, view: str) -> set[tuple[Any, ...]]:
    return set(visit.cursor.execute(f"FROM {view}").fetchall())


def about(visit: Visit, view: str, person_id: int) -> set[tuple[Any, ...]]:
    columns = [c[0] for c in visit.cursor.execute(f"DESCRIBE {view}").fetchall()]
    place = columns.index("person_id")
    return {row for row in rows_of(visit, view) if row[place] == person_id}


COACHS_OWN = {"coach_note", "coach_note_history", "access_log"}
"""Views in which a coach meets rows about the coachee that are the coach's own: the notebook, and
at whom they looked."""
STATES = [
    tuple(p for p, given in zip(Purpose, chosen, strict=True) if given)
    for chosen in product((False, True), repeat=3)
]


@pytest.mark.parametrize("agreed", STATES, ids=lambda s: "+".join(p.name for p in s) or "nothing")
def test_every_view_shows_what_the_coach_sees_of_this_person_and_nothing_else(
    three: Three, agreed: tuple[Purpose, ...]
) -> None:
    agree(three.visit(three.ann), *agreed)
    agree(three.visit(three.bob), *Purpose)
    agree(three.visit(three.cleo), *Purpose)
    coach, preview = three.coach, three.preview
    shown = 0
    for view in views(three.store):
        if view in ABOUT_NOBODY:  # what is told of everybody together is not the coach's to show
            assert not rows_of(preview, view)
            continue
        expected = set() if view in COACHS_OWN else about(coach, view, three.ann.person_id)
        assert rows_of(preview, view) == expected, view
        shown += bool(expected)
    assert shown > 25
    for view in COACHS_OWN:
        assert about(coach, view, three.ann.person_id), f"{view} would show something"


@pytest.mark.parametrize("agreed", STATES, ids=lambda s: "+".join(p.name for p in s) or "nothing")
def test_what_is_told_and_drawn_is_the_same(three: Three, agreed: tuple[Purpose, ...]) -> None:
    agree(three.visit(three.ann), *agreed)
    coach, preview = three.coach, three.preview
    for kind in set(RECORDS) - {CoachNote}:
        assert preview.records(kind) == coach.records(kind), kind
    assert preview.records(CoachNote) == []
    assert sight_of(preview) == sight_of(coach)
    mine, theirs = compass_of(preview), compass_of(coach)
    assert mine.plan == theirs.plan
    assert [(r.indicator, r.reading, r.n_known) for r in mine.rows] == [
        (r.indicator, r.reading, r.n_known) for r in theirs.rows
    ]


def seen(sight: list[Seen], group: str) -> Seen:
    return next(s for s in sight if s.group == group)


def test_what_is_not_agreed_to_is_named_as_missing(three: Three) -> None:
    agree(three.visit(three.ann), Purpose.NOTES)
    sight = sight_of(three.preview)
    assert seen(sight, "entries") == Seen("entries", 0, (), (Purpose.ENTRIES,))
    assert seen(sight, "entry_notes") == Seen("entry_notes", 0, (), (Purpose.ENTRIES,))
    assert seen(sight, "shared_notes").count == 1, "Otto's session is not Cleo's"
    agree(three.visit(three.ann), Purpose.ENTRIES, Purpose.NOTES)
    sight = sight_of(three.preview)
    assert seen(sight, "entries").count == 2
    assert seen(sight, "entries").examples[0] == "30 May, Calls: 2"
    assert seen(sight, "entry_notes").examples == ("30 May: secret of Ann",) * 2


def test_every_kind_of_record_is_told_of_or_never_seen() -> None:
    told = [kind for kinds, _, _ in GROUPS.values() for kind in kinds]
    assert len(told) == len(set(told))
    assert set(told) | NEVER == set(RECORDS)
    assert not set(told) & NEVER


def test_each_group_tells_something_of_its_kinds(three: Three) -> None:
    agree(three.visit(three.ann), *Purpose)
    for found in sight_of(three.preview):
        assert found.count >= len(found.examples) > 0, found.group
        assert not found.needs
        assert all(line.strip() for line in found.examples)


def test_what_nobody_sees_is_not_in_it(three: Three) -> None:
    agree(three.visit(three.ann), *Purpose)
    told = str(sight_of(three.preview))
    for secret in ("diary of Ann", "Cleo about Ann", "Otto", "Bob", "Dora"):
        assert secret not in told
    assert "shared by Ann" in told


def test_only_a_coach_of_mine_and_only_about_me(three: Three) -> None:
    for coach in (three.bob, three.otto, three.ann):
        with pytest.raises(NotAllowed):
            three.visit(three.ann).seen_by(coach.person_id)
    with pytest.raises(NotAllowed):
        three.coach.seen_by(three.cleo.person_id)
    with pytest.raises(NotAllowed):
        three.preview.seen_by(three.cleo.person_id)
    with pytest.raises(NotAllowed):
        three.visit(three.cleo).seen_by(three.cleo.person_id)
    with pytest.raises(NotAllowed):  # Dora is a coach of Cleo's, but this visit is to Ann
        three.coach.seen_by(three.dora.person_id)


@pytest.mark.abuse(38)
def test_38_a_preview_that_is_open_follows_the_rules_at_once(three: Three) -> None:
    agree(three.visit(three.ann), Purpose.ENTRIES)
    preview = three.preview
    assert preview.records(Entry)
    agree(three.visit(three.ann))
    assert not preview.records(Entry)
    assert preview.records(Outcome)
    part(three.visit(three.ann), pairings_of(three.visit(three.ann))[0])
    assert not any(preview.records(kind) for kind in RECORDS)


def test_nothing_can_be_saved_in_a_preview(three: Three) -> None:
    preview = three.preview
    session = next(s for s in three.coach.records(Session))
    me = three.ann.person_id
    records: list[Record] = [
        *(r for kind in RECORDS for r in three.visit(three.ann).records(kind)),
        *(r for kind in RECORDS for r in three.coach.records(kind)),
        CoachNote(person_id=me, session_id=session.session_id, coach_id=NOBODY, text="x"),
        SessionNote(person_id=me, session_id=session.session_id, coach_id=NOBODY, part=1, text="x"),
        Consent(person_id=NOBODY, purpose=Purpose.NOTES, given=True),
        Pairing(person_id=NOBODY, coach_id=three.cleo.person_id),
    ]
    assert {type(r) for r in records} == set(RECORDS)
    before = content(three.store)
    for record in records:
        with pytest.raises(NotAllowed):
            preview.save(record)
        with pytest.raises(NotAllowed):
            preview.admit(record, beside=[])
    with pytest.raises(NotAllowed):
        preview.admit(beside=[("invitation", {"code_sha256": "x"})])
    with pytest.raises(NotAllowed):
        preview.look("Compass")
    with pytest.raises(NotAllowed):
        Visit.open(three.store, preview.viewer_id, three.now)
    assert content(three.store) == before
    assert preview.records(Indicator)
