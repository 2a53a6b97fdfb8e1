"""The summary: what both may read, as Markdown and as a page; nothing of a notebook, no markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from coach_data.behaviours import add_leading
from coach_data.cockpit import look_back
from coach_data.commitments import keep_commitment
from coach_data.model import Commitment, Entry, Indicator, Kind, Person, Purpose, Role, Session
from coach_data.people import consent, pair
from coach_data.plan import new_indicator
from coach_data.privacy import Visit
from coach_data.session_notes import keep_note, keep_notebook
from coach_data.sessions import begin, end
from coach_data.statistics.comparison import Moved
from coach_data.store import Store
from coach_data.summary import as_html, as_markdown, summary_of

NASTY = "<script>x</script> ![a](http://x.example/a.png)\n# H\n1. one\n- two & _three_ `four`"


@pytest.fixture
def held(
    store: Store, person: Callable[..., Person], now: datetime
) -> tuple[Visit, Visit, Session]:
    """The coachee, the coach and their session, which has everything in it."""
    ann, cleo = person("Ann"), person("Cleo", roles=(Role.COACH,))
    own = Visit.open(store, ann.person_id, now)
    calls = new_indicator(own, "Calls")
    add_leading(own, calls, None)
    pair(own, cleo.person_id)
    coach = Visit.open(store, cleo.person_id, now, ann.person_id)
    session = begin(coach, cleo.person_id)
    keep_note(own, session, 1, "calls were easy\nMondays hard", "")
    keep_note(coach, session, 3, NASTY, "")
    keep_notebook(own, session, "DIARY of Ann", "")
    keep_notebook(coach, session, "GUESS of Cleo", "")
    keep_commitment(
        own, session, "Two calls before ten", indicator_id=calls.indicator_id,
        tracked="a tick at ten", support="a nudge on Monday",
    )  # fmt: skip
    return own, coach, end(coach, session, own.today + timedelta(days=14))


def test_it_holds_what_both_agreed_on_and_no_notebook(held: tuple[Visit, Visit, Session]) -> None:
    own, coach, session = held
    for visit in (own, coach):
        summary = summary_of(visit, session)
        for told in (as_markdown(summary), as_html(summary), str(summary)):
            for part in ("Ann, Cleo", "calls were easy", "Two calls before ten", "Calls",
                         "a tick at ten", "a nudge on Monday", "Sunday, 14 June 2026"):  # fmt: skip
                assert part in told
            assert "DIARY" not in told
            assert "GUESS" not in told


def test_the_page_escapes_all_and_asks_for_nothing(held: tuple[Visit, Visit, Session]) -> None:
    page = as_html(summary_of(held[0], held[2]))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert not re.search(r"(src|href|url)\s*[=(]", page)
    assert "@media print" in page
    assert "default-src 'none'" in page


def test_the_markdown_shows_what_was_typed_to_the_letter(
    held: tuple[Visit, Visit, Session],
) -> None:
    told = as_markdown(summary_of(held[0], held[2]))
    assert r"\<script\>x\</script\> !\[a\](http://x.example/a.png)" in told
    assert "\n\\# H" in told
    assert "\n1\\. one" in told
    assert "\n\\- two &amp; \\_three\\_ \\`four\\`" in told
    assert told.startswith("# Session on Sunday, 31 May 2026\n")


def test_a_running_session_has_a_summary_of_what_there_is(
    store: Store, person: Callable[..., Person], now: datetime
) -> None:
    bea = person("Bea")
    visit = Visit.open(store, bea.person_id, now)
    summary = summary_of(visit, begin(visit, bea.person_id))
    assert (summary.between, summary.sections) == ("Bea", ())


def test_what_an_indicator_did_since(held: tuple[Visit, Visit, Session], now: datetime) -> None:
    own, _, session = held
    (calls,) = (i for i in own.records(Indicator) if i.kind is Kind.LEADING)
    entries = [
        Entry(person_id=own.viewer_id, indicator_id=calls.indicator_id,
              day=own.today + timedelta(days=k), value=(2.0 if k <= 0 else 5.0) + 0.2 * (k % 2))
        for k in range(-13, 9)
    ]  # fmt: skip
    own.save(*entries)
    early = Visit.open(own.store, own.viewer_id, now + timedelta(days=3))
    later = Visit.open(own.store, own.viewer_id, now + timedelta(days=9))
    (first,) = look_back(early, early.records(Commitment)).followed
    assert first.change is not None
    assert (first.change.verdict, first.change.known_during, first.days) == (
        Moved.CANNOT_TELL, 3, 3,
    )  # fmt: skip
    back = look_back(later, later.records(Commitment))
    (second,) = back.followed
    assert second.change is not None
    assert second.change.verdict is Moved.MOVED
    assert (second.change.known_before, second.change.known_during, second.days) == (14, 8, 9)
    assert second.change.before == pytest.approx(2.0, abs=0.2)
    assert second.change.during == pytest.approx(5.0, abs=0.2)
    assert back.compass is not None
    assert [r.indicator.name for r in back.compass.rows] == ["Calls"]
    # a coach without the consent sees no entry, and so cannot tell
    coach = Visit.open(own.store, session.coach_id, now + timedelta(days=9), own.viewer_id)
    assert [f.change.known_before for f in look_back(coach, coach.records(Commitment)).followed
            if f.change] == [0]  # fmt: skip
    consent(own, Purpose.ENTRIES, given=True)
    assert [f.change.verdict for f in look_back(coach, coach.records(Commitment)).followed
            if f.change] == [Moved.MOVED]  # fmt: skip
