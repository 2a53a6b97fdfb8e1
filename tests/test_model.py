"""The words: records with their keys, identifiers, errors that a person reads."""

from __future__ import annotations

import inspect
from dataclasses import FrozenInstanceError, fields

import pytest

from coach_data import behaviours, entries, model, people, privacy, records, text, values
from coach_data.model import RECORDS, CoachError, NotAllowed, Person, Record, new_id


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_is_keyed_by_its_person(kind: type[Record]) -> None:
    names = [f.name for f in fields(kind)]
    assert kind.KEY[0] == names[0] == "person_id"
    assert set(kind.KEY) <= set(names)
    assert len(set(kind.KEY)) == len(kind.KEY)


def test_tables_are_named_once() -> None:
    assert len({kind.TABLE for kind in RECORDS}) == len(RECORDS)


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Person(person_id=1, name="Ann").name = "Bob"  # type: ignore[misc]


def test_identifiers_are_unlike_and_fit_a_column() -> None:
    made = {new_id() for _ in range(10_000)}
    assert len(made) == 10_000
    assert all(0 <= i < 2**62 for i in made)
    assert max(made) > 2**60  # all of the bits are used


ERRORS = sorted(
    {
        kind
        for module in (model, privacy, people, behaviours, entries, text, values, records)
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, CoachError)
    },
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_says_what_happened(error: type[CoachError]) -> None:
    said = str(error())
    assert said.endswith(".")
    assert said == " ".join(said.split())
    assert not said.startswith("Common base")


def test_a_message_given_is_the_one_that_is_read() -> None:
    assert str(CoachError("This.")) == "This."
    assert str(NotAllowed()) == "That is not yours to see or change. Nothing was saved."
