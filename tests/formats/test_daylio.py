"""Daylio: moods as numbers, and what was done; what is not named stays unknown."""

from __future__ import annotations

from coach_data.files import Table
from coach_data.formats.daylio import shape
from tests.formats.made import said


def test_daylio_names_what_was_done_and_leaves_the_rest_unknown() -> None:
    content = (
        b"\xef\xbb\xbffull_date,date,weekday,time,mood,activities,note_title,note\n"
        b'2026-01-02,2 January,Friday,8:05 PM,good,"clean | movies / tv","Title","Text, more"\n'
        b'2026-01-01,1 January,Thursday,8:05 PM,splendid,"",,\n'
    )
    assert said(content) == [
        ("Mood", "2026-01-02", "4", "", "Title\nText, more"),
        ("Mood", "2026-01-01", "splendid", "", ""),
        ("clean", "2026-01-02", "yes", "", ""),
        ("movies / tv", "2026-01-02", "yes", "", ""),
    ]


HEADER = ("full_date", "mood", "activities")


def test_the_five_moods_it_begins_with_are_numbers_whatever_their_capitals() -> None:
    moods = ["rad", "Good", "meh ", "BAD", "awful"]
    table = shape(Table(",", HEADER, iter([(2, ["2026-01-02", m, ""]) for m in moods]), 5))
    assert table is not None
    assert [cells[2] for _, cells in table.rows] == ["5", "4", "3", "2", "1"]


def test_a_row_of_another_width_is_handed_on_to_be_refused_with_its_line() -> None:
    table = shape(Table(",", HEADER, iter([(2, ["2026-01-02", "good"])]), 1))
    assert table is not None
    assert list(table.rows) == [(2, ["2026-01-02", "good"])]


def test_another_header_is_another_ones_file() -> None:
    assert shape(Table(",", ("full_date", "mood"), iter(()), 0)) is None
