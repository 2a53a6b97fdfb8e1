"""How much values vary, where neighbouring days may resemble each other."""

from __future__ import annotations

import numpy as np

from coach_data.statistics.series import Floats, negligible

MOVING_RANGE = 1.128  # mean range of two standard normal values


def spread_of(values: Floats, spent: float = 0.0) -> float:
    """The larger of mean moving range / 1.128 and the standard deviation; 0 for a constant.

    The moving range alone is too small on a series with memory. ``spent``: degrees of freedom
    already used beside the mean.
    """
    deviation = values - values.mean()
    deviation_sd = float(np.sqrt(deviation @ deviation / max(values.size - 1 - spent, 1.0)))
    moving = float(np.abs(np.diff(values)).mean()) / MOVING_RANGE
    sigma = max(moving, deviation_sd)
    return 0.0 if negligible(sigma, values) else sigma
