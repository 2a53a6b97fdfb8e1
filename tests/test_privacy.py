"""Two doors: what is seen starts from nothing, and so does what may be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach_data import model, privacy
from coach_data.model import (
    RECORDS,
    Aim,
    Annotation,
    CoachNote,
    Commitment,
    Consent,
    DayLog,
    Decision,
    Digest,
    Entry,
    EntryNote,
    EntryState,
    Habit,
    Indicator,
    Kind,
    Membership,
    NotAllowed,
    Outcome,
    OwnNote,
    Pairing,
    Person,
    Purpose,
    Record,
    Request,
    Retrospective,
    Role,
    Session,
    SessionClock,
    SessionNote,
    Sprint,
    Token,
    TokenFor,
    new_id,
)
from coach_data.people import consent, join, pair
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.settled import Settled
from coach_data.store import Store
from coach_data.text import BadText
from coach_data.values import BadValue
from coach_data.writers import WRITERS, Relation
from tests.cluster import places_at

ROOT = Path(__file__).parents[1]
DAY = date(2026, 5, 30)
NO_VIEW = {"schema_version", "device", "upkeep", "identity", "sign_in", "release_part"}
"""Tables that no screen reads: the store's own, and the doorway's."""
Join = Callable[..., Person]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("privacy")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@dataclass(frozen=True)
class House:
    """Ann, coachee of Cleo; Bob, coachee of Dora; each with one record of every kind."""

    store: Store
    now: datetime
    ann: Person
    bob: Person
    cleo: Person
    lead: Person

    def visit(self, viewer: Person, about: Person | None = None) -> Visit:
        """A new visit, as each run of a screen makes one."""
        about_id = about.person_id if about else None
        return Visit.open(self.store, viewer.person_id, self.now, about_id)

    def raw(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Behind both doors."""
        return self.store.cursor().execute(sql, list(values)).fetchall()


def belongings(person: Person, coach: Person | None = None) -> list[Record]:
    """One record of every kind that hangs on a person, sessions with that coach (else alone)."""
    me, calls, result, outcome = person.person_id, new_id(), new_id(), new_id()
    sprint, session, with_coach = new_id(), new_id(), (coach or person).person_id
    between: dict[str, Any] = {"person_id": me, "session_id": session, "coach_id": with_coach}
    return [
        Outcome(person_id=me, outcome_id=outcome, goal="Win more", indicator_id=result),
        Indicator(person_id=me, indicator_id=result, kind=Kind.LAGGING, name="Sales"),
        Indicator(person_id=me, indicator_id=calls, kind=Kind.LEADING, name="Calls"),
        Aim(person_id=me, indicator_id=calls, since=DAY, amount=3),
        Entry(person_id=me, indicator_id=calls, day=DAY, value=2),
        EntryNote(person_id=me, indicator_id=calls, day=DAY, note=f"secret of {person.name}"),
        DayLog(person_id=me, day=DAY, seconds=12),
        Annotation(
            person_id=me, annotation_id=new_id(), first_day=DAY, last_day=DAY, text="launch"
        ),
        Habit(person_id=me, indicator_id=calls, cue="after lunch", routine="call one customer"),
        Sprint(
            person_id=me,
            sprint_id=sprint,
            behaviour="Call first",
            behaviour_id=calls,
            measure_id=result,
            hypothesis="more calls, more sales",
            success_rule="one more a day",
            first_day=DAY,
        ),
        Retrospective(person_id=me, sprint_id=sprint, decision=Decision.ADOPT, day=DAY),
        Session(**between, day=DAY),
        SessionClock(**between),
        SessionNote(**between, part=1, text=f"shared by {person.name}"),
        Commitment(**between, commitment_id=new_id(), text="two calls", indicator_id=calls),
        OwnNote(person_id=me, session_id=session, text=f"diary of {person.name}"),
        Token(
            person_id=me, token_id=new_id(), purpose=TokenFor.QUICK_LOG, name="Phone", sha256="a1"
        ),
        Request(person_id=me, request="b2", content="c3"),
        Digest(person_id=me, wanted=True),
    ]


def coach_note(about: Sequence[Record], text: str = "ask about the boss") -> CoachNote:
    """What the coach of a session among these records writes in the own notebook."""
    session = next(r for r in about if isinstance(r, Session))
    return CoachNote(
        person_id=session.person_id,
        session_id=session.session_id,
        coach_id=session.coach_id,
        text=text,
    )


