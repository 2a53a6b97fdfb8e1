"""Which of the things that a file says are good, which are refused and which have to be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from coach_data.matching import Found, Handling, Units
from coach_data.model import CoachError, EntryState, Indicator, Measure
from coach_data.parsing import (
    Ambiguous,
    DayOrder,
    DecimalMark,
    Unreadable,
    day,
    day_orders,
    is_skip,
    number,
    shown,
    yes_no,
)
from coach_data.preview import Choices, Duplicates, Given, Question, Topic
from coach_data.sheet import REFUSED, Cell, Sheet
from coach_data.text import clean
from coach_data.values import checked

_STATES = frozenset({"", "value", "skip", "skipped", "unknown", "cleared"})
_TORN = "the file says two things about this day"


def days_of(
    sheet: Sheet, today: date, order: DayOrder | None
) -> tuple[list[date | None], list[Question]]:
    """The day of each row, None where it is refused or waits for an answer."""
    texts = set(sheet.days) - {REFUSED}
    order = order or _proven_order(texts)
    read: dict[str, date | str | None] = {REFUSED: None}
    waiting = _contradictory(texts) if order is None else set()
    for text in texts:
        try:
            read[text] = day(text, today, order)
        except Ambiguous:
            waiting.add(text)
        except Unreadable as error:
            read[text] = str(error)
    days: list[date | None] = []
    for line, text in zip(sheet.lines, sheet.days, strict=True):
        found = None if text in waiting else read[text]
        if isinstance(found, str):
            sheet.refusals.add(line, "date", text, found)
        days.append(found if isinstance(found, date) else None)
    if not waiting:
        return days, []
    example = min(waiting)
    question = Question(
        Topic.DAY_ORDER,
        f"Does the day or the month come first in the dates, as in {example}?",
        ((DayOrder.DMY, "The day comes first"), (DayOrder.MDY, "The month comes first")),
    )
    return days, [question]


def _proven_order(texts: Collection[str]) -> DayOrder | None:
    """The one order that some days of the file prove, None where none do or they disagree."""
    proofs = {orders for text in texts if len(orders := day_orders(text)) == 1}
    return next(iter(next(iter(proofs)))) if len(proofs) == 1 else None


def _contradictory(texts: Collection[str]) -> set[str]:
    """The days that prove an order, where they do not all prove the same."""
    proofs = {text: orders for text in texts if len(orders := day_orders(text)) == 1}
    return set(proofs) if len(set(proofs.values())) > 1 else set()


def asked(found: Found, known: Sequence[Indicator], lagging_allowed: bool) -> Question:
    """What a name of the file is. ``lagging_allowed``: it may become the result of the outcome."""
    options: list[tuple[int | str, str]] = [(Handling.NEW, "A new behaviour (leading indicator)")]
    if lagging_allowed:
        options.append((Handling.LAGGING, "The result (lagging indicator)"))
    options += [(i.indicator_id, f"It is “{shown(i.name)}”") for i in known]
    options.append((Handling.IGNORE, "Leave it out"))
    text = f"“{shown(found.name)}” is not here yet. What is it?"
    return Question(Topic.MAPPING, text, tuple(options), found.name)


def asked_unit(found: Found) -> Question:
    """Whether numbers in another unit of the same kind are to be converted."""
    return Question(
        Topic.UNITS,
        f"“{shown(found.name)}” has another unit in the file than here: {found.asked}. "
        "What are its numbers?",
        (
            (Units.CONVERT, f"In the unit of the file: convert them ({found.asked})"),
            (Units.AS_THEY_ARE, "In the unit that it has here: take them as they are"),
        ),
        found.name,
    )


class Judge:
    """Turns the cells of a sheet into what they say, or into refusals and questions."""

    def __init__(self, sheet: Sheet, days: Sequence[date | None], choices: Choices) -> None:
        self._lines, self._days = sheet.lines, days
        self._refusals = sheet.refusals
        self._choices = choices
        self.given: dict[int, dict[date, Given]] = {}
        self._commas: list[str] = []
        self._clashes: list[str] = []
        self._rows: dict[tuple[int, date], int] = {}
        self._torn: dict[tuple[int, date], str] = {}

    def take(self, cells: Sequence[Cell], indicator: Indicator, factor: float = 1.0) -> None:
        """All that a column says about its indicator. ``factor``: for its numbers."""
        kept = self.given.setdefault(indicator.indicator_id, {})
        for cell in cells:
            on = self._days[cell.row]
            if on is None:
                continue
            try:
                given = _given(cell, indicator, self._choices.decimal, factor)
            except Ambiguous:
                self._commas.append(f"{shown(cell.value)} on line {self._lines[cell.row]:,}")
            except CoachError as error:
                self._refuse(cell.row, indicator.name, cell.value or cell.status, str(error))
            else:
                if given is not None:
                    self._keep(kept, on, cell.row, given, indicator)

    def _keep(
        self, kept: dict[date, Given], on: date, row: int, given: Given, indicator: Indicator
    ) -> None:
        place = indicator.indicator_id, on
        first = self._rows.setdefault(place, row)
        before = kept.setdefault(on, given)
        if before == given:
            return
        answer = self._choices.duplicates
        if answer == Duplicates.LAST:
            kept[on] = given
        elif answer == Duplicates.REFUSE:
            self._torn[place] = _words(before)
            self._refuse(row, indicator.name, _words(given), _TORN)
        elif answer is None:
            self._clashes.append(
                f"{shown(indicator.name)} on {on}: {_words(before)} on line "
                f"{self._lines[first]:,}, {_words(given)} on line {self._lines[row]:,}"
            )

    def drop_torn(self, names: Mapping[int, str]) -> None:
        """Refuse also what came first on a day of which the file says two things."""
        for (indicator_id, on), what in self._torn.items():
            del self.given[indicator_id][on]
            row = self._rows[indicator_id, on]
            self._refuse(row, names[indicator_id], what, _TORN)

    def _refuse(self, row: int, name: str, what: str, why: str) -> None:
        self._refusals.add(self._lines[row], name, what, why)

    def questions(self) -> list[Question]:
        """What has to be asked about the values."""
        made = []
        if self._commas:
            made.append(
                Question(
                    Topic.DECIMAL,
                    f"What is the comma in the numbers ({_first(self._commas)})?",
                    (
                        (DecimalMark.COMMA, "A decimal comma: 1,5 is one and a half"),
                        (DecimalMark.POINT, "It stands between thousands: 1,500"),
                    ),
                )
            )
        if self._clashes:
            made.append(
                Question(
                    Topic.DUPLICATES,
                    f"The file says two things about one day ({_first(self._clashes)}). "
                    "Which counts?",
                    (
                        (Duplicates.FIRST, "The one that comes first in the file"),
                        (Duplicates.LAST, "The one that comes last"),
                        (Duplicates.REFUSE, "Neither: I will change the file"),
                    ),
                )
            )
        return made


def _given(
    cell: Cell, indicator: Indicator, mark: DecimalMark | None, factor: float
) -> Given | None:
    """What a cell says, None where it says nothing. Raises a CoachError with the reason."""
    if not (cell.status or cell.note or cell.reason or is_skip(cell.value)):
        return _value(cell.value, indicator, (mark, factor), None) if cell.value else None
    status = cell.status.casefold()
    if status not in _STATES:
        raise Unreadable("the status is none of: value, skipped, unknown")
    note = clean(cell.note, "note") or None
    skipped = is_skip(status) or is_skip(cell.value)
    value = "" if is_skip(cell.value) else cell.value
    if value and (skipped or status in {"unknown", "cleared"}):
        raise Unreadable(f"there is a value, but the status is {shown(status)}")
    if skipped:
        if status not in {"", "skip", "skipped"}:
            raise Unreadable(f"it is skipped, but the status is {shown(status)}")
        reason = clean(cell.reason, "reason") or None
        return Given(EntryState.SKIPPED, None, reason, note)
    if value:
        return _value(value, indicator, (mark, factor), note)
    if status == "value":
        raise Unreadable("the status says that there is a value, but there is none")
    return Given(None, None, None, note) if note else None


def _value(
    text: str, indicator: Indicator, how: tuple[DecimalMark | None, float], note: str | None
) -> Given:
    """``how``: the decimal mark, and the factor for another unit."""
    mark, factor = how
    value = yes_no(text) if indicator.measure is Measure.YES_NO else None
    if value is None:
        value = number(text, mark, percent=indicator.unit == "%")
        if factor != 1:
            value = round(value * factor, 9)  # 1.1 hours are 66 minutes, not 66.00000000000001
    return Given(EntryState.VALUE, checked(indicator, value), None, note)


def _words(given: Given) -> str:
    if given.value is not None:
        return f"{given.value:g}"
    return "skipped" if given.state is EntryState.SKIPPED else "a note"


def _first(examples: Sequence[str]) -> str:
    more = len(examples) - 1
    return examples[0] + (f", and {more:,} more" if more else "")
