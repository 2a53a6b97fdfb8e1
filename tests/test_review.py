"""Does it matter: one verdict from small invented days, its looks, and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coach_data.annotations import annotations_of, mark
from coach_data.behaviours import add_leading
from coach_data.drift import Concern, Pace, drifted, pace_of
from coach_data.matter import pairs_of, review_of
from coach_data.model import (
    Aim,
    Annotation,
    Comparison,
    Entry,
    EntryState,
    Event,
    Indicator,
    Kind,
    Measure,
    NotAllowed,
    Period,
    Person,
    Purpose,
    Role,
    new_id,
)
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import consent, pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.review import Finding, Review
from coach_data.series import series_of
from coach_data.statistics.fixation import Drift
from coach_data.store import Store
from sample_data.load import load
from tests.cluster import places_at

TODAY = date(2026, 5, 31)
NAN = float("nan")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("review")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@pytest.fixture
def visit(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    """Ann on a Sunday at noon."""
    return Visit.open(store, person("Ann").person_id, now)


def set_up(
    visit: Visit,
    *,
    lag: int | None = 3,
    aim: float | None = -9,
    since: int = 400,
    comparison: Comparison = Comparison.AT_LEAST,
    guard: str = "",
    rising: bool = True,
    period: Period = Period.DAY,
) -> tuple[Indicator, Indicator]:
    """A behaviour and the result of an outcome. ``since``: days ago that the aim was agreed."""
    result = replace(
        new_indicator(visit, "Sales", Kind.LAGGING), rising_is_better=rising, period=period
    )
    keep_outcome(visit, new_outcome(visit, "Win"), result)
    lead = replace(new_indicator(visit, "Calls"), measure=Measure.NUMBER, expected_lag=lag)
    agreed = None
    if aim is not None:
        agreed = Aim(
            person_id=lead.person_id,
            indicator_id=lead.indicator_id,
            since=TODAY - timedelta(days=since),
            amount=aim,
            comparison=comparison,
        )
    add_leading(visit, lead, agreed, new_indicator(visit, guard, Kind.GUARD) if guard else None)
    return lead, result


def log(visit: Visit, indicator: Indicator, values: Sequence[float], ago: int = 0) -> None:
    """One value a day, the last one ``ago`` days before today; nan: nothing is known."""
    last = TODAY - timedelta(days=ago)
    days = [last - timedelta(days=k) for k in range(len(values))][::-1]
    ids = {"person_id": indicator.person_id, "indicator_id": indicator.indicator_id}
    visit.save(
        *(Entry(**ids, day=d, value=float(v)) for d, v in zip(days, values, strict=True) if v == v)
    )


def lever(n: int, r: float = 0.8, lag: int = 3, gone: int | None = None) -> tuple[Any, Any]:
    """A behaviour and the result ``lag`` days later; the effect ends ``gone`` days before today."""
    rng = np.random.default_rng(8)
    lead = rng.standard_normal(n + lag)
    strength = np.where(np.arange(n) >= n - (gone or 0), 0.0, r)
    result = strength * lead[:n] + np.sqrt(1 - strength**2) * rng.standard_normal(n)
    return lead[lag:], result


def review(visit: Visit, n: int = 180, days: Any = None, **how: Any) -> Review:
    """The review of a pair with those days."""
    lead, result = set_up(visit, **how)
    a, b = lever(n) if days is None else days
    log(visit, lead, a)
    log(visit, result, b)
    choices = pairs_of(visit)
    return review_of(visit, choices, choices.leading[0], choices.lagging[0])


# --- the verdict -----------------------------------------------------------------------------------


def test_a_lever_moves_together_with_its_result(visit: Visit) -> None:
    found = review(visit)
    assert (found.finding, found.lag, found.declared) == (Finding.TOGETHER, 3, 3)
    assert found.line is not None
    assert found.pairs is not None
    assert found.pairs.lead.size == found.known
    assert found.moved_on is not None
    assert found.moved_on.days.size
    assert found.values is not None
    assert found.values.counts.sum() == 180


def test_an_unrelated_pair_has_no_clear_pattern_and_no_line(visit: Visit) -> None:
    rng = np.random.default_rng(5)
    found = review(visit, days=(rng.standard_normal(120), rng.standard_normal(120)))
    assert found.finding is Finding.UNCLEAR
    assert found.line is None
    assert found.pairs is not None


def test_an_effect_that_has_gone_is_apart(visit: Visit) -> None:
    found = review(visit, days=lever(300, gone=100))
    assert found.finding is Finding.APART
    assert Concern.DRIFTED in found.concerns
    assert found.line is None
    plan = plan_of(visit)
    series = series_of(visit, [i.indicator_id for i in plan.logged], annotations_of(visit))
    assert drifted(plan, series, TODAY) == {found.leading.indicator_id}


def test_an_aim_that_is_missed_has_not_drifted(visit: Visit) -> None:
    found = review(visit, days=lever(300, gone=100), aim=99)
    assert found.finding is not Finding.APART
    plan = plan_of(visit)
    series = series_of(visit, [i.indicator_id for i in plan.logged], annotations_of(visit))
    assert drifted(plan, series, TODAY) == frozenset()


def test_without_a_declared_lag_a_hit_is_only_possible(visit: Visit) -> None:
    found = review(visit, lag=None)
    assert (found.finding, found.declared, found.lag) == (Finding.POSSIBLE, None, 3)
    assert found.line is None
    assert found.fixation is None


def test_the_same_day_is_never_asked_about(visit: Visit) -> None:
    found = review(visit, lag=0)
    assert found.declared is None
    assert found.finding is Finding.POSSIBLE


def test_a_late_lag_is_scanned_too(visit: Visit) -> None:
    found = review(visit, days=lever(200, lag=21), lag=21)
    assert found.finding is Finding.TOGETHER
    assert found.association is not None
    assert max(found.association.lags) == 28


def test_a_result_that_moves_first_is_said(visit: Visit) -> None:
    lead, result = lever(180)
    assert review(visit, days=(result, lead)).finding is Finding.REVERSE


def test_less_can_be_meant(visit: Visit) -> None:
    lead, result = lever(180)
    found = review(visit, days=(lead, -result), aim=9, comparison=Comparison.AT_MOST)
    assert found.finding is Finding.TOGETHER


def test_a_falling_result_can_be_the_better_one(visit: Visit) -> None:
    lead, result = lever(180)
    assert review(visit, days=(lead, -result), rising=False).finding is Finding.TOGETHER


@pytest.mark.parametrize(("n", "known"), [(10, 7), (32, 29)])
def test_too_early_says_how_many_of_how_many(visit: Visit, n: int, known: int) -> None:
    found = review(visit, n)
    assert (found.finding, found.known, found.needed) == (Finding.TOO_EARLY, known, 30)
    assert found.next_look == TODAY + timedelta(days=30 - known)
    assert found.pairs is None


def test_what_does_not_vary_teaches_nothing(visit: Visit) -> None:
    assert review(visit, days=(np.full(90, 5.0), lever(90)[1])).finding is Finding.NO_VARIATION


def test_a_weekly_result_is_read_by_weeks(visit: Visit) -> None:
    lead, _ = lever(210)
    week = np.convolve(lead, np.ones(7) / 7)[: lead.size]
    weekly = np.where(np.arange(210) % 7 == 4, week, NAN)
    found = review(visit, days=(lead, weekly), period=Period.WEEK, lag=2)
    assert (found.finding, found.weekly, found.lag) == (Finding.TOGETHER, True, 0)
    assert found.pairs is not None
    assert found.pairs.lead.size == found.known <= 30
    assert found.moved_on is not None
    assert np.isfinite(found.moved_on.r).any()


def test_a_monthly_result_cannot_be_tested(visit: Visit) -> None:
    lead, result = lever(210)
    monthly = np.where(np.arange(210) % 30 == 0, result, NAN)
    found = review(visit, days=(lead, monthly))
    assert (found.finding, found.association) == (Finding.TOO_SLOW, None)


@pytest.mark.parametrize(
    ("step", "pace"), [(1, Pace.DAILY), (7, Pace.WEEKLY), (14, Pace.WEEKLY), (30, Pace.TOO_SLOW)]
)
def test_the_pace_is_seen_from_the_days(visit: Visit, step: int, pace: Pace) -> None:
    values = np.where(np.arange(200) % step == 0, 1.0, NAN)
    assert pace_of(new_indicator(visit, "x", Kind.LAGGING), values) is pace


# --- the looks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "level", "ago", "ahead"), [(33, 0.05, 0, 28), (60, 0.05, 27, 1), (73, 0.01, 12, 16)]
)
def test_the_first_look_is_at_five_and_later_ones_at_one_per_cent(
    visit: Visit, n: int, level: float, ago: int, ahead: int
) -> None:
    found = review(visit, n)
    assert found.level == level
    assert found.looked_on == TODAY - timedelta(days=ago)
    assert found.next_look == TODAY + timedelta(days=ahead)


def test_between_two_looks_the_answer_stands(visit: Visit) -> None:
    a, b = lever(180)
    lead, result = set_up(visit)
    log(visit, lead, a)
    log(visit, result, b)
    choices = pairs_of(visit)
    first = review_of(visit, choices, lead, result)
    assert first.looked_on is not None
    assert first.looked_on < TODAY
    log(visit, result, [500.0])
    again = review_of(visit, choices, lead, result)
    assert again.association is first.association
    assert again.looked_on == first.looked_on


def test_leave_and_skips_are_unknown(visit: Visit) -> None:
    a, b = lever(40)
    lead, result = set_up(visit)
    log(visit, lead, a)
    log(visit, result, b)
    choices = pairs_of(visit)
    assert review_of(visit, choices, lead, result).known == 30
    ids = {"person_id": result.person_id, "indicator_id": result.indicator_id}
    visit.save(Entry(**ids, day=TODAY - timedelta(days=9), state=EntryState.SKIPPED))
    away = Annotation(
        person_id=visit.about.person_id,
        annotation_id=new_id(),
        first_day=TODAY - timedelta(days=30),
        last_day=TODAY - timedelta(days=20),
        event=Event.LEAVE,
        text="Away",
    )
    mark(visit, away)
    found = review_of(visit, choices, lead, result)
    assert (found.finding, found.known) == (Finding.TOO_EARLY, 40 - 3 - 11 - 3 - 1)


# --- the question ----------------------------------------------------------------------------------


def counts(seed: int, before: int, after: int, at: float) -> Any:
    """Counts around 6 before, then mostly exactly 6."""
    rng = np.random.default_rng(seed)
    steady = np.where(rng.random(after) < at, 6, rng.poisson(7, after))
    return np.concatenate([rng.poisson(6, before), np.maximum(steady, 6)]).astype(float)


def test_values_that_bunch_are_a_reason_to_ask(visit: Visit) -> None:
    values = counts(3, 80, 70, 0.8)
    rng = np.random.default_rng(4)
    found = review(visit, days=(values, rng.standard_normal(150)), aim=6, since=69)
    assert Concern.BUNCHED in found.concerns
    assert found.finding is not Finding.APART
    assert found.at_aim == (values[80:] == 6).sum()
    assert found.values is not None
    assert found.values.expected is not None


def test_a_guard_that_worsens_is_a_reason_to_ask(visit: Visit) -> None:
    lead, result = set_up(visit, guard="Quality")
    a, b = lever(180)
    log(visit, lead, a)
    log(visit, result, b)
    rng = np.random.default_rng(6)
    quality = 10 + rng.standard_normal(180) - 4 * (np.arange(180) >= 140)
    guard = plan_of(visit).guards[0]
    log(visit, guard, quality)
    choices = pairs_of(visit)
    assert review_of(visit, choices, lead, result).concerns == (Concern.GUARD,)
    log(visit, guard, -quality)
    assert review_of(visit, pairs_of(visit), lead, result).concerns == ()


def test_a_weekly_aim_is_read_by_the_sums_of_weeks(visit: Visit) -> None:
    lead, result = set_up(visit, aim=None)
    agreed = Aim(
        person_id=lead.person_id,
        indicator_id=lead.indicator_id,
        since=TODAY - timedelta(days=69),
        amount=7,
        period=Period.WEEK,
    )
    visit.save(agreed)
    log(visit, lead, np.ones(140))
    log(visit, result, lever(140)[1])
    log(visit, lead, [3.0, 0.0])
    found = review_of(visit, pairs_of(visit), lead, result)
    assert found.by_week


# --- what is chosen, and by whom -------------------------------------------------------------------


def test_a_stranger_and_a_coach_without_consent_get_nothing(
    store: Store, visit: Visit, person: Callable[..., Person]
) -> None:
    own = review(visit)
    stranger, coach = person("Stan"), person("Cleo", roles=(Role.COACH,))
    with pytest.raises(NotAllowed):
        Visit.open(store, stranger.person_id, visit.now, visit.viewer_id)
    theirs = Visit.open(store, stranger.person_id, visit.now)
    asked = review_of(theirs, pairs_of(visit), own.leading, own.lagging)
    assert (asked.finding, asked.association) == (Finding.NOTHING, None)
    pair(visit, coach.person_id)

    def seen() -> Review:
        about = Visit.open(store, coach.person_id, visit.now, visit.viewer_id)
        return review_of(about, pairs_of(about), own.leading, own.lagging)

    assert (seen().finding, seen().association, seen().values) == (Finding.NOTHING, None, None)
    consent(visit, Purpose.ENTRIES, given=True)
    assert seen().finding is Finding.TOGETHER
    consent(visit, Purpose.ENTRIES, given=False)
    assert seen().finding is Finding.NOTHING


# --- whatever the days are -------------------------------------------------------------------------


def numbers(value: Any) -> Iterator[float]:
    """Every single number of a review; gaps are allowed only inside arrays."""
    if is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


KINDS = ["constant", "missing", "one", "counts", "huge", "steps"]


def odd(kind: str, rng: Any, n: int) -> Any:
    values = rng.poisson(2, n).astype(float)
    if kind == "constant":
        values[:] = 3.0
    elif kind in ("missing", "one"):
        values[:] = NAN
        if kind == "one":
            values[n // 2] = 4.0
    elif kind == "huge":
        values *= 1e13
    elif kind == "steps":
        values = np.repeat([1.0, 2.0], n)[:n]
    values[rng.random(n) < rng.uniform(0, 0.7)] = NAN
    return values


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(KINDS),
    st.sampled_from(KINDS),
    st.sampled_from([5, 40, 200]),
    st.sampled_from([None, 0, 3, 28, 60]),
    st.sampled_from([None, 0.0, 3.0]),
)
@example(1, "counts", "counts", 3653, 3, 3.0)
@example(1, "constant", "constant", 200, 3, 3.0)
@example(1, "missing", "missing", 200, 3, 3.0)
@example(1, "one", "one", 200, 3, 3.0)
def test_any_days_have_a_finding_and_no_nan(
    store: Store,
    person: Callable[..., Person],
    now: datetime,
    seed: int,
    one: str,
    other: str,
    n: int,
    lag: int | None,
    aim: float | None,
) -> None:
    visit = Visit.open(store, person("Ann").person_id, now)
    rng = np.random.default_rng(seed)
    found = review(visit, days=(odd(one, rng, n), odd(other, rng, n)), lag=lag, aim=aim)
    assert all(np.isfinite(value) for value in numbers(found))
    for pairs in (found.pairs, found.line, found.values):
        for field in fields(pairs) if pairs is not None else ():
            part = getattr(pairs, field.name)
            assert part is None or np.isfinite(part).all()
    plan = plan_of(visit)
    series = series_of(visit, [i.indicator_id for i in plan.logged], annotations_of(visit))
    drifted(plan, series, TODAY)


def test_a_look_is_kept_only_for_the_same_days(visit: Visit) -> None:
    found = review(visit, days=lever(300, gone=100))
    assert found.fixation is not None
    assert found.fixation.verdict is Drift.SIGNAL
    assert {
        b.day - a.day for a, b in zip(found.fixation.looks, found.fixation.looks[1:], strict=False)
    } == {timedelta(days=28)}


# --- the sample ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "finding", "lag"),
    [
        ("Amara", Finding.TOGETHER, 3),
        ("Bruno", Finding.APART, 3),
        ("Chen", Finding.UNCLEAR, 3),
        ("Dalia", Finding.TOGETHER, 1),
        ("Grace", Finding.TOO_EARLY, None),
    ],
)
def test_the_sample_shows_each_answer(
    store: Store, now: datetime, name: str, finding: Finding, lag: int | None
) -> None:
    visit = Visit.open(store, load(store, now)[name], now)
    choices = pairs_of(visit)
    found = review_of(visit, choices, choices.leading[0], choices.lagging[0])
    assert (found.finding, found.lag) == (finding, lag)
    assert (found.line is not None) == (finding is Finding.TOGETHER)
