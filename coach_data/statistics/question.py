"""What is asked about a pair: which series, at which lags, and what was declared beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from coach_data.statistics.profile import WINDOW
from coach_data.statistics.series import Floats, earlier


class Window(Enum):
    """A stretch of days instead of one lag. WINDOW_7: the mean of the previous seven days."""

    WINDOW_7 = 7


WINDOW_7: Final = Window.WINDOW_7


@dataclass(frozen=True, eq=False)
class Question:
    """What ``judge`` is asked: one pair on one grid, the lags, and what was declared."""

    leading: Floats
    lagging: Floats
    lags: tuple[int, ...]
    declared: int | Window | None
    direction: int
    draws: int
    seed: int
    level: float

    @property
    def columns(self) -> tuple[int | None, ...]:
        """The lags, then the declared one where it is not among them; None is the window."""
        if self.declared is None or self.declared in self.lags:
            return self.lags
        return (*self.lags, None if isinstance(self.declared, Window) else self.declared)

    @property
    def backwards(self) -> tuple[int, ...]:
        """The lags of the placebo; lag 0 looks the same from both sides."""
        return tuple(lag for lag in self.lags if lag > 0)

    @property
    def place(self) -> int | None:
        """Where the declared lag stands among the columns."""
        if self.declared is None:
            return None
        wanted = None if isinstance(self.declared, Window) else self.declared
        return self.columns.index(wanted)

    def places_with_both(self) -> int:
        """Days with the result and the behaviour before it: at the declared lag, else the most."""
        known = np.isfinite(self.leading).astype(np.float64)
        result = np.isfinite(self.lagging)
        if isinstance(self.declared, Window):
            behind = sum((earlier(known, k, 0.0) for k in range(1, WINDOW + 1)), 0 * known)
            return int((result & (2 * behind >= WINDOW)).sum())
        asked = self.lags if self.declared is None else (self.declared,)
        return max(int((result & (earlier(known, lag, 0.0) > 0)).sum()) for lag in asked)
