"""What a file would bring in, before anything is saved: what is good, what is refused, what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from coach_data.matching import Found
from coach_data.model import EntryState
from coach_data.parsing import DayOrder, DecimalMark
from coach_data.sheet import Format, Refusal


class Duplicates(StrEnum):
    """What counts where a file says two things about one day."""

    FIRST = "first"
    LAST = "last"
    REFUSE = "refuse"


class Topic(StrEnum):
    """What a question is about; the name of the field of ``Choices`` that answers it."""

    DECIMAL = "decimal"
    DAY_ORDER = "day_order"
    DUPLICATES = "duplicates"
    MAPPING = "mapping"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person has answered so far.

    ``mapping``: from a name in the file to the id of an indicator that is here, or a ``Handling``.
    ``units``: from such a name to one of ``Units``.
    ``only_good_rows``: bring in the rest although something is refused; in a wide file each cell
    counts for itself.
    """

    decimal: DecimalMark | None = None
    day_order: DayOrder | None = None
    duplicates: Duplicates | None = None
    mapping: Mapping[str, int | str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    only_good_rows: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can say. ``options``: (answer, its words).

    ``name``: for the topics mapping and units, the name in the file that the answer is for.
    """

    topic: Topic
    text: str
    options: tuple[tuple[int | str, str], ...]
    name: str = ""


class Given(NamedTuple):
    """What the file says of one indicator on one day; ``state`` None where there is only a note."""

    state: EntryState | None
    value: float | None
    reason: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries against what is here already; ``notes``: those that are new or different."""

    new: int
    changed: int
    unchanged: int
    notes: int


@dataclass(frozen=True, eq=False)
class Preview:
    """All that there is to see before a file is brought in.

    ``given``: for each indicator what the file says of each day. Names that are still asked about
    are counted in as if they were new. ``refusals``: the first hundred of ``refused``.
    ``changes``: None where the file was not compared with what is here.
    """

    name: str
    format: Format
    separator: str
    rows: int
    indicators: tuple[Found, ...]
    given: Mapping[int, Mapping[date, Given]]
    refusals: tuple[Refusal, ...]
    refused: int
    questions: tuple[Question, ...]
    remarks: tuple[str, ...]
    choices: Choices
    changes: Changes | None = None
    app: str = ""

    @property
    def origin(self) -> str:
        """From which app it comes, or else its shape, in a few words."""
        return self.app or f"{self.format}, {self.separator}"

    @property
    def entries(self) -> int:
        """How many values and skips could be brought in."""
        return sum(1 for days in self.given.values() for g in days.values() if g.state is not None)

    @property
    def notes(self) -> int:
        """How many notes could be brought in."""
        return sum(1 for days in self.given.values() for g in days.values() if g.note is not None)

    @property
    def first_day(self) -> date | None:
        """The earliest day of which the file says anything."""
        return min((d for days in self.given.values() for d in days), default=None)

    @property
    def last_day(self) -> date | None:
        """The latest such day."""
        return max((d for days in self.given.values() for d in days), default=None)

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way of bringing it in."""
        return not self.questions and (not self.refused or self.choices.only_good_rows)
