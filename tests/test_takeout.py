"""The export: all that is one's own, nothing of anybody else's, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from coach_data.behaviours import add_leading
from coach_data.entries import Logged, log_day
from coach_data.formats.everything import everything_in
from coach_data.imports import bring_in, preview_of
from coach_data.model import (
    RECORDS,
    Consent,
    Entry,
    EntryNote,
    EntryState,
    Indicator,
    Kind,
    Measure,
    NotAllowed,
    Person,
    Purpose,
    Role,
    new_id,
)
from coach_data.people import consent, pair
from coach_data.plan import new_indicator
from coach_data.privacy import Visit
from coach_data.session_notes import keep_notebook
from coach_data.sessions import begin
from coach_data.spreadsheets import LONG, as_csv, days_of, long_rows, wide_rows
from coach_data.store import Store
from coach_data.takeout import everything_of, export_of
from tests.cluster import FEWER
from tests.test_privacy import belongings, coach_note

Join = Callable[..., Person]
TRICKS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "'=already guarded", "''", "plain", 'a, "b";\nc')


def parts(content: bytes) -> dict[str, bytes]:
    """The files in a ZIP by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(content: bytes) -> str:
    """All that can be read in an export, in its workbook too."""
    found = parts(content)
    book = parts(found.pop("entries.xlsx"))
    return "\n".join(c.decode("utf-8-sig") for c in [*found.values(), *book.values()])


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def ann(store: Store, person: Join, now: datetime) -> Visit:
    """Ann with the behaviour Calls, and a note for each trick."""
    visit = Visit.open(store, person("Ann").person_id, now)
    calls = replace(new_indicator(visit, "=Calls"), measure=Measure.NUMBER)
    add_leading(visit, calls, None)
    for k, trick in enumerate(TRICKS):
        day = visit.today - timedelta(days=k)
        log_day(visit, day, [Logged(calls, value=k - 2.5, note=trick)])
    log_day(visit, visit.today - timedelta(days=20), [Logged(calls, skipped=True, reason="ill")])
    return visit


@pytest.fixture
def pairing(store: Store, person: Join, now: datetime) -> tuple[Visit, Visit]:
    """Ann and Cleo, her coach, with a session and both notebooks; Bob, whom Cleo coaches too."""
    ann, bob, cleo = person("Ann"), person("Bob"), person("Cleo", roles=(Role.COACH,))
    for who in (ann, bob):
        own = Visit.open(store, who.person_id, now)
        things = belongings(who, cleo)
        own.save(*things)
        pair(own, cleo.person_id)
        coach = Visit.open(store, cleo.person_id, now, who.person_id)
        coach.save(coach_note(things, f"GUESS about {who.name}"))
    return Visit.open(store, ann.person_id, now), Visit.open(store, cleo.person_id, now)


def test_neither_export_holds_the_notebook_of_the_other(pairing: tuple[Visit, Visit]) -> None:
    ann, cleo = pairing
    of_ann, of_cleo = texts(export_of(ann)), texts(export_of(cleo))
    assert "diary of Ann" in of_ann
    assert "GUESS" not in of_ann
    assert "GUESS about Ann" in of_cleo
    assert "diary" not in of_cleo


def test_a_coach_takes_along_the_own_notebook_and_nobody_elses_data(
    pairing: tuple[Visit, Visit],
) -> None:
    ann, cleo = pairing
    rows = everything_of(cleo)["records"]
    assert {kind for kind, found in rows.items() if found} == {"person", "membership", "coach_note"}
    told = texts(export_of(cleo)).replace("GUESS about Ann", "").replace("GUESS about Bob", "")
    for other in ("Ann", "Bob", "Calls", "Win more", "secret of", str(ann.viewer_id)):
        assert other not in told, other


def test_a_coachee_takes_along_every_kind_of_record_with_its_history(
    pairing: tuple[Visit, Visit],
) -> None:
    ann, _ = pairing
    consent(ann, Purpose.NOTES, given=True)
    consent(ann, Purpose.NOTES, given=False)
    entry = ann.records(Entry)[0]
    ann.save(replace(entry, value=9.0))
    rows = json.loads(parts(export_of(ann))["everything.json"])["records"]
    assert {kind for kind, found in rows.items() if not found} == {"coach_note"}
    assert [r["given"] for r in rows["consent"]] == [True, False]
    assert [r["value"] for r in rows["entry"]] == [2.0, 9.0]
    for kind, found in rows.items():
        assert all(r["recorded_at"] and r["by"] == "me" for r in found), kind
        assert all("person_id" not in r for r in found)
    assert rows["token"][0].keys() >= {"name", "purpose"}
    assert "sha256" not in rows["token"][0]