@pytest.fixture
def house(store: Store, person: Join, now: datetime) -> House:
    """Two pairings, no consent yet."""
    ann, bob = person("Ann"), person("Bob")
    cleo = person("Cleo", roles=(Role.COACH,))
    dora = person("Dora", roles=(Role.COACH,))
    lead = person("Lea", roles=(Role.LEAD,))
    for coachee, coach in ((ann, cleo), (bob, dora)):
        visit = Visit.open(store, coachee.person_id, now)
        things = belongings(coachee, coach)
        visit.save(*things)
        pair(visit, coach.person_id)
        Visit.open(store, coach.person_id, now, coachee.person_id).save(coach_note(things))
    return House(store, now, ann, bob, cleo, lead)


def views(store: Store) -> list[str]:
    """Every view that a screen could name."""
    rows = store.cursor().execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
    return sorted(name for (name,) in rows.fetchall())


ABOUT_NOBODY = {"release"}
"""What tells of everybody together; tests/publish/ looks at it."""


def seen_of(house: House, viewer: Person, about: Person) -> set[str]:
    """The views in which ``viewer`` meets a row about ``about``."""
    cursor = house.visit(viewer).cursor
    found = set()
    for view in set(views(house.store)) - ABOUT_NOBODY:
        rows = cursor.execute(f"SELECT person_id FROM {view}").fetchall()
        if (about.person_id,) in rows:
            found.add(view)
    return found


FRAME = {
    *("coachee", "person", "person_history", "pairing", "pairing_history"),
    *("outcome", "outcome_history", "indicator", "indicator_history", "aim", "aim_history"),
    *("annotation", "annotation_history", "habit", "habit_history"),
    *("sprint", "sprint_history", "retrospective", "retrospective_history"),
    *("session", "session_history", "session_clock", "session_clock_history"),
    *("session_note", "session_note_history", "commitment", "commitment_history"),
    *("coach_note", "coach_note_history"),
}
"""What a coach sees of a coachee who has given no consent."""
CONSENTED = {"coachee_consent", "consent", "consent_history"}
ENTRIES = {"entry", "entry_history"}
NOTES = {"entry_note", "entry_note_history"}


# --- reading: default is nothing ---


def test_without_a_viewer_every_view_is_empty(house: House) -> None:
    cursor = house.store.cursor()
    assert len(views(house.store)) >= 2 * len(RECORDS) + 8
    for view in views(house.store):
        assert cursor.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,), view


def test_a_viewer_who_is_nobody_sees_nothing(house: House) -> None:
    cursor = house.store.cursor()
    Settled(house.store, cursor, 1)
    for view in set(views(house.store)) - {"viewer"}:
        assert cursor.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,), view


def test_oneself_sees_all_of_oneself(house: House) -> None:
    consent(house.visit(house.ann), Purpose.ENTRIES, given=True)
    others = {"coachee", "coachee_consent", "coach", "access_log", *ABOUT_NOBODY}
    others |= {
        "coach_note",
        "coach_note_history",
        "administrator",
        "roster",
        "invitation",
        "met",
    }
    assert seen_of(house, house.ann, house.ann) == set(views(house.store)) - others


@pytest.mark.abuse(37)
def test_37_a_stranger_sees_nothing_of_others(house: House, person: Join) -> None:
    for roles in ((Role.COACHEE,), (Role.COACH,), (Role.LEAD,), tuple(Role), ()):
        stranger = person("Sid", roles=roles)
        for other in (house.ann, house.bob, house.cleo, house.lead):
            # an administrator knows who is there and in which role
            known = {"roster"} if Role.ADMINISTRATOR in roles else set()
            assert seen_of(house, stranger, other) == known


def test_a_coachee_and_a_lead_see_nothing_of_others(house: House) -> None:
    assert seen_of(house, house.lead, house.ann) == set()
    assert seen_of(house, house.bob, house.ann) == set()
    assert seen_of(house, house.ann, house.bob) == set()


@pytest.mark.abuse(37)
def test_37_a_coach_sees_nothing_of_an_unpaired_person(house: House) -> None:
    assert seen_of(house, house.cleo, house.bob) == set()
    with pytest.raises(NotAllowed):
        house.visit(house.cleo, house.bob)


def test_a_coachee_knows_the_name_of_the_coach_and_nothing_else(house: House) -> None:
    assert seen_of(house, house.ann, house.cleo) == {"coach", "person", "person_history", "met"}
    with pytest.raises(NotAllowed):
        house.visit(house.ann, house.cleo)


