"""What there is to see before a file is brought in: counts, first and last day, whether it is ready."""

from __future__ import annotations

from dataclasses import replace

from tests.previews import CALLS, HOURS, look


def test_nothing_in_the_file_is_nothing_to_bring_in() -> None:
    seen = look("date,Calls\n", CALLS)
    assert (seen.rows, seen.entries, seen.first_day, seen.ready) == (0, 0, None, True)


def test_what_is_counted_is_values_skips_and_notes() -> None:
    text = (
        "date,indicator,value,status,note\n"
        "2026-01-03,Calls,3,,\n"
        "2026-01-05,Calls,,skipped,ill\n"
        "2026-01-01,Calls,,,only a note\n"
        "2026-01-04,Hours,2,,\n"
    )
    seen = look(text, CALLS, replace(HOURS, indicator_id=2))
    assert (seen.rows, seen.entries, seen.notes) == (4, 3, 2)
    assert (str(seen.first_day), str(seen.last_day)) == ("2026-01-01", "2026-01-05")


def test_ready_is_what_asks_nothing_and_refuses_nothing_or_may_leave_it_out() -> None:
    assert look("date,Calls\n2026-01-01,1\n", CALLS).ready
    asked = "date,Walks\n2026-01-01,1\n"
    assert not look(asked, CALLS).ready
    assert not look(asked, CALLS, only_good_rows=True).ready, "a question is not a bad row"
    refused = "date,Calls\n2026-01-01,?\n2026-01-02,1\n"
    assert not look(refused, CALLS).ready
    assert look(refused, CALLS, only_good_rows=True).ready


def test_where_it_comes_from_is_the_app_or_else_its_shape() -> None:
    assert look("date;Calls\n2026-01-01;1\n", CALLS).origin == "wide, semicolon"
    assert look(b"HabitName,CalendarDate,Value\nCalls,2026-01-02,1\n", CALLS).origin == "HabitBull"
