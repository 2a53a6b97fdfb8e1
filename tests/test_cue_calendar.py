"""The cue in a calendar, read by others (vobject, dateutil) than the one that wrote it.

The zone is read from the file and not from this machine: what is checked is then what a calendar does
that knows nothing of the zone but what the file itself says.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical

from coach_data.behaviours import park, resume
from coach_data.cue_calendar import NoTime, cue_calendar_of, feed_of
from coach_data.habits import keep_habit, plan_sentence, remove_habit
from coach_data.model import Habit, Indicator, Kind, new_id
from coach_data.people import join
from coach_data.privacy import Visit
from coach_data.sessions import begin, end

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)  # a Sunday


@pytest.fixture
def kept(store):
    """``kept(zone, ...)``: a visit of somebody there, and their habit."""

    def made(zone="Europe/Berlin", *, now=NOW, **given):
        visit = Visit.open(store, join(store, "Ann", now, zone=zone).person_id, now)
        indicator = Indicator(
            person_id=visit.viewer_id, indicator_id=new_id(), kind=Kind.LEADING, name="Lines"
        )
        visit.save(indicator)
        known = {"cue": "I pour my coffee", "routine": "write three lines", "at_minute": 510}
        habit = Habit(
            person_id=visit.viewer_id, indicator_id=indicator.indicator_id, **(known | given)
        )
        return visit, keep_habit(visit, habit)

    return made


def event(file):
    return vobject.readOne(file.decode()).vevent


def fired(file, until):
    """The moments, in UTC, at which a calendar tells of the cue."""
    text = file.decode()
    zone = re.search("BEGIN:VTIMEZONE.*END:VTIMEZONE", text, re.DOTALL)
    place = tzical(StringIO(zone.group())).get() if zone else UTC
    unzoned = re.sub("DTSTART.*:([0-9T]+)Z?", r"DTSTART:\1", text[zone.end() if zone else 0 :])
    read = vobject.readOne(f"BEGIN:VCALENDAR\r\n{unzoned.removeprefix(text[:17])}")
    starts = takewhile(lambda start: start.date() <= until, read.vevent.getrruleset())
    return [start.replace(tzinfo=place).astimezone(UTC) for start in starts]


ZONES = [
    ("Europe/Berlin", date(2026, 10, 25), 60),
    ("America/New_York", date(2026, 11, 1), 60),
    ("Australia/Sydney", date(2026, 10, 4), -60),
    ("Australia/Lord_Howe", date(2026, 10, 4), -30),
    ("Europe/Dublin", date(2026, 10, 25), 60),
    ("Africa/Casablanca", date(2027, 2, 7), 60),
    ("Asia/Tokyo", date(2026, 10, 25), 0),
    ("UTC", date(2026, 10, 25), 0),
]


@pytest.mark.parametrize(("zone", "change", "later"), ZONES, ids=[z for z, _, _ in ZONES])
def test_it_fires_at_the_local_time_across_a_change_of_the_clocks(kept, zone, change, later):
    visit, habit = kept(zone)
    moments = fired(cue_calendar_of(visit, habit), change + timedelta(days=200))
    place = ZoneInfo(zone)
    local = [m.astimezone(place) for m in moments]
    assert {t.time() for t in local} == {time(8, 30)}
    assert {t.weekday() for t in local} == {0, 1, 2, 3, 4}
    assert local[0].date() == date(2026, 6, 1)
    gap = {(b - a) for a, b in zip(local, local[1:], strict=False)}
    assert gap == {timedelta(days=1), timedelta(days=3)}
    before = next(m for m in reversed(moments) if m.astimezone(place).date() < change)
    after = next(m for m in moments if m.astimezone(place).date() > change)
    days = after.astimezone(place).date() - before.astimezone(place).date()
    assert after - before == days + timedelta(minutes=later), "and not at the same UTC time"


def test_chosen_days_and_the_first_of_them(kept):
    visit, habit = kept(weekdays="SA,WE", at_minute=0, minutes=45)
    file = cue_calendar_of(visit, habit)
    read = event(file)
    place = ZoneInfo("Europe/Berlin")
    first = list(islice(read.getrruleset(), 3))
    assert [d.date() for d in first] == [date(2026, 6, 3), date(2026, 6, 6), date(2026, 6, 10)]
    assert read.dtstart.value.astimezone(place).time() == time(0)
    assert read.duration.value == timedelta(minutes=45)


def test_what_the_event_says(kept):
    visit, habit = kept()
    read = event(cue_calendar_of(visit, habit))
    assert read.summary.value == plan_sentence(habit)
    assert read.dtstamp.value == NOW
    assert read.contents["class"][0].value == "PRIVATE"
    assert "valarm" not in read.contents, "nobody asked for one"
    assert "organizer" not in read.contents


def test_a_later_file_takes_the_place_of_the_earlier_one(kept):
    visit, habit = kept()
    first = event(cue_calendar_of(visit, habit))
    changed = keep_habit(visit, replace(habit, routine="read one page"))
    second = event(cue_calendar_of(visit, changed))
    assert first.uid.value == second.uid.value
    assert int(first.sequence.value) < int(second.sequence.value)
    assert str(habit.indicator_id) not in first.uid.value
    assert event(cue_calendar_of(*kept())).uid.value != first.uid.value


def test_the_file_is_as_calendars_want_it(kept):
    visit, habit = kept(
        cue="the Straße is quiet; ✓, at last", routine="write “drei Zeilen”, " + "slowly " * 20
    )
    file = cue_calendar_of(visit, habit)
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert all(len(line) <= 75 for line in lines)
    assert lines[:3] == [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:-//Coach Compass//Habit//EN"]
    assert b"DTSTART;TZID=Europe/Berlin:20260601T083000" in lines
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in lines, "old readers know rules, not lists"
    assert event(file).summary.value == plan_sentence(habit)


def test_words_cannot_add_a_line_to_the_file(kept):
    visit, habit = kept(cue="x\r\nATTACH:http://example.org/x", routine="go\nBEGIN:VALARM")
    read = event(cue_calendar_of(visit, habit))
    assert "attach" not in read.contents
    assert "valarm" not in read.contents


def test_without_a_zone_of_its_own_the_time_is_universal(kept):
    visit, habit = kept("UTC")
    file = cue_calendar_of(visit, habit)
    assert b"DTSTART:20260601T083000Z" in file
    assert b"VTIMEZONE" not in file


def test_a_cue_without_a_time_has_no_file(kept):
    visit, habit = kept(at_minute=None)
    with pytest.raises(NoTime):
        cue_calendar_of(visit, habit)


def test_the_day_is_the_one_where_the_person_is(kept):
    late = datetime(2026, 5, 31, 23, tzinfo=UTC)  # already Monday there
    visit, habit = kept("Asia/Tokyo", now=late)
    assert event(cue_calendar_of(visit, habit)).dtstart.value.date() == date(2026, 6, 1)


# --- the feed ---


def events(file):
    return getattr(vobject.readOne(file.decode()), "vevent_list", [])


def test_a_feed_says_only_that_it_is_time_unless_words_are_wished(kept):
    visit, habit = kept()
    assert [e.summary.value for e in events(feed_of(visit, in_words=False))] == ["Time for a habit"]
    in_words = events(feed_of(visit, in_words=True))
    assert [e.summary.value for e in in_words] == [plan_sentence(habit)]
    assert in_words[0].uid.value == event(cue_calendar_of(visit, habit)).uid.value
    for word in ("coffee", "lines", "Lines", "Ann"):
        assert word not in feed_of(visit, in_words=False).decode()


def test_a_feed_fires_as_the_single_file_does(kept):
    visit, habit = kept("America/New_York")
    until = date(2026, 12, 1)
    assert fired(feed_of(visit, in_words=True), until) == fired(
        cue_calendar_of(visit, habit), until
    )


def test_only_what_is_on_the_compass_and_has_a_time(kept):
    visit, habit = kept(at_minute=None)
    assert events(feed_of(visit, in_words=True)) == []
    timed = keep_habit(visit, replace(habit, at_minute=510))
    assert len(events(feed_of(visit, in_words=True))) == 1
    park(visit, visit.records(Indicator)[0])
    assert events(feed_of(visit, in_words=True)) == []
    resume(visit, visit.records(Indicator)[0])
    remove_habit(visit, timed)
    file = feed_of(visit, in_words=True)
    assert events(file) == []
    assert b"VTIMEZONE" not in file
    assert b"X-WR-CALNAME:Coach Compass" in file
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in file


def test_the_day_agreed_for_the_next_session(kept):
    visit, habit = kept()
    remove_habit(visit, habit)
    held = begin(visit, visit.viewer_id)
    assert events(feed_of(visit, in_words=False)) == []
    end(visit, held, date(2026, 6, 14))
    (met,) = events(feed_of(visit, in_words=False))
    assert (met.summary.value, met.dtstart.value) == ("Coaching session", date(2026, 6, 14))
    assert met.transp.value == "TRANSPARENT"
    later = Visit.open(visit.store, visit.viewer_id, NOW + timedelta(days=30))
    assert events(feed_of(later, in_words=False)) == []
    again = begin(later, visit.viewer_id)
    assert events(feed_of(visit, in_words=False)) == [], "it is being held"
    end(later, again, date(2026, 7, 14))
    (moved,) = events(feed_of(later, in_words=False))
    assert moved.uid.value == met.uid.value
    assert moved.dtstart.value == date(2026, 7, 14)