CONSENTS = [
    ((), FRAME),
    ((Purpose.PATTERN,), FRAME),
    ((Purpose.NOTES,), FRAME | CONSENTED),
    ((Purpose.ENTRIES,), FRAME | CONSENTED | ENTRIES),
    ((Purpose.ENTRIES, Purpose.NOTES), FRAME | CONSENTED | ENTRIES | NOTES),
]


@pytest.mark.parametrize(("given_for", "seen"), CONSENTS)
def test_what_a_coach_sees_with_each_consent(
    house: House, given_for: tuple[Purpose, ...], seen: set[str]
) -> None:
    for purpose in given_for:
        consent(house.visit(house.ann), purpose, given=True)
    assert seen_of(house, house.cleo, house.ann) == seen
    about = house.visit(house.cleo, house.ann)
    assert len(about.records(Indicator)) == 2
    assert len(about.records(Entry)) == (Purpose.ENTRIES in given_for)
    assert len(about.records(EntryNote)) == (seen >= NOTES)


@pytest.mark.abuse(38)
def test_38_an_ended_pairing_shows_nothing_in_a_tab_that_is_open(house: House) -> None:
    for purpose in Purpose:
        consent(house.visit(house.ann), purpose, given=True)
    open_tab = house.visit(house.cleo, house.ann)
    assert open_tab.records(EntryNote)
    pair(house.visit(house.ann), house.cleo.person_id, active=False)
    assert not any(open_tab.records(kind) for kind in RECORDS)
    assert not open_tab.arrays("SELECT value FROM entry_history WHERE value > 0")["value"].size
    assert seen_of(house, house.cleo, house.ann) == set()
    with pytest.raises(NotAllowed):
        house.visit(house.cleo, house.ann)


@pytest.mark.parametrize(
    "row",
    [
        "pairing SELECT person_id, coach_id, 14, NULL, recorded_at + INTERVAL 1 DAY, author"
        " FROM app.raw.pairing WHERE coach_id = ?",
        "consent SELECT person_id, purpose, NULL, 1, recorded_at + INTERVAL 1 DAY, author"
        " FROM app.raw.consent WHERE person_id IN"
        " (SELECT person_id FROM app.raw.pairing WHERE coach_id = ?)",
    ],
    ids=["pairing", "consent"],
)
def test_what_is_not_known_is_no(house: House, row: str) -> None:
    """An answer that is empty does not leave the one before it standing."""
    consent(house.visit(house.ann), Purpose.ENTRIES, given=True)
    assert house.visit(house.cleo, house.ann).records(Entry)
    house.raw(f"INSERT INTO app.raw.{row}", (house.cleo.person_id,))
    assert "entry" not in seen_of(house, house.cleo, house.ann)


def test_a_pairing_that_begins_again_shows_again(house: House) -> None:
    pair(house.visit(house.ann), house.cleo.person_id, active=False)
    pair(house.visit(house.ann), house.cleo.person_id)
    assert seen_of(house, house.cleo, house.ann) == FRAME


def test_a_withdrawn_consent_counts_at_once(house: House) -> None:
    for purpose in (Purpose.ENTRIES, Purpose.NOTES):
        consent(house.visit(house.ann), purpose, given=True)
    open_tab = house.visit(house.cleo, house.ann)

    def seen() -> tuple[int, int]:
        return len(open_tab.records(Entry)), len(open_tab.records(EntryNote))

    assert seen() == (1, 1)
    consent(house.visit(house.ann), Purpose.NOTES, given=False)
    assert seen() == (1, 0)
    consent(house.visit(house.ann), Purpose.NOTES, given=True)
    consent(house.visit(house.ann), Purpose.ENTRIES, given=False)
    assert seen() == (0, 0)


def test_a_consent_is_given_to_the_own_coach_only(house: House, person: Join) -> None:
    consent(house.visit(house.ann), Purpose.ENTRIES, given=True)
    other = person("Otto", roles=(Role.COACH,))
    pair(house.visit(house.bob), other.person_id)
    assert seen_of(house, other, house.ann) == set()
    assert "entry" not in seen_of(house, other, house.bob)


def test_nobody_can_visit_somebody_who_does_not_exist(house: House) -> None:
    with pytest.raises(NotAllowed):
        Visit.open(house.store, 12345, house.now)
    with pytest.raises(NotAllowed):
        Visit.open(house.store, house.ann.person_id, house.now, 12345)


# --- the rules cover everything ---


