"""Import: look first, ask what is unclear, then all of it or nothing, a second time no change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coach_data.behaviours import add_leading, park
from coach_data.files import guarded
from coach_data.imports import (
    Changes,
    Choices,
    Handling,
    Match,
    NotReady,
    Outdated,
    bring_in,
    preview_of,
)
from coach_data.model import (
    Entry,
    EntryNote,
    EntryState,
    Indicator,
    Kind,
    Measure,
    NotAllowed,
    Purpose,
    Role,
    Status,
)
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.parsing import number_text
from coach_data.people import consent, join, pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.store import DiskFull, Store
from tests.cluster import places_at
from tests.stored import before_insert

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
TODAY = date(2026, 5, 31)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A real encrypted store; each test joins as somebody new."""
    folder = tmp_path_factory.mktemp("store")
    store = open_store(places_at(folder))
    yield store
    store.close()


@pytest.fixture
def visit(store: Store) -> Visit:
    """Somebody with the behaviours Calls and Hours."""
    person = join(store, "Ana", NOW)
    visit = Visit.open(store, person.person_id, NOW)
    add_leading(visit, replace(new_indicator(visit, "Calls"), measure=Measure.COUNT), None)
    add_leading(visit, replace(new_indicator(visit, "Hours"), measure=Measure.NUMBER), None)
    return visit


def again(visit: Visit) -> Visit:
    """The same person at the next run of a screen."""
    return Visit.open(visit.store, visit.viewer_id, NOW)


def stored(visit: Visit) -> dict[tuple[str, str], float | str | None]:
    """All entries of the person, by indicator and day."""
    names = {i.indicator_id: i.name for i in visit.records(Indicator)}
    return {
        (names[e.indicator_id], str(e.day)): e.value if e.state is EntryState.VALUE else e.state
        for e in visit.records(Entry)
    }


TWO_WEEKS = "date,Calls,Hours\n" + "".join(
    f"{TODAY - timedelta(days=k)},{k},{'skip' if k % 5 == 4 else k / 2}\n" for k in range(14)
)


def test_the_same_file_twice_changes_nothing(visit: Visit) -> None:
    seen = preview_of(visit, TWO_WEEKS.encode(), "x.csv")
    assert seen.changes == Changes(28, 0, 0, 0)
    told: list[float] = []
    assert bring_in(visit, seen, told.append).changes == seen.changes
    assert told[-1] == 1
    assert len(stored(visit)) == 28
    assert {e.source for e in visit.records(Entry)} == {"import"}
    seen = preview_of(again(visit), TWO_WEEKS.encode(), "x.csv")
    assert seen.changes == Changes(0, 0, 28, 0)
    bring_in(visit, seen)
    assert visit.read("SELECT count(*) FROM entry_history WHERE person_id = ?", [visit.viewer_id])[
        0
    ] == (28,)


def test_only_what_differs_is_written_and_an_empty_cell_takes_nothing_back(visit: Visit) -> None:
    bring_in(visit, preview_of(visit, b"date,Calls,Hours\n2026-05-01,1,2\n2026-05-02,3,4\n", "x"))
    seen = preview_of(visit, b"date,Calls,Hours\n2026-05-01,1,skip\n2026-05-02,,5\n", "x")
    assert seen.changes == Changes(0, 2, 1, 0)
    bring_in(visit, seen)
    assert stored(visit) == {
        ("Calls", "2026-05-01"): 1,
        ("Calls", "2026-05-02"): 3,
        ("Hours", "2026-05-01"): "skipped",
        ("Hours", "2026-05-02"): 5,
    }


def test_notes_and_reasons_come_in_and_a_missing_one_takes_none_away(visit: Visit) -> None:
    text = (
        "date,indicator,value,status,note,reason\n"
        "2026-05-01,Calls,1,value,Two in a row,\n"
        "2026-05-02,Calls,,skipped,,away\n"
        "2026-05-03,Calls,,,Only a note,\n"
    )
    assert bring_in(visit, preview_of(visit, text.encode(), "x")).changes == Changes(2, 0, 0, 2)
    assert preview_of(visit, text.encode(), "x").changes == Changes(0, 0, 2, 0)
    bare = b"date,indicator,value\n2026-05-01,Calls,1\n2026-05-02,Calls,skip\n"
    assert preview_of(visit, bare, "x").changes == Changes(0, 0, 2, 0)
    notes = {str(n.day): n.note for n in visit.records(EntryNote)}
    assert notes == {"2026-05-01": "Two in a row", "2026-05-03": "Only a note"}


