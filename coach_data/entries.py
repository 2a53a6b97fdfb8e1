"""Logging: what is known of a day, saved in one go, with every earlier value kept as history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from statistics import median

from coach_data.model import (
    Aim,
    CoachError,
    DayLog,
    Entry,
    EntryNote,
    EntryState,
    Indicator,
    Measure,
    Record,
)
from coach_data.privacy import Visit
from coach_data.text import clean
from coach_data.values import checked

SCREEN = "screen"
"""The source of what was typed into the form of a day."""
LONGEST_LOG = 600.0
"""Seconds; a form that was open for longer was left lying, and says nothing about the effort."""


class BadDay(CoachError):
    """That day cannot be logged."""


class ChangedMeanwhile(CoachError):
    """This day was changed in another tab or on another device since you opened it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one indicator on one day."""

    state: EntryState
    value: float | None
    reason: str | None
    recorded_at: datetime
    source: str = SCREEN

    def told(self, indicator: Indicator) -> str:
        """It in a few words: "3 hours", "yes", "skipped (ill)", "taken back"."""
        if self.state is EntryState.SKIPPED:
            return f"skipped ({self.reason})" if self.reason else "skipped"
        if self.state is EntryState.CLEARED or self.value is None:
            return "taken back"
        if indicator.measure is Measure.YES_NO:
            return "yes" if self.value else "no"
        return f"{self.value:g} {indicator.unit}".strip()


@dataclass(frozen=True, slots=True)
class DayRow:
    """One indicator as Today asks for it."""

    indicator: Indicator
    aim: Aim | None
    known: Known | None
    before: Known | None
    """What is known of the day before."""
    note: str


@dataclass(frozen=True, slots=True)
class Logged:
    """What a person gives for one indicator: a value, a skip, or nothing (leave it as it is).

    ``seen``: ``recorded_at`` of what the person saw when they typed, None where there was nothing.
    ``note_seen``: the note that they saw; None where nobody looked.
    """

    indicator: Indicator
    value: float | None = None
    skipped: bool = False
    cleared: bool = False
    reason: str | None = None
    note: str | None = None
    seen: datetime | None = None
    note_seen: str | None = None


def day_of(visit: Visit, day: date, asked: Sequence[tuple[Indicator, Aim | None]]) -> list[DayRow]:
    """The rows of the form for ``day``: what is asked, what is known, what the day before held."""
    known = _known(visit, day - timedelta(days=1), day)
    notes = _notes(visit, day, day)
    return [
        DayRow(
            indicator=indicator,
            aim=aim,
            known=known.get((indicator.indicator_id, day)),
            before=known.get((indicator.indicator_id, day - timedelta(days=1))),
            note=notes.get((indicator.indicator_id, day), ""),
        )
        for indicator, aim in asked
    ]


def log_day(visit: Visit, day: date, logged: Sequence[Logged], seconds: float | None = None) -> int:
    """Save what changed on ``day``, all or nothing; the number of entries saved.

    ``seconds``: from the first sight of the form, kept only for a day logged on the day itself.
    Raises BadDay, BadValue, BadText, ChangedMeanwhile, NotAllowed or a StoreError.
    """
    if day > visit.today:
        raise BadDay("That day has not come yet. Nothing was saved.")
    with visit.alone():  # what was seen is compared and replaced in one go
        known, notes = _known(visit, day, day), _notes(visit, day, day)
        entries, beside = _changes(visit, (day, logged), known, notes)
        first_time = not known and day == visit.today
        if entries and first_time and seconds is not None and 0 < seconds <= LONGEST_LOG:
            beside.append(DayLog(person_id=visit.about.person_id, day=day, seconds=seconds))
        if entries or beside:
            visit.save(*entries, *beside)
    return len(entries)


def log_unseen(
    visit: Visit, days: Mapping[date, Sequence[Logged]], source: str, beside: Sequence[Record] = ()
) -> None:
    """Save what was given without a look at the days, all or nothing: the latest counts, and what
    it takes the place of stays in the history.

    ``beside``: what is saved with it, or is not if it cannot be. Raises as ``log_day`` does, but
    never ChangedMeanwhile.
    """
    if any(day > visit.today for day in days):
        raise BadDay("That day has not come yet. Nothing was saved.")
    records: list[Record] = []
    with visit.alone():
        if days:
            span = min(days), max(days)
            known, notes = _known(visit, *span), _notes(visit, *span)
            for day, logged in days.items():
                here = {i: k.recorded_at for (i, on), k in known.items() if on == day}
                seen = [replace(g, seen=here.get(g.indicator.indicator_id)) for g in logged]
                entries, more = _changes(visit, (day, seen), known, notes, source)
                records += [*entries, *more]
        if records or beside:
            visit.save(*records, *beside)


_Key = tuple[int, date]


def _changes(
    visit: Visit,
    given_on: tuple[date, Sequence[Logged]],
    known: Mapping[_Key, Known],
    kept: Mapping[_Key, str],
    source: str = SCREEN,
) -> tuple[list[Record], list[Record]]:
    """The entries and the notes that are new; raises ChangedMeanwhile where not all was seen."""
    entries: list[Record] = []
    notes: list[Record] = []
    day, logged = given_on
    for given in logged:
        indicator_id = given.indicator.indicator_id
        now_known, note = known.get((indicator_id, day)), kept.get((indicator_id, day), "")
        entry = _entry(visit, day, given)
        seen = now_known is None or now_known.recorded_at == given.seen
        if entry is not None and _differs(entry, now_known):
            if not seen:
                raise ChangedMeanwhile
            entries.append(replace(entry, source=source))
        if given.note is not None and clean(given.note, "note") != note:
            if not seen or given.note_seen not in (None, note):
                raise ChangedMeanwhile
            person_id, text = visit.about.person_id, given.note
            notes.append(
                EntryNote(person_id=person_id, indicator_id=indicator_id, day=day, note=text)
            )
    return entries, notes


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was saved for a day: of which indicator, by whom, and what."""

    indicator: Indicator
    by: str
    known: Known


