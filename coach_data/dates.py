"""Local days. A person's day ends at their own hour in their own time zone, not at midnight UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def time_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name, UTC where the machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_day(now: datetime, zone: str, day_ends: int) -> date:
    """The day that ``now`` belongs to for somebody in ``zone`` whose day ends at ``day_ends``.

    ``now``: aware. ``day_ends``: minutes after local midnight (180: until 03:00 it is still
    yesterday). The wall clock counts, so a change to or from summer time moves no day; where it goes
    back over the end of the day, the day that has begun stays.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    place = time_zone(zone)
    wall = now.astimezone(place).replace(tzinfo=None)
    day = (wall - timedelta(minutes=day_ends)).date()
    next_day = day + timedelta(days=1)
    begins = datetime.combine(next_day, time(), place) + timedelta(minutes=day_ends)
    return next_day if begins.astimezone(UTC) <= now.astimezone(UTC) else day


def stamp(now: datetime) -> datetime:
    """``now`` as it is stored: UTC, without a zone."""
    return now.astimezone(UTC).replace(tzinfo=None)


def local_time(stored: datetime, zone: str) -> datetime:
    """A stored time (UTC, without a zone) on the wall clock of somebody in ``zone``; aware."""
    return stored.replace(tzinfo=UTC).astimezone(time_zone(zone))


def days(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included; none where ``last`` is earlier."""
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]


def month_weeks(day: date) -> list[list[date | None]]:
    """The month of ``day`` as Monday-first weeks, None where the week reaches out of the month."""
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    grid: list[date | None] = [None] * first.weekday()
    grid += days(first, last)
    grid += [None] * (-len(grid) % 7)
    return [grid[k : k + 7] for k in range(0, len(grid), 7)]