def test_a_cleared_entry_counts_as_none(visit: Visit) -> None:
    calls = plan_of(visit).leading[0].indicator_id
    visit.save(
        Entry(
            person_id=visit.viewer_id,
            indicator_id=calls,
            day=date(2026, 5, 1),
            state=EntryState.CLEARED,
        )
    )
    seen = preview_of(visit, b"date,Calls\n2026-05-01,1\n", "x")
    assert seen.changes == Changes(1, 0, 0, 0)


def test_new_behaviours_beyond_five_are_parked(visit: Visit) -> None:
    names = [f"New {k}" for k in range(5)]
    text = f"date,{','.join(names)}\n2026-05-01,1,2,3,4,5\n".encode()
    choices = Choices(mapping=dict.fromkeys(names, Handling.NEW))
    imported = bring_in(visit, preview_of(visit, text, "x", choices))
    assert [i.status for i in imported.indicators] == [Status.ACTIVE] * 3 + [Status.PARKED] * 2
    plan = plan_of(visit)
    assert [i.name for i in plan.leading] == ["Calls", "Hours", "New 0", "New 1", "New 2"]
    assert [i.name for i in plan.parked] == ["New 3", "New 4"]
    assert preview_of(visit, text, "x").changes == Changes(0, 0, 5, 0)


def test_the_result_becomes_the_outcomes(visit: Visit) -> None:
    keep_outcome(visit, new_outcome(visit, "Sell more"))
    choices = Choices(mapping={"Sales": Handling.LAGGING})
    bring_in(visit, preview_of(visit, b"date,Sales\n2026-05-01,1\n", "x", choices))
    lagging = plan_of(visit).lagging
    assert lagging is not None
    assert (lagging.name, lagging.kind) == ("Sales", Kind.LAGGING)


def test_days_of_a_parked_or_closed_indicator_find_it_again(visit: Visit) -> None:
    calls, hours = plan_of(visit).leading
    park(visit, calls)
    visit.save(replace(hours, status=Status.CLOSED))
    seen = preview_of(visit, b"date,Calls,Hours\n2026-05-01,1,2\n", "x")
    assert [f.match for f in seen.indicators] == [Match.HERE] * 2
    assert bring_in(visit, seen).indicators == ()


def test_an_open_question_or_a_refusal_saves_nothing(visit: Visit) -> None:
    asked = preview_of(visit, b"date,Calls,Walks\n2026-05-01,1,2\n", "x")
    with pytest.raises(NotReady, match="“Walks” is not here yet"):
        bring_in(visit, asked)
    text = b"date,Calls,Hours\n2026-05-01,1,?\n2026-05-02,2,3\n"
    with pytest.raises(NotReady, match="line 2, Hours: that is not a number"):
        bring_in(visit, preview_of(visit, text, "x"))
    assert stored(visit) == {}
    imported = bring_in(visit, preview_of(visit, text, "x", Choices(only_good_rows=True)))
    assert (len(stored(visit)), imported.left_out) == (3, 1)


