"""How the noise of a series remembers, and how to take the memory out.

The noise is an AR(1) seen through white measurement noise: its correlation over k days is
``share * phi**k``. Both numbers are chosen on a grid by restricted maximum likelihood (Patterson &
Thompson 1971, doi 10.1093/biomet/58.3.545); the likelihood and the whitening come from a Kalman
filter over the known days, so that gaps need no filling (Jones 1980, doi 10.2307/1268324).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach_data.statistics.series import Floats, Ints

PHIS = (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
SHARES = (0.15, 0.3, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Memory:
    """Correlation ``share * phi**k`` between the noise of two days k apart; share 0 is white."""

    phi: float
    share: float


WHITE = Memory(PHIS[0], 0.0)
NOTHING_LEFT = 1e-10  # of the sum of squares
GRID = (WHITE, *(Memory(phi, share) for phi in PHIS for share in SHARES))


def memory_of(values: Floats, basis: Floats, days: Ints) -> Memory:
    """The memory of the noise of ``values`` about a design, the most likely one of the grid.

    ``values``: shape (n,), all known. ``basis``: shape (n, p), orthonormal columns.
    ``days``: shape (n,), increasing. White where the design leaves nothing of the values, as it
    does with hardly more rows than columns.
    """
    n, p = basis.shape
    rest = values - basis @ (basis.T @ values)
    if n <= p or float(rest @ rest) <= NOTHING_LEFT * float(values @ values):
        return WHITE
    decay, gain, spread = _recursion(days, GRID)
    white = _filtered(np.column_stack([basis, values])[:, None, :], decay, gain, spread)
    columns = white.transpose(1, 2, 0)
    gram = columns @ columns.transpose(0, 2, 1)
    # the Cholesky factor holds both the determinant of the design and the residual sum of squares
    logs = np.log(np.diagonal(np.linalg.cholesky(gram), axis1=1, axis2=2))
    deviance = (
        2 * (n - p) * logs[:, p] + 2 * logs[:, :p].sum(axis=1) + 2 * np.log(spread).sum(axis=0)
    )
    return GRID[int(deviance.argmin())]


def whitened(columns: Floats, days: Ints, memory: Memory) -> Floats:
    """Each column without the memory: the innovations of the filter over their own spread.

    ``columns``: shape (n, k), all known; ``days``: shape (n,), increasing. All columns run through
    the same gains, so that what is linear before is linear after.
    """
    if memory.share == 0.0:
        return columns.copy()
    decay, gain, spread = _recursion(days, (memory,))
    return _filtered(columns, decay, gain, spread)


def _recursion(days: Ints, grid: tuple[Memory, ...]) -> tuple[Floats, Floats, Floats]:
    """Decay, gain and innovation spread of the filter, each of shape (n, len(grid))."""
    phi = np.array([m.phi for m in grid])
    share = np.array([m.share for m in grid])
    gaps, of_day = np.unique(np.diff(days, prepend=days[0]), return_inverse=True)
    decay = (phi ** gaps[:, None])[of_day]
    fresh = share * (1 - decay**2)
    gain, spread = np.empty_like(decay), np.empty_like(decay)
    kept, squared, noise = share.copy(), decay**2, 1 - share
    for t in range(days.size):
        kept *= squared[t]
        if t:
            kept += fresh[t]
        variance = np.add(kept, noise, out=spread[t])
        np.divide(kept, variance, out=gain[t])
        kept *= noise
        kept /= variance
    return decay, gain, np.sqrt(spread)


def _filtered(columns: Floats, decay: Floats, gain: Floats, spread: Floats) -> Floats:
    """Standardised innovations; columns (n, 1, k) with gains (n, G), or (n, k) with (n, 1)."""
    if columns.ndim == 3:
        decay, gain, spread = decay[:, :, None], gain[:, :, None], spread[:, :, None]
    n = columns.shape[0]
    out = np.empty((n, *np.broadcast_shapes(columns.shape[1:], gain.shape[1:])))
    state, step = np.zeros(out.shape[1:]), np.empty(out.shape[1:])
    for t in range(n):
        np.multiply(state, decay[t], out=state)
        innovation = np.subtract(columns[t], state, out=out[t])
        np.multiply(innovation, gain[t], out=step)
        np.add(state, step, out=state)
    out /= spread
    return out
