"""A whole programme at once: against the loops that people write, and at its largest, in its memory.

The loops are timed over a small share of the people and of the draws and counted up: whole they
would take days. They are given less to do than ours: no weekday, no trend, no memory of a series.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coach_data.statistics.pooling import pool
from tests.bench.rows import SECONDS, Row, by_turns, most_memory
from tests.browser.server import ROOT

LEADING, DAYS, LAGS, DRAWS = 5, 730, range(1, 15), 999
MONDAY = date(2024, 1, 1)
PEOPLE, QUICK, FEW = 10_000, 500, 20


def numbers(people: int, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """The behaviours, each of shape (people, days), and the result; one day in ten is unknown."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(LEADING + 1):
        values = rng.standard_normal((people, DAYS), dtype=np.float32).astype(np.float64)
        values[rng.random((people, DAYS), dtype=np.float32) < 0.1] = np.nan
        made.append(values)
    return made[:-1], made[-1]


def pooled(people: int) -> float:
    """Seconds of every behaviour's association with the result, across that many people."""
    leading, lagging = numbers(people)
    began = time.perf_counter()
    for lead in leading:
        pool([*zip(lead, lagging, strict=True)], first_day=MONDAY, lags=LAGS, draws=DRAWS)
    return time.perf_counter() - began


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """The largest in a process of its own, so that its peak is known: the numbers are in it."""
    people = QUICK if quick else PEOPLE
    size = f"{people:,} people × {LEADING} × {DAYS} days × {len(LAGS)} lags"
    work = f"import coach_data; from tests.bench.pooling import tell; tell({people})"
    command = [sys.executable, "-c", work]  # coach_data comes first there, as in the app
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="ascii")
    seconds, peak = map(float, said.stdout.split())
    yield Row("pooling", seconds, SECONDS, size, most=15)
    yield Row("pooling: peak memory", peak / 1e9, "GB", size, most=1.5)
    yield from _against_loops(seconds / people, size)


def _against_loops(each: float, size: str) -> Iterator[Row]:
    """``each``: seconds that ours spends on a person, in the same run."""
    (lead, *_), result = numbers(FEW)
    rng = np.random.default_rng(0)

    def loop(draws: int) -> None:
        """The mean correlation at each lag under label swap, by shift and corr."""
        x, y = [pd.Series(row) for row in lead], [pd.Series(row) for row in result]
        for _ in range(draws):
            for lag in LAGS:
                dealt = rng.permutation(FEW)
                r = [x[k].shift(lag).corr(y[other]) for k, other in enumerate(dealt)]
                float(np.mean(np.arctanh(r)))

    ((spent,),) = by_turns(1, lambda: loop(2))
    swapped = LEADING * DRAWS * spent / 2 / FEW
    yield Row(
        "pooling: pandas loop / ours", swapped / each, size=f"{size}, {DRAWS} draws", least=20
    )
    ((spent,),) = by_turns(1, lambda: loop(1))
    yield Row("pooling: pandas loop without a draw / ours", LEADING * spent / FEW / each, size=size)
    for name, work in _others(lead, result):
        ((spent,),) = by_turns(1, work)
        what = f"pooling: {name}, without a draw / ours"
        yield Row(what, LEADING * spent / FEW / each, size=size)


def _others(lead: np.ndarray, result: np.ndarray) -> Iterator[tuple[str, Callable[[], object]]]:
    """Loops with packages that are none of ours, where they are installed."""
    person = np.repeat(np.arange(FEW), DAYS)
    table = pd.DataFrame({"person": person, "x": lead.ravel(), "y": result.ravel()})

    def lagged(lag: int) -> pd.DataFrame:
        return table.assign(x=table.groupby("person")["x"].shift(lag)).dropna()

    try:
        import statsmodels.api as sm
    except ImportError:
        print("pooling: no statsmodels (tests/bench/requirements.txt)", file=sys.stderr)
    else:

        def fits() -> None:
            for lag in LAGS:
                for _, mine in lagged(lag).groupby("person"):
                    fit = sm.OLS(mine["y"], sm.add_constant(mine["x"])).fit(
                        cov_type="HAC", cov_kwds={"maxlags": 7}
                    )
                    float(fit.pvalues.iloc[1])

        yield "statsmodels OLS of each person", fits
    try:
        import pingouin
    except ImportError:
        print("pooling: no pingouin (tests/bench/requirements.txt)", file=sys.stderr)
    else:

        def repeated() -> None:
            for lag in LAGS:
                pingouin.rm_corr(data=lagged(lag), x="x", y="y", subject="person")

        yield "pingouin rm_corr", repeated


def tell(people: int) -> None:
    """For the process of its own: the seconds, and the most bytes that it had."""
    print(pooled(people), most_memory())