@pytest.mark.abuse(34)
@pytest.mark.parametrize("error", [DiskFull(), RuntimeError("half-way")])
def test_case_34_a_failure_half_way_saves_nothing(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    walks = b"date,indicator,value,note\n2026-05-01,Walks,1,note\n2026-05-01,Calls,1,\n"
    seen = preview_of(visit, walks, "x", Choices(mapping={"Walks": "new"}))
    calls: list[str] = []

    def break_down(table: str) -> None:
        if calls:
            raise error
        calls.append(table)

    before_insert(monkeypatch, break_down)
    with pytest.raises(type(error)):
        bring_in(visit, seen)
    monkeypatch.undo()
    assert len(calls) == 1, "it did break half-way"
    assert stored(again(visit)) == {}
    assert {i.name for i in again(visit).records(Indicator)} == {"Calls", "Hours"}
    assert bring_in(visit, seen).changes == Changes(2, 0, 0, 1)


@pytest.mark.abuse(35)
def test_case_35_an_entry_never_lands_at_another_person(store: Store, visit: Visit) -> None:
    other = Visit.open(store, join(store, "Bo", NOW).person_id, NOW)
    add_leading(other, replace(new_indicator(other, "Calls"), measure=Measure.COUNT), None)
    theirs = plan_of(other).leading[0].indicator_id
    text = f"date,indicator_id,indicator,value\n2026-05-01,{theirs},Calls,7\n".encode()
    bring_in(visit, preview_of(visit, text, "x"))
    assert stored(again(other)) == {}
    assert stored(visit) == {("Calls", "2026-05-01"): 7}


def test_a_preview_of_somebody_else_is_refused(store: Store, visit: Visit) -> None:
    seen = preview_of(visit, TWO_WEEKS.encode(), "x")
    other = Visit.open(store, join(store, "Bo", NOW).person_id, NOW)
    with pytest.raises(NotAllowed):
        bring_in(other, seen)
    assert stored(again(visit)) == {}


def test_a_coach_brings_nothing_in_for_a_coachee(store: Store, visit: Visit) -> None:
    coach = join(store, "Coach", NOW, roles=(Role.COACH,))
    pair(visit, coach.person_id)
    consent(visit, Purpose.ENTRIES, given=True)
    looking = Visit.open(store, coach.person_id, NOW, visit.viewer_id)
    with pytest.raises(NotAllowed):
        bring_in(looking, preview_of(looking, TWO_WEEKS.encode(), "x"))
    assert stored(visit) == {}


def test_an_indicator_made_meanwhile_is_not_made_twice(visit: Visit) -> None:
    choices = Choices(mapping={"Walks": Handling.NEW})
    seen = preview_of(visit, b"date,Walks\n2026-05-01,1\n", "x", choices)
    bring_in(visit, seen)
    assert bring_in(visit, seen).indicators == (), "a second click"
    other = preview_of(visit, b"date,Runs\n2026-05-01,1\n", "x", Choices(mapping={"Runs": "new"}))
    add_leading(visit, new_indicator(visit, "Runs"), None)
    with pytest.raises(Outdated):
        bring_in(visit, other)


@pytest.mark.abuse(33)
def test_case_33_what_was_written_out_comes_back_the_same(store: Store, visit: Visit) -> None:
    calls, hours = plan_of(visit).leading
    day = date(2026, 5, 1)
    own = {"person_id": visit.viewer_id, "day": day}
    visit.save(
        Entry(indicator_id=calls.indicator_id, state=EntryState.SKIPPED, reason="ill", **own),
        Entry(indicator_id=hours.indicator_id, value=0.1 + 0.2, **own),
        EntryNote(indicator_id=hours.indicator_id, note='=1+1, "two"\nlines', **own),
    )
    note = guarded('=1+1, "two"\nlines').replace('"', '""')
    text = (
        "date,indicator_id,indicator,value,status,note,reason\n"
        f"{day},{calls.indicator_id},Calls,,skipped,,ill\n"
        f'{day},{hours.indicator_id},Hours,{number_text(0.1 + 0.2)},value,"{note}",\n'
    ).encode()
    assert preview_of(visit, text, "x").changes == Changes(0, 0, 2, 0)
    other = Visit.open(store, join(store, "Bo", NOW).person_id, NOW)
    choices = Choices(mapping={"Calls": "new", "Hours": "new"})
    bring_in(other, preview_of(other, text, "x", choices))
    assert stored(other) == stored(visit)
    assert [n.note for n in other.records(EntryNote)] == [n.note for n in visit.records(EntryNote)]


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_brought_in_at_once(visit: Visit) -> None:
    first = date(2000, 1, 1)
    rows = (f"{first + timedelta(days=k // 11)},I{k % 11},{k % 97}\n" for k in range(100_000))
    content = ("date,indicator,value\n" + "".join(rows)).encode()
    choices = Choices(mapping={f"I{k}": Handling.NEW for k in range(11)})
    assert bring_in(visit, preview_of(visit, content, "x", choices)).changes.new == 100_000
