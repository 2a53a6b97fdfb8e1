"""The verdict on one pair: what was asked, what was found, and how far that carries.

The test that counts is the one at the lag declared beforehand, in the direction declared
beforehand. The scan over the lags is exploratory: what it picks looks stronger than it is. The same
scan backwards, from the result to the behaviour, is the placebo.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coach_data.statistics.noise import Memory
from coach_data.statistics.profile import Chance, Profile, chance, constant, exceeds, profile
from coach_data.statistics.question import Question
from coach_data.statistics.series import Floats, fisher_interval

RELEVANT_R = 0.3  # the association that "days needed" is asked for
SEEN_DECLARED, SEEN_SCAN = 2.5, 3.8  # r with 80 % power is this over the root of the spare days


class Verdict(StrEnum):
    """What is said of a pair."""

    TOO_EARLY = "too early"
    NO_VARIATION = "no variation"
    TOGETHER = "together"
    POSSIBLE = "possible"
    CANNOT_TELL = "cannot tell"
    REVERSE = "reverse"


class Reason(StrEnum):
    """Why there is no verdict, or how far one carries."""

    TOO_FEW = "too few days"
    LEADING_CONSTANT = "the behaviour does not vary"
    LAGGING_CONSTANT = "the result does not vary"
    NOT_DECLARED = "no lag declared"
    DECLARED_UNKNOWN = "too few days at the declared lag"
    SHORT = "too short to say that there is no link"


@dataclass(frozen=True)
class Reverse:
    """The placebo: the result scanned as if it came first. Its p (family-wise), lag and r."""

    p: float | None
    lag: int | None
    r: float | None


@dataclass(frozen=True, eq=False)
class Association:
    """How one behaviour moves with one result. Lags in days (in weeks from ``associate_weekly``).

    ``p_declared``: one-sided, at the declared lag; None without one. ``p_scan``: of the maximum
    over all lags. ``r_by_lag``, ``p_by_lag`` (family-wise), ``band`` (how far from zero chance
    reaches anywhere in the whole profile, in 95 of 100 cases at a level of .05, so that the band and
    the verdict agree): one place a lag, nan where that lag
    has too few days. ``best_lag``: the clearest of the scan.

    ``r``, its 95 % ``interval`` and ``effect`` are those of the declared lag, else of the best one;
    ``effect``: change of the result, in its unit, that goes with one ``swing`` (standard deviation
    in its unit) of the behaviour. ``n_both``: days with both values at that lag. ``n_effective``:
    independent pairs that they are worth. ``smallest_visible_r``: found in 80 of 100 cases with
    that many days. ``days_needed``: days with both values before anything can be said, or, past
    that, to see an r of .3. ``memory``: of the result's noise.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    p_declared: float | None
    p_scan: float | None
    lags: tuple[int, ...]
    r_by_lag: Floats
    p_by_lag: Floats
    band: Floats
    best_lag: int | None
    r: float | None
    interval: tuple[float, float] | None
    effect: float | None
    swing: float | None
    n_both: int
    n_effective: float | None
    smallest_visible_r: float | None
    days_needed: int
    reverse: Reverse
    memory: Memory | None


def judge(question: Question, design: Floats, *, enough: int) -> Association:
    """The verdict on a pair about any design (days or weeks), forwards and backwards.

    ``design``: shape (len, p). ``enough``: places with both values before there is a verdict.
    """
    undeclared = () if question.declared is not None else (Reason.NOT_DECLARED,)
    both = question.places_with_both()
    if both < enough:
        return _silent(question, Verdict.TOO_EARLY, (Reason.TOO_FEW, *undeclared), both, enough)
    for series, reason in (
        (question.leading, Reason.LEADING_CONSTANT),
        (question.lagging, Reason.LAGGING_CONSTANT),
    ):
        if constant(series, design):
            return _silent(question, Verdict.NO_VARIATION, (reason, *undeclared), both, enough)
    pair = profile(question.leading, question.lagging, design, question.columns)
    if not np.isfinite(pair.r[: len(question.lags)]).any():
        return _silent(question, Verdict.TOO_EARLY, (Reason.TOO_FEW, *undeclared), both, enough)
    mirror = profile(question.lagging, question.leading, design, question.backwards)
    rng = np.random.default_rng(question.seed)
    forward = _Judged.of(pair, question, chance(pair, question.draws, rng))
    reverse = _reverse(question, mirror, chance(mirror, question.draws, rng))
    return _assembled(question, pair, mirror, forward, reverse, undeclared, enough)


