"""What the sample programme is made of. Plain values without ids: a loader gives those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model import (
    Comparison,
    EntryState,
    Event,
    Kind,
    Measure,
    Period,
    Purpose,
    Role,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEntry:
    """What is known of one indicator on one day; a day that is not listed is not known."""

    day: date
    state: EntryState = EntryState.VALUE
    value: float | None = None
    reason: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAim:
    """``amount`` in the indicator's unit for a day, or summed over a week, from ``since`` on."""

    since: date
    comparison: Comparison
    amount: float
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleIndicator:
    """An indicator with everything that was agreed and logged for it, earliest first."""

    name: str
    kind: Kind
    unit: str
    measure: Measure
    low: float
    high: float
    rising_is_better: bool = True
    period: Period = Period.DAY
    expected_lag: int | None = None
    """Days, for a leading indicator."""
    keystone: bool = False
    guard_of: str | None = None
    """For a guard: the name of the leading indicator that it watches."""
    aims: tuple[SampleAim, ...] = ()
    entries: tuple[SampleEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOutcome:
    """The observable result, and the vague goal that it came from."""

    goal: str
    difference: str
    noticed_by: str
    baseline: float
    target: float
    due: date
    lagging: SampleIndicator


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAnnotation:
    """Something on the time axis, both days included."""

    first_day: date
    last_day: date
    event: Event
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePerson:
    """One person. A coach or lead has no outcome and nothing below it."""

    name: str
    roles: tuple[Role, ...]
    work: str = ""
    """``individual contributor`` or ``mid-level manager``, for a coachee."""
    story: str = ""
    """What this person's numbers show, in a few words."""
    coach: str | None = None
    cadence_days: int = 14
    consents: tuple[Purpose, ...] = ()
    outcome: SampleOutcome | None = None
    leading: tuple[SampleIndicator, ...] = ()
    guards: tuple[SampleIndicator, ...] = ()
    annotations: tuple[SampleAnnotation, ...] = ()

    @property
    def logged(self) -> tuple[SampleIndicator, ...]:
        """Everything that this person logs: the behaviours, their guards, the result."""
        result = (self.outcome.lagging,) if self.outcome else ()
        return (*self.leading, *self.guards, *result)