def test_bobs_is_not_in_anns(pairing: tuple[Visit, Visit]) -> None:
    told = texts(export_of(pairing[0]))
    assert "secret of Ann" in told
    assert "Bob" not in told


def test_nobody_exports_somebody_else(pairing: tuple[Visit, Visit], now: datetime) -> None:
    ann, cleo = pairing
    look = Visit.open(cleo.store, cleo.viewer_id, now, ann.viewer_id)
    with pytest.raises(NotAllowed):
        export_of(look)


def test_what_was_looked_at_is_told(pairing: tuple[Visit, Visit], now: datetime) -> None:
    ann, cleo = pairing
    Visit.open(cleo.store, cleo.viewer_id, now, ann.viewer_id).look("Compass")
    looks = everything_of(ann)["looks"]
    assert [(k["by"], k["screen"], k["allowed"]) for k in looks] == [("Cleo", "Compass", True)]
    assert everything_of(cleo)["looks"] == [], "her looks are in their lists"


def test_summaries_of_sessions_and_sprints(pairing: tuple[Visit, Visit]) -> None:
    found = parts(export_of(pairing[0]))
    session, sprint = found["sessions/2026-05-30.md"], found["sprints/2026-05-30.md"]
    assert "shared by Ann" in session.decode()
    assert "more calls, more sales" in sprint.decode()
    assert "adopt" in sprint.decode()


def test_the_long_table_has_the_columns_that_are_promised(ann: Visit) -> None:
    rows = cells(parts(export_of(ann))["entries.csv"])
    assert tuple(rows[0]) == LONG
    assert rows[0] == (
        [
            "date",
            "indicator_id",
            "indicator",
            "value",
            "status",
            "note",
            "entered_at",
            "aim",
            "source",
        ]
    )
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["date"] == "2026-05-11"
    assert first["status"] == "skipped"
    last = dict(zip(rows[0], rows[-1], strict=True))
    assert last["value"] == "-2.5"
    assert last["entered_at"] == "2026-05-31T12:00:00Z"
    assert last["source"] == "screen"


@pytest.mark.abuse(32)
def test_32_no_cell_of_text_begins_as_a_formula(ann: Visit) -> None:
    found = parts(export_of(ann))
    titles = dict(zip(LONG, range(len(LONG)), strict=True))
    rows = cells(found["entries.csv"])[1:]
    book = load_workbook(io.BytesIO(found["entries.xlsx"]))
    table = [list(r) for r in book["Entries"].iter_rows(values_only=True)][1:]
    for row in [*rows, *table]:
        for name in ("indicator", "note", "source"):
            assert not str(row[titles[name]] or "").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells(found["days.csv"])[0] == ["date", "'=Calls"]
    kinds = {c.data_type for r in book["Entries"].iter_rows() for c in r}
    assert "f" not in kinds, "no cell is a formula"
    assert {type(r[titles["value"]]) for r in table} >= {float}, "numbers stay numbers"


@pytest.mark.abuse(32, 33)
@pytest.mark.parametrize("name", ["entries.csv", "entries.xlsx"])
def test_32_33_tables_come_back_as_they_were(
    ann: Visit, person: Join, now: datetime, name: str
) -> None:
    content = parts(export_of(ann))[name]
    same = preview_of(ann, content, name)
    assert same.ready
    assert (same.changes.new, same.changes.changed, same.changes.notes) == (0, 0, 0)
    other = Visit.open(ann.store, person("Eve").person_id, now)
    made = replace(new_indicator(other, "=Calls"), measure=Measure.NUMBER)
    add_leading(other, made, None)
    bring_in(other, preview_of(other, content, name))

    def told(visit: Visit) -> Any:
        return [(e.day, e.state, e.value) for e in visit.records(Entry)], [
            (n.day, n.note) for n in visit.records(EntryNote)
        ]

    assert told(other) == told(ann)
    assert {n for _, n in told(ann)[1]} == {t.strip() for t in TRICKS}


