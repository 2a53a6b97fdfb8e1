"""What the statistics share about one series on a full calendar grid. ``nan`` = not known."""

from __future__ import annotations

from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def as_series(values: ArrayLike, name: str = "values") -> Floats:
    """``values`` as a one-dimensional float array; ``nan`` marks a day of which nothing is known.

    Raises ValueError where it is not one-dimensional or holds an infinite number: an infinity can
    only be a mistake upstream, and reading it as "not known" would hide it.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"{name} must be one series, not an array of shape {series.shape}")
    if np.isinf(series).any():
        raise ValueError(f"{name} holds an infinite number; leave out what is not known (nan)")
    return series


def weekdays(first_day: date, n: int) -> Ints:
    """The weekday (Monday 0) of each of ``n`` days from ``first_day``."""
    return (first_day.weekday() + np.arange(n)) % 7


def t_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t, by the expansion of Abramowitz & Stegun (1964), 26.7.5.

    Good to .01 for ``df`` >= 3 and probabilities from .05 to .95, to .1 at .975; ``df`` below 3
    are read as 3.
    """
    z = NormalDist().inv_cdf(probability)
    v = max(df, 3.0)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
