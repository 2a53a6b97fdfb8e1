"""What is wanted, what is followed over time, and what is known of each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model.choices import Comparison, EntryState, Event, Kind, Measure, Period, Status
from coach_data.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Record):
    """The observable result. ``goal`` is the vague sentence that it came from."""

    TABLE = "outcome"
    KEY = ("person_id", "outcome_id")

    outcome_id: int
    goal: str
    difference: str = ""
    """What will be visibly different when this succeeds."""
    noticed_by: str = ""
    indicator_id: int | None = None
    """The lagging indicator that shows it."""
    baseline: float | None = None
    target: float | None = None
    due: date | None = None
    status: Status = Status.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Record):
    """A number followed over time."""

    TABLE = "indicator"
    KEY = ("person_id", "indicator_id")

    indicator_id: int
    outcome_id: int | None = None
    kind: Kind
    name: str
    unit: str = ""
    measure: Measure = Measure.NUMBER
    low: float | None = None
    high: float | None = None
    """The range within which a value is taken; none means what the measure allows."""
    rising_is_better: bool = True
    """Only for lagging indicators and guards: a leading one is read against its aim."""
    period: Period = Period.DAY
    """How often it is measured."""
    controllable: bool | None = None
    expected_lag: int | None = None
    """Days until the result is expected to answer."""
    guard_of: int | None = None
    """For a guard: the leading indicator whose quality it watches."""
    usual_since: date | None = None
    """From which day the usual range is counted, when a person has chosen one."""
    keystone: bool = False
    status: Status = Status.ACTIVE
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim(Record):
    """What is agreed for a leading indicator from a day on; earlier days keep their earlier aim."""

    TABLE = "aim"
    KEY = ("person_id", "indicator_id", "since")

    indicator_id: int
    since: date
    comparison: Comparison = Comparison.AT_LEAST
    amount: float
    period: Period = Period.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """What is known of one indicator on one local day."""

    TABLE = "entry"
    KEY = ("person_id", "indicator_id", "day")

    indicator_id: int
    day: date
    state: EntryState = EntryState.VALUE
    value: float | None = None
    reason: str | None = None
    """Why it was skipped, if the person cares to say."""
    source: str = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNote(Record):
    """Words beside an entry; kept apart because a coach needs a consent of its own to read them."""

    TABLE = "entry_note"
    KEY = ("person_id", "indicator_id", "day")

    indicator_id: int
    day: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLog(Record):
    """How long it took to log one day, from the first sight of the form to "Saved"."""

    TABLE = "day_log"
    KEY = ("person_id", "day")

    day: date
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Record):
    """An event on the time axis: a launch, a leave."""

    TABLE = "annotation"
    KEY = ("person_id", "annotation_id")

    annotation_id: int
    first_day: date
    last_day: date
    event: Event = Event.EVENT
    text: str
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit(Record):
    """How a leading indicator becomes a habit: what sets it off, what is done, what it gives."""

    TABLE = "habit"
    KEY = ("person_id", "indicator_id")

    indicator_id: int
    cue: str
    """The time, place or event that comes just before."""
    routine: str
    two_minute_start: str = ""
    """The beginning of the routine that is too small to be put off."""
    reward: str = ""
    obstacle: str = ""
    if_then: str = ""
    """What to do when the obstacle is there."""
    at_minute: int | None = None
    """When the cue comes, in minutes after local midnight; None where it has no time."""
    minutes: int = 15
    """How long the calendar keeps the time free."""
    weekdays: str = "MO,TU,WE,TH,FR"
    """On which days, as iCalendar names them."""
    removed: bool = False
