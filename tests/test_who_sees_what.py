"""Random sequences of what people do, over the real store: after each step everybody's every view holds
what the table of the design says (``tests/privacy_table.py``), and what it denies is refused.

Four sequences by default, always the same; COACH_SEQUENCES=200 for the long run of random ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from coach_data.invitations import OwnCode, WrongCode, accept, invite
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
from coach_data.people import consent, join, keep_cadence
from coach_data.privacy import Visit, open_store
from coach_data.sign_in import IDLE, LONGEST, Identity, end_sessions, sign_out, signed_in
from coach_data.store import Store
from tests.cluster import FEWER, places_at
from tests.privacy_table import MAY_READ, OTHERS, Row, World, previewed, shown_to

DAY = date(2026, 5, 30)
SEQUENCES = int(os.environ.get("COACH_SEQUENCES", 4 // FEWER))
STEPS = 30
EVERY = 1 if "COACH_SEQUENCES" in os.environ else 3
"""After how many steps the current rows are read too; their histories are read after each."""
NAMES = ("Ann", "Bob", "Cleo", "Dora", "Lea", "Ada", "Sid")
FIRST_ROLES = {
    "Ann": (Role.COACHEE,),
    "Bob": (Role.COACHEE,),
    "Cleo": (Role.COACH,),
    "Dora": (Role.COACH, Role.COACHEE),
    "Lea": (Role.LEAD,),
    "Ada": (Role.ADMINISTRATOR,),
    "Sid": (Role.COACHEE, Role.COACH),
}
"""Sid takes part in another programme."""
ANYBODY = st.sampled_from(NAMES)
COACHED, COACHING = st.sampled_from(NAMES[:2]), st.sampled_from(NAMES[2:4])
PROGRAMMES = count()


@dataclass
class Given:
    """What a record of a kind is made from: whose, by which coach, and what it hangs on."""

    me: int
    coach: int
    indicator: int
    sprint: int
    session: int
    programme: str

    @property
    def between(self) -> dict[str, Any]:
        return {"person_id": self.me, "session_id": self.session, "coach_id": self.coach}


MAKE: dict[type[Record], Callable[[Given], Record]] = {
    Person: lambda g: Person(person_id=g.me, name="renamed", programme=g.programme),
    Membership: lambda g: Membership(person_id=g.me, role=Role.ADMINISTRATOR),
    Pairing: lambda g: Pairing(person_id=g.me, coach_id=g.coach),
    Consent: lambda g: Consent(person_id=g.me, purpose=Purpose.ENTRIES, given=True),
    Outcome: lambda g: Outcome(person_id=g.me, outcome_id=new_id(), goal="Win"),
    Indicator: lambda g: Indicator(
        person_id=g.me, indicator_id=new_id(), kind=Kind.LEADING, name="Calls"
    ),
    Aim: lambda g: Aim(person_id=g.me, indicator_id=g.indicator, since=DAY, amount=1),
    Entry: lambda g: Entry(person_id=g.me, indicator_id=g.indicator, day=DAY, value=1),
    EntryNote: lambda g: EntryNote(person_id=g.me, indicator_id=g.indicator, day=DAY, note="x"),
    DayLog: lambda g: DayLog(person_id=g.me, day=DAY, seconds=9),
    Annotation: lambda g: Annotation(
        person_id=g.me, annotation_id=new_id(), first_day=DAY, last_day=DAY, text="launch"
    ),
    Habit: lambda g: Habit(person_id=g.me, indicator_id=g.indicator, cue="c", routine="r"),
    Sprint: lambda g: Sprint(
        person_id=g.me,
        sprint_id=new_id(),
        behaviour="b",
        measure_id=g.indicator,
        hypothesis="h",
        success_rule="s",
        first_day=DAY,
    ),
    Retrospective: lambda g: Retrospective(
        person_id=g.me, sprint_id=g.sprint, decision=Decision.ADOPT, day=DAY
    ),
    Session: lambda g: Session(person_id=g.me, session_id=new_id(), coach_id=g.coach, day=DAY),
    SessionClock: lambda g: SessionClock(**g.between),
    SessionNote: lambda g: SessionNote(**g.between, part=1, text="shared"),
    Commitment: lambda g: Commitment(
        **g.between, commitment_id=new_id(), text="two", indicator_id=g.indicator
    ),
    CoachNote: lambda g: CoachNote(**g.between, text="for me"),
    OwnNote: lambda g: OwnNote(person_id=g.me, session_id=g.session, text="diary"),
    Token: lambda g: Token(
        person_id=g.me, token_id=new_id(), purpose=TokenFor.QUICK_LOG, name="n", sha256="a1"
    ),
    Request: lambda g: Request(person_id=g.me, request=str(new_id()), content="c3"),
    Digest: lambda g: Digest(person_id=g.me, wanted=True),
}
NEEDS = {
    "indicator": {Aim, Entry, EntryNote, Habit, Sprint, Commitment},
    "sprint": {Retrospective},
    "session": {SessionClock, SessionNote, Commitment, CoachNote, OwnNote},
}
"""Which records hang on one of these, of the same person."""
COACH_WRITES = {Session, SessionClock, SessionNote, Commitment, CoachNote}
NOBODY_WRITES = {Membership, CoachNote}
"""About themselves: no role for oneself, no notebook of a coach."""


def rows_sql() -> str:
    """Every row that lies in the store after a moment, behind both doors."""
    parts = []
    for kind in RECORDS:
        names = {"coach_id", "purpose"} & {*kind.__dataclass_fields__}
        coach = "coach_id" if "coach_id" in names else "NULL"
        purpose = "purpose" if "purpose" in names else "NULL"
        key = " || '|' || ".join(f"{name}::VARCHAR" for name in kind.KEY)
        parts.append(
            f"SELECT '{kind.TABLE}', epoch_us(recorded_at), person_id, {coach}, NULL::BIGINT,"
            f" {purpose}, {key} FROM app.raw.{kind.TABLE}"
        )
    parts.append(
        "SELECT 'access_log', epoch_us(recorded_at), person_id, NULL, viewer_id, NULL, ''"
        " FROM app.raw.access_log"
    )
    made = " UNION ALL ".join(parts)
    names = "name, moment, person, coach, viewer, purpose, key"
    return f"FROM ({made}) AS r({names}) WHERE moment > ?"


def views_sql(store: Store, *, current: bool = True) -> str:
    """What each view shows, in one query. A view that has no rule in the model fails here.

    ``current``: with the views of current rows, each of which is made from its history.
    """
    kinds = {kind.TABLE for kind in RECORDS}
    found = store.cursor().execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
    parts = []
    for (view,) in found.fetchall():
        if view in OTHERS:
            columns = OTHERS[view].columns
        else:
            assert view.removesuffix("_history") in MAY_READ, f"{view} has no rule in the table"
            columns = "epoch_us(recorded_at)"
            if view in kinds and not current:
                continue
        parts.append(f"SELECT '{view}', [{_texts(columns)}] FROM {view}")
    return " UNION ALL ".join(parts)


def _texts(columns: str) -> str:
    return ", ".join(f"{name}::VARCHAR" for name in columns.split(", "))


class Life(RuleBasedStateMachine):
    """Seven people in one store that all sequences share; each sequence makes its own."""

    store: Store
    reads: dict[bool, str]
    raw: str

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 5, 31, 12, tzinfo=UTC)
        self.world = World()
        self.last = 0
        self.step = 0
        self.seen_at = -1
        programme = f"p{next(PROGRAMMES)}"
        self.ids: dict[str, int] = {}
        for name in NAMES:
            where = f"{programme} elsewhere" if name == "Sid" else programme
            roles = FIRST_ROLES[name]
            made = join(self.store, name, self.now, roles=roles, programme=where)
            self.ids[name] = made.person_id
            self.world.names[made.person_id] = name
            self.world.programmes[made.person_id] = where
            self.world.roles[made.person_id] = set(roles)
        self.tabs = {name: [self.visit(name)] for name in NAMES}
        self.begin(programme)

    def begin(self, programme: str) -> None:
        """Something of everybody's to hang records on, a reading of each programme, identities."""
        self.hangs: dict[str, dict[int, list[int]]] = {
            what: {i: [] for i in self.ids.values()} for what in ("indicator", "sprint")
        }
        self.sessions: list[tuple[int, int, int]] = []
        """(session, person, coach)."""
        self.codes: list[tuple[str, str, Role, bool]] = []
        """(code, who made it, for which role, whether it brings them as a coach)."""
        self.used: set[str] = set()
        self.pairs("Ann", "Cleo")
        self.pairs("Bob", "Dora")
        for name, me in self.ids.items():
            coach = "Dora" if name == "Bob" else "Cleo"
            given = Given(me, self.ids[coach], 0, 0, 0, self.world.programmes[me])
            records: list[Record] = []
            for kind in RECORDS:  # one of each kind: every view has something to hide
                if kind not in NOBODY_WRITES | {Pairing, Consent}:
                    records.append(MAKE[kind](given))
                    for what in ("indicator", "sprint", "session"):
                        if what == kind.TABLE:
                            setattr(given, what, getattr(records[-1], f"{what}_id"))
            self.visit(name).save(*records)
            for record in records:
                self.wrote(record)
            if name in NAMES[:2]:
                self.visit(coach).save(MAKE[CoachNote](given))
        cursor = self.store.cursor()
        for where in (programme, f"{programme} elsewhere"):
            self.world.releases[f"calls {where}"] = where
            cursor.execute(
                "INSERT INTO app.raw.release (release_id, programme, behaviour) VALUES (?, ?, ?)",
                [new_id(), where, f"calls {where}"],
            )
        self.browsers: dict[str, Browser] = {}
        for name, person_id in self.ids.items():
            self.browsers[name] = Browser(f"token of {person_id}")
            cursor.execute(
                "INSERT INTO app.raw.identity VALUES ('https://one.example', ?, ?, now())",
                [str(person_id), person_id],
            )

    def visit(self, viewer: str, about: str | None = None) -> Visit:
        about_id = self.ids[about] if about else None
        return Visit.open(self.store, self.ids[viewer], self.now, about_id)

    def new_rows(self) -> list[Row]:
        """What was written since the last time, taken over into the world."""
        found = self.store.cursor().execute(self.raw, [self.last]).fetchall()
        mine = set(self.ids.values())
        rows = [Row(n, at, p, c, v, u, k) for n, at, p, c, v, u, k in found if p in mine]
        self.world.rows += rows
        self.last = max([self.last, *(row.at for row in rows)])
        return rows

    @contextmanager
    def expected(
        self, allowed: bool, by: str, error: type[Exception] = NotAllowed
    ) -> Iterator[None]:
        """It happens, or it is refused, nothing is written, and a look at others is written down."""
        self.new_rows()
        if allowed:
            yield
            return
        with pytest.raises(error):
            yield
        for row in self.new_rows():
            assert (row.table, row.viewer) == ("access_log", self.ids[by]), row

    # --- pairings and consents ---

    @rule(person=COACHED, coach=COACHING)
    def pairs(self, person: str, coach: str) -> None:
        accept(self.visit(person), self.invited(coach, Role.COACHEE))
        self.paired(person, coach)

    def invited(self, by: str, role: Role) -> str:
        code = invite(self.visit(by), role)
        self.world.codes[sha256(code.replace("-", "").encode()).hexdigest()] = self.ids[by]
        return code

    def paired(self, person: str, coach: str) -> None:
        self.world.begin(self.ids[person], self.ids[coach])
        self.world.roles[self.ids[person]].add(Role.COACHEE)

    @rule(by=ANYBODY, person=COACHED, coach=COACHING, active=st.booleans())
    def changes_a_pairing(self, by: str, person: str, coach: str, active: bool) -> None:
        """Either side can end it, the coachee change how often they meet, and nobody begin one so."""
        them = (self.ids[person], self.ids[coach])
        changed = Pairing(person_id=them[0], coach_id=them[1], active=active, cadence_days=9)
        may = by == person or (by == coach and not active)
        with self.expected(may and them in self.world.pairs, by):
            self.visit(by).save(changed)
            if not active:
                self.world.pairs.discard(them)

    @rule(person=COACHED, coach=COACHING)
    def ends_the_pairing(self, person: str, coach: str) -> None:
        self.changes_a_pairing(person, person, coach, False)

    @rule(person=ANYBODY, coach=ANYBODY, kind=st.sampled_from(RECORDS))
    def looks_at_what_the_coach_sees(self, person: str, coach: str, kind: type[Record]) -> None:
        me, other = self.ids[person], self.ids[coach]
        if (me, other) not in self.world.pairs:
            with pytest.raises(NotAllowed):
                self.visit(person).seen_by(other)
            return
        preview = self.visit(person).seen_by(other)
        shown: set[int] = set()
        for view, row in preview.read(self.reads[False]):
            if view not in OTHERS:
                shown.add(int(row[0]))
        self.new_rows()
        assert shown == previewed(self.world, me, other), f"{person} previews {coach}"
        with self.expected(False, person):
            preview.save(MAKE[kind](self.given(person, coach, person)))

    @rule(person=ANYBODY, coach=ANYBODY)
    def keeps_the_cadence(self, person: str, coach: str) -> None:
        them = (self.ids[person], self.ids[coach])
        with self.expected(them in self.world.pairs, person):
            keep_cadence(self.visit(person), self.ids[coach], 7)

    @rule(person=COACHED, purpose=st.sampled_from(Purpose), given=st.booleans())
    def agrees_or_withdraws(self, person: str, purpose: Purpose, given: bool) -> None:
        consent(self.visit(person), purpose, given=given)
        change = self.world.consents.add if given else self.world.consents.discard
        change((self.ids[person], purpose))

    # --- invitations and roles ---

    @rule(by=ANYBODY, role=st.sampled_from(Role))
    def invites(self, by: str, role: Role) -> None:
        roles = self.world.roles[self.ids[by]]
        as_coach = role is Role.COACHEE and Role.COACH in roles
        with self.expected(as_coach or Role.ADMINISTRATOR in roles, by):
            self.codes.append((self.invited(by, role), by, role, as_coach))

    @rule(person=ANYBODY, which=st.integers(0, 20))
    def uses_a_code(self, person: str, which: int) -> None:
        if not self.codes:
            return
        code, by, role, as_coach = self.codes[which % len(self.codes)]
        used = code in self.used
        here = self.world.programmes[self.ids[person]] == self.world.programmes[self.ids[by]]
        error: type[Exception] = WrongCode if used or not here else OwnCode
        with self.expected(not used and here and by != person, person, error):
            accept(self.visit(person), code)
            self.used.add(code)
            self.world.roles[self.ids[person]].add(role)
            if as_coach:
                self.paired(person, by)

    # --- reading and writing ---

    @rule(viewer=ANYBODY, about=ANYBODY)
    def looks(self, viewer: str, about: str) -> None:
        """A tab that stays open from now on, whatever becomes of the pairing."""
        may = viewer == about or self.world.coaches(self.ids[viewer], self.ids[about])
        with self.expected(may, viewer):
            tab = self.visit(viewer, about)
            tab.look("Compass")
            self.tabs[viewer] = [*self.tabs[viewer][-2:], tab]

    @rule(
        by=ANYBODY,
        about=ANYBODY,
        coach=ANYBODY,
        whose=ANYBODY,
        kind=st.sampled_from(RECORDS),
        near=st.integers(0, 5),
    )
    def writes_something(
        self, by: str, about: str, coach: str, whose: str, kind: type[Record], near: int
    ) -> None:
        """Mostly about oneself or as a coach about a coachee, and hanging on what is theirs."""
        if near > 1:
            whose = about
        if near > 2:
            about = whose = by if near == 3 else about
            coach = by if near == 5 else coach
        self.writes(by, about, coach, whose, kind)

    def writes(self, by: str, about: str, coach: str, whose: str, kind: type[Record]) -> None:
        given = self.given(about, coach, whose)
        record = MAKE[kind](given)
        with self.expected(self.may_write(self.ids[by], record, given), by):
            self.visit(by).save(record)
            self.wrote(record)

    def given(self, about: str, coach: str, whose: str) -> Given:
        me, with_coach, owner = self.ids[about], self.ids[coach], self.ids[whose]
        sessions = [s for s in self.sessions if s[1] == owner]
        best = [s for s in sessions if s[2] == with_coach] or sessions
        ids = (self.hangs["indicator"][owner][-1], self.hangs["sprint"][owner][-1], best[-1][0])
        return Given(me, with_coach, *ids, self.world.programmes[me])

    def may_write(self, viewer: int, record: Record, given: Given) -> bool:
        """The table's "write", and that a record hangs only on what is the same person's."""
        kind, me = type(record), record.person_id
        coach = getattr(record, "coach_id", None)
        oneself = viewer == me and kind not in NOBODY_WRITES
        as_coach = kind in COACH_WRITES and coach == viewer and self.world.coaches(viewer, me)
        if not (oneself or as_coach):
            return False
        if kind is Pairing:
            return (me, coach) in self.world.pairs
        return self.hangs_well(viewer, record, given)

    def hangs_well(self, viewer: int, record: Record, given: Given) -> bool:
        kind, me = type(record), record.person_id
        if kind in NEEDS["indicator"] and given.indicator not in self.hangs["indicator"][me]:
            return False
        if kind in NEEDS["sprint"] and given.sprint not in self.hangs["sprint"][me]:
            return False
        theirs = [s for s in self.sessions if s[1] == me and viewer in (me, s[2])]
        return kind not in NEEDS["session"] or given.session in [s[0] for s in theirs]

    def wrote(self, record: Record) -> None:
        me = record.person_id
        if isinstance(record, Indicator):
            self.hangs["indicator"][me].append(record.indicator_id)
        if isinstance(record, Sprint):
            self.hangs["sprint"][me].append(record.sprint_id)
        if isinstance(record, Session):
            self.sessions.append((record.session_id, me, record.coach_id))
        if isinstance(record, Consent):
            self.world.consents.add((me, record.purpose))
        if isinstance(record, Person):
            self.world.names[me] = record.name

    # --- signing in and out ---

    @rule(name=ANYBODY)
    def signs_in(self, name: str) -> None:
        browser = self.browsers[name]
        browser.identity = Identity(
            "https://one.example", str(self.ids[name]), self.now, f"proof {new_id()}"
        )
        self.comes_back(name, fresh=True)

    @rule(name=ANYBODY)
    def runs_a_screen(self, name: str) -> None:
        """With the provider's cookie as it was, however old."""
        if self.browsers[name].identity is not None:
            self.comes_back(name, fresh=False)

    def comes_back(self, name: str, *, fresh: bool) -> None:
        browser = self.browsers[name]
        assert browser.identity is not None
        going_on = browser.holds(self.now)
        found = signed_in(self.store, browser.token, browser.identity, self.now)
        assert (found is not None) == (going_on or fresh), name
        if found is None:
            return
        assert found.person_id == self.ids[name]
        browser.started = browser.started if going_on else self.now
        if not going_on or self.now - browser.seen >= timedelta(minutes=1):
            browser.seen = self.now
        browser.ended = False

    @rule(name=ANYBODY)
    def signs_out(self, name: str) -> None:
        browser = self.browsers[name]
        if browser.identity is not None:
            sign_out(self.store, browser.token, browser.identity, self.now)
            browser.ended = True

    @rule(by=ANYBODY, name=ANYBODY)
    def signs_somebody_out(self, by: str, name: str) -> None:
        them = self.ids[name]
        may = by == name or self.world.administers(self.ids[by], them)
        with self.expected(may, by):
            end_sessions(self.visit(by), them)
            self.browsers[name].ended = True

    @rule(minutes=st.sampled_from([1, 20, 40, 800]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # --- what holds after each step ---

    @invariant()
    def everybody_sees_what_the_table_says(self) -> None:
        if self.store.saves == self.seen_at:
            return  # nothing at all was saved since everybody looked
        self.new_rows()
        self.seen_at = self.store.saves
        self.step += 1
        for name in NAMES:
            tabs = self.tabs[name]
            shown: dict[str, set[tuple[str, ...]]] = {}
            current = self.step % EVERY == 0
            for view, row in tabs[self.step % len(tabs)].read(self.reads[current]):
                shown.setdefault(view, set()).add(tuple(row))
            for view, rows in shown_to(self.world, self.ids[name], current=current).items():
                right = {tuple(map(str, row)) for row in rows}
                seen = shown.pop(view, set())
                assert not seen - right, (
                    f"{name} reads in {view} what is not theirs: {seen - right}"
                )
                assert not right - seen, f"{name} misses in {view}: {right - seen}"
            assert not shown, f"{name} reads {list(shown)}"


@dataclass
class Browser:
    """A browser of somebody's, and whether what it began still holds."""

    token: str
    identity: Identity | None = None
    started: datetime | None = None
    seen: datetime = datetime.min.replace(tzinfo=UTC)
    ended: bool = False

    def holds(self, now: datetime) -> bool:
        begun = self.started is not None and not self.ended
        return begun and now - self.seen < IDLE and now - self.started < LONGEST


def test_nobody_ever_reads_or_writes_what_the_table_denies() -> None:
    with TemporaryDirectory() as folder:
        store = open_store(places_at(Path(folder)))
        Life.store, Life.raw = store, rows_sql()
        Life.reads = {current: views_sql(store, current=current) for current in (True, False)}
        try:
            run_state_machine_as_test(
                Life,
                settings=settings(
                    max_examples=SEQUENCES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    derandomize="COACH_SEQUENCES" not in os.environ,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            store.close()


def test_a_view_without_a_rule_is_found() -> None:
    with TemporaryDirectory() as folder:
        store = open_store(places_at(Path(folder)))
        store.cursor().execute("CREATE VIEW diary AS SELECT 1 AS person_id")
        with pytest.raises(AssertionError, match="diary has no rule in the table"):
            views_sql(store)
        store.close()
