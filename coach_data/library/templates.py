"""The shapes of the library's files, and the records that a starting point becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model import Aim, Comparison, Indicator, Kind, Measure, Period, Purpose, new_id


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


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """Open questions for one part of a session, or for one trap (then without ``minutes``)."""

    key: str
    name: str
    minutes: int | None = None
    purpose: str
    guide: tuple[str, ...]
    """How to use the part: guide, don't direct."""
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """questions.toml."""

    groups: tuple[QuestionGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A way in which numbers stop helping. ``questions`` open the talk; more are under its key."""

    key: str
    name: str
    summary: str
    signs: tuple[str, ...]
    recovery: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traps:
    """traps.toml."""

    traps: tuple[Trap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SprintMeasure:
    """What is logged each day of a sprint, ``low`` to ``high``."""

    name: str
    unit: str
    measure: Measure
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A two-week sprint to start from. ``area``: the key of the starting point it belongs to."""

    key: str
    role: str
    area: str
    name: str
    hypothesis: str
    behaviour: str
    measure: SprintMeasure
    success_rule: str
    watch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiments:
    """experiments.toml."""

    experiments: tuple[Experiment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Growth wording. ``instead_of`` quotes what people say; it need not have our tone."""

    instead_of: str
    say: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """growth.toml."""

    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """One line of the ethics page."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ethics:
    """ethics.toml."""

    principles: tuple[Principle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A book, or an article in ``source``; ``year`` is that of the first edition."""

    topic: str
    author: str
    title: str
    source: str | None = None
    year: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """reading.toml."""

    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWording:
    """One wording of a consent; the latest version is what is asked for now."""

    purpose: Purpose
    version: int
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """consents.toml."""

    consents: tuple[ConsentWording, ...]
