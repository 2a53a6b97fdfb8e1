"""Recurring cues as iCalendar (RFC 5545), for the calendar that a person uses anyway: one as a file,
or all of them as a feed, which the calendar fetches again by itself.

An event says a local time and its zone, never an offset, so that it fires at the same time on the
clock before and after a change to summer time. The zone is written out by its yearly rule, which old
readers understand too; where it follows none (it moves with a calendar of another kind), each change
is listed.
"""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from coach_data.dates import days, time_zone
from coach_data.habits import WEEKDAYS, habits_of, plan_sentence, times_kept
from coach_data.library import words
from coach_data.model import CoachError, Habit, Session
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.sessions import agreed_of

if TYPE_CHECKING:
    from icalendar import Component, Timezone

PRODUCT = "-//Coach Compass//Habit//EN"
_IDS = uuid.UUID("8c9b1c0e-6d0f-4d0a-9a55-0a1f3c1c7d52")
REFRESH = timedelta(hours=6)
"""How often a calendar is asked to fetch the feed again; each decides for itself."""
_YEARS = 28
"""How many years of changes must agree on one rule: after these the weekdays come round again."""


class NoTime(CoachError):
    """A cue without a time of day cannot stand in a calendar."""


def cue_calendar_of(visit: Visit, habit: Habit) -> bytes:
    """The cue as a weekly event from its next day on, in the person's time zone. Raises NoTime."""
    if habit.at_minute is None or not habit.weekdays:
        raise NoTime
    return _file(visit, [_cue(visit, habit, plan_sentence(habit))])


def feed_of(visit: Visit, *, in_words: bool) -> bytes:
    """All cues that have a time, and the days agreed for the next sessions, to be subscribed to.

    ``in_words``: with the plan sentences. Otherwise an event says only that it is one, because a
    calendar's provider fetches the feed and can read it.
    """
    asked = {i.indicator_id for i in plan_of(visit).leading}
    events = [
        _cue(visit, habit, plan_sentence(habit) if in_words else words("feed.cue"))
        for habit in habits_of(visit).values()
        if habit.indicator_id in asked and habit.at_minute is not None and habit.weekdays
    ]
    events += [_meeting(visit, session) for session in agreed_of(visit)]
    return _file(visit, events, name=words("feed.name"))


def _cue(visit: Visit, habit: Habit, summary: str) -> Component:
    chosen = habit.weekdays.split(",")
    first = next(d for d in days(visit.today, visit.today + timedelta(6)) if _name(d) in chosen)
    at = time(*divmod(habit.at_minute or 0, 60))
    event = _event(visit, f"{habit.person_id}/{habit.indicator_id}", summary)
    event.add("sequence", times_kept(visit, habit))
    event.add("dtstart", datetime.combine(first, at, _place(visit)))
    event.add("duration", timedelta(minutes=habit.minutes))
    event.add("rrule", {"freq": "weekly", "wkst": "MO", "byday": chosen})
    return event


def _meeting(visit: Visit, session: Session) -> Component:
    """The day that was agreed for the next session: a whole day, for its hour is not kept here."""
    event = _event(visit, f"{session.person_id}/next/{session.coach_id}", words("feed.session"))
    event.add("dtstart", session.next_day)
    event.add("transp", "TRANSPARENT")
    return event


def _event(visit: Visit, what: str, summary: str) -> Component:
    from icalendar import Event  # here, because only this file needs it

    event = Event()
    event.add("uid", str(uuid.uuid5(_IDS, what)))
    event.add("dtstamp", visit.now.astimezone(UTC))
    event.add("summary", summary)
    event.add("class", "PRIVATE")  # a shared calendar shows others that time is taken, not for what
    return event


def _file(visit: Visit, events: Sequence[Component], name: str = "") -> bytes:
    """A calendar with these events, and the zone in which they are. ``name``: for a subscription."""
    from icalendar import Calendar, vDuration

    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    if name:
        file.add("x-wr-calname", name)
        file.add("refresh-interval", vDuration(REFRESH), {"VALUE": "DURATION"})
    place = _place(visit)
    if isinstance(place, ZoneInfo) and any("rrule" in event for event in events):
        file.add_component(written_out(place, visit.today))
    for event in events:
        file.add_component(event)
    return bytes(file.to_ical())


def _place(visit: Visit) -> tzinfo:
    zone = time_zone(visit.about.time_zone)
    return UTC if zone.key in ("UTC", "Etc/UTC") else zone


def _name(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def written_out(zone: ZoneInfo, day: date) -> Timezone:
    """A zone as the component that a calendar reads, right from the year of ``day`` on."""
    from icalendar import Timezone

    changes = [_changes(zone, day.year - 1 + k) for k in range(_YEARS)]
    walls = [tuple(_shown_before(zone, c) for c in same) for same in zip(*changes, strict=False)]
    rules = [_rule(same) for same in walls]
    made = Timezone()
    made.add("tzid", zone.key)
    if len({len(year) for year in changes}) > 1 or not all(rules):
        rules = []
    if not rules:
        start = datetime.combine(date(day.year - 1, 1, 1), time())
        made.add_component(_observance(zone, start, start))
    elif changes[0]:
        for change, same, rule in zip(changes[0], walls, rules, strict=True):
            part = _observance(zone, change, same[0])
            part.add("rrule", rule)
            made.add_component(part)
        return made
    for change in (change for year in changes for change in year):
        made.add_component(_observance(zone, change, _shown_before(zone, change)))
    return made


def _observance(zone: ZoneInfo, change: datetime, wall: datetime) -> Component:
    """What counts from a change on (in UTC). ``wall``: what clocks would have shown without it."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    before, after = _offset(zone, change - timedelta(minutes=1)), _offset(zone, change)
    # Ahead of before: summer. Ireland calls its winter the exception; calendars know only this way.
    part: Component = TimezoneDaylight() if after > before else TimezoneStandard()
    part.add("dtstart", wall)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", change.replace(tzinfo=UTC).astimezone(zone).tzname() or zone.key)
    return part


def _changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The moments of a year, in UTC without a zone, at which clocks are changed."""
    found = []
    low = datetime.combine(date(year, 1, 1), time())
    while low.year == year:
        high = low + timedelta(days=7)
        if _offset(zone, low) != _offset(zone, high):
            found.append(_between(zone, low, high))
        low = high
    return [change for change in found if change.year == year]


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first minute after ``low`` with another offset, by halving."""
    old = _offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()


def _shown_before(zone: ZoneInfo, change: datetime) -> datetime:
    """What the clocks would have shown at a change without it."""
    before = (change - timedelta(minutes=1)).replace(tzinfo=UTC).astimezone(zone)
    return before.replace(tzinfo=None) + timedelta(minutes=1)


def _rule(walls: tuple[datetime, ...]) -> dict[str, object] | None:
    """The yearly rule that gives all of these, or None: "the last Sunday of March"."""
    same = {(w.month, w.weekday(), w.time()) for w in walls}
    places = {(w.day + 6) // 7 for w in walls}
    last = all(w.day + 7 > calendar.monthrange(w.year, w.month)[1] for w in walls)
    if len(same) != 1 or not (last or len(places) == 1):
        return None
    place = -1 if last else min(places)
    return {
        "freq": "yearly",
        "bymonth": walls[0].month,
        "byday": f"{place}{_name(walls[0])}",
    }