def test_every_table_has_a_view_or_stands_in_the_short_list(store: Store) -> None:
    rows = store.cursor().execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'app' AND schema_name = 'raw'"
    )
    tables = {name for (name,) in rows.fetchall()}
    assert tables - set(views(store)) == NO_VIEW
    not_records = {"access_log", "invitation", "release"}
    assert {kind.TABLE for kind in RECORDS} == tables - NO_VIEW - not_records


def test_a_new_table_without_a_rule_is_invisible(house: House) -> None:
    house.raw("CREATE TABLE app.raw.diary AS SELECT 1 AS person_id")
    try:
        with pytest.raises(Exception, match="diary does not exist"):
            house.visit(house.ann).read("FROM diary")
    finally:
        house.raw("DROP TABLE app.raw.diary")


def test_fields_are_columns(store: Store) -> None:
    for kind in RECORDS:
        rows = store.cursor().execute(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'app' AND schema_name = 'raw'"
            " AND table_name = ? ORDER BY column_index",
            [kind.TABLE],
        )
        expected = [*(f.name for f in fields(kind)), "recorded_at", "author"]
        assert [name for (name,) in rows.fetchall()] == expected
        assert kind.KEY[0] == "person_id"


def test_every_class_of_records_is_listed() -> None:
    made = {k for k in vars(model).values() if isinstance(k, type) and issubclass(k, Record)}
    assert made - {Record} == set(RECORDS)


# --- writing ---


def test_a_kind_without_a_line_in_writers_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready: dict[type[Record], Record] = {type(r): r for r in belongings(house.ann)}
    me = house.ann.person_id
    ready |= {Person: house.ann, Membership: Membership(person_id=me, role=Role.LEAD)}
    ready |= {Consent: Consent(person_id=me, purpose=Purpose.NOTES, given=True)}
    ready |= {Pairing: Pairing(person_id=me, coach_id=house.cleo.person_id)}
    ready |= {CoachNote: coach_note(belongings(house.ann))}
    assert set(ready) == set(RECORDS)
    for kind in RECORDS:
        monkeypatch.setattr(privacy, "WRITERS", {k: w for k, w in WRITERS.items() if k is not kind})
        with pytest.raises(NotAllowed):
            house.visit(house.ann).save(ready[kind])


def test_neither_sees_the_notebook_of_the_other(house: House) -> None:
    assert not house.visit(house.ann).records(CoachNote)
    assert not house.visit(house.cleo, house.ann).records(OwnNote)
    assert [n.text for n in house.visit(house.ann).records(OwnNote)] == ["diary of Ann"]
    assert [n.text for n in house.visit(house.cleo, house.ann).records(CoachNote)] == [
        "ask about the boss"
    ]


def test_a_later_coach_sees_nothing_of_the_sessions_with_an_earlier_one(
    house: House, person: Join
) -> None:
    dora = person("Dora the second", roles=(Role.COACH,))
    pair(house.visit(house.ann), dora.person_id)
    later = house.visit(dora, house.ann)
    between = (Session, SessionClock, SessionNote, Commitment, CoachNote, OwnNote)
    assert not any(later.records(kind) for kind in between)
    assert later.records(Sprint), "the frame is for every coach of the moment"
    theirs = house.visit(house.cleo, house.ann).records(Session)[0]
    with pytest.raises(NotAllowed):
        later.save(replace(theirs, ended=True))
    with pytest.raises(NotAllowed):  # under the own name, about somebody else's session
        later.save(coach_note([replace(theirs, coach_id=dora.person_id)]))


def test_a_coach_writes_only_under_the_own_name(house: House) -> None:
    cleo = house.visit(house.cleo, house.ann)
    note = cleo.records(CoachNote)[0]
    with pytest.raises(NotAllowed):
        cleo.save(replace(note, coach_id=house.lead.person_id))
    cleo.save(replace(note, text="changed"))
    assert [n.text for n in cleo.records(CoachNote)] == ["changed"]


def counts(house: House) -> dict[str, int]:
    """Rows in each table."""
    return {k.TABLE: house.raw(f"SELECT count(*) FROM app.raw.{k.TABLE}")[0][0] for k in RECORDS}


def test_a_coach_writes_nothing_of_a_coachee_outside_their_sessions(house: House) -> None:
    for purpose in Purpose:
        consent(house.visit(house.ann), purpose, given=True)
    visit = house.visit(house.cleo, house.ann)
    before = counts(house)
    found = [r for kind in RECORDS for r in visit.records(kind)]
    assert {Person, Indicator, Entry, EntryNote, Consent, Pairing} <= {type(r) for r in found}
    for record in found:
        # a pairing they can only end: as it is, it is refused like the rest
        if Relation.COACH not in WRITERS[type(record)] or isinstance(record, Pairing):
            with pytest.raises(NotAllowed):
                visit.save(record)
    assert counts(house) == before