def history_of(visit: Visit, day: date) -> list[Change]:
    """All that was ever saved for ``day``, latest first, with the source of each."""
    indicators = {i.indicator_id: i for i in visit.records(Indicator)}
    rows = visit.read(
        """
        SELECT e.indicator_id, coalesce(p.name, 'somebody else'),
               e.state, e.value, e.reason, e.recorded_at, e.source
        FROM entry_history e LEFT JOIN person p ON p.person_id = e.author
        WHERE e.person_id = ? AND e.day = ? ORDER BY e.recorded_at DESC, e.indicator_id
        """,
        [visit.about.person_id, day],
    )
    return [
        Change(indicators[indicator_id], by, Known(EntryState(state), *known))
        for indicator_id, by, state, *known in rows
        if indicator_id in indicators
    ]


def logged_days_of(visit: Visit, first: date, last: date) -> frozenset[date]:
    """The days from ``first`` to ``last`` of which anything is known."""
    rows = visit.read(  # all states; which is the last is found here, in a fifth of the time
        "SELECT recorded_at, indicator_id, day, state FROM entry_history"
        " WHERE person_id = ? AND day BETWEEN ? AND ?",
        [visit.about.person_id, first, last],
    )
    latest = {
        (indicator_id, day): state
        for _, indicator_id, day, state in sorted(rows, key=itemgetter(0))
    }
    return frozenset(day for (_, day), state in latest.items() if state != EntryState.CLEARED)


def median_seconds_of(visit: Visit) -> float | None:
    """The median time to log a day over the last thirty logged ones, None before there are three.

    Found among the last ninety saves: fewer days, where most were saved again and again.
    """
    rows = visit.read(
        "SELECT day, seconds FROM day_log_history WHERE person_id = ?"
        " ORDER BY day DESC, recorded_at DESC LIMIT 90",
        [visit.about.person_id],
    )
    latest = dict(reversed(rows))
    spent = [latest[day] for day in sorted(latest, reverse=True)[:30]]
    return median(spent) if len(spent) >= 3 else None


def _known(visit: Visit, first: date, last: date) -> dict[tuple[int, date], Known]:
    """What was saved last for each indicator and day, also where it was taken back."""
    rows = visit.read(
        "SELECT recorded_at, indicator_id, day, state, value, reason, source FROM entry_history"
        " WHERE person_id = ? AND day BETWEEN ? AND ?",
        [visit.about.person_id, first, last],
    )
    return {
        (indicator_id, day): Known(EntryState(state), value, reason, at, source)
        for at, indicator_id, day, state, value, reason, source in sorted(rows, key=itemgetter(0))
    }  # a later one takes the place; the engine takes longer to put them in order


def _notes(visit: Visit, first: date, last: date) -> dict[_Key, str]:
    return {(n.indicator_id, n.day): n.note for n in visit.records(EntryNote, first, last)}


def _entry(visit: Visit, day: date, given: Logged) -> Entry | None:
    entry = Entry(
        person_id=visit.about.person_id, indicator_id=given.indicator.indicator_id, day=day
    )
    if given.skipped:
        return replace(entry, state=EntryState.SKIPPED, reason=given.reason)
    if given.value is not None:
        return replace(entry, value=checked(given.indicator, given.value))
    if given.cleared:
        return replace(entry, state=EntryState.CLEARED)
    return None


def _differs(entry: Entry, known: Known | None) -> bool:
    if known is None:
        return entry.state is not EntryState.CLEARED
    return (entry.state, entry.value, entry.reason) != (known.state, known.value, known.reason)
