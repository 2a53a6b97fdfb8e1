"""The sample programme: the same for the same seed, its stories visible on any day it is loaded."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from coach_data.behaviours import check_aim
from coach_data.model import (
    Comparison,
    EntryState,
    Event,
    Indicator,
    Measure,
    Period,
    Purpose,
    Role,
)
from coach_data.plan import MOST_LEADING
from coach_data.statistics.association import Association, Verdict, associate, associate_weekly
from coach_data.statistics.fixation import Aim, Bunched, Drift, Fixation, bunching, fixation
from coach_data.statistics.pooling import pool
from coach_data.statistics.variation import Knowledge, Signal, variation
from coach_data.values import checked
from sample_data.files import LAST_DAY, write
from sample_data.programme import generate
from sample_data.shapes import SampleEntry, SampleIndicator, SamplePerson

FOLDER = Path(__file__).parents[1] / "sample_data"
SPAN = 182
LOADED_ON = [
    # the seven weekdays, over a year; the eighth stands on one of them again
    date(2026, 1, 5),
    date(2026, 2, 24),
    date(2026, 4, 15),
    date(2026, 6, 4),
    date(2026, 7, 24),
    date(2026, 9, 12),
    date(2026, 11, 1),
    date(2027, 1, 3),
]


@cache
def programme(until: date) -> dict[str, SamplePerson]:
    return {person.name: person for person in generate(until)}


def coachees(until: date = LAST_DAY) -> list[SamplePerson]:
    return [p for p in programme(until).values() if Role.COACHEE in p.roles]


def series(person: SamplePerson, indicator: SampleIndicator, until: date) -> np.ndarray:
    """The values of the half-year on one grid, as the compass reads them: leave is not known."""
    first = until - timedelta(days=SPAN - 1)
    values = np.full(SPAN, np.nan)
    for e in indicator.entries:
        if e.value is not None:
            values[(e.day - first).days] = e.value
    for mark in person.annotations:
        if mark.event is Event.LEAVE:
            values[(mark.first_day - first).days : (mark.last_day - first).days + 1] = np.nan
    return values


def usual(person: SamplePerson, indicator: SampleIndicator, until: date):
    first = until - timedelta(days=SPAN - 1)
    return variation(series(person, indicator, until), first_day=first)


def signals(person: SamplePerson, until: date) -> list[Signal]:
    return [usual(person, i, until).signal for i in person.leading]


def association(person: SamplePerson, row: int, until: date) -> Association:
    """The first look at a behaviour and the result, as declared."""
    behaviour, lagging = person.leading[row], person.outcome.lagging
    weekly = lagging.period is Period.WEEK
    return (associate_weekly if weekly else associate)(
        series(person, behaviour, until),
        series(person, lagging, until),
        first_day=until - timedelta(days=SPAN - 1),
        expected_lag=behaviour.expected_lag // 7 if weekly else behaviour.expected_lag,
        direction=1 if lagging.rising_is_better else -1,
        draws=199,
    )


def drift(person: SamplePerson, row: int, until: date) -> Fixation:
    behaviour = person.leading[row]
    return fixation(
        series(person, behaviour, until),
        series(person, person.outcome.lagging, until),
        first_day=until - timedelta(days=SPAN - 1),
        expected_lag=behaviour.expected_lag,
        aim=Aim(low=behaviour.aims[-1].amount),
        aim_since=behaviour.aims[-1].since,
    )


class TestTheScript:
    def test_it_gives_the_same_for_the_same_day_and_seed(self):
        assert generate(LAST_DAY) == generate(LAST_DAY)
        assert generate(LAST_DAY) != generate(LAST_DAY, seed=1)

    def test_only_the_weekday_of_the_last_day_changes_the_numbers(self):
        moved = timedelta(weeks=31)
        for now, later in zip(coachees(), coachees(LAST_DAY + moved), strict=True):
            for one, other in zip(now.logged, later.logged, strict=True):
                assert [(e.day + moved, e.state, e.value, e.note) for e in one.entries] == [
                    (e.day, e.state, e.value, e.note) for e in other.entries
                ]

    def test_the_files_are_what_the_script_writes(self, tmp_path):
        made = write(tmp_path)
        assert {p.name for p in made} == {p.name for p in FOLDER.glob("*.csv")}
        for path in made:
            assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name

    def test_ten_coachees_two_coaches_one_lead(self):
        count = {role: sum(role in p.roles for p in programme(LAST_DAY).values()) for role in Role}
        assert count == {Role.COACHEE: 10, Role.COACH: 2, Role.LEAD: 1, Role.ADMINISTRATOR: 0}
        assert {p.coach for p in coachees()} == {"Noor", "Samuel"}
        assert {p.work for p in coachees()} == {"individual contributor", "mid-level manager"}

    def test_everybody_has_three_to_five_behaviours_with_aims_and_one_keystone(self):
        for person in coachees():
            assert 3 <= len(person.leading) <= MOST_LEADING, person.name
            assert all(i.aims for i in person.leading)
            assert sum(i.keystone for i in person.leading) == 1, person.name
        assert any(len(i.aims) > 1 for p in coachees() for i in p.leading)


@pytest.mark.parametrize("until", LOADED_ON[:7], ids=lambda day: f"{day:%a}")
class TestTheEntries:
    def each(self, until: date) -> Iterator[tuple[SamplePerson, SampleIndicator, SampleEntry]]:
        return ((p, i, e) for p in coachees(until) for i in p.logged for e in i.entries)

    def test_every_value_can_be_one_of_its_indicator(self, until):
        for _, sample, e in self.each(until):
            if e.value is not None:
                checked(_indicator(sample), e.value)
                assert sample.measure is not Measure.MINUTES or e.value % 5 == 0

    def test_every_aim_can_be_met(self, until):
        for person in coachees(until):
            for sample in person.leading:
                for aim in sample.aims:
                    check_aim(_indicator(sample), aim)

    def test_days_lie_in_the_half_year_and_come_once(self, until):
        for person in coachees(until):
            for sample in person.logged:
                days = [e.day for e in sample.entries]
                assert days == sorted(set(days))
                assert until - timedelta(days=SPAN) < days[0] <= days[-1] <= until

    def test_on_leave_nothing_is_logged(self, until):
        away = [
            (p.name, a.first_day, a.last_day)
            for p in coachees(until)
            for a in p.annotations
            if a.event is Event.LEAVE
        ]
        assert away
        assert all(6 <= (last - first).days <= 13 for _, first, last in away)
        for person, _, e in self.each(until):
            assert not any(n == person.name and a <= e.day <= b for n, a, b in away)

    def test_gaps_and_skips_are_there_and_few(self, until):
        skipped = [e for _, _, e in self.each(until) if e.state is EntryState.SKIPPED]
        assert all(e.reason and e.value is None for e in skipped)
        assert any(e.note for _, _, e in self.each(until))
        for person in coachees(until):
            if person.name == "Grace":
                continue
            for sample in person.leading:
                working = sum(e.day.weekday() < 5 for e in sample.entries)
                assert working >= 0.8 * (130 - 10), (person.name, sample.name)

    def test_a_weekly_result_has_its_value_on_a_friday(self, until):
        for person in coachees(until):
            if person.outcome.lagging.period is Period.WEEK:
                assert {e.day.weekday() for e in person.outcome.lagging.entries} == {4}


@pytest.mark.parametrize("until", LOADED_ON, ids=str)
class TestTheStories:
    def test_honest_lever(self, until):
        amara = coachees(until)[0]
        assert amara.name == "Amara"
        found = association(amara, 0, until)
        assert found.verdict is Verdict.TOGETHER
        assert found.best_lag == amara.leading[0].expected_lag == 3
        assert found.p_declared <= 0.01
        assert 0.38 < found.r < 0.58
        assert drift(amara, 0, until).verdict is Drift.NO_SIGN

    def test_the_first_compass_shows_each_kind_of_row(self, until):
        amara = programme(until)["Amara"]
        assert signals(amara, until) == [
            Signal.UP,
            Signal.NONE,
            Signal.NONE,
            Signal.NONE,
            Signal.UP,
        ]
        assert amara.leading[0].aims[-1].comparison is Comparison.AT_LEAST
        assert amara.leading[4].aims[-1].comparison is Comparison.AT_MOST
        outside = [int((usual(amara, i, until).outside[-42:] != 0).sum()) for i in amara.leading]
        assert outside[1] == outside[3] == 0
        assert 2 <= outside[2] <= 3

    def test_fixation(self, until):
        bruno = programme(until)["Bruno"]
        contacts, guard = bruno.leading[0], bruno.guards[0]
        (aim,) = contacts.aims
        found = drift(bruno, 0, until)
        assert found.verdict is Drift.SIGNAL
        assert found.looks[-1].aim_hit >= 0.8
        values = series(bruno, contacts, until)
        agreed = SPAN - 1 - (until - aim.since).days
        assert bunching(values[:agreed], values[agreed:], aim.amount).verdict is Bunched.BUNCHED
        quality = series(bruno, guard, until)
        assert np.nanmean(quality[-56:]) < np.nanmean(quality[:agreed]) - 0.8
        orders = series(bruno, bruno.outcome.lagging, until)
        assert np.nanmean(orders[-56:]) <= np.nanmean(orders[:agreed]) + 0.5
        assert usual(bruno, bruno.outcome.lagging, until).signal is Signal.NONE

    def test_unrelated_pair(self, until):
        found = association(programme(until)["Chen"], 0, until)
        assert found.verdict is Verdict.CANNOT_TELL
        assert found.n_both > 100

    def test_weekly_outcome(self, until):
        found = association(programme(until)["Dalia"], 0, until)
        assert (found.verdict, found.best_lag) == (Verdict.TOGETHER, 1)

    def test_towards_away_and_ordinary(self, until):
        people = programme(until)
        assert signals(people["Emil"], until)[0] is Signal.UP
        assert signals(people["Fatima"], until)[0] is Signal.DOWN
        for name in ("Chen", "Dalia", "Hiro", "Jakub"):
            assert set(signals(people[name], until)) == {Signal.NONE}, name

    def test_the_newcomer_is_still_learning_the_usual(self, until):
        grace = programme(until)["Grace"]
        for sample in grace.logged:
            assert usual(grace, sample, until).state is Knowledge.LEARNING
            assert until - sample.entries[0].day < timedelta(days=9)

    def test_nobody_else_looks_fixed(self, until):
        for name in ("Amara", "Chen", "Emil"):
            person = programme(until)[name]
            assert drift(person, 0, until).verdict is Drift.NO_SIGN, name

    def test_the_programme_shares_a_behaviour_that_moves_results(self, until):
        sharing = [p for p in coachees(until) if Purpose.PATTERN in p.consents]
        pairs = [
            (
                series(p, i, until),
                series(p, p.outcome.lagging, until)
                * (1 if p.outcome.lagging.rising_is_better else -1),
            )
            for p in sharing
            for i in p.leading
            if i.name == "Focus blocks of 50 minutes"
        ]
        assert len(pairs) >= 6
        first = until - timedelta(days=SPAN - 1)
        found = pool(pairs, first_day=first, expected_lag=3, draws=199)
        assert found.verdict is Verdict.TOGETHER


def _indicator(sample: SampleIndicator) -> Indicator:
    return Indicator(
        person_id=1,
        indicator_id=1,
        kind=sample.kind,
        name=sample.name,
        unit=sample.unit,
        measure=sample.measure,
        low=sample.low,
        high=sample.high,
    )
