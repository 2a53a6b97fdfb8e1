"""What is promised, and what is looked back at."""

from __future__ import annotations

import pytest

from coach_data.commitments import (
    CommitmentChanged,
    NoPromise,
    carried,
    commitment_in,
    commitments_of,
    keep_commitment,
    settle,
)
from coach_data.model import Standing
from coach_data.sessions import begin, end
from tests.sessions.conftest import Pair


def test_a_commitment_is_one_and_keeps_its_earlier_wording(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    with pytest.raises(NoPromise):
        keep_commitment(two.coach(), session, "  ")
    first = keep_commitment(two.coach(), session, "Two calls before ten", support="a nudge")
    assert commitment_in(two.coachee(), session) == first
    with pytest.raises(CommitmentChanged, match="Two calls before ten"):
        keep_commitment(two.coachee(1), session, "One call", seen=None)
    second = keep_commitment(two.coachee(2), session, "One call", seen=first)
    assert commitments_of(two.coach()) == [second]
    assert second.commitment_id == first.commitment_id


def test_what_is_looked_back_at(two: Pair) -> None:
    promised = []
    for k, text in enumerate(("first", "second", "third")):
        visit = two.coach(86400 * 14 * k)
        session = begin(visit, two.cleo.person_id)
        promised.append(keep_commitment(visit, session, text))
        end(visit, session, None)
    visit = two.coach(86400 * 42)
    now = begin(visit, two.cleo.person_id)
    keep_commitment(visit, now, "today's")
    assert [c.text for c in carried(visit, now)] == ["third", "second", "first"]
    settle(visit, promised[0], Standing.KEPT)
    settle(visit, promised[2], Standing.LET_GO)
    assert [(c.text, c.standing) for c in carried(visit, now)] == [
        ("third", Standing.LET_GO),  # of the last session: seen again, whatever became of it
        ("second", Standing.OPEN),
    ]
