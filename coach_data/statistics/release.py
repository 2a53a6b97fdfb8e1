"""A group's reading of one behaviour in one closed block, with noise that hides every single person.

Of each person one bit counts: whether their own behaviour and their own result moved together, the
lag they had declared apart, more than chance alone does in four cases of five. The number of those
people, less what label swap expects, plus Gaussian noise, is the reading; words are made from the
readings of several blocks.

A person's bit changes the number by one at most. So whoever knows everybody else's days, the rules
and even the noisy numbers tells its two values apart no better than two Gaussians 1 / NOISE apart
(Gaussian differential privacy: Dong, Roth & Su 2022, J. R. Stat. Soc. B 84, 3-37). Twelve readings
add up to root 12 of it, an area under the ROC curve of .69; one reading's is .56. That holds for any
number of people, so nobody has to count them. What is made from the readings afterwards, the words,
tells no more. (What label swap and the day's mean let through of a person is measured, not bounded:
tests/statistics/test_release.py.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from coach_data.statistics.innovations import innovations
from coach_data.statistics.series import Floats
from coach_data.statistics.swap import looking_back

BLOCK_DAYS = 28
FEWEST_PEOPLE = 6
MIN_DAYS = 12  # of a block on which a person knows both the behaviour and the result
MIN_PAIRS = 8  # of the innovations at the lag
NOISE = 5.0  # people, standard deviation; what makes twelve readings' area .69
CLEAR = 0.84  # standard errors: four of five unrelated pairs stay below
TOGETHER_FROM, APART_FROM, STAYS = 2.326, 1.960, 1.282  # standard errors: one-sided .01, .025, .10
RECENT = 2  # blocks that a word reads: this one and the one before
GROUP = 64  # people swapped among each other; bounds the memory


class Word(StrEnum):
    """What is said of a behaviour in a block."""

    TOGETHER = "moving together"
    UNCLEAR = "no clear pattern"
    APART = "drifting apart"
    NOTHING = "not enough to show"


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """One person's block: known values of each day (nan unknown), shape (28,) each.

    ``lag``: days until the result answers, as declared; None: the mean of the previous seven days.
    ``direction``: +1, or -1 where less of the one goes with more of the other when it helps.
    """

    leading: ArrayLike
    lagging: ArrayLike
    lag: int | None = None
    direction: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """``excess``: people beyond chance whose pair moved together, noise included; ``spread``: its
    standard deviation where nobody's does."""

    excess: float
    spread: float


def counts(contribution: Contribution) -> bool:
    """Whether a person's block is enough to count: days with both values, and both vary."""
    lead, result = (np.asarray(v, np.float64) for v in (contribution.leading, contribution.lagging))
    both = np.isfinite(lead) & np.isfinite(result)
    if both.sum() < MIN_DAYS:
        return False
    return bool(np.ptp(lead[both]) > 0 and np.ptp(result[both]) > 0)


def read_block(
    people: Sequence[Contribution], *, first_day: date, noise: float, floor: int = FEWEST_PEOPLE
) -> Reading | None:
    """The reading of one block, None with fewer than ``floor`` people who count.

    ``noise``: a draw from the standard normal distribution. Label swap: the mean and the variance of
    the count when results are dealt out anew among the people (Hoeffding 1951, Ann. Math. Stat. 22,
    558-566), within groups of at most 64, and the variance of the noise; memory grows with the people
    and not with their square. Raises ValueError for a
    floor below six, where too few deals exist and every bit is worth too much.
    """
    if floor < FEWEST_PEOPLE:
        raise ValueError(f"at least {FEWEST_PEOPLE} people, not {floor}")
    people = [p for p in people if counts(p)]
    if len(people) < floor:
        return None
    ahead, behind = _new_each_day(people, first_day)
    excess, variance = 0.0, NOISE**2
    for members in np.array_split(np.arange(len(people)), math.ceil(len(people) / GROUP)):
        bits = _together(ahead[members], behind[members])
        size = len(members)
        rest = bits - bits.mean(axis=0) - bits.mean(axis=1)[:, None] + bits.mean()
        excess += float(np.trace(bits) - size * bits.mean())
        variance += float((rest**2).sum()) / (size - 1)
    return Reading(excess + NOISE * noise, math.sqrt(variance))


