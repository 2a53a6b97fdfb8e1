"""``python -m coach_data check``: the association of two columns of a CSV file, without a store."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach_data.judging import Judge, days_of
from coach_data.library import words
from coach_data.matching import Matcher
from coach_data.model import CoachError
from coach_data.parsing import DayOrder, DecimalMark, shown
from coach_data.preview import Choices, Duplicates, Given, Question, Topic
from coach_data.sheet import Column, Sheet, sheet_of
from coach_data.statistics.association import (
    WINDOW_7,
    Association,
    Reason,
    Verdict,
    Window,
    associate,
    associate_weekly,
)
from coach_data.text import same

GIVEN, NOT_UNDERSTOOD, NO_VERDICT = 0, 2, 3
FORMAT = 1
LONGEST_DAYS = 10 * 366
_FINDINGS = {
    Verdict.TOO_EARLY: "too_early",
    Verdict.NO_VARIATION: "no_variation",
    Verdict.TOGETHER: "together",
    Verdict.POSSIBLE: "possible",
    Verdict.CANNOT_TELL: "unclear",
    Verdict.REVERSE: "reverse",
}
_ANSWERS = {
    Topic.DECIMAL: "--decimal comma or --decimal point",
    Topic.DAY_ORDER: "--day-order dmy or --day-order mdy",
    Topic.DUPLICATES: "--duplicates first or --duplicates last",
}


class Refused(CoachError):
    """This file cannot be checked."""


def check(given: Namespace, content: bytes, today: date) -> tuple[int, str]:
    """The exit code and what is printed. Raises Refused or FileRefused with the reason.

    0: a verdict was given. 2: the lag cannot be asked for. 3: too early, or nothing varies.
    """
    lag: int | Window | None = WINDOW_7 if given.window else given.lag
    if given.window and given.lag is not None:
        return NOT_UNDERSTOOD, "Say --lag or --window 7, not both."
    leading, lagging, first_day = series(given, content, today)
    ask = associate_weekly if given.weekly else associate
    lags = range(4) if given.weekly else range(1, given.lags + 1)
    try:
        found = ask(
            leading,
            lagging,
            first_day=first_day,
            expected_lag=lag,
            direction=-1 if given.direction == "down" else 1,
            lags=lags,
            level=given.level,
        )
    except ValueError as error:
        return NOT_UNDERSTOOD, f"{error}."
    silent = found.verdict in (Verdict.TOO_EARLY, Verdict.NO_VARIATION)
    last_day = first_day + timedelta(days=leading.size - 1)
    told = facts(given, found, first_day, last_day)
    text = json.dumps(told, indent=1, allow_nan=False, ensure_ascii=False)
    return (
        NO_VERDICT if silent else GIVEN,
        text if given.json else "\n".join(lines(given, found, first_day, last_day)),
    )


Floats = NDArray[np.float64]


def series(given: Namespace, content: bytes, today: date) -> tuple[Floats, Floats, date]:
    """Both columns on one calendar grid, nan = not known, and its first day.

    The rows may come in any order. Raises Refused, or FileRefused, with what has to be changed.
    """
    sheet = sheet_of(content, given.file.name)
    leading, lagging = (_column(sheet, name) for name in (given.leading, given.lagging))
    if leading is lagging:
        raise Refused("The behaviour and the result are the same column.")
    order = DayOrder(given.day_order) if given.day_order else None
    days, questions = days_of(sheet, today, order)
    choices = Choices(
        decimal=DecimalMark(given.decimal) if given.decimal else None,
        duplicates=Duplicates(given.duplicates) if given.duplicates else None,
    )
    judge = Judge(sheet, days, choices)
    matcher = Matcher((), {}, choices.decimal, lagging_allowed=False)
    read = []
    for column, found in zip((leading, lagging), matcher.all([leading, lagging]), strict=True):
        if found.indicator is None:
            raise Refused(f"“{shown(column.name)}” holds no value.")
        judge.take(column.cells, found.indicator)
        read.append(judge.given.get(found.indicator.indicator_id, {}))
    _settled([*questions, *judge.questions()], sheet, given.only_good_rows)
    known = sorted(day for one in read for day, value in one.items() if value.value is not None)
    if not known:
        raise Refused("Neither column holds a value on a day that can be read.")
    size = (known[-1] - known[0]).days + 1
    if size > LONGEST_DAYS:
        raise Refused(f"The days span {size:,} days; at most {LONGEST_DAYS:,} are checked.")
    return _on_grid(read[0], known[0], size), _on_grid(read[1], known[0], size), known[0]


def _column(sheet: Sheet, name: str) -> Column:
    found = [c for c in sheet.columns if same(c.name) == same(name)]
    if not found:
        there = ", ".join(f"“{shown(c.name)}”" for c in sheet.columns[:20])
        raise Refused(f"There is no “{shown(name)}” in the file; it has {there or 'no columns'}.")
    return found[0]


def _settled(questions: list[Question], sheet: Sheet, only_good_rows: bool) -> None:
    """Raises Refused where the file leaves something open, or holds what cannot be read."""
    if questions:
        todo = (f"{q.text} Say {_ANSWERS[Topic(q.topic)]}." for q in questions)
        raise Refused("\n".join(todo))
    if sheet.refusals.count and not only_good_rows:
        told = [
            f"line {r.line:,}, {r.column}: “{r.what}”: {r.why}" for r in sheet.refusals.shown[:10]
        ]
        more = (
            f"{sheet.refusals.count:,} things cannot be read. Change them, or say --only-good-rows."
        )
        raise Refused("\n".join([more, *told]))


def _on_grid(read: dict[date, Given], first: date, size: int) -> Floats:
    values = np.full(size, np.nan)
    for day, given in read.items():
        if given.value is not None:
            values[(day - first).days] = given.value
    return values


def facts(given: Namespace, found: Association, first: date, last: date) -> dict[str, Any]:
    """What ``--json`` prints; the README says what each name means. None where there is no figure."""
    back = found.reverse
    return {
        "format": FORMAT,
        "verdict": _FINDINGS[found.verdict],
        "reasons": [str(reason) for reason in found.reasons],
        "leading": given.leading,
        "lagging": given.lagging,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "unit": "week" if given.weekly else "day",
        "declared": "previous seven days" if given.window else given.lag,
        "direction": given.direction,
        "level": given.level,
        "p_declared": found.p_declared,
        "p_scan": found.p_scan,
        "best_lag": found.best_lag,
        "r": found.r,
        "interval": found.interval,
        "effect": found.effect,
        "swing": found.swing,
        "pairs": found.n_both,
        "pairs_effective": found.n_effective,
        "pairs_needed": found.days_needed,
        "smallest_visible_r": found.smallest_visible_r,
        "reverse": {"p": back.p, "lag": back.lag, "r": back.r},
        "lags": list(found.lags),
        "r_by_lag": _known(found.r_by_lag),
        "p_by_lag": _known(found.p_by_lag),
        "band": _known(found.band),
    }


def _known(values: Floats) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in values]


def lines(given: Namespace, found: Association, first: date, last: date) -> Iterator[str]:
    """The verdict in words, and the figures below it."""
    unit = "week" if given.weekly else "day"
    spoken = given.lag if found.p_declared is not None else found.best_lag
    later = f"{spoken} {unit}{'' if spoken == 1 else 's'} later"
    if given.window and found.p_declared is not None:
        later = "over the next seven days"
    said = {
        "leading": given.leading,
        "lagging": given.lagging,
        "later": f"in the same {unit}" if spoken == 0 else later,
        "known": found.n_both,
        "needed": found.days_needed,
        "units": f"{unit}s",
    }
    yield words(f"matter.verdict.{_FINDINGS[found.verdict]}", **said) + "."
    yield f"{first} to {last}, {found.n_both} {unit}s with both."
    for reason in found.reasons:
        if reason is not Reason.TOO_FEW:
            yield f"Note: {reason}."
    if found.r is None:
        return
    low, high = found.interval or (None, None)
    yield f"r {found.r:+.2f}" + (
        f" (95 % from {low:+.2f} to {high:+.2f})" if low is not None else ""
    )
    if found.p_declared is not None:
        yield f"p at the declared lag, one-sided: {found.p_declared:.3f}"
    yield (f"p over {len(found.lags)} lags: {found.p_scan:.3f}, clearest at lag {found.best_lag}")
    if found.reverse.p is not None:
        yield f"p the other way round: {found.reverse.p:.3f}"
    if found.smallest_visible_r is not None:
        yield f"An r below {found.smallest_visible_r:.2f} would not have been seen."
    yield "A pattern, not a proof."
