"""The session's cockpit: four parts with notes, the two notebooks, the end, and what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coach_data.commitments import commitments_of, keep_commitment
from coach_data.library import session_parts, words
from coach_data.model import Entry, Purpose, Role, Standing
from coach_data.people import consent, join, pair
from coach_data.privacy import Visit
from coach_data.session_clock import clock_of, elapsed
from coach_data.session_notes import keep_note, keep_notebook, notebook_of, notes_of
from coach_data.sessions import begin, end, open_of, sessions_of
from pages.parts.browser import present

NASTY = "<b>x</b> :red[y] # H ![](http://x.example/a.png)"


@pytest.fixture
def cleo(store, ann):
    coach = join(store, "Cleo", present(), roles=(Role.COACH,))
    pair(Visit.open(store, ann.person_id, present()), coach.person_id)
    return coach


@pytest.fixture
def visits(store, ann, cleo):
    """``visits()``: Ann's and Cleo's visit to Ann, at the present moment."""
    return lambda: (
        Visit.open(store, ann.person_id, present()),
        Visit.open(store, cleo.person_id, present(), ann.person_id),
    )


def coach_tab(tab, cleo, ann):
    seen = tab(cleo).open("session")
    seen.field("selectbox", "Looking at").set_value(ann.person_id).run()
    seen.sound()
    return seen


def go_to(screen, part):
    group = next(g for g in screen.at.button_group if g.label == "Part of the session")
    group.set_value(part).run()
    screen.sound()


def unfold(screen, key):
    screen.at.session_state[key] = True
    screen.at.run()
    screen.sound()


def read_earlier(screen, session):
    unfold(screen, "earlier_sessions")
    screen.field("selectbox", "Read the summary of").set_value(session.session_id).run()
    screen.sound()


def pads(screen):
    return [a for a in screen.at.text_area if a.key and a.key.startswith("pad_")]


def test_before_the_first_session(ann, tab) -> None:
    own = tab(ann).open("session")
    assert words("session.empty") in own.words
    unfold(own, "earlier_sessions")
    assert words("session.no_earlier") in own.words


def test_begin_and_go_through_the_four_parts(ann, cleo, plan, tab, visits) -> None:
    plan(ann, "Calls", "Walk")
    seen = coach_tab(tab, cleo, ann)
    seen.press("Begin a session")
    for number, group in enumerate(session_parts(), start=1):
        go_to(seen, number)
        assert group.purpose in seen.words
        assert group.questions[0] in seen.words
        assert group.name in "".join(h.proto.body for h in seen.at.get("html"))
    _, coach = visits()
    session = open_of(coach, cleo.person_id)
    assert clock_of(coach, session).part == 4
    # the coachee comes into the same one, at the same part
    own = tab(ann).open("session")
    assert session_parts()[3].purpose in own.words


def test_another_question(ann, tab) -> None:
    own = tab(ann).open("session").press("Begin a session").press("Another question")
    group = session_parts()[0]
    assert group.questions[1] in own.words
    assert group.questions[0] not in own.words


def test_a_note_is_kept_when_the_part_changes(ann, tab, store) -> None:
    own = tab(ann).open("session").press("Begin a session")
    pads(own)[0].set_value("the calls went well")
    go_to(own, 2)  # in one go with the typing: no run between them
    assert pads(own)[0].value == ""
    pads(own)[0].set_value("what stands out: Monday").run()
    go_to(own, 1)
    assert pads(own)[0].value == "the calls went well"
    visit = Visit.open(store, ann.person_id, present())
    session = open_of(visit, ann.person_id)
    assert notes_of(visit, session) == {1: "the calls went well", 2: "what stands out: Monday"}
    again = tab(ann).open("session")
    assert pads(again)[0].value == "the calls went well"


def test_two_tabs_keep_both_and_say_so(ann, cleo, tab, visits) -> None:
    own = tab(ann).open("session").press("Begin a session")
    seen = coach_tab(tab, cleo, ann)
    pads(own)[0].set_value("from Ann").run()
    pads(seen)[0].set_value("from Cleo").run()
    seen.sound()
    visit, _ = visits()
    both = "from Ann\n\nfrom Cleo"
    assert notes_of(visit, open_of(visit, cleo.person_id)) == {1: both}
    assert pads(seen)[0].value == "from Cleo"
    assert words("session.meanwhile") in seen.words
    assert both in seen.words
    seen.press("Show it here")
    assert pads(seen)[0].value == both
    assert words("session.meanwhile") not in seen.words
    pads(seen)[0].set_value(both + "\nand more").run()
    assert notes_of(visit, open_of(visit, cleo.person_id)) == {1: both + "\nand more"}


def test_a_note_that_cannot_be_kept_stays(ann, tab) -> None:
    own = tab(ann).open("session").press("Begin a session")
    pads(own)[0].set_value("x" * 20_001)
    go_to(own, 2)
    go_to(own, 1)
    assert pads(own)[0].value == "x" * 20_001
    assert words("session.not_kept") in own.words
    pads(own)[0].set_value("shorter").run()
    assert words("session.not_kept") not in own.words


def test_neither_sees_the_notebook_of_the_other(ann, cleo, tab, visits) -> None:
    own_visit, coach_visit = visits()
    session = begin(coach_visit, cleo.person_id)
    keep_notebook(own_visit, session, "DIARY", "")
    keep_notebook(coach_visit, session, "GUESS", "")
    own, seen = tab(ann).open("session"), coach_tab(tab, cleo, ann)
    for screen, mine, other in ((own, "DIARY", "GUESS"), (seen, "GUESS", "DIARY")):
        unfold(screen, "notebook_open")
        assert [p.value for p in pads(screen)] == ["", mine]
        for part in (2, 3, 4, 1):
            go_to(screen, part)
            assert other not in everything(screen)
    end(coach_visit, session, None)
    for screen, mine, other in ((own, "DIARY", "GUESS"), (seen, "GUESS", "DIARY")):
        screen.at.run()
        read_earlier(screen, session)
        assert mine in screen.words
        assert other not in everything(screen)


def everything(screen):
    return (
        screen.words
        + "".join(str(a.value) for a in screen.at.text_area)
        + str([t.value for t in screen.at.text_input])
    )


def test_a_notebook_is_written_for_its_writer(ann, cleo, tab, visits) -> None:
    own = tab(ann).open("session").press("Begin a session")
    unfold(own, "notebook_open")
    pads(own)[1].set_value("for me alone").run()
    own_visit, coach_visit = visits()
    session = open_of(own_visit, cleo.person_id)
    assert notebook_of(own_visit, session) == "for me alone"
    assert notebook_of(coach_visit, session) == ""
    assert notes_of(coach_visit, session) == {}


def test_a_shared_screen_hides_notebooks_and_values(ann, cleo, plan, tab, visits) -> None:
    plan(ann, "Calls")
    _, coach = visits()
    session = begin(coach, cleo.person_id)
    keep_notebook(coach, session, "GUESS", "")
    seen = coach_tab(tab, cleo, ann)
    unfold(seen, "notebook_open")
    seen.press("Share screen")
    go_to(seen, 2)
    assert "GUESS" not in everything(seen)
    assert "My notebook" not in seen.words
    assert not seen.alts
    assert words("session.hidden") in seen.words
    seen.press("Show values")
    assert len(seen.alts) == 1


def test_pause_and_go_on(ann, tab, store, monkeypatch) -> None:
    own = tab(ann).open("session").press("Begin a session")
    monkeypatch.setenv("COACH_NOW", "2026-05-31T12:03:07+00:00")
    own.at.run()
    assert "03:07" in own.words
    own.press("Pause")
    monkeypatch.setenv("COACH_NOW", "2026-05-31T12:10:00+00:00")
    other = tab(ann).open("session")  # a second tab, or the same after a reload
    assert "03:07" in other.words
    assert "paused" in other.words
    other.press("Go on")
    monkeypatch.setenv("COACH_NOW", "2026-05-31T12:10:10+00:00")
    own.at.run()
    assert "03:17" in own.words
    visit = Visit.open(store, ann.person_id, present())
    assert elapsed(clock_of(visit, open_of(visit, ann.person_id)), present()) == 197


def test_the_end_and_the_next_beginning(ann, cleo, plan, tab, store, monkeypatch) -> None:
    (calls, *_) = plan(ann, "Calls", "Walk")
    own = tab(ann).open("session").press("Begin a session")
    go_to(own, 4)
    own.field("text_area", words("session.promise")).set_value("Two calls before ten").run()
    own.field("selectbox", words("session.tracked_by")).set_value(calls.indicator_id).run()
    own.field("text_input", words("session.support")).set_value("a nudge").run()
    own.at.date_input[0].set_value(present().date() + timedelta(days=14)).run()
    go_to(own, 1)
    go_to(own, 4)
    assert own.field("text_area", words("session.promise")).value == "Two calls before ten"
    own.press("Keep the commitment")
    assert words("session.kept_commitment") in own.words
    own.press("End the session")
    assert words("session.ended") in own.words
    assert "Two calls before ten" in own.words
    assert "Sunday, 14 June 2026" in own.words
    assert [d.proto.label for d in own.at.get("download_button")] == ["Markdown", "Page to print"]
    # two weeks later
    visit = Visit.open(store, ann.person_id, present())
    me = ann.person_id
    visit.save(*[
        Entry(person_id=me, indicator_id=calls.indicator_id, value=2.0 + 3 * (k > 0) + 0.2 * (k % 2),
              day=visit.today + timedelta(days=k))
        for k in range(-13, 15)
    ])  # fmt: skip
    monkeypatch.setenv("COACH_NOW", "2026-06-14T12:00:00+00:00")
    consent(visit, Purpose.ENTRIES, given=True)
    seen = coach_tab(tab, cleo, ann).press("Begin a session")
    assert "Two calls before ten" in seen.words
    told = words(
        "session.before_since", before="2.1", known_before=14, since="5.1", known=14, days=14
    )
    assert told in seen.words
    assert "it has moved: a difference from" in seen.words
    assert len(seen.alts) == 1
    seen.press("Kept")
    assert commitments_of(visit)[0].standing is Standing.KEPT
    assert "Open it again" in seen.words


def test_a_few_days_cannot_tell(ann, plan, tab, store, monkeypatch) -> None:
    (calls,) = plan(ann, "Calls")
    visit = Visit.open(store, ann.person_id, present())
    session = begin(visit, ann.person_id)
    keep_commitment(visit, session, "Call", indicator_id=calls.indicator_id)
    end(visit, session, None)
    monkeypatch.setenv("COACH_NOW", "2026-06-02T12:00:00+00:00")
    own = tab(ann).open("session").press("Begin a session")
    assert words("session.too_few", known_before=0, known=0, days=2) in own.words


def test_an_end_without_a_commitment_and_a_promise_that_is_missing(ann, tab, store) -> None:
    own = tab(ann).open("session").press("Begin a session")
    go_to(own, 4)
    own.field("text_input", words("session.support")).set_value("a nudge").run()
    own.press("End the session")
    assert "The commitment is still empty" in own.words
    own.field("text_input", words("session.support")).set_value("").run()
    own.press("End the session")
    visit = Visit.open(store, ann.person_id, present())
    assert [s.ended for s in sessions_of(visit)] == [True]


def test_several_coaches_are_chosen_from_and_not_named_on_a_shared_screen(
    ann, cleo, tab, store, visits
) -> None:
    dora = join(store, "Dora", present(), roles=(Role.COACH,))
    own_visit, _ = visits()
    pair(own_visit, dora.person_id)
    session = begin(own_visit, cleo.person_id)
    keep_note(own_visit, session, 1, "with Cleo", "")
    own = tab(ann).open("session")
    box = own.field("selectbox", "Session with")
    assert list(box.options) == ["Cleo", "Dora"]
    box.set_value(dora.person_id).run()
    own.sound()
    assert "with Cleo" not in everything(own)
    own.press("Share screen")
    assert "Cleo" not in own.words
    own.press("Begin a session")
    assert open_of(own_visit, dora.person_id) is not None


def test_the_coach_of_another_sees_nothing(ann, cleo, tab, store, visits) -> None:
    own_visit, _ = visits()
    session = begin(own_visit, cleo.person_id)
    keep_note(own_visit, session, 1, "between us", "")
    dora = join(store, "Dora", present(), roles=(Role.COACH,))
    pair(own_visit, dora.person_id)
    seen = coach_tab(tab, dora, ann)
    assert "between us" not in everything(seen)
    assert words("session.empty") in seen.words
    pair(own_visit, dora.person_id, active=False)
    seen.at.run()
    assert "Session with Ann" not in seen.words


def test_what_is_typed_is_shown_to_the_letter(ann, tab, store) -> None:
    visit = Visit.open(store, ann.person_id, present())
    session = begin(visit, ann.person_id)
    keep_note(visit, session, 1, NASTY, "")
    keep_commitment(visit, session, NASTY, tracked=NASTY, support=NASTY)
    end(visit, session, None)
    own = tab(ann).open("session")
    read_earlier(own, session)
    for html in own.at.get("html"):
        assert "<b>" not in html.proto.body
        assert "<img" not in html.proto.body
    assert not [m.value for m in own.at.markdown if ":red" in m.value]


def test_the_gentle_line_and_the_shorter_loop(ann, cleo, tab, visits, monkeypatch) -> None:
    monkeypatch.setenv("COACH_NOW", "2026-06-22T12:00:00+00:00")
    for screen in ("session", "welcome"):
        own = tab(ann).open(screen)
        assert words("cadence.sessions_none", days=22, cadence=14) in own.words
        assert words("cadence.shorter.huddle") in own.words
    own = tab(ann).open("session").press("Agree on every week")
    assert words("cadence.sessions_none", days=22, cadence=7) in own.words
    assert words("cadence.shorter.one_behaviour") in own.words
    own.press("Begin a session")
    assert "shorter loop" not in own.words
