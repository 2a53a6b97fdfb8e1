"""What the statistics share about one series on a full calendar grid. ``nan`` = not known."""

from __future__ import annotations

import math
from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGEST = 1e100
CURVED_FROM = 180  # days from which the trend of a design is a cubic


def as_series(values: ArrayLike, name: str = "values") -> Floats:
    """``values`` as a one-dimensional float array; ``nan`` marks a day of which nothing is known.

    Raises ValueError where it is not one-dimensional or holds an infinite or absurd number (beyond
    1e100): that can only be a mistake upstream, and reading it as "not known" would hide it.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"{name} must be one series, not an array of shape {series.shape}")
    if (np.abs(series) > LARGEST).any():
        raise ValueError(f"{name} holds an infinite number; leave out what is not known (nan)")
    return series


def as_pair(leading: ArrayLike, lagging: ArrayLike) -> tuple[Floats, Floats]:
    """Both series of a pair, checked; ValueError where they are not equally long."""
    lead, result = as_series(leading, "leading"), as_series(lagging, "lagging")
    if lead.size != result.size:
        raise ValueError(
            f"both series must lie on one calendar grid: {lead.size} and {result.size} days"
        )
    return lead, result


def known_span(lead: Floats, result: Floats) -> tuple[int, int]:
    """From the first to after the last day of which anything is known."""
    known = np.flatnonzero(np.isfinite(lead) | np.isfinite(result))
    return (int(known[0]), int(known[-1]) + 1) if known.size else (0, 0)


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


def t_upper(t: float, df: float) -> float:
    """Probability beyond ``t`` in Student's t, by the normal transformation of Wallace (1959).

    doi 10.1214/aoms/1177706090; within .001 for ``df`` >= 5, within .005 from 3 on.
    """
    v = max(df, 1.0)
    z = np.sqrt(v * np.log1p(t * t / v)) * (8 * v + 1) / (8 * v + 3)
    return NormalDist().cdf(-float(np.copysign(z, t)))


def t_uppers(t: Floats, df: float) -> Floats:
    """The same for many, shape (n,)."""
    v = max(df, 1.0)
    z = np.copysign(np.sqrt(v * np.log1p(t * t / v)), t) * (8 * v + 1) / (8 * v + 3)
    return np.array([math.erfc(each / math.sqrt(2)) / 2 for each in z])


def calendar_design(first_day: date, n: int) -> Floats:
    """Design of ``n`` days: level, trend and weekday, shape (n, 8), or (n, 10) from 180 days on.

    From 180 days the trend is a cubic: with a straight line alone, two series that share a learning
    curve look related. Time runs from -1 to 1.
    """
    time = np.linspace(-1, 1, n) if n > 1 else np.zeros(n)
    weekday = weekdays(first_day, n)[:, None] == np.arange(1, 7)
    curve = [time**2, time**3] if n >= CURVED_FROM else []
    return np.column_stack([np.ones(n), time, *curve, weekday])


def trend_design(n: int) -> Floats:
    """Level and straight trend of ``n`` steps, shape (n, 2)."""
    return calendar_design(date(1, 1, 1), n)[:, :2]


def independent(design: Floats) -> Floats:
    """Orthonormal columns that span the design; columns that add nothing are dropped."""
    if not design.size:
        return np.empty((design.shape[0], 0))
    left, size, _ = np.linalg.svd(design, full_matrices=False)
    return left[:, size > 1e-9 * size.max(initial=0.0)]


def residual(values: Floats, design: Floats) -> Floats:
    """What the design does not explain, nan where unknown; zero where it explains everything.

    ``values``: shape (n,). ``design``: shape (n, p).
    """
    known = np.isfinite(values)
    basis = independent(design[known])
    rest = values[known] - basis @ (basis.T @ values[known])
    rest -= basis @ (basis.T @ rest)  # a second pass leaves only rounding
    out = np.full(values.shape, np.nan)
    out[known] = 0.0 if negligible(np.abs(rest).max(initial=0.0), values[known]) else rest
    return out


def negligible(spread: float, values: Floats) -> bool:
    """Whether a spread is no more than the rounding of numbers of this size."""
    return bool(spread <= 1e-10 * np.abs(values).max(initial=0.0))


def winsorised(values: Floats, design: Floats) -> Floats:
    """The series with gross outliers pulled in, so that one slip of the finger decides nothing.

    First to 6 robust standard deviations about the median, then to 3 about the design; 1.4826
    times the median absolute deviation is the robust one. Where more than half of the days are
    alike it is zero, and nothing is pulled in.
    """
    centre, reach = _robust(values, 6)
    tamed = np.clip(values, centre - reach, centre + reach)
    rest = residual(tamed, design)
    centre, reach = _robust(rest, 3)
    return np.asarray(tamed - rest + np.clip(rest, centre - reach, centre + reach))


def _robust(values: Floats, times: float) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, np.inf
    centre = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - centre)))
    return centre, (np.inf if negligible(spread, known) else times * spread)


def interpolated(rest: Floats, phi: float) -> Floats:
    """Residuals with their gaps filled by what an AR(1) expects between the known neighbours.

    Towards zero, their mean, in a long gap and beyond the ends. ``rest``: shape (n,), nan unknown.
    """
    known = np.flatnonzero(np.isfinite(rest))
    out = np.nan_to_num(rest, nan=0.0)
    if not known.size or phi <= 0:
        return out
    gap = np.flatnonzero(~np.isfinite(rest))
    after = np.searchsorted(known, gap)
    left, right = known[np.maximum(after - 1, 0)], known[np.minimum(after, known.size - 1)]
    back, ahead = phi ** np.abs(gap - left), phi ** np.abs(right - gap)
    inside = (after > 0) & (after < known.size)
    # conditional mean of a Gaussian AR(1) given the values on both sides
    both = np.where(inside, 1 - (back * ahead) ** 2, 1.0)
    from_left = np.where(inside, back * (1 - ahead**2) / both, np.where(after > 0, back, 0.0))
    from_right = np.where(inside, ahead * (1 - back**2) / both, np.where(after > 0, 0.0, ahead))
    out[gap] = from_left * rest[left] + from_right * rest[right]
    return out


def earlier(values: Floats, lag: int, fill: float) -> Floats:
    """The value of ``lag`` days before, on each day; ``fill`` where that lies before the series."""
    out = np.full(values.shape, fill)
    if lag < values.size:
        out[lag:] = values[: values.size - lag]
    return out


def fisher_intervals(r: Floats, n: Floats, coverage: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of each correlation from ``n`` independent pairs, by Fisher's z (1921).

    nan where r is, and with fewer than four pairs.
    """
    reach = np.full(r.shape, np.nan)
    enough = n > 3
    reach[enough] = NormalDist().inv_cdf(0.5 + coverage / 2) / np.sqrt(n[enough] - 3)
    z = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    return np.tanh(z - reach), np.tanh(z + reach)


def fisher_interval(r: float, n: float, coverage: float = 0.95) -> tuple[float, float] | None:
    """The same for one correlation; None where there is none."""
    low, high = fisher_intervals(np.array([r]), np.array([float(n)]), coverage)
    return (float(low[0]), float(high[0])) if np.isfinite(low[0]) else None
