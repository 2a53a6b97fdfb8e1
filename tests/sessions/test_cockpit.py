"""What an indicator did since it was promised: before against after, as far as a viewer may see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from coach_data.cockpit import MOST_WEEKS, look_back
from coach_data.commitments import keep_commitment
from coach_data.model import Commitment, Entry, Indicator, Kind, Purpose, Session
from coach_data.people import consent
from coach_data.privacy import Visit
from coach_data.sessions import begin
from coach_data.statistics.comparison import Moved


def test_what_an_indicator_did_since(held: tuple[Visit, Visit, Session], now: datetime) -> None:
    own, _, session = held
    (calls,) = (i for i in own.records(Indicator) if i.kind is Kind.LEADING)
    entries = [
        Entry(person_id=own.viewer_id, indicator_id=calls.indicator_id,
              day=own.today + timedelta(days=k), value=(2.0 if k <= 0 else 5.0) + 0.2 * (k % 2))
        for k in range(-13, 9)
    ]  # fmt: skip
    own.save(*entries)
    early = Visit.open(own.store, own.viewer_id, now + timedelta(days=3))
    later = Visit.open(own.store, own.viewer_id, now + timedelta(days=9))
    (first,) = look_back(early, early.records(Commitment)).followed
    assert first.change is not None
    assert (first.change.verdict, first.change.known_during, first.days) == (
        Moved.CANNOT_TELL, 3, 3,
    )  # fmt: skip
    back = look_back(later, later.records(Commitment))
    (second,) = back.followed
    assert second.change is not None
    assert second.change.verdict is Moved.MOVED
    assert (second.change.known_before, second.change.known_during, second.days) == (14, 8, 9)
    assert second.change.before == pytest.approx(2.0, abs=0.2)
    assert second.change.during == pytest.approx(5.0, abs=0.2)
    assert back.compass is not None
    assert [r.indicator.name for r in back.compass.rows] == ["Calls"]
    # a coach without the consent sees no entry, and so cannot tell
    coach = Visit.open(own.store, session.coach_id, now + timedelta(days=9), own.viewer_id)
    assert [f.change.known_before for f in look_back(coach, coach.records(Commitment)).followed
            if f.change] == [0]  # fmt: skip
    consent(own, Purpose.ENTRIES, given=True)
    assert [f.change.verdict for f in look_back(coach, coach.records(Commitment)).followed
            if f.change] == [Moved.MOVED]  # fmt: skip


def test_nothing_promised_is_nothing_to_look_back_at(held: tuple[Visit, Visit, Session]) -> None:
    back = look_back(held[0], [])
    assert (back.followed, back.compass) == ((), None)


def test_a_promise_that_no_indicator_follows_stands_alone_and_asks_for_no_compass(
    held: tuple[Visit, Visit, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, coach, before = held
    keep_commitment(own, begin(coach, before.coach_id), "Say no once")
    alone = [c for c in own.records(Commitment) if c.indicator_id is None]

    def asked(*_: object) -> None:
        raise AssertionError("the compass costs a query")

    monkeypatch.setattr("coach_data.cockpit.compass_of", asked)
    back = look_back(own, alone)
    assert [(f.commitment.text, f.row, f.change) for f in back.followed] == [
        ("Say no once", None, None)
    ]
    assert back.compass is None


def test_it_looks_back_half_a_year_at_most(
    held: tuple[Visit, Visit, Session], now: datetime
) -> None:
    own, _, _ = held
    later = Visit.open(own.store, own.viewer_id, now + timedelta(days=400))
    back = look_back(later, later.records(Commitment))
    assert back.compass is not None
    assert len(back.compass.days) == 7 * MOST_WEEKS
    (followed,) = back.followed
    assert followed.change is not None
    assert followed.change.known_before == followed.change.known_during == 0
