"""Two slopes of one pair, before and lately, in whitened space.

The errors are HC3 (MacKinnon & White 1985, doi 10.1016/0304-4076(85)90158-7).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach_data.statistics.noise import memory_of, whitened
from coach_data.statistics.profile import look_back
from coach_data.statistics.series import Flags, Floats, independent, residual, t_upper, winsorised

P_IMPROVING = 0.05


@dataclass(frozen=True, eq=False)
class WhiteLook:
    """One look in whitened space. ``rows``: places with both values, as in ``late``, ``lead``.

    ``lead`` (rows, 2): the behaviour before and lately. ``steady``: all known lagging rows of
    level, weekday and late level without a trend, for the question whether the result improves.
    """

    lead: Floats
    result: Floats
    design: Floats
    late: Flags
    steady: Floats
    every_result: Floats

    def improves(self, sense: int) -> bool:
        """Whether the result is better lately than before, one-sided at 5 %."""
        beta, covariance, spare = least_squares(self.steady, self.every_result)
        t = sense * beta[0] / math.sqrt(max(covariance[0, 0], 1e-300))
        return t_upper(float(t), spare) < P_IMPROVING


def whitened_look(
    lead: Floats, result: Floats, design: Floats, late: Flags, lag: int | None
) -> WhiteLook:
    """A pair about its design without memory, its behaviour parted into before and lately.

    ``lead``, ``result``: shape (days,), nan unknown. ``design``: (days, p), as ``calendar_design``
    makes it. ``late`` (days,): which days are lately. ``lag``: in days, None for the mean of the
    previous seven. Behaviour and result are in their own units.
    """
    target = residual(winsorised(result, design), design)
    days = np.flatnonzero(np.isfinite(target))
    rest = residual(winsorised(lead, design), design)
    columns, there = look_back(rest, days, (lag,))
    x, late_days = columns[:, 0], late[days].astype(np.float64)
    basis = independent(np.column_stack([design[days], late_days]))
    parts = np.column_stack([x * (1 - late_days), x * late_days])
    # the trend is left out of "better lately", or it would take the improvement away
    flat = np.delete(design[days], np.s_[1 : design.shape[1] - 6], axis=1)
    level = independent(flat)
    step = late_days - level @ (level.T @ late_days)
    memory = memory_of(target[days] / np.std(target[days]), basis, days)
    tamed = winsorised(result, design)[days]
    white = whitened(
        np.column_stack([target[days], parts, basis, tamed, step, level]), days, memory
    )
    seen, p = there[:, 0], basis.shape[1]
    return WhiteLook(
        lead=white[seen, 1:3],
        result=white[seen, 0],
        design=white[seen, 3 : 3 + p],
        late=late[days][seen],
        steady=white[:, 4 + p :],
        every_result=white[:, 3 + p],
    )


@dataclass(frozen=True)
class Slopes:
    """Result units per behaviour unit, before and lately.

    ``p_before``: one-sided, that it was above 0; ``p_drop``: that it is smaller lately.
    """

    before: float
    lately: float
    p_before: float
    p_drop: float


def both_slopes(white: WhiteLook) -> Slopes | None:
    """Both slopes and their p; None where one of the parts has no day, or no variation of its own."""
    base = independent(white.design)
    free = white.lead - base @ (base.T @ white.lead)
    if (np.sqrt((free**2).sum(axis=0)) < 1e-6 * np.linalg.norm(white.lead)).any():
        return None
    beta, covariance, spare = least_squares(np.column_stack([white.lead, base]), white.result)
    drop = float(beta[0] - beta[1])
    drop_variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    return Slopes(
        before=float(beta[0]),
        lately=float(beta[1]),
        p_before=t_upper(float(beta[0]) / math.sqrt(max(covariance[0, 0], 1e-300)), spare),
        p_drop=t_upper(drop / math.sqrt(max(drop_variance, 1e-300)), spare),
    )


def least_squares(columns: Floats, values: Floats) -> tuple[Floats, Floats, float]:
    """Coefficients, their HC3 covariance and the spare degrees of freedom.

    ``columns``: shape (n, p), ``values``: (n,). HC3 divides each residual by one minus its
    leverage, which keeps the size of the test in small samples with unequal spread.
    """
    inverse = np.linalg.pinv(columns)
    beta = inverse @ values
    leverage = np.einsum("ij,ji->i", columns, inverse)
    # a row with leverage 1 is fitted exactly and says nothing about the spread
    error = (values - columns @ beta) / np.maximum(1 - leverage, 1e-6)
    weighted = inverse * error
    return beta, weighted @ weighted.T, float(columns.shape[0] - columns.shape[1])