def _new_each_day(people: Sequence[Contribution], first_day: date) -> tuple[Floats, Floats]:
    """What is new each day in the behaviour, the lag before and the way it helps; and in the result."""
    ahead = innovations(_standard([p.leading for p in people]), first_day)
    behind = innovations(_standard([p.lagging for p in people]), first_day)
    for lag in {p.lag for p in people}:
        mine = np.array([p.lag == lag for p in people])
        ahead[mine] = looking_back(ahead[mine], lag)
    return ahead * np.array([[p.direction] for p in people]), behind


def _together(ahead: Floats, behind: Floats) -> Floats:
    """1 where the row's behaviour and the column's result move together, else 0."""
    x_known, y_known = (np.isfinite(m).astype(np.float64) for m in (ahead, behind))
    x, y = _ranks(ahead), _ranks(behind)
    pairs = x_known @ y_known.T
    n = np.maximum(pairs, 1)
    sx, sy = x @ y_known.T, x_known @ y.T
    covariance = x @ y.T - sx * sy / n
    size = ((x**2) @ y_known.T - sx**2 / n) * (x_known @ (y**2).T - sy**2 / n)
    usable = (pairs >= MIN_PAIRS) & (size > 1e-9)
    r = np.where(usable, covariance / np.sqrt(np.where(usable, size, 1.0)), 0.0)
    return np.asarray(r * np.sqrt(np.maximum(pairs - 1, 0)) > CLEAR, np.float64)


def _standard(series: Sequence[ArrayLike]) -> Floats:
    """Rows of mean 0 and spread 1: results of different people have different units."""
    rows = np.stack([np.asarray(s, np.float64) for s in series])
    spread = np.nanstd(rows, axis=1, keepdims=True)
    return np.asarray(
        (rows - np.nanmean(rows, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    )


def _ranks(rows: Floats) -> Floats:
    """Mean ranks of the known values of each row, 0 where unknown."""
    known = np.isfinite(rows)
    values = np.where(known, rows, np.inf)
    below = (values[:, None, :] < values[:, :, None]).sum(axis=2)
    tied = (values[:, None, :] == values[:, :, None]).sum(axis=2)
    return np.where(known, below + (tied + 1) / 2, 0.0)


def words(readings: Sequence[Reading | None]) -> tuple[Word, ...]:
    """The word of each block, from the readings of consecutive blocks; None: there is none.

    A block is read together with the one before it. TOGETHER where both lie clearly above chance;
    APART where an earlier block was TOGETHER and these two lie clearly below all that came before.
    Every block is another look, so a word begins on strong evidence, and is kept for less.
    """
    said: list[Word] = []
    for k, reading in enumerate(readings):
        said.append(Word.NOTHING if reading is None else _word(readings[: k + 1], said))
    return tuple(said)


def _word(readings: Sequence[Reading | None], said: Sequence[Word]) -> Word:
    now, error = _mean([r for r in readings[-RECENT:] if r is not None])
    spoken = [word for word in said if word is not Word.NOTHING]

    def needed(word: Word, begins: float) -> float:
        return STAYS if spoken[-1:] == [word] else begins

    if now > needed(Word.TOGETHER, TOGETHER_FROM) * error:
        return Word.TOGETHER
    earlier = [r for r in readings[:-RECENT] if r is not None]
    if earlier and Word.TOGETHER in spoken:
        before, its_error = _mean(earlier)
        if before - now > needed(Word.APART, APART_FROM) * math.hypot(error, its_error):
            return Word.APART
    return Word.UNCLEAR


def _mean(readings: Sequence[Reading]) -> tuple[float, float]:
    """The mean excess and its standard error."""
    return (
        sum(r.excess for r in readings) / len(readings),
        math.sqrt(sum(r.spread**2 for r in readings)) / len(readings),
    )
