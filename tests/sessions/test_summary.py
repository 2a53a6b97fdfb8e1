"""The summary: what both may read, as Markdown and as a page; nothing of a notebook, no markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from coach_data.model import Person, Session
from coach_data.privacy import Visit
from coach_data.sessions import begin
from coach_data.store import Store
from coach_data.summary import as_html, as_markdown, summary_of


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
