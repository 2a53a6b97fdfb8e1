"""Local days, across zones, the day boundary and the change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.dates import days, local_day, month_weeks, stamp, time_zone

NIGHT = 180
"""The day ends at 03:00."""


def at(text: str) -> datetime:
    """An ISO moment, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DAYS = [
    # one moment, three days
    ("2026-05-31T10:30", "Pacific/Kiritimati", 0, "2026-06-01"),
    ("2026-05-31T10:30", "UTC", 0, "2026-05-31"),
    ("2026-05-31T09:30", "Pacific/Honolulu", 0, "2026-05-30"),
    # the boundary at 03:00 local
    ("2026-05-31T12:59:59", "Pacific/Kiritimati", NIGHT, "2026-05-31"),
    ("2026-05-31T13:00", "Pacific/Kiritimati", NIGHT, "2026-06-01"),
    ("2026-05-31T12:59:59", "Pacific/Honolulu", NIGHT, "2026-05-30"),
    ("2026-05-31T13:00", "Pacific/Honolulu", NIGHT, "2026-05-31"),
    ("2026-01-01T01:59", "Europe/Berlin", NIGHT, "2025-12-31"),
    ("2026-01-01T02:00", "Europe/Berlin", NIGHT, "2026-01-01"),
    # Berlin springs from 02:00 to 03:00 (01:00 UTC): the day begins with the jump
    ("2026-03-29T00:59:59", "Europe/Berlin", NIGHT, "2026-03-28"),
    ("2026-03-29T01:00", "Europe/Berlin", NIGHT, "2026-03-29"),
    # Berlin falls back from 03:00 to 02:00 (01:00 UTC): 03:00 comes an hour later
    ("2026-10-25T00:59:59", "Europe/Berlin", NIGHT, "2026-10-24"),
    ("2026-10-25T01:59:59", "Europe/Berlin", NIGHT, "2026-10-24"),
    ("2026-10-25T02:00", "Europe/Berlin", NIGHT, "2026-10-25"),
    # half-hour and quarter-hour zones
    ("2026-05-31T21:14", "Asia/Kathmandu", NIGHT, "2026-05-31"),
    ("2026-05-31T21:15", "Asia/Kathmandu", NIGHT, "2026-06-01"),
]


@pytest.mark.abuse(21)
@pytest.mark.parametrize(("moment", "zone", "day_ends", "day"), DAYS)
def test_21_the_local_day(moment: str, zone: str, day_ends: int, day: str) -> None:
    assert local_day(at(moment), zone, day_ends) == date.fromisoformat(day)


@pytest.mark.abuse(21)
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-10-25T00:29", "2026-10-24"),  # 02:29 in summer time
        ("2026-10-25T00:30", "2026-10-25"),  # 02:30: the day ends
        ("2026-10-25T01:00", "2026-10-25"),  # 02:00 again: it does not begin anew
        ("2026-10-25T01:30", "2026-10-25"),  # 02:30 again
    ],
)
def test_21_a_day_that_has_begun_stays_when_the_clock_goes_back(moment: str, day: str) -> None:
    assert local_day(at(moment), "Europe/Berlin", 150) == date.fromisoformat(day)


@pytest.mark.abuse(21)
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(hours=24)),
    st.sampled_from(["Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Berlin", "Asia/Kathmandu"]),
    st.integers(0, 720),
)
def test_21_days_never_run_backwards(
    moment: datetime, passed: timedelta, zone: str, day_ends: int
) -> None:
    day = local_day(moment, zone, day_ends)
    later = local_day(moment + passed, zone, day_ends)
    assert timedelta(0) <= later - day <= timedelta(days=2)
    assert local_day(moment.astimezone(timezone(timedelta(hours=-7))), zone, day_ends) == day


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 5, 31), "UTC", 0)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert time_zone(name).key == "UTC"


def test_a_stamp_is_utc_without_a_zone() -> None:
    moment = datetime(2026, 5, 31, 1, tzinfo=timezone(timedelta(hours=14)))
    assert stamp(moment) == datetime(2026, 5, 30, 11)


def test_days_include_both_ends() -> None:
    assert days(date(2024, 2, 28), date(2024, 3, 1)) == [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]
    assert days(date(2026, 1, 1), date(2026, 1, 1)) == [date(2026, 1, 1)]
    assert days(date(2026, 1, 2), date(2026, 1, 1)) == []


@pytest.mark.parametrize(("month", "length"), [("2026-02", 28), ("2024-02", 29), ("2026-12", 31)])
def test_a_month_in_weeks(month: str, length: int) -> None:
    weeks = month_weeks(date.fromisoformat(f"{month}-15"))
    within = [day for week in weeks for day in week if day]
    assert within == days(
        date.fromisoformat(f"{month}-01"), date.fromisoformat(f"{month}-{length}")
    )
    assert {len(week) for week in weeks} == {7}
    assert all(day is None or day.weekday() == k for week in weeks for k, day in enumerate(week))
