"""How often the methods are wrong, and how often they find what is there, by simulation.

    python -m tests.statistics.rates --sims 200 [--only fixation]

Days with memory (AR(1), phi) and a weekly rhythm; "gaps": the share of days unknown in each of the
two series; r: the standardised effect of the behaviour three days later. The figures of
docs/method-for-statisticians.md come from here. Same seed, same figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from coach_data.statistics.association import associate
from coach_data.statistics.bunching import Bunched, bunching
from coach_data.statistics.fixation import Aim, fixation

Floats = NDArray[np.float64]
MONDAY = date(2026, 1, 5)
LAG, AIM_SINCE = 3, MONDAY + timedelta(days=28)
MET = Aim(low=-99)  # always met: the other conditions of an alarm are what is measured


def memory(rng: np.random.Generator, n: int, phi: float) -> Floats:
    """AR(1) of unit variance."""
    out = rng.standard_normal(n)
    for t in range(1, n):
        out[t] = phi * out[t - 1] + np.sqrt(1 - phi**2) * out[t]
    return out


def lever(
    rng: np.random.Generator,
    n: int,
    r: float,
    *,
    phi: float = 0.6,
    gaps: float = 0.0,
    gone_on: int | None = None,
) -> tuple[Floats, Floats]:
    """A behaviour, and a result that follows it with strength ``r`` until the day ``gone_on``."""
    long = memory(rng, n + LAG, phi)
    strength = np.where(np.arange(n) >= (n if gone_on is None else gone_on), 0.0, r)
    result = strength * long[:n] + np.sqrt(1 - strength**2) * memory(rng, n, phi)
    weekend = 0.8 * np.isin(np.arange(n) % 7, (5, 6))
    lead, result = long[LAG:] - weekend, result - weekend
    lead[rng.random(n) < gaps] = np.nan
    result[rng.random(n) < gaps] = np.nan
    return lead, result


def found(
    n: int, r: float, phi: float, gaps: float, declared: bool
) -> Callable[[np.random.Generator], bool]:
    """Whether the association is found (p <= .05)."""

    def once(rng: np.random.Generator) -> bool:
        pair = lever(rng, n, r, phi=phi, gaps=gaps)
        seen = associate(*pair, first_day=MONDAY, expected_lag=LAG if declared else None, draws=399)
        p = seen.p_declared if declared else seen.p_scan
        return p is not None and p <= 0.05

    return once


def signals(
    n: int, r: float, gaps: float, gone_on: int | None = None, looks: int | None = None
) -> Callable[[np.random.Generator], bool]:
    """Whether there are two alarms in a row at the last ``looks`` looks, or ever."""
    days = None
    if looks is not None:
        days = [MONDAY + timedelta(days=n - 1 - 28 * k) for k in reversed(range(looks))]

    def once(rng: np.random.Generator) -> bool:
        pair = lever(rng, n, r, gaps=gaps, gone_on=gone_on)
        seen = fixation(
            *pair, first_day=MONDAY, expected_lag=LAG, aim=MET, aim_since=AIM_SINCE, looks=days
        )
        return seen.since is not None

    return once


def bunches(shape: str) -> Callable[[np.random.Generator], bool]:
    """Whether values of that shape are said to bunch at an aim of 6 (30 where rounded)."""

    def once(rng: np.random.Generator) -> bool:
        before, after = rng.poisson(5, 56), rng.poisson(5, 182)
        aim = 6
        if shape == "steady":
            before, after = (np.where(rng.random(v.size) < 0.8, 6, v + 1) for v in (before, after))
        elif shape == "rounded":
            before, after = (
                5 * np.round(rng.normal(30, 8, v.size) / 5) + (rng.random(v.size) < 0.3)
                for v in (before, after)
            )
            aim = 30
        elif shape.endswith("% bumped"):
            miss = np.isin(after, (4, 5)) & (rng.random(182) < int(shape[:2]) / 100)
            after = np.where(miss, 6, after)
        return bunching(before, after, aim).verdict is Bunched.BUNCHED

    return once


def cells() -> Iterator[tuple[str, str, Callable[[np.random.Generator], bool]]]:
    """Group, what is simulated, and one simulation."""
    for n, phi in ((56, 0.3), (90, 0.6), (180, 0.9)):
        yield "false", f"declared lag, {n} days, phi {phi}", found(n, 0, phi, 0.2, True)
        yield "false", f"scan of 14 lags, {n} days, phi {phi}", found(n, 0, phi, 0.2, False)
    for n, r in ((90, 0.3), (90, 0.4), (180, 0.3)):
        yield "power", f"declared lag, {n} days, r {r}", found(n, r, 0.6, 0.2, True)
        yield "power", f"scan of 14 lags, {n} days, r {r}", found(n, r, 0.6, 0.2, False)
    for gaps in (0.0, 0.2):
        known = f"gaps {gaps:.0%}"
        for r in (0.0, 0.3, 0.4, 0.5):
            name = "never related" if r == 0 else f"works all year, r {r}"
            yield "fixation", f"false: {name}, {known}", signals(365, r, gaps)
        for weeks in (14, 26):
            end, looks = 182 + 7 * weeks, 3 if weeks == 14 else 6
            name = f"found by {weeks} weeks after r .4 has gone, {known}"
            yield "fixation", name, signals(end, 0.4, gaps, 182, looks)
    for shape in ("counts", "steady", "rounded", "50 % bumped", "80 % bumped"):
        yield "bunching", shape, bunches(shape)


def main() -> None:
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    given.add_argument("--sims", type=int, default=200)
    given.add_argument("--only", choices=("false", "power", "fixation", "bunching"))
    wanted = given.parse_args()
    for place, (group, name, once) in enumerate(cells()):
        if wanted.only in (None, group):
            rng = np.random.default_rng([20261, place])
            rate = np.mean([once(rng) for _ in range(wanted.sims)])
            print(f"{group:9} {name:52} {rate:.3f}", flush=True)


if __name__ == "__main__":
    main()