@dataclass(frozen=True, eq=False)
class _Judged:
    """The forward direction against chance. ``spoken``: the column that r and effect speak of."""

    p_by_lag: Floats
    band: Floats
    best: int
    p_scan: float
    p_declared: float | None
    spoken: int

    @classmethod
    def of(cls, pair: Profile, question: Question, found: Chance) -> _Judged:
        family = slice(0, len(question.lags))
        p_by_lag, reach = _family(found, family, question.level)
        best = int(np.nanargmax(np.abs(found.z[family])))
        place, p_declared = question.place, None
        if place is not None and np.isfinite(found.z[place]):
            towards = question.direction * found.drawn[:, place]
            p_declared = float(exceeds(question.direction * found.z[[place]], towards)[0])
        spoken = best if place is None or p_declared is None else place
        band = reach * found.unit[family]
        return cls(p_by_lag, band, best, float(p_by_lag[best]), p_declared, spoken)

    def clearest(self, level: float) -> float:
        """The smallest p of what hits; 1 where nothing does. The scan's p is for all its lags."""
        found = [p for p in (self.p_declared, self.p_scan) if p is not None and p <= level]
        return min(found, default=1.0)


def _family(found: Chance, family: slice, level: float) -> tuple[Floats, float]:
    """Family-wise p of each lag, and how many permutation spreads chance alone reaches."""
    largest = np.nanmax(np.abs(found.drawn[:, family]), axis=1)
    return exceeds(np.abs(found.z[family]), largest), float(np.quantile(largest, 1 - level))


def _reverse(question: Question, mirror: Profile, found: Chance) -> Reverse:
    if not np.isfinite(found.z).any():
        return Reverse(None, None, None)
    p, _ = _family(found, slice(0, found.z.size), question.level)
    best = int(np.nanargmax(np.abs(found.z)))
    return Reverse(float(p[best]), question.backwards[best], float(mirror.r[best]))


def _verdict(level: float, forward: _Judged, reverse: Reverse) -> Verdict:
    """Where both directions hit, the clearer one speaks."""
    if reverse.p is not None and reverse.p <= level and reverse.p < forward.clearest(level):
        return Verdict.REVERSE
    if forward.p_declared is not None and forward.p_declared <= level:
        return Verdict.TOGETHER
    return Verdict.POSSIBLE if forward.p_scan <= level else Verdict.CANNOT_TELL


def _assembled(
    question: Question,
    pair: Profile,
    mirror: Profile,
    forward: _Judged,
    reverse: Reverse,
    reasons: tuple[Reason, ...],
    enough: int,
) -> Association:
    declared = forward.p_declared is not None
    if question.place is not None and not declared:
        reasons = (*reasons, Reason.DECLARED_UNKNOWN)
    n_both, r = int(pair.count[forward.spoken]), float(pair.r[forward.spoken])
    factor, spent = (SEEN_DECLARED if declared else SEEN_SCAN), pair.rank + 3
    return Association(
        verdict=_verdict(question.level, forward, reverse),
        reasons=reasons,
        p_declared=forward.p_declared,
        p_scan=forward.p_scan,
        lags=question.lags,
        r_by_lag=pair.r[: len(question.lags)],
        p_by_lag=forward.p_by_lag,
        band=forward.band,
        best_lag=question.lags[forward.best],
        r=r,
        interval=fisher_interval(r, n_both - pair.rank),
        effect=float(pair.slope[forward.spoken]) * pair.swing,
        swing=pair.swing,
        n_both=n_both,
        n_effective=effective_n(n_both, pair.memory, mirror.memory),
        smallest_visible_r=_visible(factor, n_both - spent),
        days_needed=max(enough, int(np.ceil((factor / RELEVANT_R) ** 2)) + spent),
        reverse=reverse,
        memory=pair.memory,
    )


def _visible(factor: float, spare: int) -> float | None:
    """The r found with 80 % power; None where even a perfect one would not be."""
    r = factor / np.sqrt(spare) if spare > 0 else np.inf
    return float(r) if r < 1 else None


def _silent(
    question: Question, verdict: Verdict, reasons: tuple[Reason, ...], both: int, enough: int
) -> Association:
    """No figures, only why."""
    nothing = np.full(len(question.lags), np.nan)
    return Association(
        verdict=verdict,
        reasons=reasons,
        p_declared=None,
        p_scan=None,
        lags=question.lags,
        r_by_lag=nothing,
        p_by_lag=nothing.copy(),
        band=nothing.copy(),
        best_lag=None,
        r=None,
        interval=None,
        effect=None,
        swing=None,
        n_both=both,
        n_effective=None,
        smallest_visible_r=None,
        days_needed=enough,
        reverse=Reverse(None, None, None),
        memory=None,
    )


def effective_n(n: int, one: Memory, other: Memory) -> float:
    """How many independent pairs ``n`` pairs with memory are worth (Bartlett 1935).

    n / (1 + 2 sum of the product of both correlations); for two AR(1) n (1 - ab) / (1 + ab).
    """
    product = one.phi * other.phi
    return n / (1 + 2 * one.share * other.share * product / (1 - product))
