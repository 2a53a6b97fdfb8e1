"""Logging a day: all or nothing, nothing lost, nothing counted that is not known."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from coach_data import entries
from coach_data.behaviours import add_leading
from coach_data.entries import (
    LONGEST_LOG,
    BadDay,
    ChangedMeanwhile,
    Logged,
    day_of,
    history_of,
    log_day,
    logged_days_of,
    median_seconds_of,
)
from coach_data.model import (
    Entry,
    EntryState,
    Indicator,
    Measure,
    NotAllowed,
    Person,
    Purpose,
    Role,
)
from coach_data.people import consent, pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.store import Store
from coach_data.text import BadText
from coach_data.values import BadValue
from tests.cluster import places_at

SUNDAY = date(2026, 5, 31)
SATURDAY = SUNDAY - timedelta(days=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("entries")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Log:
    """Ann with two behaviours: calls are counted, energy is rated."""

    store: Store
    now: datetime
    ann: Person
    calls: Indicator
    energy: Indicator

    @property
    def visit(self) -> Visit:
        """A new run of the screen."""
        return Visit.open(self.store, self.ann.person_id, self.now)

    def on(self, day: date, seconds: float | None = None, **given: object) -> int:
        """Log calls on ``day`` as somebody who sees what is there."""
        known = {r.indicator.indicator_id: r.known for r in self.rows(day)}
        seen = known[self.calls.indicator_id]
        logged = Logged(self.calls, seen=seen.recorded_at if seen else None, **given)  # type: ignore[arg-type]
        return log_day(self.visit, day, [logged], seconds)

    def rows(self, day: date):  # type: ignore[no-untyped-def]
        """The form of ``day``."""
        return day_of(self.visit, day, plan_of(self.visit).asked(day))

    def told(self, day: date) -> str | None:
        """What is known of the calls of ``day``, in words."""
        known = self.rows(day)[0].known
        return known.told(self.calls) if known else None

    def told_before(self, day: date) -> list[str]:
        """The history of ``day``, latest first, in words."""
        return [c.known.told(c.indicator) for c in history_of(self.visit, day)]


@pytest.fixture
def log(store: Store, person: Callable[..., Person], now: datetime) -> Log:
    """Ann on a Sunday at noon."""
    ann = person("Ann")
    visit = Visit.open(store, ann.person_id, now)
    calls = replace(new_indicator(visit, "Calls"), measure=Measure.COUNT, unit="calls")
    energy = replace(new_indicator(visit, "Energy"), measure=Measure.RATING)
    for indicator in (calls, energy):
        add_leading(visit, indicator, None)
    calls, energy = plan_of(visit).leading
    return Log(store, now, ann, calls, energy)


def test_a_day_of_which_nothing_is_known(log: Log) -> None:
    first, second = log.rows(SUNDAY)
    assert (first.indicator.name, second.indicator.name) == ("Calls", "Energy")
    assert (first.known, first.before, first.note, first.aim) == (None, None, "", None)


def test_a_value_stands_beside_yesterdays(log: Log) -> None:
    assert (log.on(SATURDAY, value=2), log.on(SUNDAY, value=3)) == (1, 1)
    row = log.rows(SUNDAY)[0]
    assert (row.known.value, row.before.value) == (3, 2)
    assert log.rows(SUNDAY)[1].known is None


def test_zero_is_a_value(log: Log) -> None:
    log.on(SUNDAY, value=0)
    assert log.told(SUNDAY) == "0 calls"


def test_every_change_is_kept_as_history(log: Log) -> None:
    log.on(SUNDAY, value=3)
    log.on(SUNDAY, skipped=True, reason="ill")
    log.on(SUNDAY, value=4)
    log.on(SUNDAY, cleared=True)
    assert log.told(SUNDAY) == "taken back"
    assert log.told_before(SUNDAY) == ["taken back", "4 calls", "skipped (ill)", "3 calls"]
    assert {c.by for c in history_of(log.visit, SUNDAY)} == {"Ann"}


@pytest.mark.parametrize("reason", [None, "ill"])
def test_a_skip_has_a_reason_or_none_and_is_not_a_zero(log: Log, reason: str | None) -> None:
    log.on(SUNDAY, skipped=True, reason=reason, value=None)
    known = log.rows(SUNDAY)[0].known
    assert (known.state, known.value, known.reason) == (EntryState.SKIPPED, None, reason)


def test_what_is_unchanged_is_not_written(log: Log) -> None:
    log.on(SUNDAY, value=3, note="long day")
    assert log.on(SUNDAY, value=3, note=" long day ") == 0
    assert log.on(SUNDAY) == 0
    assert log.told_before(SUNDAY) == ["3 calls"]


def test_taking_back_what_was_never_there_writes_nothing(log: Log) -> None:
    assert log.on(SUNDAY, cleared=True) == 0
    assert log.told_before(SUNDAY) == []


def test_earlier_days_can_be_filled_in_and_corrected(log: Log) -> None:
    long_ago = SUNDAY - timedelta(days=400)
    log.on(long_ago, value=1)
    log.on(long_ago, value=2)
    assert log.told(long_ago) == "2 calls"
    assert log.told_before(long_ago) == ["2 calls", "1 calls"]


@pytest.mark.abuse(19)
def test_19_a_future_day_is_refused(log: Log) -> None:
    with pytest.raises(BadDay, match="not come yet. Nothing was saved"):
        log.on(SUNDAY + timedelta(days=1), value=1)
    assert log.told_before(SUNDAY + timedelta(days=1)) == []


@pytest.mark.abuse(21)
def test_21_today_is_the_persons_own(log: Log) -> None:
    log.visit.save(replace(log.ann, time_zone="Pacific/Kiritimati", day_ends=0))
    assert log.on(SUNDAY + timedelta(days=1), value=1) == 1
    log.visit.save(replace(log.ann, time_zone="Pacific/Honolulu", day_ends=180))
    with pytest.raises(BadDay):
        log.on(SUNDAY, value=1)


@pytest.mark.parametrize("value", [-1, 1001, 2.5, float("nan"), float("inf")])
def test_one_value_that_cannot_be_kept_saves_none(log: Log, value: float) -> None:
    with pytest.raises(BadValue, match="Calls"):
        log_day(log.visit, SUNDAY, [Logged(log.energy, value=3), Logged(log.calls, value=value)])
    assert log.told_before(SUNDAY) == []


def test_a_note_that_cannot_be_kept_saves_none(log: Log) -> None:
    with pytest.raises(BadText, match="2,000"):
        log.on(SUNDAY, value=3, note="x" * 2001)
    assert log.told(SUNDAY) is None


def test_notes_stand_beside_the_value_and_can_be_emptied(log: Log) -> None:
    log.on(SUNDAY, value=3, note="<b>good</b> \u202etalk")
    assert log.rows(SUNDAY)[0].note == "<b>good</b> talk"
    assert log.on(SUNDAY, note="") == 0
    assert log.rows(SUNDAY)[0].note == ""
    log.on(SATURDAY, note="a note without a value")
    assert log.rows(SATURDAY)[0].note == "a note without a value"
    assert log.rows(SATURDAY)[0].known is None


# --- two tabs ---


@pytest.mark.abuse(53)
def test_53_the_later_of_two_tabs_is_told_and_saves_nothing(log: Log) -> None:
    early = [Logged(log.calls, value=3), Logged(log.energy, value=4)]
    late = [Logged(log.energy, value=2), Logged(log.calls, value=5)]
    log_day(log.visit, SUNDAY, early)
    with pytest.raises(ChangedMeanwhile, match="another tab"):
        log_day(log.visit, SUNDAY, late)
    assert [r.known.value for r in log.rows(SUNDAY)] == [3, 4]
    seen = {r.indicator.name: r.known.recorded_at for r in log.rows(SUNDAY)}
    late = [replace(given, seen=seen[given.indicator.name]) for given in late]
    assert log_day(log.visit, SUNDAY, late) == 2


@pytest.mark.abuse(53)
def test_53_a_tab_that_saw_an_older_value_is_told(log: Log) -> None:
    log.on(SUNDAY, value=3)
    seen = log.rows(SUNDAY)[0].known.recorded_at
    log.on(SUNDAY, value=4)
    for change in ({"value": 5.0}, {"skipped": True}, {"cleared": True}, {"note": "old"}):
        with pytest.raises(ChangedMeanwhile):
            log_day(log.visit, SUNDAY, [Logged(log.calls, seen=seen, **change)])
    assert log.told_before(SUNDAY) == ["4 calls", "3 calls"]


@pytest.mark.abuse(53)
def test_53_the_same_value_in_both_tabs_is_no_conflict(log: Log) -> None:
    log_day(log.visit, SUNDAY, [Logged(log.calls, value=3)])
    assert log_day(log.visit, SUNDAY, [Logged(log.calls, value=3)]) == 0


@pytest.mark.abuse(53)
def test_53_different_behaviours_in_two_tabs_are_no_conflict(log: Log) -> None:
    log_day(log.visit, SUNDAY, [Logged(log.calls, value=3)])
    assert log_day(log.visit, SUNDAY, [Logged(log.energy, value=3)]) == 1


@pytest.mark.abuse(53)
def test_53_a_note_from_another_tab_is_not_lost(log: Log) -> None:
    log.on(SUNDAY, note="from the phone")
    with pytest.raises(ChangedMeanwhile):
        log_day(log.visit, SUNDAY, [Logged(log.calls, note="", note_seen="")])
    assert log.rows(SUNDAY)[0].note == "from the phone"


@pytest.mark.abuse(53)
def test_53_of_many_at_the_same_moment_one_saves(log: Log) -> None:
    ready = threading.Barrier(6)
    told: list[str] = []

    def tab(value: int) -> None:
        visit = log.visit
        ready.wait()
        try:
            log_day(visit, SUNDAY, [Logged(log.calls, value=value)])
            told.append("saved")
        except ChangedMeanwhile:
            told.append("told")

    tabs = [threading.Thread(target=tab, args=(k,)) for k in range(6)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert sorted(told) == ["saved"] + ["told"] * 5
    assert len(log.told_before(SUNDAY)) == 1


@pytest.mark.abuse(53)
def test_53_nobody_saves_between_the_look_and_the_save(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second tab that comes just then waits, and is told."""
    told: list[str] = []
    plain = entries._known

    def second() -> None:
        try:
            log_day(log.visit, SUNDAY, [Logged(log.calls, value=2)])
            told.append("saved")
        except ChangedMeanwhile:
            told.append("told")

    other = threading.Thread(target=second)

    def known(*given: Any) -> Any:
        found = plain(*given)
        if other.ident is None:
            other.start()
            other.join(0.5)  # it would be done by now, if it could go on
        return found

    monkeypatch.setattr(entries, "_known", known)
    log_day(log.visit, SUNDAY, [Logged(log.calls, value=1)])
    other.join()
    assert told == ["told"]
    assert log.told(SUNDAY) == "1 calls"


