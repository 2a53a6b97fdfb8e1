"""People: names are read without scrolling past them to what can be done."""

from __future__ import annotations

import pytest

from coach_data.model import Role
from coach_data.people import join, pair
from coach_data.privacy import Visit
from pages.parts.cards import MOST_LISTED
from pages.parts.visit import present


@pytest.mark.parametrize("count", [2, MOST_LISTED + 1])
def test_a_coach_reads_the_names_of_their_coachees(store, tab, count) -> None:
    coach = join(store, "Bo", present(), roles=(Role.COACH,))
    for number in range(count):
        one = join(store, f"<Kim> {number:02}", present())
        pair(Visit.open(store, one.person_id, present()), coach.person_id)
    own = tab(coach).open("people")
    assert f"<li>&lt;Kim&gt; {count - 1:02}</li>" in own.words
    assert [e.label for e in own.at.expander] == ([f"All {count}"] if count > MOST_LISTED else [])