def test_the_wide_table_is_read_by_our_own_import(ann: Visit) -> None:
    walk = replace(new_indicator(ann, "Walk"), measure=Measure.YES_NO)
    add_leading(ann, walk, None)
    log_day(ann, ann.today, [Logged(walk, value=1.0)])
    preview = preview_of(ann, as_csv(wide_rows(days_of(ann))), "days.csv")
    assert preview.ready
    assert (preview.changes.new, preview.changes.changed) == (0, 0)
    assert preview.changes.unchanged == len(TRICKS) + 2


def test_two_indicators_of_one_name_have_a_column_each(ann: Visit) -> None:
    me = ann.viewer_id
    for name in ("=Calls", "Date", "day"):
        made = Indicator(person_id=me, indicator_id=new_id(), kind=Kind.LEADING, name=name)
        ann.save(replace(made, position=9))
    header = wide_rows(days_of(ann))[0]
    assert header[:2] == ["date", "'=Calls"]
    assert set(header[2:]) == {"'=Calls (2)", "Date (2)", "day (2)"}


def test_what_was_taken_back_is_in_the_history_alone(ann: Visit) -> None:
    entry = ann.records(Entry)[-1]
    ann.save(
        replace(entry, state=EntryState.CLEARED, value=None),
    )
    days = {row[0] for row in long_rows(days_of(ann)) if row[4] == "value"}
    assert entry.day not in days
    states = [r["state"] for r in everything_of(ann)["records"]["entry"]]
    assert states[-1] == "cleared"


@pytest.mark.abuse(33)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.one_of(st.none(), st.floats(-1e15, 1e15).map(lambda x: float(f"{x:.15g}"))),
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(
    max_examples=60 // FEWER,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_33_any_days_come_back(
    store: Store, person: Join, now: datetime, days: list[tuple[int, float | None, str]]
) -> None:
    """Numbers of fifteen digits, because a workbook keeps no more; all digits: below."""
    visit = Visit.open(store, person("Ann").person_id, now)
    made = replace(new_indicator(visit, "Mood"), measure=Measure.NUMBER)
    add_leading(visit, made, None)
    for back, value, note in days:
        day = visit.today - timedelta(days=back)
        given_ = {"person_id": visit.viewer_id, "indicator_id": made.indicator_id, "day": day}
        state = EntryState.SKIPPED if value is None else EntryState.VALUE
        visit.save(Entry(**given_, state=state, value=value), EntryNote(**given_, note=note))
    content = export_of(visit)
    for name in ("entries.csv", "entries.xlsx"):
        preview = preview_of(visit, parts(content)[name], name)
        assert preview.ready, preview
        changes = preview.changes
        assert (changes.new, changes.changed, changes.notes) == (0, 0, 0), (name, days)
        assert changes.unchanged == len({back for back, *_ in days})
    assert everything_in(content, "x.zip") is not None


def test_consents_are_receipts(ann: Visit) -> None:
    ann.save(Consent(person_id=ann.viewer_id, purpose=Purpose.ENTRIES, given=True, version=3))
    (receipt,) = everything_of(ann)["records"]["consent"]
    assert receipt["version"] == 3
    assert receipt["recorded_at"].year == 2026


def test_a_session_alone_and_its_notebook(ann: Visit) -> None:
    session = begin(ann, ann.viewer_id)
    keep_notebook(ann, session, "only mine", "")
    rows = everything_of(ann)["records"]
    assert [r["text"] for r in rows["own_note"]] == ["only mine"]
    assert set(rows) == {kind.TABLE for kind in RECORDS} - {"request"}


@pytest.mark.abuse(33)
def test_33_a_csv_file_keeps_every_digit(ann: Visit) -> None:
    made = replace(new_indicator(ann, "Mood"), measure=Measure.NUMBER)
    add_leading(ann, made, None)
    log_day(ann, ann.today, [Logged(made, value=0.1 + 0.2)])
    assert preview_of(ann, parts(export_of(ann))["entries.csv"], "x.csv").changes.changed == 0
