"""Import on the screen: a file is looked at first, what is unclear is asked; then all of it or none."""

from __future__ import annotations

from coach_data.model import Entry
from coach_data.people import join, pair
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.takeout import export_of
from pages.parts.browser import present


def test_an_export_is_brought_back_on_the_screen_import(store, ann, plan, tab) -> None:
    plan(ann, "Calls", "Walk")
    content = export_of(Visit.open(store, ann.person_id, present()))
    eve = join(store, "Eve", present())
    own = tab(eve).open("bring_in")
    own.at.file_uploader[0].set_value(("mine.zip", content, "application/zip")).run()
    own.sound()
    assert "an export of Coach Compass" in own.words
    assert "Indicators: 2" in own.words
    assert "Consents, roles, coaches and tokens are not brought back" in own.words
    own.press("Bring it back")
    assert "Brought back: 5." in own.words
    visit = Visit.open(store, eve.person_id, present())
    assert [i.name for i in plan_of(visit).leading] == ["Calls", "Walk"]
    own.at.run()
    assert "nothing to bring back" in own.words
    bad = b'{"format": "coach-compass", "version": 1, "records": {"diary": []}}'
    own.at.file_uploader[0].set_value(("bad.json", bad, "application/json")).run()
    own.sound()
    assert "not known here" in own.words


def upload(own, text: str, name: str = "days.csv"):
    own.at.file_uploader[0].set_value((name, text.encode(), "text/csv")).run()
    own.sound()
    return own


def entries(store, person) -> dict[str, float | None]:
    found = Visit.open(store, person.person_id, present()).records(Entry)
    return {str(e.day): e.value for e in found}


def test_a_file_is_shown_and_brought_in_once(store, ann, plan, tab) -> None:
    plan(ann, "Calls")
    own = upload(tab(ann).open("bring_in"), "date,Calls\n2026-05-01,3\n2026-05-02,4\n")
    assert "days.csv: 2 rows, wide, comma" in own.words
    assert "2 new, 0 changed, 0 here already" in own.words
    assert entries(store, ann) == {}, "only shown so far"
    own.press("Bring it in")
    assert "2 new, 0 changed, 0 were here already." in own.words
    assert entries(store, ann) == {"2026-05-01": 3, "2026-05-02": 4}
    again = upload(tab(ann).open("bring_in"), "date,Calls\n2026-05-01,3\n2026-05-02,4\n")
    assert "0 new, 0 changed, 2 here already" in again.words


def test_a_question_keeps_the_file_out_until_it_is_answered(store, ann, plan, tab) -> None:
    plan(ann, "Calls")
    own = upload(tab(ann).open("bring_in"), "date,Calls,Walk\n2026-05-01,3,1\n")
    (button,) = (b for b in own.at.button if b.label == "Bring it in")
    assert button.disabled
    assert "Answer the questions above first" in own.words
    own.field("radio", "“Walk” is not here yet").set_value("ignore").run()
    own.sound()
    own.press("Bring it in")
    assert entries(store, ann) == {"2026-05-01": 3}


def test_a_refused_row_is_shown_with_its_line_and_reason(ann, plan, tab) -> None:
    plan(ann, "Calls")
    own = upload(tab(ann).open("bring_in"), "date,Calls\n2026-05-01,nan\n2026-05-02,4\n")
    assert "Line 2, Calls: “nan”" in own.words
    (button,) = (b for b in own.at.button if b.label == "Bring it in")
    assert button.disabled


def test_a_file_that_is_none_is_refused_in_words(ann, plan, tab) -> None:
    plan(ann, "Calls")
    own = upload(tab(ann).open("bring_in"), "\x89PNG\r\n")
    assert "The file cannot be read" in own.words


def test_a_coach_brings_nothing_in_for_a_coachee(store, ann, plan, tab) -> None:
    plan(ann, "Calls")
    coach = join(store, "Cleo", present(), roles=("coach",))
    pair(Visit.open(store, ann.person_id, present()), coach.person_id)
    own = tab(coach)
    own.at.session_state["about_id"] = ann.person_id
    own.open("bring_in")
    assert "Only the person whom the days belong to" in own.words
    assert not own.at.file_uploader
