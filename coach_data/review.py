"""The review of one behaviour and one result: their days looked at together, with one verdict on them.

A verdict is given on a look and stands until the next one, four weeks later: who looks every day
finds something in the end. The first look is the first day with enough pairs, so the looks follow
from the days alone, whoever reads them and whenever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import numpy as np

from coach_data.drift import (
    READ_DAYS,
    Concern,
    Pace,
    bunching_of,
    by_week,
    concerns_of,
    drift_of,
    helpful_way,
    look_days,
    pace_of,
    since_aim,
)
from coach_data.model import Aim, Indicator
from coach_data.series import Floats, Series
from coach_data.statistics.association import (
    MIN_DAYS,
    MIN_WEEKS,
    Association,
    Rolling,
    Verdict,
    associate,
    associate_weekly,
    rolling,
    rolling_weekly,
)
from coach_data.statistics.bunching import Bunching
from coach_data.statistics.fixation import Drift, Fixation
from coach_data.statistics.pairs import (
    LOOK_EVERY,
    Line,
    Pairs,
    Values,
    day_pairs,
    first_look,
    line_through,
    values_around,
    week_pairs,
)

FIRST_LEVEL, LATER_LEVEL = 0.05, 0.01


SHORT_SCAN, LONG_SCAN = 14, 28


WINDOW_DAYS, WINDOW_WEEKS = 56, 26


LOOKS_KEPT = 6


class Finding(StrEnum):
    """The one verdict, from which all four charts take their titles."""

    NOTHING = "nothing"
    TOO_SLOW = "too_slow"
    TOO_EARLY = "too_early"
    NO_VARIATION = "no_variation"
    TOGETHER = "together"
    POSSIBLE = "possible"
    UNCLEAR = "unclear"
    REVERSE = "reverse"
    APART = "apart"


_FINDINGS = {
    Verdict.TOO_EARLY: Finding.TOO_EARLY,
    Verdict.NO_VARIATION: Finding.NO_VARIATION,
    Verdict.TOGETHER: Finding.TOGETHER,
    Verdict.POSSIBLE: Finding.POSSIBLE,
    Verdict.CANNOT_TELL: Finding.UNCLEAR,
    Verdict.REVERSE: Finding.REVERSE,
}


@dataclass(frozen=True, eq=False)
class Review:
    """One pair as it is drawn. Lags count days, or weeks where ``weekly``.

    ``declared``: the lag agreed beforehand, None where none is or it is the same day. ``lag``: the
    one that the charts speak of. ``needed``: pairs before there is a verdict, ``known``: so far.
    ``looked_on``: up to which day the verdict reads; ``next_look``: when it is looked at again,
    or, too early, may first be. ``level``: .05 at the first look, .01 at later ones. ``moved_on``:
    places of its ``days`` count from ``first_day``. Charts are None where there is nothing to draw.
    """

    leading: Indicator
    lagging: Indicator
    aim: Aim | None
    guard: Indicator | None
    finding: Finding
    concerns: tuple[Concern, ...] = ()
    weekly: bool = False
    declared: int | None = None
    lag: int | None = None
    known: int = 0
    needed: int = MIN_DAYS
    first_day: date | None = None
    looked_on: date | None = None
    next_look: date | None = None
    level: float = FIRST_LEVEL
    association: Association | None = None
    fixation: Fixation | None = None
    bunching: Bunching | None = None
    pairs: Pairs | None = None
    line: Line | None = None
    moved_on: Rolling | None = None
    values: Values | None = None
    at_aim: int = 0
    """Days (weeks, ``by_week``) since the aim was agreed that lie exactly at it."""

    @property
    def by_week(self) -> bool:
        """Whether the aim, and with it ``values``, is for the sums of weeks."""
        return self.aim is not None and by_week(self.leading, self.aim)


@dataclass(frozen=True)
class Pair:
    """A pair with its days, which all lie on one grid that ends today. Equal where all is equal."""

    leading: Indicator
    lagging: Indicator
    aim: Aim | None
    lead: Series
    result: Series
    guard: Indicator | None
    quality: Series | None

    def day(self, place: int) -> date:
        """The day at a place of the series."""
        return self.lead.first_day + timedelta(days=place)

    def place(self, day: date) -> int:
        """The place of a day in the series; 0 for one before it."""
        return max((day - self.lead.first_day).days, 0)

    def review(self) -> Review:
        """All of it, or why there is nothing to say."""
        pace = pace_of(self.lagging, self.result.values)
        if not (np.isfinite(self.lead.values).any() and np.isfinite(self.result.values).any()):
            return self._silent(Finding.NOTHING)
        if pace is Pace.TOO_SLOW:
            return self._silent(Finding.TOO_SLOW)
        weekly = pace is Pace.WEEKLY
        declared, lags = _lags(self.leading.expected_lag, weekly)
        look, level, following = self._looks(declared, lags, weekly)
        start = max(look + 1 - READ_DAYS, 0)
        lead, result = self.lead.values[start : look + 1], self.result.values[start : look + 1]
        way = helpful_way(self.lagging, self.aim)
        found = _associated(
            *(lead.tobytes(), result.tobytes(), self.day(start)),
            *(declared, way, lags, level, weekly),
        )
        needed = MIN_WEEKS if weekly else MIN_DAYS
        if following is None:
            missing = max(needed - found.n_both, 1)
            following = self.day(self.lead.values.size - 1 + missing * (7 if weekly else 1))
        review = replace(
            self._silent(_FINDINGS[found.verdict]),
            weekly=weekly,
            declared=declared,
            known=found.n_both,
            needed=needed,
            first_day=self.day(start),
            looked_on=self.day(look),
            next_look=following,
            level=level,
            association=found,
        )
        return (
            review if found.r is None else self._drawn(review, found, self.day(start), lead, result)
        )

    def _silent(self, finding: Finding) -> Review:
        """A verdict without any figure."""
        return Review(self.leading, self.lagging, self.aim, self.guard, finding)

    def _looks(
        self, declared: int | None, lags: tuple[int, ...], weekly: bool
    ) -> tuple[int, float, date | None]:
        """The place of the latest look, its level, and the day of the next; today without any."""
        today = self.lead.values.size - 1
        first = first_look(
            self.lead.values,
            self.result.values,
            first_day=self.lead.first_day,
            lags=lags if declared is None else (declared,),
            weekly=weekly,
        )
        if first is None:
            return today, FIRST_LEVEL, None
        look = today - (today - first) % LOOK_EVERY
        level = FIRST_LEVEL if look == first else LATER_LEVEL
        return look, level, self.day(look + LOOK_EVERY)

    def _drawn(
        self, review: Review, found: Association, first_day: date, lead: Floats, result: Floats
    ) -> Review:
        """The same with all that is drawn."""
        asked = found.p_declared is not None and review.finding is not Finding.POSSIBLE
        lag = review.declared if asked else found.best_lag
        assert lag is not None, "figures speak of a lag"
        fixed, bunched = self._fixation(), bunching_of(self.leading, self.aim, self.lead)
        finding, looked_on, following = review.finding, review.looked_on, review.next_look
        if fixed is not None and fixed.verdict is Drift.SIGNAL:
            finding, looked_on = Finding.APART, fixed.looks[-1].day
            following = looked_on + timedelta(days=LOOK_EVERY)
        after, before = since_aim(self.leading, self.aim, self.lead)
        pairs = (week_pairs if review.weekly else day_pairs)(
            lead, result, first_day=first_day, lag=lag
        )
        return replace(
            review,
            finding=finding,
            looked_on=looked_on,
            next_look=following,
            concerns=concerns_of(
                self.leading, self.aim, self.lead, self.guard, self.quality, fixed, bunched
            ),
            lag=lag,
            fixation=fixed,
            bunching=bunched,
            at_aim=bunched.at_after if bunched else 0,
            pairs=pairs,
            line=line_through(pairs, found) if finding is Finding.TOGETHER else None,
            moved_on=_moved_on(lead, result, first_day, lag, review.weekly),
            values=values_around(after, before, None if self.aim is None else self.aim.amount),
        )

    def _fixation(self) -> Fixation | None:
        if self.aim is None:
            return None
        looks = look_days(self.aim, self.day(self.lead.values.size - 1), LOOKS_KEPT)
        return drift_of(self.leading, self.lagging, self.aim, self.lead, self.result, looks)


@lru_cache(maxsize=128)
def reviewed(pair: Pair) -> Review:
    """Kept for the very same days: whoever asks has just read them."""
    return pair.review()


def _lags(expected: int | None, weekly: bool) -> tuple[int | None, tuple[int, ...]]:
    """The declared lag and those to scan, in days or weeks. The same day cannot be asked about."""
    if weekly:
        return (None if expected is None else expected // 7), tuple(range(4))
    far = expected is not None and expected > SHORT_SCAN
    return expected or None, tuple(range(1, (LONG_SCAN if far else SHORT_SCAN) + 1))


@lru_cache(maxsize=256)
def _associated(
    lead: bytes,
    result: bytes,
    first_day: date,
    declared: int | None,
    way: int,
    lags: tuple[int, ...],
    level: float,
    weekly: bool,
) -> Association:
    """Kept, because it changes only at a look; whoever asks has just read these very days."""
    ask = associate_weekly if weekly else associate
    return ask(
        np.frombuffer(lead),
        np.frombuffer(result),
        first_day=first_day,
        expected_lag=declared,
        direction=way,
        lags=lags,
        level=level,
    )


def _moved_on(lead: Floats, result: Floats, first_day: date, lag: int, weekly: bool) -> Rolling:
    """The association of the last weeks as it moved on."""
    if weekly:
        return rolling_weekly(lead, result, first_day=first_day, lag=lag, window=WINDOW_WEEKS)
    return rolling(lead, result, first_day=first_day, lag=lag, window=WINDOW_DAYS)
