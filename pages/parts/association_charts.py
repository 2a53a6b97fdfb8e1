"""Results in, Vega-Lite out: the four charts of "does it matter?". No data access, no Streamlit.

Each takes plain arrays and gives (data, spec) for ``st.vega_lite_chart(data, spec, theme=None,
alt=...)``. Their titles are words of the one verdict and stand above them in Streamlit, where they
wrap instead of being cut. ``clear`` says for all four whether the verdict found something: only then
is there colour, and a trend line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pages.parts.association_layers import filled
from pages.parts.chart_style import Spec
from pages.parts.palette import Theme
from pages.parts.row_data import EPOCH, day_names, figure

if TYPE_CHECKING:
    import pyarrow as pa

AIR = 0.06  # beside the outermost marks, as a part of the range


class Trend(NamedTuple):
    """A fitted line over ``at``, with its interval; only where the verdict is clear."""

    at: ArrayLike
    fitted: ArrayLike
    low: ArrayLike
    high: ArrayLike


def scatter_chart(
    leading: ArrayLike,
    lagging: ArrayLike,
    *,
    x_title: str,
    y_title: str,
    theme: Theme,
    trend: Trend | None = None,
) -> tuple[pa.Table, Spec]:
    """Pairs of a behaviour and the result some days later; pairs with an unknown are left out."""
    x, y = _floats(leading), _floats(lagging)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    line = [_floats(part) for part in trend] if trend else [np.empty(0)] * 4
    data = _table(
        x=x,
        y=y,
        X=[figure(v) for v in x.tolist()],
        Y=[figure(v) for v in y.tolist()],
        **dict(zip(("at", "fitted", "low", "high"), line, strict=True)),
    )
    left, right = _span(x, line[0])
    floor, ceiling = _span(y, *line[1:])
    spec = filled("scatter", theme, x_title, y_title)
    spec["params"] = _params(left=left, right=right, floor=floor, ceiling=ceiling)
    return data, spec


def lag_chart(
    lags: Sequence[int],
    r: ArrayLike,
    band: ArrayLike,
    *,
    x_title: str,
    y_title: str,
    theme: Theme,
    marked: int | None = None,
    clear: bool = False,
    band_label: str = "",
    unit: str = "day",
) -> tuple[pa.Table, Spec]:
    """The association at each lag, above what chance alone gives over the whole profile.

    ``band``: how far from zero chance reaches, one number or one for each lag. ``marked``: the lag
    that the verdict speaks of; a diamond, in colour when ``clear``. ``unit``: day or week.
    """
    strength, lags = _floats(r), [int(lag) for lag in lags]
    reach = np.broadcast_to(_floats(band), strength.shape)
    data = _table(
        lag=lags,
        r=strength,
        low=-reach,
        high=reach,
        marked=[lag == marked for lag in lags],
        Lag=_lag_names(lags, unit),
        R=_strengths(strength),
        Chance=_intervals(-reach, reach),
    )
    top = _symmetric(strength, reach)
    spec = filled("lag", theme, x_title, y_title)
    spec["params"] = _params(
        left=min(lags) - 0.7,
        right=max(lags) + 0.7,
        floor=-top,
        ceiling=top,
        places=list(lags),
        clear=clear,
        label=band_label,
        label_at=float(np.nanmax(reach, initial=0.0)),
    )
    return data, spec


def _lag_names(lags: Sequence[int], unit: str) -> list[str]:
    return [f"{lag} {unit}{'' if lag == 1 else 's'}" for lag in lags]


def rolling_chart(
    days: Sequence[date],
    r: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    y_title: str,
    theme: Theme,
    aims: Sequence[tuple[date, str]] = (),
    clear: bool = False,
) -> tuple[pa.Table, Spec]:
    """The association of the last weeks as it moved on, with its interval, broken where unknown.

    ``aims``: when an aim was agreed, and the words beside the line that marks it.
    """
    strength, below, above = _floats(r), _floats(low), _floats(high)
    agreed = [(d, words) for d, words in aims if days[0] <= d <= days[-1]]
    data = _table(
        day=[(d - EPOCH).days for d in days],
        r=strength,
        low=below,
        high=above,
        Day=day_names(tuple(days)),
        R=_strengths(strength),
        Interval=_intervals(below, above),
        since=[(d - EPOCH).days for d, _ in agreed],
        words=[" ".join(words.split()) for _, words in agreed],
    )
    top = _symmetric(strength, below, above)
    spec = filled("rolling", theme, "", y_title)
    spec["params"] = _params(
        left=(days[0] - EPOCH).days - 0.5,
        right=(days[-1] - EPOCH).days + 0.5,
        floor=-top,
        ceiling=top,
        places=_mondays(days, at_most=8),
        clear=clear,
    )
    return data, spec


def histogram_chart(
    edges: ArrayLike,
    counts: ArrayLike,
    expected: ArrayLike | None = None,
    *,
    x_title: str,
    y_title: str,
    theme: Theme,
    aim: float | None = None,
    clear: bool = False,
) -> tuple[pa.Table, Spec]:
    """How often which values came, with a tick beside each bar for what would be expected.

    ``edges``: one more than ``counts``. The bar that holds ``aim`` has the colour when ``clear``.
    """
    bounds, height = _floats(edges), _floats(counts)
    usual = _floats(expected) if expected is not None else np.full(height.shape, np.nan)
    data = _table(
        **_bars(bounds, aim),
        count=height,
        expected=usual,
        Days=[figure(v) for v in height.tolist()],
        Expected=["–" if v != v else figure(round(v, 1)) for v in usual.tolist()],
    )
    most = float(np.nanmax(np.concatenate([height, usual, [1.0]])))
    spec = filled("histogram", theme, x_title, y_title)
    spec["params"] = _params(
        left=float(bounds[0]),
        right=float(bounds[-1]),
        floor=0.0,
        ceiling=1.08 * most,
        apart=1.0 if _whole(bounds) else 0.0,  # the least from tick to tick
        clear=clear,
        aim=[] if aim is None else [aim],
    )
    return data, spec


def _floats(values: ArrayLike) -> Any:
    return np.asarray(values, dtype=np.float64)


def _table(**columns: Any) -> pa.Table:
    """Columns of different lengths below one another, so that all layers read one table."""
    import pyarrow as pa

    size = max(len(column) for column in columns.values())
    made = {}
    for name, column in columns.items():
        missing = size - len(column)
        values = column.tolist() if isinstance(column, np.ndarray) else list(column)
        made[name] = pa.array(values + [None] * missing)
    return pa.table(made)


def _span(*values: Any) -> tuple[float, float]:
    everything = np.concatenate([np.ravel(v) for v in values])
    finite = everything[np.isfinite(everything)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    air = AIR * (high - low) or 0.5
    return (0.0 if low == 0 else low - air), high + air


def _symmetric(*values: Any) -> float:
    """The same reach above and below zero: at least .4, at most 1, a little above all values."""
    everything = np.abs(np.concatenate([np.ravel(v) for v in values]))
    most = float(np.max(everything[np.isfinite(everything)], initial=0.0))
    return min(max(most * 1.15, 0.4), 1.05)


def _strengths(values: Any) -> list[str]:
    told = (f"{v:+.2f}".replace("-", "−") if v == v else "–" for v in values.tolist())
    return list(told)


def _intervals(low: Any, high: Any) -> list[str]:
    return [f"{a} to {b}" for a, b in zip(_strengths(low), _strengths(high), strict=True)]


def _bars(edges: Any, aim: float | None) -> dict[str, Any]:
    """Where each bar stands, with a gap to the next, which values it holds, and the aim's own."""
    gap = 0.08 * np.diff(edges)
    at_aim = np.zeros(edges.size - 1, bool)
    if aim is not None and edges[0] <= aim < edges[-1]:
        at_aim[int(np.searchsorted(edges, aim, side="right")) - 1] = True
    ends = [figure(v) for v in edges.tolist()]
    if _whole(edges):
        held = [figure(v) for v in ((edges[:-1] + edges[1:]) / 2).tolist()]
    else:
        held = [f"{a} to {b}" for a, b in zip(ends[:-1], ends[1:], strict=True)]
    return {
        "left_edge": edges[:-1] + gap,
        "right_edge": edges[1:] - gap,
        "at_aim": at_aim.tolist(),
        "Values": held,
    }


def _whole(edges: Any) -> bool:
    """Whether each bar stands for one whole number."""
    middles = (edges[:-1] + edges[1:]) / 2
    return bool((np.diff(edges) == 1).all() and (middles == np.round(middles)).all())


def _mondays(days: Sequence[date], at_most: int) -> list[int]:
    first, last = (days[0] - EPOCH).days, (days[-1] - EPOCH).days
    mondays = list(range(first + (-days[0].weekday()) % 7, last + 1, 7))
    return mondays[:: -(-len(mondays) // at_most) or 1]


def _params(**values: Any) -> list[Spec]:
    return [{"name": name, "value": value} for name, value in values.items()]
