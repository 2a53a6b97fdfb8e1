"""Consents: three, off until given, with a receipt for each change; and the own name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from coach_data import people
from coach_data.library import ConsentWording, consents
from coach_data.model import NotAllowed, Person, Purpose, Role
from coach_data.people import Consented, NoName, consent, consents_of, pair, rename
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from coach_data.text import BadText
from tests.cluster import places_at

Join = Callable[..., Person]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("consents")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


def of(visit: Visit, purpose: Purpose) -> Consented:
    return next(c for c in consents_of(visit) if c.purpose is purpose)


# The texts that somebody may have agreed to. A change here means a new version, not a new line.
AGREED_TO = {
    (Purpose.ENTRIES, 1): "b01199c2229bd98d",
    (Purpose.NOTES, 1): "19865b49a954534f",
    (Purpose.PATTERN, 1): "a44e5291e7d20258",
}


def test_a_wording_that_was_agreed_to_never_changes() -> None:
    found = {
        (w.purpose, w.version): hashlib.sha256(f"{w.title}\n{w.text}".encode()).hexdigest()[:16]
        for w in consents()
    }
    assert found == AGREED_TO, "never change a text of consents.toml: add the next version"
    for purpose in Purpose:
        versions = [w.version for w in consents() if w.purpose is purpose]
        assert versions == list(range(1, len(versions) + 1))


def test_all_three_are_off_until_given(store: Store, person: Join, now: datetime) -> None:
    found = consents_of(Visit.open(store, person("Ann").person_id, now))
    assert [(c.purpose, c.given, c.receipts) for c in found] == [(p, False, ()) for p in Purpose]


def test_each_change_leaves_a_dated_receipt_in_local_time(
    store: Store, person: Join, now: datetime
) -> None:
    ann = person("Ann", zone="Asia/Kolkata").person_id
    for hour, given in enumerate((True, False, True)):
        visit = Visit.open(store, ann, now + timedelta(hours=hour))
        consent(visit, Purpose.NOTES, given=given)
    notes = of(Visit.open(store, ann, now), Purpose.NOTES)
    assert notes.given
    assert [(r.given, r.version, f"{r.at:%d %H:%M}") for r in notes.receipts] == [
        (True, 1, "31 19:30"),
        (False, 1, "31 18:30"),
        (True, 1, "31 17:30"),
    ]
    assert not of(visit, Purpose.ENTRIES).receipts


def test_what_is_so_already_leaves_no_second_receipt(
    store: Store, person: Join, now: datetime
) -> None:
    visit = Visit.open(store, person("Ann").person_id, now)
    consent(visit, Purpose.ENTRIES, given=False)
    assert not of(visit, Purpose.ENTRIES).receipts, "nothing was given that could be withdrawn"
    for given in (True, True, False, False):
        consent(visit, Purpose.ENTRIES, given=given)
    assert [r.given for r in of(visit, Purpose.ENTRIES).receipts] == [False, True]


def test_a_new_wording_is_asked_for_and_the_old_one_holds_meanwhile(
    store: Store, person: Join, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit.open(store, person("Ann").person_id, now)
    consent(visit, Purpose.ENTRIES, given=True)
    old = consents()
    new = ConsentWording(purpose=Purpose.ENTRIES, version=2, title="Anew", text="Other words.")
    monkeypatch.setattr(people, "consents", lambda: (*old, new))
    assert of(visit, Purpose.ENTRIES).wording == old[0], "what was agreed to is what is shown"
    consent(visit, Purpose.ENTRIES, given=False)
    assert of(visit, Purpose.ENTRIES).wording == new
    consent(visit, Purpose.ENTRIES, given=True)
    assert [(r.given, r.version) for r in of(visit, Purpose.ENTRIES).receipts] == [
        (True, 2),
        (False, 1),
        (True, 1),
    ]


def test_a_coach_sees_no_receipt_of_what_is_not_theirs_and_gives_none(
    store: Store, person: Join, now: datetime
) -> None:
    ann, cleo = person("Ann"), person("Cleo", roles=(Role.COACH,))
    own = Visit.open(store, ann.person_id, now)
    pair(own, cleo.person_id)
    consent(own, Purpose.PATTERN, given=True)
    about = Visit.open(store, cleo.person_id, now, ann.person_id)
    assert not any(c.receipts for c in consents_of(about)), "these are the viewer's own"
    before = consents_of(own)
    consent(about, Purpose.ENTRIES, given=True)
    assert consents_of(own) == before
    assert of(Visit.open(store, cleo.person_id, now), Purpose.ENTRIES).given


# --- the own name ---


def test_a_name_is_corrected_and_the_rest_stays(store: Store, person: Join, now: datetime) -> None:
    ann = person("Anm", zone="Asia/Kolkata")
    rename(Visit.open(store, ann.person_id, now), "  Ann ")
    assert Visit.open(store, ann.person_id, now).about == replace(ann, name="Ann")


@pytest.mark.parametrize(
    ("name", "error"), [(" \u200b", NoName), ("x" * 81, BadText), ("a\x00", BadText)]
)
def test_a_name_that_cannot_be_kept(
    store: Store, person: Join, now: datetime, name: str, error: type[Exception]
) -> None:
    ann = person("Ann")
    with pytest.raises(error):
        rename(Visit.open(store, ann.person_id, now), name)
    assert Visit.open(store, ann.person_id, now).about == ann


def test_nobody_renames_a_coachee(store: Store, person: Join, now: datetime) -> None:
    ann, cleo = person("Ann"), person("Cleo", roles=(Role.COACH,))
    pair(Visit.open(store, ann.person_id, now), cleo.person_id)
    with pytest.raises(NotAllowed):
        rename(Visit.open(store, cleo.person_id, now, ann.person_id), "Eve")