# --- who ---


def test_a_coach_reads_with_the_consent_and_never_logs(
    log: Log, person: Callable[..., Person]
) -> None:
    coach = person("Cleo", roles=(Role.COACH,))
    pair(log.visit, coach.person_id)
    log.on(SUNDAY, value=3, note="mine")
    about = Visit.open(log.store, coach.person_id, log.now, log.ann.person_id)
    asked = plan_of(about).asked(SUNDAY)
    assert [(r.known, r.note) for r in day_of(about, SUNDAY, asked)] == [(None, ""), (None, "")]
    assert history_of(about, SUNDAY) == []
    consent(log.visit, Purpose.ENTRIES, given=True)
    about = Visit.open(log.store, coach.person_id, log.now, log.ann.person_id)  # the next run
    row = day_of(about, SUNDAY, asked)[0]
    assert (row.known.value, row.note) == (3, "")
    assert [c.by for c in history_of(about, SUNDAY)] == ["Ann"]
    with pytest.raises(NotAllowed):
        log_day(about, SUNDAY, [Logged(log.calls, value=9, seen=row.known.recorded_at)])
    assert log.told_before(SUNDAY) == ["3 calls"]


def test_nobody_logs_anothers_indicator(log: Log, person: Callable[..., Person]) -> None:
    bob = Visit.open(log.store, person("Bob").person_id, log.now)
    with pytest.raises(NotAllowed):
        log_day(bob, SUNDAY, [Logged(log.calls, value=1)])
    assert bob.records(Entry) == []


