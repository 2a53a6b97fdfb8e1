"""Export, erase, bring back: the same data. The same file twice adds nothing, a bad one neither."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach_data.access_log import verify_access_log
from coach_data.bring_back import BROUGHT, Seen, bring_back, seen_of
from coach_data.erasure import erase
from coach_data.files import FileRefused
from coach_data.formats.everything import everything_in
from coach_data.model import (
    NOBODY,
    RECORDS,
    Aim,
    Annotation,
    Commitment,
    Comparison,
    DayLog,
    Decision,
    Entry,
    EntryNote,
    EntryState,
    Event,
    Habit,
    HabitPart,
    Indicator,
    Kind,
    Measure,
    Outcome,
    OwnNote,
    Period,
    Person,
    Purpose,
    Record,
    Retrospective,
    Role,
    Session,
    SessionClock,
    SessionNote,
    Sprint,
    Standing,
    Status,
    new_id,
)
from coach_data.people import consent, join, keep_day, pair
from coach_data.plan import plan_of
from coach_data.privacy import Visit, open_store
from coach_data.store import DiskFull, Store
from coach_data.takeout import as_json, everything_of, export_of
from tests.cluster import FEWER, places_at
from tests.stored import before_insert

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
TODAY = date(2026, 5, 31)
EXAMPLES = int(os.environ.get("COACH_STORES", 15 // FEWER))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A real encrypted store; each test joins as somebody new."""
    folder = tmp_path_factory.mktemp("store")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def coach(store: Store) -> Person:
    return join(store, "Cleo", NOW, roles=(Role.COACH,))


def visit_of(store: Store, person: Person) -> Visit:
    return Visit.open(store, person.person_id, NOW)


def look(visit: Visit, content: bytes, name: str = "mine.zip") -> Seen:
    everything = everything_in(content, name)
    assert everything is not None
    return seen_of(visit, everything, name)


def returned(visit: Visit, content: bytes) -> int:
    return bring_back(visit, look(visit, content))


def everybody_elses(record: Record, me: int) -> Record:
    """The record without who it is: its person as 1, its coach as 1 for oneself, else as nobody."""
    coach = {"coach_id": 1 if getattr(record, "coach_id", 0) == me else NOBODY}
    return replace(record, person_id=1, **(coach if hasattr(record, "coach_id") else {}))


def kept(visit: Visit) -> dict[type[Record], list[Record]]:
    """All current records of the kinds that are brought back."""
    return {k: [everybody_elses(r, visit.viewer_id) for r in visit.records(k)] for k in BROUGHT}


def histories(visit: Visit) -> dict[str, list[Any]]:
    """All states that every thing ever had, without the moments."""
    drop, records = ("recorded_at", "by", "coach_id"), everything_of(visit)["records"]
    return {
        kind.TABLE: sorted(
            ({k: v for k, v in row.items() if k not in drop} for row in records[kind.TABLE]),
            key=repr,
        )
        for kind in BROUGHT
    }


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
numbers = st.floats(-1e12, 1e12)
days = st.integers(0, 400).map(lambda back: TODAY - timedelta(days=back))
maybe = st.none() | numbers


