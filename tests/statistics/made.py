"""Series made for the tests of the statistics: with memory, a weekly rhythm and gaps, by a seed."""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy.signal import lfilter

MONDAY = date(2026, 1, 5)
NAN = float("nan")


def ar1(rng, size, phi):
    """AR(1) of unit variance. ``size``: days, or (rows, days)."""
    *rows, n = np.atleast_1d(size)
    noise = rng.standard_normal((*rows, n + 60)) * np.sqrt(1 - phi**2)
    return lfilter([1], [1, -phi], noise)[..., 60:]


def pair(rng, n, phi, r=0.0, lag=3, gaps=0.2, weekly=0.8):
    """A behaviour and a result that follows it with strength r, both with rhythm and gaps."""
    long = ar1(rng, n + lag, phi)
    lead = long[lag:].copy()
    result = r * long[:n] + np.sqrt(1 - r**2) * ar1(rng, n, phi)
    weekend = weekly * np.isin(np.arange(n) % 7, (5, 6))
    lead, result = lead - weekend, result - weekend
    lead[rng.random(n) < gaps] = NAN
    result[rng.random(n) < gaps] = NAN
    return lead, result


def covariance(days, memory):
    """The dense covariance of the noise on those days, shape (n, n)."""
    gap = np.abs(days[:, None] - days[None, :])
    dense = memory.share * memory.phi ** gap.astype(float)
    dense[gap == 0] = 1.0
    return dense


def at_most(rate, bound, sims):
    """Whether a rate is within its bound, up to three standard errors of so many simulations."""
    return rate <= bound + 3 * np.sqrt(bound * (1 - bound) / sims)


def with_rhythm_and_gaps(rng, series):
    out = series - 0.8 * np.isin(np.arange(series.shape[1]) % 7, (5, 6))
    out[rng.random(out.shape) < 0.2] = NAN
    return out
