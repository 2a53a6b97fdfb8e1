"""The export on the screen My data."""

from __future__ import annotations


def open_section(tab, person, name: str):
    mine = tab(person).open("my_data")
    mine.at.button_group[0].set_value(name).run()
    mine.sound()
    return mine


def test_the_button_stands_under_what_it_gives(ann, tab) -> None:
    mine = open_section(tab, ann, "Export")
    assert "The file is not encrypted" in mine.words
    assert [b.label for b in mine.at.get("download_button")] == ["Download everything"]