@st.composite
def lives(draw: Any) -> Callable[[int, int], list[list[Record]]]:
    """Saves of one person; given the ids of the person and of a coach."""
    seed = draw(st.integers(1, 2**60))
    leading = draw(st.integers(0, 5))
    kinds = [Kind.LEADING] * leading + draw(
        st.lists(st.sampled_from([Kind.LAGGING, Kind.GUARD, Kind.SPRINT]), max_size=3)
    )
    rated = draw(st.lists(st.tuples(texts, texts, maybe, maybe), min_size=8, max_size=8))
    logged = draw(
        st.lists(
            st.tuples(st.integers(0, 7), days, st.sampled_from(EntryState), numbers, texts, texts),
            max_size=12,
        )
    )
    said = draw(st.lists(texts, min_size=12, max_size=12))
    picks = draw(st.lists(st.booleans(), min_size=8, max_size=8))
    word = draw(st.sampled_from(Decision))
    part = draw(st.none() | st.sampled_from(HabitPart))
    first = draw(days)

    def saves(me: int, coach: int) -> list[list[Record]]:
        ids = iter(range(seed, seed + 10_000))
        outcome = Outcome(
            person_id=me, outcome_id=next(ids), goal=said[0], difference=said[1],
            noticed_by=said[2], baseline=rated[0][2], due=first if picks[0] else None,
        )  # fmt: skip
        made = [
            Indicator(
                person_id=me, indicator_id=next(ids), kind=kind, name=name, unit=unit[:24],
                outcome_id=outcome.outcome_id if picks[1] else None, low=low, high=high,
                measure=list(Measure)[k % 5], position=k, keystone=picks[2] and k == 0,
                period=Period.WEEK if picks[3] else Period.DAY,
                controllable=[None, True, False][k % 3], expected_lag=k or None,
                usual_since=first if k == 1 else None,
            )
            for k, (kind, (name, unit, low, high)) in enumerate(zip(kinds, rated, strict=False))
        ]  # fmt: skip
        batches: list[list[Record]] = [[outcome, *made]]
        if not made:
            return batches
        one = made[0].indicator_id
        of = {"person_id": me, "indicator_id": one}
        batches.append([replace(outcome, indicator_id=one, status=Status.ACTIVE)])
        batches.append([replace(made[0], name=said[3])])
        batches.append([Aim(**of, since=first, amount=3.5, comparison=Comparison.AT_MOST)])
        for k, day, state, value, reason, note in logged:
            about = {"person_id": me, "indicator_id": made[k % len(made)].indicator_id, "day": day}
            number = value if state is EntryState.VALUE else None
            why = reason if state is EntryState.SKIPPED else None
            batches.append([Entry(**about, state=state, value=number, reason=why)])
            batches.append(
                [EntryNote(**about, note=note), DayLog(person_id=me, day=day, seconds=9)]
            )
        batches.append([Annotation(
            person_id=me, annotation_id=next(ids), first_day=first, last_day=TODAY, text=said[4],
            event=Event.LEAVE if picks[4] else Event.EVENT, removed=picks[5],
        )])  # fmt: skip
        batches.append(
            [Habit(**of, cue=said[5], routine=said[6], at_minute=30 if picks[6] else None)]
        )
        sprint = Sprint(
            person_id=me, sprint_id=next(ids), behaviour=said[7], behaviour_id=one, measure_id=one,
            hypothesis=said[8], success_rule=said[9], first_day=first,
        )  # fmt: skip
        batches.append(
            [sprint, replace(sprint, sprint_id=next(ids), adapted_from=sprint.sprint_id)]
        )
        batches.append([Retrospective(
            person_id=me, sprint_id=sprint.sprint_id, tried=said[10], learned=said[11],
            weak_part=part, decision=word, day=first,
        )])  # fmt: skip
        for with_coach in (me, coach)[: 1 + picks[7]]:
            between: dict[str, Any] = {
                "person_id": me, "session_id": next(ids), "coach_id": with_coach,
            }  # fmt: skip
            batches.append([Session(**between, day=first, ended=picks[0])])
            batches.append([SessionClock(**between, part=2, spent=1.5, since=3.25)])
            batches.append([SessionNote(**between, part=1, text=said[0])])
            batches.append([SessionNote(**between, part=1, text=said[1])])
            batches.append([Commitment(
                **between, commitment_id=next(ids), text=said[2], indicator_id=one,
                standing=Standing.KEPT if picks[1] else Standing.OPEN,
            )])  # fmt: skip
            batches.append([OwnNote(person_id=me, session_id=between["session_id"], text=said[3])])
        return batches

    return saves


@pytest.mark.abuse(33)
@given(lives(), st.sampled_from(["UTC", "Asia/Tokyo", "America/Lima"]), st.booleans())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_33_export_erase_and_bring_back_gives_the_same(
    store: Store, coach: Person, life: Any, zone: str, as_zip: bool
) -> None:
    ann = join(store, "Ann", NOW, zone=zone)
    own = visit_of(store, ann)
    keep_day(own, zone=zone, day_ends=240)
    pair(own, coach.person_id)
    first, *later = life(ann.person_id, coach.person_id)
    own.save(*first)
    own.save(*(record for batch in later for record in batch))
    own = visit_of(store, ann)
    before, states = kept(own), histories(own)
    content = export_of(own) if as_zip else as_json(everything_of(own))
    erase(own, "Ann")

    again = visit_of(store, join(store, "Ann", NOW))
    assert not any(kept(again).values())
    things = sum(map(len, before.values()))
    assert returned(again, content) == things
    again = visit_of(store, again.about)
    assert kept(again) == before
    assert histories(again) == states
    assert (again.about.time_zone, again.about.day_ends) == (zone, 240)
    assert returned(again, content) == 0, "the same file twice adds nothing"
    assert histories(again) == states
    erase(again, "Ann")


@pytest.fixture
def ann(store: Store, coach: Person) -> Visit:
    """Ann with a behaviour, three entries, a session with her coach and consents."""
    visit = visit_of(store, join(store, "Ann", NOW))
    pair(visit, coach.person_id)
    me, calls, session = visit.viewer_id, new_id(), new_id()
    visit.save(
        Outcome(person_id=me, outcome_id=new_id(), goal="Win", status=Status.ACTIVE),
        Indicator(person_id=me, indicator_id=calls, kind=Kind.LEADING, name="Calls", keystone=True),
        *(
            Entry(person_id=me, indicator_id=calls, day=TODAY - timedelta(days=k), value=float(k))
            for k in range(3)
        ),
        Session(person_id=me, session_id=session, coach_id=coach.person_id, day=TODAY),
        OwnNote(person_id=me, session_id=session, text="mine"),
    )
    consent(visit, Purpose.ENTRIES, given=True)
    return visit


