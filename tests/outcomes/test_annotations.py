"""What is marked on the time axis."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coach_data.annotations import annotations_of, mark, unmark
from coach_data.behaviours import add_leading, count_usual_from
from coach_data.model import Event, Incomplete
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from tests.outcomes.conftest import TODAY, behaviour, note
from tests.outcomes.test_outcomes import DUE


def test_annotations_come_and_go(visit: Visit) -> None:
    later = note(visit, "launch", TODAY, TODAY)
    early = note(visit, "on leave", TODAY - timedelta(days=9), TODAY, Event.LEAVE)
    mark(visit, later)
    mark(visit, early)
    assert annotations_of(visit) == [early, later]
    unmark(visit, early)
    assert annotations_of(visit) == [later]


def test_an_annotation_that_says_nothing_or_ends_before_it_begins(visit: Visit) -> None:
    with pytest.raises(Incomplete, match="what happened"):
        mark(visit, note(visit, " \u200b", TODAY, TODAY))
    with pytest.raises(Incomplete, match="before the first"):
        mark(visit, note(visit, "x", TODAY, TODAY - timedelta(days=1)))
    assert annotations_of(visit) == []


def test_a_new_start_of_the_usual_has_its_reason_on_the_axis(visit: Visit) -> None:
    add_leading(visit, behaviour(visit, "Calls"), None)
    calls, day = plan_of(visit).leading[0], TODAY - timedelta(days=3)
    for when, reason, said in ((day, " \u200b", "needs its reason"), (DUE, "x", "not come yet")):
        with pytest.raises(Incomplete, match=said):
            count_usual_from(visit, calls, when, reason)
    assert plan_of(visit).leading[0].usual_since is None
    count_usual_from(visit, calls, day, "new team")
    assert plan_of(visit).leading[0].usual_since == day
    assert [(a.first_day, a.text) for a in annotations_of(visit)] == [(day, "new team")]
