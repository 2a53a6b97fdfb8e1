"""Notes that lose nothing, and notebooks that only their writer reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.model import CoachNote, NotAllowed, OwnNote
from coach_data.session_notes import joined, keep_note, keep_notebook, notebook_of, notes_of
from coach_data.sessions import begin
from coach_data.text import BadText
from tests.sessions.conftest import Pair

LINES = st.lists(st.sampled_from(["a", "bc", "d e", "ff"]), max_size=4).map("\n".join)


def test_two_tabs_with_the_same_note_keep_both(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    assert keep_note(two.coach(1), session, 2, "Calls were easy", "") == "Calls were easy"
    # Ann's tab saw the empty note, and began to write meanwhile
    both = keep_note(two.coachee(2), session, 2, "Mondays are hard", "")
    assert both == "Calls were easy\n\nMondays are hard"
    # each goes on in a tab that still shows only the own text
    keep_note(two.coach(3), session, 2, "Calls were easy, really", "Calls were easy")
    keep_note(two.coachee(4), session, 2, "Mondays are hard: why?", "Mondays are hard")
    expected = "Calls were easy, really\n\nMondays are hard: why?"
    assert notes_of(two.coachee(), session) == {2: expected}
    assert keep_note(two.coach(5), session, 2, "", expected) == ""  # who has seen all may clear it


def test_a_tab_that_comes_back_after_a_restart_brings_no_old_text(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    keep_note(two.coach(1), session, 2, "easy", "")
    keep_note(two.coachee(2), session, 2, "hard", "")  # both are kept, and hers as she typed it
    both = "easy\n\nhard"
    keep_note(two.coach(3), session, 2, both + ", then a plan", both)
    # the server starts anew: nobody knows what the tabs had seen
    whole = both + ", then a plan"
    assert keep_note(two.coachee(4), session, 2, "hard", None) == whole
    assert keep_note(two.coach(5), session, 2, "easy", None) == whole
    assert keep_note(two.coach(6), session, 2, whole + ", not sent yet", None) == (
        whole + ", not sent yet"
    )
    assert keep_note(two.coachee(7), session, 2, "hard, really", None) == (
        "easy\n\nhard, really, then a plan, not sent yet"
    )
    keep_notebook(two.coach(8), session, "mine", "")
    assert keep_notebook(two.coach(9), session, "mine too", None) == "mine too"


@given(LINES, LINES, LINES)
def test_what_either_has_added_is_in_the_joined_text(seen: str, mine: str, theirs: str) -> None:
    text = joined(seen, mine, theirs)
    if theirs.startswith(seen) and mine.startswith(seen):  # both have only added
        assert mine.removeprefix(seen).strip() in text
        assert theirs.removeprefix(seen).strip() in text
    if not seen:
        assert mine in text
        assert theirs in text


def test_a_note_may_be_long_but_not_endless(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    long = "a line of a conversation\n" * 300
    assert keep_note(two.coach(), session, 1, long, "") == long.strip()
    with pytest.raises(BadText, match="session note holds 20,000"):
        keep_note(two.coach(), session, 1, "x" * 20_001, long)
    assert notes_of(two.coach(), session) == {1: long.strip()}


def test_each_reads_only_the_own_notebook(two: Pair) -> None:
    session = begin(two.coach(), two.cleo.person_id)
    keep_notebook(two.coach(), session, "ask about the boss", "")
    keep_notebook(two.coachee(), session, "I did not say all", "")
    assert notebook_of(two.coach(), session) == "ask about the boss"
    assert notebook_of(two.coachee(), session) == "I did not say all"
    assert not two.coachee().records(CoachNote)
    assert not two.coach().records(OwnNote)
    for visit, tables in (
        (two.coachee(), ("coach_note", "coach_note_history")),
        (two.coach(), ("own_note", "own_note_history")),
    ):
        for table in tables:
            assert visit.read(f"SELECT * FROM {table}") == []
    with pytest.raises(NotAllowed):
        two.coach().save(OwnNote(person_id=session.person_id, session_id=session.session_id,
                                 text="in her name"))  # fmt: skip
