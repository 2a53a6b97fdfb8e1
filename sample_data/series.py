"""From a recipe to numbers: series with memory and a weekly rhythm, effects with a lag, gaps.

Every array has one place a day on a grid that begins ``LEAD_IN`` days before the programme, so that
the first days of a result already answer to something. The random streams are numpy's legacy ones,
which are promised never to change: the same seed gives the same values with any version of numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from coach_data.model import Measure
from sample_data.recipes import SPAN, Behaviour, Numbers, Pinned, Result, Shift, Special

LEAD_IN = 28
GRID = LEAD_IN + SPAN
FRIDAY, SATURDAY = 4, 5
NEAR = (-3.0, -2.0, 1.0, 2.0, 3.0, 4.0)
"""How far from the amount the days lie that are not exactly at it."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Random = np.random.RandomState


def stream(*path: int) -> Random:
    """A random stream of its own for that path of numbers (seed, person, indicator, …)."""
    return np.random.RandomState(list(path))


def place(days_ago: int) -> int:
    """The place on the grid of the day so many days before the last one."""
    return GRID - 1 - days_ago


def remembering(rng: Random, n: int, memory: float) -> Floats:
    """An autoregressive series of order 1 with mean 0 and standard deviation 1."""
    news = rng.standard_normal(n)
    series = np.empty(n)
    series[0] = news[0]
    for k in range(1, n):
        series[k] = memory * series[k - 1] + np.sqrt(1 - memory**2) * news[k]
    return series


def changed(shifts: Sequence[Shift]) -> Floats:
    """The sum of lasting changes, in spreads."""
    days = np.arange(GRID)
    ramps = [s.by * np.clip((days - place(s.days_ago) + 1) / s.over, 0, 1) for s in shifts]
    return np.sum(ramps, axis=0) if ramps else np.zeros(GRID)


def measured(latent: Floats, numbers: Numbers, measure: Measure, low: float, high: float) -> Floats:
    """Values as a person would log them, from a latent series in spreads."""
    if measure is Measure.YES_NO:
        return (latent > NormalDist().inv_cdf(1 - numbers.usual)).astype(float)
    step = 5.0 if measure is Measure.MINUTES else numbers.step
    raw = numbers.usual + numbers.spread * latent
    return np.clip(np.round(raw / step) * step, low, high)


def behaviour_values(rng: Random, behaviour: Behaviour, weekday: Ints) -> Floats:
    """What was done on every day, logged or not."""
    numbers = behaviour.numbers
    latent = remembering(rng, GRID, numbers.memory) + np.array(numbers.week)[weekday]
    latent += changed(numbers.shifts)
    values = measured(latent, numbers, behaviour.measure, behaviour.low, behaviour.high)
    if numbers.pinned:
        values = pinned(rng, values, numbers.pinned)
    for special in numbers.specials:
        values[special_place(special, numbers, weekday)] = special.value
    return values


def pinned(rng: Random, values: Floats, at: Pinned) -> Floats:
    """The values, but from a day on exactly at the amount on most days, and near it on the rest."""
    exact = rng.random_sample(GRID) < at.share
    near = at.at + rng.choice(NEAR, GRID)
    later = np.arange(GRID) >= place(at.days_ago)
    return np.where(later, np.where(exact, at.at, near), values)


def special_place(special: Special, numbers: Numbers, weekday: Ints) -> int:
    """Where a special day lies; on the Friday before, if the indicator rests on weekends."""
    k = place(special.days_ago)
    return k - max(int(weekday[k]) - FRIDAY, 0) if numbers.weekends == 0 else k


def guard_values(rng: Random, numbers: Numbers, like: tuple[Measure, float, float]) -> Floats:
    """A guard moves on its own: memory and changes, no rhythm of the week."""
    latent = remembering(rng, GRID, numbers.memory) + changed(numbers.shifts)
    return measured(latent, numbers, *like)


def pushed(behaviour: Behaviour, values: Floats) -> Floats:
    """A behaviour's push on the result in spreads, on the day on which it arrives."""
    numbers = behaviour.numbers
    spread = numbers.spread
    if behaviour.measure is Measure.YES_NO:
        spread = float(np.sqrt(numbers.usual * (1 - numbers.usual)))
    push = np.zeros(GRID)
    push[behaviour.lag :] = ((values - numbers.usual) / spread)[: GRID - behaviour.lag]
    push[place(behaviour.until_days_ago) + 1 :] = 0.0
    return behaviour.drives * push


def daily_result(
    rng: Random, result: Result, behaviours: Sequence[tuple[Behaviour, Floats]], weekday: Ints
) -> Floats:
    """The result of every day: what the behaviours push, its own noise, its weekly rhythm."""
    numbers = result.numbers
    rest = np.sqrt(max(1 - sum(b.drives**2 for b, _ in behaviours), 0.0))
    latent = rest * remembering(rng, GRID, numbers.memory)
    latent += np.sum([pushed(b, values) for b, values in behaviours], axis=0)
    latent += np.array(numbers.week)[weekday] + changed(numbers.shifts)
    return measured(latent, numbers, result.measure, result.low, result.high)


def weekly_result(
    rng: Random, result: Result, behaviours: Sequence[tuple[Behaviour, Floats]], weekday: Ints
) -> Floats:
    """The same for a result with one value a week: on Fridays, driven by means over working days."""
    numbers = result.numbers
    fridays = np.flatnonzero(weekday == FRIDAY)
    latent = remembering(rng, fridays.size, numbers.memory)
    latent *= np.sqrt(max(1 - sum(b.drives**2 for b, _ in behaviours), 0.0))
    for behaviour, values in behaviours:
        worked = np.where(weekday < SATURDAY, values, 0.0)
        means = np.array([worked[max(f - 6, 0) : f + 1].sum() / 5 for f in fridays])
        means[0] = means[1]  # the first week of the grid may be cut
        push = np.roll((means - means.mean()) / max(means.std(), 1e-9), behaviour.lag // 7)
        latent += behaviour.drives * push
    latent += changed(numbers.shifts)[fridays]
    values = np.full(GRID, np.nan)
    values[fridays] = measured(latent, numbers, result.measure, result.low, result.high)
    return values


def logged_days(rng: Random, numbers: Numbers, weekday: Ints, open_days: Flags) -> Flags:
    """On which days a value was logged: working days, some weekends, without the gaps."""
    chance = rng.random_sample(GRID)
    weekend = weekday >= SATURDAY
    known = np.where(weekend, chance < numbers.weekends * (1 - numbers.gaps), chance > numbers.gaps)
    known &= open_days
    for special in numbers.specials:
        known[special_place(special, numbers, weekday)] = True
    return known
