"""Starting points: each area whole, each behaviour a record that holds together."""

from __future__ import annotations

from datetime import date

import pytest

from coach_data import library
from coach_data.library.templates import Area, StartingLeading
from coach_data.model import Kind, Measure, Period
from coach_data.text import LIMITS

AREAS = [area for role in library.roles() for area in library.areas(role)]


LEADING = [(area, leading) for area in AREAS for leading in area.leading]


def test_both_roles_have_areas_of_their_own() -> None:
    assert library.roles() == ("individual contributor", "mid-level manager")
    assert all(4 <= len(library.areas(role)) <= 5 for role in library.roles())
    assert len({area.key for area in AREAS}) == len(AREAS)
    with pytest.raises(KeyError, match="astronaut"):
        library.areas("astronaut")


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.key)
def test_an_area_is_a_whole_starting_point(area: Area) -> None:
    assert 3 <= len(area.leading) <= 5
    assert 1 <= len(area.experiments) <= 2
    names = [leading.name for leading in area.leading]
    assert len({*names, area.lagging.name}) == len(names) + 1
    assert any(leading.guard for leading in area.leading)
    result = area.lagging
    assert (result.target > result.baseline) == result.rising_is_better
    assert result.low is not None
    assert result.high is not None
    assert result.low <= min(result.baseline, result.target)
    assert max(result.baseline, result.target) <= result.high
    # A weekly result takes longer to read (statistics: 26 weeks before "no strong link").
    assert result.weeks >= (26 if result.period is Period.WEEK else 8)
    record = result.indicator(person_id=1, outcome_id=2)
    assert (record.kind, record.period) == (Kind.LAGGING, result.period)


@pytest.mark.parametrize(("area", "leading"), LEADING, ids=lambda item: getattr(item, "name", ""))
def test_a_behaviour_becomes_records_that_hold_together(
    area: Area, leading: StartingLeading
) -> None:
    record = leading.indicator(person_id=1, outcome_id=2, position=3)
    aim = leading.agreed(person_id=1, indicator_id=record.indicator_id, since=date(2026, 3, 2))
    assert (record.kind, record.person_id, record.outcome_id) == (Kind.LEADING, 1, 2)
    assert (record.low, record.high, record.position) == (leading.low, leading.high, 3)
    assert leading.controllable
    assert 1 <= leading.expected_lag <= 28, "the lags that the association check looks at"
    days = 7 if aim.period is Period.WEEK else 1
    assert leading.low <= aim.amount <= leading.high * days
    assert aim.amount > 0
    assert leading.low < leading.high
    ranges = {Measure.YES_NO: (0, 1), Measure.RATING: (1, 5)}
    assert (leading.low, leading.high) == ranges.get(leading.measure, (leading.low, leading.high))
    if leading.measure is Measure.MINUTES:
        assert leading.unit == "min"
    if leading.measure is Measure.YES_NO and aim.period is Period.WEEK:
        assert aim.amount <= 7
    if leading.guard:
        guard = leading.guard.indicator(person_id=1, outcome_id=2, guard_of=record.indicator_id)
        assert (guard.kind, guard.guard_of) == (Kind.GUARD, record.indicator_id)


def test_names_fit_the_fields_that_keep_them() -> None:
    for area in AREAS:
        guards = [leading.guard for leading in area.leading if leading.guard]
        named = [(item.name, item.unit) for item in area.leading]
        named += [(item.name, item.unit) for item in guards]
        for name, unit in [*named, (area.lagging.name, area.lagging.unit)]:
            assert len(name) <= LIMITS["name"]
            assert len(unit) <= LIMITS["unit"]
        for text in (area.goal, area.outcome, area.difference, area.noticed_by):
            assert len(text) <= 400
