"""The shapes of the library's files, and the records that a starting point becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model import Aim, Comparison, Indicator, Kind, Measure, Period, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingAim:
    """A suggested aim: ``amount`` in the indicator's unit, for a day or summed over a week."""

    comparison: Comparison
    amount: float
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingGuard:
    """A suggested check on the quality of one behaviour."""

    name: str
    unit: str = ""
    measure: Measure
    low: float | None = None
    high: float | None = None
    rising_is_better: bool

    def indicator(
        self, *, person_id: int, outcome_id: int, guard_of: int, position: int = 0
    ) -> Indicator:
        """A new record of it, watching the leading indicator ``guard_of``."""
        return Indicator(
            person_id=person_id,
            indicator_id=new_id(),
            outcome_id=outcome_id,
            kind=Kind.GUARD,
            name=self.name,
            unit=self.unit,
            measure=self.measure,
            low=self.low,
            high=self.high,
            rising_is_better=self.rising_is_better,
            guard_of=guard_of,
            position=position,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingLeading:
    """A suggested behaviour. ``low`` to ``high`` holds one day's value; the lag is in days."""

    name: str
    unit: str = ""
    measure: Measure
    low: float
    high: float
    aim: StartingAim
    expected_lag: int
    controllable: bool
    because: str
    """Why the behaviour is expected to drive the outcome, in one line."""
    guard: StartingGuard | None = None

    def indicator(self, *, person_id: int, outcome_id: int, position: int = 0) -> Indicator:
        """A new record of it."""
        return Indicator(
            person_id=person_id,
            indicator_id=new_id(),
            outcome_id=outcome_id,
            kind=Kind.LEADING,
            name=self.name,
            unit=self.unit,
            measure=self.measure,
            low=self.low,
            high=self.high,
            controllable=self.controllable,
            expected_lag=self.expected_lag,
            position=position,
        )

    def agreed(self, *, person_id: int, indicator_id: int, since: date) -> Aim:
        """The suggested aim as a record that counts from the day ``since``."""
        return Aim(
            person_id=person_id,
            indicator_id=indicator_id,
            since=since,
            comparison=self.aim.comparison,
            amount=self.aim.amount,
            period=self.aim.period,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingLagging:
    """A suggested number for the result, with typical values for one ``period``."""

    name: str
    unit: str = ""
    measure: Measure
    period: Period
    low: float | None = None
    high: float | None = None
    rising_is_better: bool
    baseline: float
    target: float
    weeks: int
    """Weeks until it is due."""

    def indicator(self, *, person_id: int, outcome_id: int) -> Indicator:
        """A new record of it."""
        return Indicator(
            person_id=person_id,
            indicator_id=new_id(),
            outcome_id=outcome_id,
            kind=Kind.LAGGING,
            name=self.name,
            unit=self.unit,
            measure=self.measure,
            low=self.low,
            high=self.high,
            rising_is_better=self.rising_is_better,
            period=self.period,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A starting point: from a vague goal to a result, and the behaviours that may drive it."""

    key: str
    role: str
    name: str
    goal: str
    outcome: str
    difference: str
    noticed_by: str
    experiments: tuple[str, ...]
    """Two-week experiments to try, a sentence each."""
    lagging: StartingLagging
    leading: tuple[StartingLeading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """roles.toml."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vague:
    """vague.toml: lower-case words and phrases for the live check of an outcome."""

    words: frozenset[str]
    activities: frozenset[str]
    inner_states: frozenset[str]