def test_nobody_makes_somebody_their_coachee(house: House) -> None:
    with pytest.raises(NotAllowed):
        house.visit(house.cleo).save(
            Pairing(person_id=house.bob.person_id, coach_id=house.cleo.person_id)
        )
    assert seen_of(house, house.cleo, house.bob) == {"access_log"}  # one's own attempt


def test_one_bad_record_saves_none(house: House) -> None:
    before = counts(house)
    mine, theirs = belongings(house.ann), belongings(house.bob)
    with pytest.raises(NotAllowed):
        house.visit(house.ann).save(*mine, theirs[0])
    with pytest.raises(BadText):
        house.visit(house.ann).save(*mine, replace(house.ann, name="a\x00"))
    assert counts(house) == before


@pytest.mark.abuse(11, 12)
def test_11_12_what_is_not_a_number_never_gets_in(house: House) -> None:
    entry = house.visit(house.ann).records(Entry)[0]
    for value in (float("nan"), float("inf"), -float("inf"), 1e999):
        with pytest.raises(BadValue):
            house.visit(house.ann).save(replace(entry, value=value))
    assert house.visit(house.ann).records(Entry) == [entry]


@pytest.mark.abuse(10)
def test_10_quotes_are_kept_literally(house: House) -> None:
    name = "Robert'; DROP TABLE app.raw.entry; --"
    house.visit(house.ann).save(replace(house.ann, name=name))
    assert house.visit(house.ann).about.name == name
    assert house.visit(house.ann).records(Entry)


def pointing_at(me: int, indicator_id: int, outcome_id: int) -> list[Record]:
    """Records of ``me`` that point at these."""
    leading = {"person_id": me, "kind": Kind.LEADING, "name": "x"}
    return [
        Entry(person_id=me, indicator_id=indicator_id, day=DAY, value=1),
        EntryNote(person_id=me, indicator_id=indicator_id, day=DAY, note="x"),
        Aim(person_id=me, indicator_id=indicator_id, since=DAY, amount=1),
        Outcome(person_id=me, outcome_id=new_id(), goal="x", indicator_id=indicator_id),
        Indicator(**leading, indicator_id=new_id(), guard_of=indicator_id),
        Indicator(**leading, indicator_id=new_id(), outcome_id=outcome_id),
    ]


@pytest.mark.abuse(36)
@pytest.mark.parametrize("viewer", ["bob", "lead"])
def test_36_another_persons_data_are_denied_and_that_is_logged(house: House, viewer: str) -> None:
    me: Person = getattr(house, viewer)
    with pytest.raises(NotAllowed):
        house.visit(me, house.ann)
    denied = house.visit(house.ann).read("SELECT viewer_id, screen, allowed FROM access_log")
    assert denied == [(me.person_id, "denied", False)]


@pytest.mark.abuse(36)
@pytest.mark.parametrize("viewer", ["bob", "cleo", "lead"])
def test_36_nobody_points_at_anothers_indicator_or_outcome(house: House, viewer: str) -> None:
    owned = house.visit(house.ann)
    indicator, outcome = owned.records(Indicator)[0], owned.records(Outcome)[0]
    me: Person = getattr(house, viewer)
    records = pointing_at(me.person_id, indicator.indicator_id, outcome.outcome_id)
    before = counts(house)
    for record in records:
        with pytest.raises(NotAllowed):
            house.visit(me).save(record)
    assert counts(house) == before
    denied = house.visit(house.ann).read("SELECT viewer_id, screen, allowed FROM access_log")
    assert denied == [(me.person_id, "denied", False)] * len(records)


def test_the_same_id_under_another_person_changes_nothing_for_the_owner(house: House) -> None:
    mine = {kind: house.visit(house.ann).records(kind) for kind in RECORDS}
    bob = house.bob.person_id
    same = [
        replace(r, person_id=bob, **({"name": "stolen"} if isinstance(r, Indicator) else {}))
        for kind in (Indicator, Outcome, Aim, Entry, EntryNote, DayLog, Annotation)
        for r in mine[kind]
    ]
    house.visit(house.bob).save(*same)
    assert {kind: house.visit(house.ann).records(kind) for kind in RECORDS} == mine
    assert "stolen" in {i.name for i in house.visit(house.bob).records(Indicator)}


