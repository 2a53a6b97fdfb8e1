"""What somebody else sees of a person, told in their own records: read through the other's views.

Every kind of record stands here, in ``GROUPS`` or in ``NEVER``; a test holds it. The visit decides
what is there: the coach's own, or ``Visit.seen_by``, which shows the coachee the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach_data.commitments import commitments_of
from coach_data.entries import Known
from coach_data.habits import habits_of, plan_sentence
from coach_data.model import (
    Aim,
    Annotation,
    CoachNote,
    Commitment,
    Consent,
    DayLog,
    Digest,
    Entry,
    EntryNote,
    EntryState,
    Habit,
    Indicator,
    Membership,
    Outcome,
    OwnNote,
    Pairing,
    Person,
    Purpose,
    Record,
    Request,
    Retrospective,
    Session,
    SessionClock,
    SessionNote,
    Sprint,
    Token,
)
from coach_data.outcomes import sentence_of
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.session_notes import notes_of
from coach_data.sessions import sessions_of
from coach_data.sprints import ledger_of, short_day

EXAMPLES = 3
NEVER: frozenset[type[Record]] = frozenset(
    {OwnNote, DayLog, Membership, Token, Request, Digest, CoachNote}
)
"""What no coach sees of a coachee; their own notebook (``CoachNote``) is theirs and not told here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One kind of thing that a coach may see."""

    group: str
    """Its name; the words for it are in the library under ``my_data.group``."""
    count: int
    examples: tuple[str, ...]
    """The latest ones, as they were written."""
    needs: tuple[Purpose, ...] = ()
    """The consents that are missing; then there is nothing."""


def sight_of(visit: Visit) -> list[Seen]:
    """What the viewer sees of the person the visit is about, group by group."""
    given = {c.purpose for c in visit.records(Consent) if c.given}
    found = []
    for group, (_, needed, tell) in GROUPS.items():
        missing = tuple(p for p in needed if p not in given)
        count, lines = tell(visit)
        found.append(Seen(group, count, tuple(lines[:EXAMPLES]), missing))
    return found


Told = tuple[int, list[str]]
"""How many there are, and the first of them in words, latest first."""


def _all(lines: list[str]) -> Told:
    return len(lines), lines


def _person(visit: Visit) -> Told:
    return _all([f"{p.name}, {p.time_zone}" for p in visit.records(Person)])


def _outcome(visit: Visit) -> Told:
    plan = plan_of(visit)
    kept = visit.records(Outcome)
    lines = [sentence_of(plan.outcome, plan.lagging) or plan.outcome.goal] if plan.outcome else []
    return len(kept), lines + [o.goal for o in kept if o != plan.outcome]


def _indicators(visit: Visit) -> Told:
    return _all([i.name for i in sorted(visit.records(Indicator), key=lambda i: i.position)])


def _aims(visit: Visit) -> Told:
    names = _names(visit)
    aims = sorted(visit.records(Aim), key=lambda a: a.since, reverse=True)
    return _all(
        [
            f"{names.get(a.indicator_id, '')}: {a.comparison} {a.amount:g} a {a.period}"
            f" since {short_day(a.since)}"
            for a in aims
        ]
    )


def _habits(visit: Visit) -> Told:
    return _all([plan_sentence(habit) for habit in habits_of(visit).values()])


def _entries(visit: Visit) -> Told:
    indicators = {i.indicator_id: i for i in visit.records(Indicator)}
    here = "FROM entry WHERE person_id = ? AND state <> 'cleared'"
    latest = visit.read(
        f"SELECT indicator_id, day, state, value, reason, recorded_at {here}"
        f" ORDER BY day DESC, indicator_id LIMIT {EXAMPLES}",
        [visit.about.person_id],
    )
    lines = []
    for indicator_id, day, state, value, reason, at in latest:
        indicator, known = indicators[indicator_id], Known(EntryState(state), value, reason, at)
        lines.append(f"{short_day(day)}, {indicator.name}: {known.told(indicator)}")
    return int(visit.read(f"SELECT count(*) {here}", [visit.about.person_id])[0][0]), lines


def _entry_notes(visit: Visit) -> Told:
    notes = sorted(visit.records(EntryNote), key=lambda n: n.day, reverse=True)
    return _all([f"{short_day(n.day)}: {n.note}" for n in notes if n.note])


def _events(visit: Visit) -> Told:
    marked = sorted(visit.records(Annotation), key=lambda a: a.first_day, reverse=True)
    return _all([f"{short_day(a.first_day)}: {a.text}" for a in marked if not a.removed])


def _sprints(visit: Visit) -> Told:
    lines = []
    for line in ledger_of(visit):
        ended = line.retrospective
        decided = f", {ended.decision}: {ended.learned}" if ended else f", {line.stage}"
        lines.append(f"{short_day(line.sprint.first_day)}, {line.sprint.behaviour}{decided}")
    return _all(lines)


def _sessions(visit: Visit) -> Told:
    return _all([f"{s.day:%A}, {short_day(s.day)}" for s in sessions_of(visit)])


def _shared_notes(visit: Visit) -> Told:
    said = [(s, notes_of(visit, s)) for s in sessions_of(visit)]
    return _all([f"{short_day(s.day)}: {n}" for s, notes in said for n in notes.values()])


def _commitments(visit: Visit) -> Told:
    return _all([f"{c.text} ({c.standing})" for c in commitments_of(visit)])


def _agreed(visit: Visit) -> Told:
    consents = [f"{c.purpose}: {'yes' if c.given else 'no'}" for c in visit.records(Consent)]
    meets = [f"a session every {p.cadence_days} days" for p in visit.records(Pairing) if p.active]
    return _all(meets + consents)


def _names(visit: Visit) -> dict[int, str]:
    return {i.indicator_id: i.name for i in visit.records(Indicator)}


Kinds = tuple[type[Record], ...]
GROUPS: dict[str, tuple[Kinds, tuple[Purpose, ...], Callable[[Visit], Told]]] = {
    "outcome": ((Outcome,), (), _outcome),
    "indicators": ((Indicator,), (), _indicators),
    "aims": ((Aim,), (), _aims),
    "habits": ((Habit,), (), _habits),
    "entries": ((Entry,), (Purpose.ENTRIES,), _entries),
    "entry_notes": ((EntryNote,), (Purpose.ENTRIES, Purpose.NOTES), _entry_notes),
    "events": ((Annotation,), (), _events),
    "sprints": ((Sprint, Retrospective), (), _sprints),
    "sessions": ((Session, SessionClock), (), _sessions),
    "shared_notes": ((SessionNote,), (), _shared_notes),
    "commitments": ((Commitment,), (), _commitments),
    "agreed": ((Consent, Pairing), (), _agreed),
    "person": ((Person,), (), _person),
}
"""Which kinds of record a group tells of, the consents it needs, and how it is told."""
