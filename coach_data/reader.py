"""What is in a file, for somebody with these indicators: read, matched and judged, nothing saved.

How numbers and days are read: parsing.py; wide and long files: sheet.py; which name is which
indicator: matching.py; what may be kept: judging.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from coach_data.files import SEPARATORS
from coach_data.formats import utc_day
from coach_data.formats.perfice import DayOf
from coach_data.judging import Judge, asked, asked_unit, days_of
from coach_data.matching import Found, Match, Matcher
from coach_data.model import Indicator, Kind, Status
from coach_data.parsing import shown
from coach_data.plan import MOST_LEADING, Plan
from coach_data.preview import Choices, Preview, Question
from coach_data.sheet import Progress, Sheet, sheet_of

NOTHING_CHOSEN = Choices()


def read(
    content: bytes,
    name: str,
    plan: Plan,
    today: date,
    choices: Choices = NOTHING_CHOSEN,
    *,
    others: Sequence[Indicator] = (),
    progress: Progress | None = None,
    day_of: DayOf = utc_day,
) -> Preview:
    """What is in the file, without a look at the store. Raises FileRefused.

    ``name``: of the file, only shown. ``others``: the person's indicators beyond the plan (closed,
    of earlier outcomes), so that their days find them again. ``progress``: told the share done.
    ``day_of``: the person's local day of a moment, for files that tell moments.
    """
    known = _known(plan, others)
    half = None if progress is None else lambda share: progress(share / 2)
    sheet = sheet_of(content, name, {i.indicator_id for i in known}, half, day_of)
    found, questions, remarks = _matched(sheet, plan, known, choices)
    judge, asked_first = _judged(sheet, found, today, choices, progress)
    return Preview(
        name=shown(name, 80),
        format=sheet.format,
        separator=SEPARATORS[sheet.separator],
        rows=len(sheet.lines),
        indicators=tuple(found),
        given=judge.given,
        refusals=tuple(sorted(sheet.refusals.shown, key=lambda r: r.line)),
        refused=sheet.refusals.count,
        questions=tuple(asked_first + questions),
        remarks=tuple(sheet.remarks + remarks),
        choices=choices,
        app=sheet.app,
    )


def _matched(
    sheet: Sheet, plan: Plan, known: Sequence[Indicator], choices: Choices
) -> tuple[list[Found], list[Question], list[str]]:
    """Which column is which indicator, what has to be asked about that, and what is to be said."""
    allowed = plan.outcome is not None and plan.lagging is None
    matcher = Matcher(
        known, choices.mapping, choices.decimal, lagging_allowed=allowed, units=choices.units
    )
    found = placed(plan, matcher.all(sheet.columns))
    questions = [asked(f, known, allowed) for f in found if f.match is Match.ASKED]
    questions += [asked_unit(f) for f in found if f.asked]
    return found, questions, matcher.remarks


def _judged(
    sheet: Sheet,
    found: Sequence[Found],
    today: date,
    choices: Choices,
    progress: Progress | None,
) -> tuple[Judge, list[Question]]:
    """Every cell looked at, and what has to be asked about days and values."""
    days, questions = days_of(sheet, today, choices.day_order)
    judge = Judge(sheet, days, choices)
    for k, (column, match) in enumerate(zip(sheet.columns, found, strict=True), start=1):
        if match.indicator is not None:
            judge.take(column.cells, match.indicator, match.factor)
        if progress is not None:
            progress(0.5 + 0.5 * k / len(found))
    judge.drop_torn({f.indicator.indicator_id: f.name for f in found if f.indicator})
    return judge, questions + judge.questions()


def _known(plan: Plan, others: Sequence[Indicator]) -> list[Indicator]:
    """Every indicator once; of two with one name the one that is nearer to hand comes first."""
    planned = (*plan.logged, *plan.guards, *plan.parked)
    rest = sorted(others, key=lambda i: (i.status is Status.CLOSED, i.position, i.indicator_id))
    return list({i.indicator_id: i for i in (*planned, *rest)}.values())


def placed(plan: Plan, found: Sequence[Found]) -> list[Found]:
    """New indicators in their places; behaviours beyond five are parked, in the order of the file."""
    outcome_id = plan.outcome.outcome_id if plan.outcome else None
    position = max((i.position for i in (*plan.leading, *plan.parked)), default=0)
    leading = len(plan.leading)
    placed = []
    for one in found:
        if one.indicator is not None and one.match in (Match.NEW, Match.ASKED):
            made = replace(one.indicator, outcome_id=outcome_id)
            if made.kind is Kind.LEADING:
                leading, position = leading + 1, position + 1
                status = Status.ACTIVE if leading <= MOST_LEADING else Status.PARKED
                made = replace(made, status=status, position=position)
            one = replace(one, indicator=made)
        placed.append(one)
    return placed
