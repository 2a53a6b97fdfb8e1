"""A preview as lines of text, and what has to be said where something is in the way."""

from __future__ import annotations

from dataclasses import replace

from coach_data.import_command import in_the_way, lines, saved
from coach_data.imports import Imported
from coach_data.preview import Changes
from tests.previews import CALLS, HOURS, look

TEXT = "date,Calls,Walk (km),Rest\n2026-01-01,3,2.5,1\n2026-01-02,?,,2\n"


def test_each_name_of_the_file_is_told_with_what_it_is() -> None:
    seen = look(TEXT, CALLS, mapping={"Walk (km)": "new", "Rest": "ignore"})
    told = list(lines(seen))
    assert told[0] == "x.csv: wide, comma, 2 rows"
    assert told[1] == "  Calls: 2 values"
    assert told[2] == "  Walk (km): 1 values, new: “Walk” (leading, number, in km, active)"
    assert told[3] == "  Rest: 2 values, left out"
    assert "Refused: 1" in told
    assert told[-1].startswith("  line 3, Calls: “?”: ")


def test_a_name_that_is_another_one_here_is_told_with_it() -> None:
    seen = look("date,Phone\n2026-01-01,3\n", CALLS, mapping={"Phone": 1})
    assert "  Phone: 1 values, as “Calls”" in list(lines(seen))
    asked = look("date,Phone\n2026-01-01,3\n", CALLS)
    assert "  Phone: 1 values, not known here" in list(lines(asked))


def test_what_would_change_is_told_once_it_was_compared() -> None:
    seen = replace(look("date,Calls\n2026-01-01,3\n", CALLS), changes=Changes(1, 2, 3, 4))
    assert (
        "1 entries from 2026-01-01 to 2026-01-01: 1 new, 2 changed, 3 unchanged; 4 notes"
        in list(lines(seen))
    )


def test_in_the_way_are_questions_with_their_answers_and_refusals_with_theirs() -> None:
    said = in_the_way(look("date;Hours;Walk\n01/02/2026;1,5;1\n", HOURS)).split("\n")
    assert any(line.endswith("Say --day-order dmy or --day-order mdy.") for line in said)
    assert any(line.endswith("Say --new “Walk” or --ignore “Walk”.") for line in said)
    assert said[-1] == "Nothing was saved."
    refused = look("date,Calls\n2026-01-01,?\n", CALLS)
    assert "--only-good-rows" in in_the_way(refused)
    may = look("date,Calls\n2026-01-01,?\n", CALLS, only_good_rows=True)
    assert in_the_way(may) == "Nothing was saved."


def test_what_was_saved_is_counted_and_what_was_left_out_only_where_it_was() -> None:
    made = Imported(Changes(1200, 1, 2, 3), (), 0)
    assert saved(made) == (
        "Saved: 1,200 new and 1 changed entries, 3 notes, 0 new indicators."
        " 2 entries were here already."
    )
    assert saved(replace(made, left_out=4)).endswith("here already, 4 left out.")
