"""Export and erasure on the screen My data."""

from __future__ import annotations

import pytest

from coach_data.devices import people_on_this_device
from coach_data.people import join
from pages.parts.browser import present


def open_section(tab, person, name: str):
    mine = tab(person).open("my_data")
    mine.at.button_group[0].set_value(name).run()
    mine.sound()
    return mine


def test_the_button_stands_under_what_it_gives(ann, tab) -> None:
    mine = open_section(tab, ann, "Export")
    assert "The file is not encrypted" in mine.words
    assert [b.label for b in mine.at.get("download_button")] == ["Download everything"]


def test_who_types_the_own_name_is_erased_and_the_first_screen_says_so(store, ann, tab) -> None:
    bea = join(store, "Bea", present())
    other = tab(ann).open("today")
    mine = open_section(tab, ann, "Erasure")
    for said in ("cannot be undone", "What goes", "What stays", "Backups", "Take everything along"):
        assert said in mine.words
    mine.field("text_input", "Type your name").input("Bea")
    mine.press("Erase me for good")
    assert "not your name" in mine.words
    assert len(people_on_this_device(store)) == 2
    mine.field("text_input", "Type your name").input("Ann")
    mine.press("Erase me for good")
    assert "You are erased" in mine.words
    assert [b.label for b in mine.at.button if b.label == "Begin"], "it is the first screen"
    assert "Ann" not in mine.words.replace("Erasure", "")
    assert [(i, n) for i, n, _ in people_on_this_device(store)] == [(bea.person_id, "Bea")]
    mine.at.run()
    assert "You are erased" not in mine.words, "said once"
    other.at.run()
    other.sound()
    assert "Ann" not in other.words, "another tab is out as well"


@pytest.mark.file_only("a restore puts old files beside the data file")
def test_older_copies_are_told_before_and_after(store, ann, tab) -> None:
    store.path.with_name(f"{store.path.name}.before-20260101T000000").write_bytes(b"old")
    mine = open_section(tab, ann, "Erasure")
    assert "a backup was restored: 1." in mine.words
    mine.field("text_input", "Type your name").input("Ann")
    mine.press("Erase me for good")
    assert "from a restored backup (1)" in mine.words
