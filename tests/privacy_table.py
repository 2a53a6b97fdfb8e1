"""The table "who sees what" of the design, as plain Python: what the views of privacy.sql have to show.

Written from the table and not from the views. ``World`` holds what was agreed (pairings, consents,
roles), ``Row`` is one row as it lies in the store, and ``RULES`` has one rule for each view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from coach_data.model import RECORDS, Purpose, Role

Shown = set[tuple[Any, ...]]


@dataclass(frozen=True)
class Row:
    """What the rules need to know of a row. ``at``: microseconds, which tell it from every other."""

    table: str
    at: int
    person: int
    coach: int | None = None
    viewer: int | None = None
    purpose: str | None = None
    key: str = ""


@dataclass
class World:
    """What was agreed so far, by whoever may agree to it."""

    programmes: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    roles: dict[int, set[Role]] = field(default_factory=dict)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    """(coachee, coach), while it lasts."""
    consents: set[tuple[int, Purpose]] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    """Invitations by their hash: who made them."""
    releases: dict[str, str] = field(default_factory=dict)
    """Behaviour and programme of what is told of everybody together."""

    def begin(self, person: int, coach: int) -> None:
        """A pairing begins; what was agreed to for an earlier coach alone is not for this one."""
        if person not in {p for p, _ in self.pairs}:
            self.consents -= {(person, Purpose.ENTRIES), (person, Purpose.NOTES)}
        self.pairs.add((person, coach))

    def coaches(self, viewer: int, person: int) -> bool:
        return (person, viewer) in self.pairs

    def coachees(self, viewer: int) -> set[int]:
        return {person for person, coach in self.pairs if coach == viewer}

    def agreed(self, person: int, purpose: Purpose) -> bool:
        return (person, purpose) in self.consents

    def administers(self, viewer: int, person: int) -> bool:
        same = self.programmes[viewer] == self.programmes[person]
        return same and Role.ADMINISTRATOR in self.roles[viewer]


# --- one rule a table: may this viewer read this row? ---

May = Callable[[World, int, Row], bool]


def own(world: World, viewer: int, row: Row) -> bool:
    return row.person == viewer


def own_or_coach(world: World, viewer: int, row: Row) -> bool:
    return row.person == viewer or world.coaches(viewer, row.person)


def own_or_agreed(world: World, viewer: int, row: Row) -> bool:
    agreed = world.agreed(row.person, Purpose.ENTRIES)
    return row.person == viewer or (world.coaches(viewer, row.person) and agreed)


def own_or_notes_agreed(world: World, viewer: int, row: Row) -> bool:
    """A note stands beside an entry: whoever may not see the entry does not see its note."""
    agreed = world.agreed(row.person, Purpose.NOTES)
    return row.person == viewer or (own_or_agreed(world, viewer, row) and agreed)


def between_the_two(world: World, viewer: int, row: Row) -> bool:
    with_me = row.coach == viewer and world.coaches(viewer, row.person)
    return row.person == viewer or with_me


def the_coach_alone(world: World, viewer: int, row: Row) -> bool:
    return row.coach == viewer and world.coaches(viewer, row.person)


def name_within_a_pair(world: World, viewer: int, row: Row) -> bool:
    return own_or_coach(world, viewer, row) or world.coaches(row.person, viewer)


def what_the_coach_was_allowed(world: World, viewer: int, row: Row) -> bool:
    allowed = row.purpose in (Purpose.ENTRIES, Purpose.NOTES)
    return row.person == viewer or (world.coaches(viewer, row.person) and allowed)


def looks(world: World, viewer: int, row: Row) -> bool:
    return viewer in (row.person, row.viewer)


MAY_READ: dict[str, May] = {
    "person": name_within_a_pair,
    "membership": own,
    "pairing": between_the_two,
    "consent": what_the_coach_was_allowed,
    "outcome": own_or_coach,
    "indicator": own_or_coach,
    "aim": own_or_coach,
    "annotation": own_or_coach,
    "habit": own_or_coach,
    "sprint": own_or_coach,
    "retrospective": own_or_coach,
    "entry": own_or_agreed,
    "entry_note": own_or_notes_agreed,
    "day_log": own,
    "session": between_the_two,
    "session_clock": between_the_two,
    "session_note": between_the_two,
    "commitment": between_the_two,
    "coach_note": the_coach_alone,
    "own_note": own,
    "token": own,
    "request": own,
    "digest": own,
    "access_log": looks,
}
"""By table. A table without a rule here is nobody's."""