# --- the days and the time ---


def test_the_days_of_which_anything_is_known(log: Log) -> None:
    log.on(SUNDAY, value=0)
    log.on(SATURDAY, skipped=True)
    log.on(SUNDAY - timedelta(days=2), value=1)
    log.on(SUNDAY - timedelta(days=2), cleared=True)
    log.on(SUNDAY - timedelta(days=9), value=1)
    first = SUNDAY - timedelta(days=8)
    assert logged_days_of(log.visit, first, SUNDAY) == {SATURDAY, SUNDAY}


def later(log: Log, days: int) -> Log:
    """The same, some days on."""
    return replace(log, now=log.now + timedelta(days=days))


def test_the_median_time_of_the_first_logs_of_days(log: Log) -> None:
    for k, seconds in enumerate([9, 30, 12]):
        assert median_seconds_of(later(log, k).visit) is None
        later(log, k).on(SUNDAY + timedelta(days=k), seconds, value=k)
    assert median_seconds_of(later(log, 3).visit) == 12


def test_what_does_not_count_for_the_time(log: Log) -> None:
    log.on(SATURDAY, 5, value=1)  # another day's
    later(log, 1).on(SUNDAY + timedelta(days=1), LONGEST_LOG + 1, value=1)  # left lying
    later(log, 2).on(SUNDAY + timedelta(days=2), 0, value=1)
    later(log, 3).on(SUNDAY + timedelta(days=3), float("nan"), value=1)
    later(log, 4).on(SUNDAY + timedelta(days=4), None, value=1)
    later(log, 5).on(SUNDAY + timedelta(days=5), 10, note="only a note")
    log.on(SUNDAY, 20, value=1)
    log.on(SUNDAY, 500, value=2)  # a correction
    assert log.visit.read("SELECT day, seconds FROM day_log") == [(SUNDAY, 20)]
    later(log, 6).on(SUNDAY + timedelta(days=6), LONGEST_LOG, value=1)
    assert len(log.visit.read("FROM day_log")) == 2


def test_only_the_last_thirty_days_count(log: Log) -> None:
    for k in range(33):
        seconds = 100 if k < 3 else 10 + k
        later(log, k).on(SUNDAY + timedelta(days=k), seconds, value=1)
    assert median_seconds_of(later(log, 33).visit) == sum((27, 28)) / 2