def changed(visit: Visit, change: Callable[[dict[str, Any]], Any]) -> bytes:
    """The export of that visit with something changed in it."""
    everything = json.loads(as_json(everything_of(visit)))
    change(everything)
    return json.dumps(everything).encode()


def newcomer(store: Store) -> Visit:
    return visit_of(store, join(store, "Eve", NOW))


def test_every_kind_is_decided() -> None:
    left = {"person", "membership", "pairing", "consent", "coach_note"}
    left |= {"token", "request", "digest"}
    assert {k.TABLE for k in BROUGHT} | left == {k.TABLE for k in RECORDS}


def test_a_file_gives_no_consent_no_role_and_no_coach(store: Store, ann: Visit) -> None:
    eve = newcomer(store)
    returned(eve, export_of(ann))
    rows = everything_of(visit_of(store, eve.about))["records"]
    assert [r["role"] for r in rows["membership"]] == ["coachee"]
    assert rows["pairing"] == rows["consent"] == []
    assert [s.coach_id for s in eve.records(Session)] == [NOBODY]


def test_a_coach_of_the_moment_stays_with_the_sessions(
    store: Store, coach: Person, ann: Visit
) -> None:
    content, eve = export_of(ann), newcomer(store)
    pair(eve, coach.person_id)
    returned(eve, content)
    assert [s.coach_id for s in eve.records(Session)] == [coach.person_id]
    assert eve.records(OwnNote), "and the notebook stays unseen"
    assert not Visit.open(store, coach.person_id, NOW, eve.viewer_id).records(OwnNote)


@pytest.mark.abuse(35)
def test_35_an_id_of_another_person_is_ignored(store: Store, ann: Visit) -> None:
    """Eve's file says it is Ann's, in every record too, and that Ann was her coach."""
    before, eve = kept(ann), newcomer(store)

    def forge(everything: dict[str, Any]) -> None:
        for rows in everything["records"].values():
            for row in rows:
                row["person_id"] = ann.viewer_id
                if "value" in row:
                    row["value"] = 99.0
        for row in everything["records"]["session"]:
            row["coach_id"] = ann.viewer_id
        everything["person_id"] = eve.viewer_id

    assert returned(eve, changed(ann, forge)) == 7
    assert {e.value for e in eve.records(Entry)} == {99.0}
    assert [s.coach_id for s in eve.records(Session)] == [NOBODY]
    assert kept(visit_of(store, ann.about)) == before
    assert everything_of(ann)["looks"] == []
    assert verify_access_log(store) == []


@pytest.mark.abuse(35)
def test_35_a_record_that_points_at_anothers_is_refused_and_never_reaches_it(
    store: Store, ann: Visit
) -> None:
    eve = newcomer(store)

    def forge(everything: dict[str, Any]) -> None:
        everything["records"]["indicator"] = []

    with pytest.raises(FileRefused, match="entry without its indicator"):
        look(eve, changed(ann, forge))
    assert not any(kept(eve).values())
    assert everything_of(ann)["looks"] == [], "nobody has reached for it"


def test_what_is_here_stays_and_what_is_missing_comes(store: Store, ann: Visit) -> None:
    content = export_of(ann)
    first, *_ = ann.records(Entry)
    ann.save(replace(first, value=50.0))
    ann.save(Annotation(
        person_id=ann.viewer_id, annotation_id=5, first_day=TODAY, last_day=TODAY, text="new",
    ))  # fmt: skip
    seen = look(ann, content)
    assert (seen.new, seen.other, seen.same) == ({}, 1, 6)
    assert bring_back(ann, seen) == 0
    assert ann.records(Entry)[0].value == 50.0
    assert len(ann.records(Annotation)) == 1


def test_what_comes_back_fits_beside_what_is_here(store: Store, ann: Visit) -> None:
    eve = newcomer(store)
    me = eve.viewer_id
    mine = [
        Indicator(
            person_id=me, indicator_id=new_id(), kind=Kind.LEADING, name=f"I{k}", keystone=k == 0
        )
        for k in range(5)
    ]
    eve.save(Outcome(person_id=me, outcome_id=new_id(), goal="Other"), *mine)
    content = export_of(ann)
    returned(eve, content)
    plan = plan_of(visit_of(store, eve.about))
    assert plan.outcome is not None
    assert plan.outcome.goal == "Other"
    assert {i.name for i in plan.leading} == {f"I{k}" for k in range(5)}
    assert [i.name for i in plan.parked] == ["Calls"]
    assert [i.name for i in plan.leading if i.keystone] == ["I0"]
    assert returned(eve, content) == 0