# --- the views that are no table ---


def _agreed_of_coachees(world: World, viewer: int) -> Shown:
    mine = world.coachees(viewer)
    for_a_coach = (Purpose.ENTRIES, Purpose.NOTES)
    agreed = {(person, purpose) for person, purpose in world.consents if person in mine}
    return {(person, str(purpose)) for person, purpose in agreed if purpose in for_a_coach}


def _roster(world: World, viewer: int) -> Shown:
    seen = [p for p in world.names if world.administers(viewer, p)]
    return {(p, world.names[p], str(role)) for p in seen for role in world.roles[p]}


def _met(world: World, viewer: int) -> Shown:
    """The names, up to then, of whoever looked at one's data or was one's coach."""
    last: dict[int, int] = {}
    for row in world.rows:
        other = {"access_log": row.viewer, "pairing": row.coach}.get(row.table)
        if row.person == viewer and other is not None:
            last[other] = max(row.at, last.get(other, row.at))
    names = [row for row in world.rows if row.table == "person" and row.person in last]
    return {(row.person, row.at) for row in names if row.at <= last[row.person]}


def _releases(world: World, viewer: int) -> Shown:
    if not world.roles[viewer] & {Role.COACHEE, Role.COACH, Role.LEAD}:
        return set()
    mine = world.programmes[viewer]
    return {(behaviour,) for behaviour, where in world.releases.items() if where == mine}


@dataclass(frozen=True)
class Other:
    """A view that is no table: the columns that are compared, and what they have to show."""

    columns: str
    shows: Callable[[World, int], Shown]


OTHERS: dict[str, Other] = {
    "viewer": Other("person_id", lambda world, viewer: {(viewer,)}),
    "coachee": Other("person_id", lambda world, viewer: {(p,) for p in world.coachees(viewer)}),
    "coach": Other("person_id", lambda w, viewer: {(c,) for p, c in w.pairs if p == viewer}),
    "coachee_consent": Other("person_id, purpose", _agreed_of_coachees),
    "met": Other("person_id, epoch_us(recorded_at)", _met),
    "administrator": Other(
        "person_id", lambda w, viewer: {(viewer,)} if w.administers(viewer, viewer) else set()
    ),
    "roster": Other("person_id, name, role", _roster),
    "invitation": Other(
        "code_sha256", lambda w, viewer: {(c,) for c, by in w.codes.items() if by == viewer}
    ),
    "release": Other("behaviour", _releases),
}


def shown_to(world: World, viewer: int, *, current: bool = True) -> dict[str, Shown]:
    """For each view what the viewer has to find in it: (recorded_at,) of rows, else its columns.

    ``current``: also for those of current rows.
    """
    found: dict[str, Shown] = {name: other.shows(world, viewer) for name, other in OTHERS.items()}
    kinds = {kind.TABLE for kind in RECORDS}
    by_table: dict[str, list[Row]] = {table: [] for table in MAY_READ}
    for row in world.rows:
        if MAY_READ[row.table](world, viewer, row):
            by_table[row.table].append(row)
    for table, rows in by_table.items():
        if table in kinds:
            found[f"{table}_history"] = {(row.at,) for row in rows}
            if current:
                found[table] = {(at,) for at in _latest(rows)}
        else:
            found[table] = {(row.at,) for row in rows}
    return found


def previewed(world: World, person: int, coach: int) -> set[int]:
    """The rows that "what my coach sees" shows: the coachee's alone, and nothing of the coach's own."""
    private = ("coach_note", "access_log")
    return {
        row.at
        for row in world.rows
        if row.person == person
        and row.table not in private
        and MAY_READ[row.table](world, coach, row)
    }


def _latest(rows: Iterable[Row]) -> set[int]:
    latest: dict[tuple[int, str], int] = {}
    for row in rows:
        latest[row.person, row.key] = max(row.at, latest.get((row.person, row.key), row.at))
    return set(latest.values())
