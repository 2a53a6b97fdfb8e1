"""How a person's numbers come about, as data.

Days are counted back from the last day of the programme, which is 0 days ago. Sizes of effects and
changes are in spreads: standard deviations of one day.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach_data.model import Comparison, Event, Measure, Period, Purpose

SPAN = 182
"""Days in the programme: 26 weeks."""

Week = tuple[float, float, float, float, float, float, float]
WORK: Week = (-0.3, 0.3, 0.3, 0.1, -0.4, -1.0, -1.0)
"""The weekly rhythm of a working week, Monday first, in spreads."""
HOME: Week = (-0.2, -0.1, 0.0, 0.0, -0.3, 0.4, 0.3)
OPEN_ALL_WEEK: Week = (0.2, 0.2, 0.1, 0.1, 0.0, -0.5, -0.5)
TALKS: Week = (-0.5, 0.6, 0.4, 0.0, -0.6, -1.0, -1.0)
EVEN: Week = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An aim, from so many days ago on."""

    amount: float
    comparison: Comparison = Comparison.AT_LEAST
    period: Period = Period.DAY
    days_ago: int = SPAN - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A lasting change that starts ``days_ago`` and is complete after ``over`` days."""

    days_ago: int
    over: int
    by: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A day with a value of its own; on a weekend it moves to the Friday before."""

    days_ago: int
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """From ``days_ago`` on the value is exactly ``at`` on this share of days, else near it."""

    days_ago: int
    at: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How the values of one indicator come about. ``usual`` of a yes/no: how often it is yes."""

    usual: float
    spread: float = 1.0
    memory: float = 0.4
    """Correlation of one day with the next."""
    week: Week = WORK
    weekends: float = 0.0
    """Share of weekend days that are logged."""
    gaps: float = 0.04
    """Share of days that are missing beside the days on which nothing at all was logged."""
    step: float = 1.0
    """Values are multiples of it."""
    shifts: tuple[Shift, ...] = ()
    specials: tuple[Special, ...] = ()
    pinned: Pinned | None = None
    notes: tuple[tuple[int, str], ...] = ()
    """(days ago, words): beside the last value up to then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The check on a behaviour's quality, and its numbers."""

    name: str
    unit: str
    measure: Measure
    low: float
    high: float
    rising_is_better: bool
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """A leading indicator. ``drives``: its effect on the result ``lag`` days later, if any.

    The effect ends ``until_days_ago``. For a weekly result the lag is read in whole weeks, and it
    is the weekly mean that drives.
    """

    name: str
    unit: str = ""
    measure: Measure
    low: float = 0.0
    high: float
    aims: tuple[Agreed, ...]
    lag: int
    drives: float = 0.0
    until_days_ago: int = 0
    keystone: bool = False
    guard: Guard | None = None
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome with its lagging indicator; a weekly one has a value each Friday."""

    goal: str
    difference: str
    noticed_by: str
    name: str
    unit: str
    measure: Measure
    low: float = 0.0
    high: float
    rising_is_better: bool = True
    period: Period = Period.DAY
    baseline: float
    target: float
    due_in: int = 56
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An annotation of ``days`` days. On the days of a leave nothing is logged."""

    days_ago: int
    days: int
    text: str
    event: Event = Event.EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A coachee. ``draw``: the random stream, one that shows the story on every weekday."""

    name: str
    draw: int = 0
    work: str
    story: str
    coach: str
    cadence_days: int = 14
    consents: tuple[Purpose, ...]
    result: Result
    behaviours: tuple[Behaviour, ...]
    marks: tuple[Mark, ...] = ()
    ill: tuple[int, int] | None = None
    """(days ago, days): behaviours skipped with that reason."""
    started: int = SPAN
    """Days since the first entry could be made."""
    at_most: int = SPAN
    """Values that an indicator has at most, the latest ones."""