def test_a_row_says_who_wrote_it_and_when(house: House) -> None:
    sql = "SELECT author FROM app.raw.entry WHERE person_id = ?"
    for person in (house.ann, house.bob):
        assert house.raw(sql, (person.person_id,)) == [(person.person_id,)]
    stamps = house.raw(
        " UNION ALL ".join(f"SELECT recorded_at FROM app.raw.{k.TABLE}" for k in RECORDS)
    )
    assert len(set(stamps)) == len(stamps)


# --- the access log ---


def test_08_denied_attempts_and_looks_are_logged_without_values(house: House) -> None:
    house.visit(house.cleo, house.ann).look("Compass")
    house.visit(house.ann).look("Compass")  # one's own data: no row
    with pytest.raises(NotAllowed):
        house.visit(house.lead, house.ann)
    with pytest.raises(NotAllowed):
        house.visit(house.cleo).save(house.visit(house.cleo, house.ann).records(Indicator)[0])
    cleo, lead, ann = (p.person_id for p in (house.cleo, house.lead, house.ann))
    sql = "SELECT person_id, viewer_id, screen, allowed FROM access_log ORDER BY recorded_at"
    about_me = house.visit(house.ann).read(sql)
    assert about_me == [
        (ann, cleo, "Compass", True),
        (ann, lead, "denied", False),
        (ann, cleo, "denied", False),
    ]
    assert house.visit(house.cleo).read(sql) == [about_me[0], about_me[2]]
    assert house.visit(house.lead).read(sql) == [about_me[1]]
    assert house.visit(house.bob).read(sql) == []
    kept = str(house.raw("FROM app.raw.access_log"))
    assert not any(word in kept for word in ("secret", "Calls", "Ann", "Cleo"))


# --- what is current ---

MOMENTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(EntryState),
        st.one_of(st.none(), st.integers(-5, 5).map(float)),
        st.one_of(st.none(), st.sampled_from(["ill", "on leave"])),
        st.integers(-3, 3),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=MOMENTS)
def test_current_is_the_last_of_the_history(
    store: Store, person: Join, now: datetime, steps: list[tuple[Any, ...]]
) -> None:
    me = person("Fay").person_id  # somebody new for each sequence, in one store
    visit = Visit.open(store, me, now)
    ids = [new_id() for _ in range(3)]
    visit.save(*(Indicator(person_id=me, indicator_id=i, kind=Kind.LEADING, name="x") for i in ids))
    current: dict[tuple[Any, ...], Entry] = {}
    for which, day, state, value, reason, shift in steps:
        entry = Entry(
            person_id=me,
            indicator_id=ids[which],
            day=DAY + timedelta(days=day),
            state=state,
            value=value,
            reason=reason,
        )
        # a clock that is set back does not bring an earlier value back
        Visit.open(store, me, now + timedelta(hours=shift)).save(entry)
        current[(ids[which], entry.day)] = entry
    assert visit.records(Entry) == [current[key] for key in sorted(current)]
    history = visit.read("SELECT count(*) FROM entry_history WHERE person_id = ?", [me])
    assert history == [(len(steps),)]


def test_records_come_in_the_order_of_their_key(house: House) -> None:
    visit = house.visit(house.ann)
    calls = visit.records(Aim)[0].indicator_id
    shuffled = [DAY - timedelta(days=(k * 37) % 100) for k in range(100)]
    visit.save(
        *(
            Entry(person_id=house.ann.person_id, indicator_id=calls, day=d, value=1)
            for d in shuffled
        )
    )
    found = [(e.indicator_id, e.day) for e in visit.records(Entry)]
    assert found == sorted(found)
    assert len(found) == 100


def test_what_was_saved_is_there_after_opening_anew(where: Places, now: datetime) -> None:
    before = open_store(where)
    ann = join(before, "Ann", now)
    visit = Visit.open(before, ann.person_id, now)
    visit.save(*belongings(ann))
    mine = {kind: visit.records(kind) for kind in RECORDS}
    before.close()
    after = open_store(where)
    visit = Visit.open(after, ann.person_id, now)
    assert {kind: visit.records(kind) for kind in RECORDS} == mine
    after.close()


def test_nobody_enters_as_somebody_who_is_there_already(house: House) -> None:
    with pytest.raises(NotAllowed):
        Visit.first(house.store, replace(house.ann, name="Eve"), house.now)
    assert house.visit(house.ann).about.name == "Ann"