DEEP = b'{"format": "coach-compass", "records": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
WIDE = b'{"format": "coach-compass", "records": [' + b"{}," * 4_100_000 + b"{}]}"


@pytest.mark.abuse(29)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (DEEP, "nested too deeply"),
        (WIDE, "more than 4,000,000 values"),
        (
            b'{"format": "coach-compass", "version": 1, "records": {"entry": [{"value": NaN}]}}',
            "NaN",
        ),
        (b'{"format": "coach-compass", "version": 1, "records": {"a": -Infinity}}', "-Infinity"),
        (b'{"format": "coach-compass", "version": 2, "records": {}}', "another version"),
        (b'{"format": "coach-compass", "version": 1}', "not built"),
        (b'{"format": "coach-compass", "version": 1, "records": []}', "not built"),
        (b'{"format": "coach-compass", "version": 1, "records": {"entry": 3}}', "not built"),
        (b'{"format": "coach-compass", "version": 1, "records": {"entry": [3]}}', "not a record"),
        (b'{"format": "coach-compass", "version": 1, "records": {"entry": [{}', "not whole JSON"),
        (b'{"format": "coach-compass", "version": 1, "records": {"diary": []}}', "not known"),
        (b'{"format": "coach-compass", "x": "\xff"}', "not UTF-8"),
        (b'{"format": "coach-compass", "x": 1' + b"0" * 5000 + b"}", "not whole JSON"),
    ],
    ids=range(13),
)
def test_29_a_hostile_file_is_refused_in_words(store: Store, content: bytes, why: str) -> None:
    eve = newcomer(store)
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match=why):
            look(eve, content, "x.json")
        assert tracemalloc.get_traced_memory()[1] < 100e6, "its size is seen before it is read"
    finally:
        tracemalloc.stop()


@pytest.mark.abuse(34)
@pytest.mark.parametrize(
    ("kind", "field", "value", "why"),
    [
        ("entry", "value", 1e999, "not a number"),
        ("entry", "value", "3", "not a number"),
        ("entry", "day", "2026-02-30", "not a day"),
        ("entry", "day", "2026-06-02", "has not come yet"),
        ("entry", "day", 5, "not a day"),
        ("entry", "day", None, "not a day"),
        ("entry", "state", "happy", "no such choice"),
        ("entry", "state", [], "no such choice"),
        ("entry", "reason", "\0", "NUL"),
        ("entry", "reason", "\ud800", "surrogate"),
        ("entry", "reason", "x" * 200, "characters"),
        ("entry", "extra", 1, "no field"),
        ("entry", "indicator_id", 1 << 70, "too large"),
        ("entry", "indicator_id", {"a": 1}, "whole number"),
        ("entry", "indicator_id", 1.5, "whole number"),
        ("indicator", "name", 3, "not a text"),
        ("indicator", "keystone", "yes", "neither yes nor no"),
        ("own_note", "text", "x" * 20_001, "characters"),
        ("own_note", "text", None, "not a text"),
    ],
)
def test_34_one_bad_record_and_nothing_is_saved(
    store: Store, ann: Visit, kind: str, field: str, value: Any, why: str
) -> None:
    eve = newcomer(store)

    def harm(everything: dict[str, Any]) -> None:
        everything["records"][kind][-1][field] = value

    with pytest.raises(FileRefused, match=why) as caught:
        look(eve, changed(ann, harm))
    assert "Nothing was saved" in str(caught.value)
    assert not any(kept(eve).values())


@pytest.mark.abuse(34)
def test_34_a_field_that_is_missing_is_named(store: Store, ann: Visit) -> None:
    def harm(everything: dict[str, Any]) -> None:
        del everything["records"]["indicator"][0]["kind"]

    with pytest.raises(FileRefused, match=r"indicator 1\): something is missing \(.*kind"):
        look(newcomer(store), changed(ann, harm))


@pytest.mark.abuse(34)
def test_34_a_failure_half_way_saves_nothing(
    store: Store, ann: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    eve, seen_count = newcomer(store), 0
    seen = look(eve, export_of(ann))

    def fails(_: str) -> None:
        nonlocal seen_count
        seen_count += 1
        if seen_count == 4:
            raise DiskFull

    with monkeypatch.context() as patched:
        before_insert(patched, fails)
        with pytest.raises(DiskFull):
            bring_back(eve, seen)
    assert not any(kept(visit_of(store, eve.about)).values())
    assert bring_back(eve, seen) == 7
