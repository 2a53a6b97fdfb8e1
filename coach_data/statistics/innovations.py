"""What is new about each person each day, many people at once: the raw material of pooling."""

from __future__ import annotations

from datetime import date

import numpy as np

from coach_data.statistics.series import Flags, Floats, calendar_design, independent
from coach_data.statistics.threads import in_threads

MIN_PER_DAY = 3  # known people of a day before its mean means anything
OUTLIER = 4.0  # robust standard deviations
ROWS = 64  # people at a time: as many as stay in a processor's cache


def innovations(values: Floats, first_day: date) -> Floats:
    """What is new about each person each day: without programme, weekday, trend and memory.

    ``values``: shape (people, days), nan unknown; the same shape back, each row of spread 1, nan
    where unknown and on the first known day; a row that does not vary is all 0.
    """
    known = np.isfinite(values)
    of_day = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(of_day, 1)
    known &= of_day >= MIN_PER_DAY
    out = np.where(known, values - mean, 0.0)
    scale = np.abs(np.where(known, values, 0.0)).max(axis=1, initial=0.0)
    basis = independent(calendar_design(first_day, values.shape[1]))

    def renew(start: int) -> None:
        part = slice(start, start + ROWS)
        rest = _without_rows(out[part], known[part], basis, scale[part])
        out[part] = _without_memory(rest, known[part])

    in_threads(renew, range(0, values.shape[0], ROWS))
    return out


def _without_rows(rest: Floats, known: Flags, basis: Floats, scale: Floats) -> Floats:
    """Each row without the design on its own known days, gross outliers pulled in."""
    mask = known.astype(np.float64)
    p = basis.shape[1]
    gram = (mask @ (basis[:, :, None] * basis[:, None, :]).reshape(-1, p * p)).reshape(-1, p, p)
    inverse = np.linalg.pinv(gram, rcond=1e-9, hermitian=True)
    rest = rest - mask * (np.einsum("kij,kj->ki", inverse, rest @ basis) @ basis.T)
    rest[np.abs(rest).max(axis=1) <= 1e-10 * scale] = 0.0
    spread = 1.4826 * _medians(np.abs(rest), known)
    reach = np.where(spread > 1e-10 * scale, OUTLIER * spread, np.inf)[:, None]
    return np.asarray(np.clip(rest, -reach, reach))


def _medians(values: Floats, known: Flags) -> Floats:
    """The median of the known values of each row, 0 where there are none."""
    ordered = np.sort(np.where(known, values, np.inf), axis=1)
    count = known.sum(axis=1)
    middle = np.maximum([(count - 1) // 2, count // 2], 0)
    low, high = (np.take_along_axis(ordered, m[:, None], axis=1)[:, 0] for m in middle)
    return np.where(count > 0, (low + high) / 2, 0.0)


def _without_memory(rest: Floats, known: Flags) -> Floats:
    """Gap-aware AR(1) innovations: (x - phi^g x of g days before) over their spread.

    phi from neighbouring days, corrected for its bias as in ``variation``.
    """
    n = np.maximum(known.sum(axis=1), 6)
    neighbours = known[:, 1:] & known[:, :-1]
    product = (rest[:, 1:] * rest[:, :-1] * neighbours).sum(axis=1)
    variance = (rest**2).sum(axis=1) / n
    variance[variance <= 0] = 1.0
    r = product / np.maximum(neighbours.sum(axis=1), 1) / variance
    phi = np.clip((r + 2 / n) / (1 - 4 / n), 0.0, 0.95)[:, None]
    place = np.arange(rest.shape[1])
    last = np.maximum.accumulate(np.where(known, place, -1), axis=1)
    before = np.concatenate([np.full((rest.shape[0], 1), -1), last[:, :-1]], axis=1)
    decay = phi ** (place - before)
    previous = np.take_along_axis(rest, np.maximum(before, 0), axis=1)
    fresh = (rest - decay * previous) / np.sqrt((1 - decay**2) / (1 - phi**2))
    seen = known & (before >= 0)
    size = np.sqrt((np.where(seen, fresh, 0.0) ** 2).sum(axis=1) / np.maximum(seen.sum(axis=1), 1))
    size[size <= 0] = 1.0
    return np.where(seen, fresh / size[:, None], np.nan)
