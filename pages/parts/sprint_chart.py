"""Before and during a sprint as one chart: its days, and the mean of each part. No Streamlit.

Built once with Altair for each theme, as the rows of the compass are; at draw time it costs a small
table and a few numbers in ``params``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from coach_data.model import Measure
from coach_data.statistics.comparison import Moved
from coach_data.trials import Trial
from coach_data.values import bounds
from pages.parts.chart_style import (
    Spec,
    amount_axis,
    amount_scale,
    config,
    day_scale,
    expr,
    laid_out,
    settle_pandas,
    time_axis,
    without_data,
)
from pages.parts.palette import Palette, Theme, palette
from pages.parts.row_data import EPOCH, two_ticks
from pages.parts.sprint_words import amount

if TYPE_CHECKING:
    import altair as alt
    import pyarrow as pa

HEIGHT = 240
BEFORE, DURING = "before", "during"


def sprint_chart(trial: Trial, *, theme: Theme) -> tuple[pa.Table, Spec]:
    """(data, spec) for ``st.vega_lite_chart(data, spec, theme=None, alt=sprint_alt(trial))``."""
    floor, ceiling = _domain(trial)
    first = (trial.days[0] - EPOCH).days
    spec = dict(_spec(theme))
    unit = trial.measure.unit
    spec["params"] = [
        *spec["params"],
        {"name": "floor", "value": floor},
        {"name": "ceiling", "value": ceiling},
        {"name": "amounts", "value": two_ticks(floor, ceiling, trial.measure.measure)},
        {"name": "first_day", "value": first - 0.8},
        {"name": "last_day", "value": first + len(trial.days) - 0.2},
        {
            "name": "mondays",
            "value": [first + k for k, d in enumerate(trial.days) if d.weekday() == 0],
        },
        {"name": "yes_no", "value": trial.measure.measure is Measure.YES_NO},
        {"name": "above", "value": f"{trial.measure.name}{f' ({unit})' if unit else ''}, by day"},
        {"name": "moved", "value": trial.result.verdict is Moved.MOVED},
    ]
    return _table(trial), spec


def sprint_alt(trial: Trial) -> str:
    """The chart in a sentence."""
    result = trial.result
    return (
        f"{trial.measure.name} day by day: the {trial.n_before} days before the sprint, "
        f"{result.known_before} known, mean {amount(trial, result.before)}; its 14 days, "
        f"{result.known_during} known, mean {amount(trial, result.during)}."
    )


def _domain(trial: Trial) -> tuple[float, float]:
    known = trial.values[np.isfinite(trial.values)]
    low, high = bounds(trial.measure)
    if trial.measure.measure in (Measure.RATING, Measure.YES_NO) and None not in (low, high):
        return float(low or 0), float(high or 1)
    least, most = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    room = 0.1 * (most - least) or max(abs(most) * 0.1, 0.5)
    return (max(least - room, low) if low is not None else least - room), most + room


def _table(trial: Trial) -> pa.Table:
    import pyarrow as pa

    first = (trial.days[0] - EPOCH).days
    parts = [BEFORE if k < trial.n_before else DURING for k in range(len(trial.days))]
    means = {BEFORE: trial.result.before, DURING: trial.result.during}
    known = np.isfinite(trial.values)
    return pa.table(
        {
            "day": pa.array([first + k for k in range(len(trial.days))], pa.int32()),
            "value": pa.array(
                [float(v) if k else None for v, k in zip(trial.values, known, strict=True)]
            ),
            "part": parts,
            "mean": pa.array([means[p] for p in parts], pa.float64()),
            "Day": [f"{d:%a} {d.day} {d:%b}" for d in trial.days],
            "Value": [
                amount(trial, float(v)) if k else "not known"
                for v, k in zip(trial.values, known, strict=True)
            ],
            "Part": [f"{p} the sprint" for p in parts],
        }
    )


@cache
def _spec(theme: Theme) -> Spec:
    """The chart without data and numbers. Shared between all who draw it: copy before changing."""
    settle_pandas()
    import altair as alt

    colours = palette(theme)
    x = alt.X("day:Q", scale=day_scale(), axis=time_axis(colours))
    y = alt.Y("value:Q", scale=amount_scale(14, 24), axis=amount_axis(colours))
    layers = [
        _begin(x, colours.rule),
        *_names(x, colours.muted),
        *_part(BEFORE, x, y, colours),
        *_part(DURING, x, y, colours),
        _gaps(x, colours.line),
        _hover(x, colours.line),
    ]
    spec = laid_out(without_data(alt.layer(*layers).to_dict()), HEIGHT)
    spec["title"] = {
        "text": {"expr": "above"},
        "anchor": "start",
        "fontSize": 12,
        "fontWeight": 400,
        "color": colours.muted,
        "frame": "group",
        "offset": 8,
    }
    spec["config"] = config(colours)
    return spec


def _part(part: str, x: alt.X, y: alt.Y, colours: Palette) -> list[alt.Chart]:
    """The days before the sprint or in it, joined by a thin line, and their mean."""
    import altair as alt

    mean = y.copy(deep=False)
    mean.shorthand = "mean:Q"
    here = alt.Chart().transform_filter(f"datum.part == '{part}'")
    tone = expr(f"moved ? '{colours.signal}' : '{colours.ink}'") if part == DURING else colours.ink
    shape = "diamond" if part == DURING else "circle"
    return [
        here.mark_line(color=colours.line, strokeWidth=1, aria=False).encode(x, y),
        here.mark_line(color=tone, strokeWidth=2, strokeDash=[6, 3], aria=False).encode(x, mean),
        here.mark_point(
            filled=True, opacity=1, size=40, color=tone, shape=shape, aria=False
        ).encode(x, y),
    ]


def _begin(x: alt.X, tone: str) -> alt.Chart:
    """The line between the day before the sprint and its first."""
    import altair as alt

    chart: alt.Chart = (
        alt.Chart()
        .transform_filter(f"datum.part == '{DURING}'")
        .transform_aggregate(day="min(day)")
        .transform_calculate(day="datum.day - 0.5")
        .mark_rule(color=tone, strokeWidth=1, aria=False)
        .encode(x)
    )
    return chart


def _names(x: alt.X, tone: str) -> list[alt.Chart]:
    """What each part is, above its first day."""
    import altair as alt

    return [
        alt.Chart()
        .transform_filter(f"datum.part == '{part}'")
        .transform_aggregate(day="min(day)")
        .mark_text(text=said, align="left", baseline="top", fontSize=12, color=tone, aria=False)
        .encode(x, y=alt.value(3))
        for part, said in ((BEFORE, "before"), (DURING, "during the sprint"))
    ]


def _gaps(x: alt.X, tone: str) -> alt.Chart:
    """A hollow dot below for a day of which nothing is known."""
    import altair as alt

    chart: alt.Chart = (
        alt.Chart()
        .transform_filter("!isValid(datum.value)")
        .mark_point(shape="circle", size=16, stroke=tone, strokeWidth=1.25, opacity=1, aria=False)
        .encode(x, y=alt.value(expr("height - 5")))
    )
    return chart


def _hover(x: alt.X, tone: str) -> alt.Chart:
    """A full-height target for each day; faint while pointed at."""
    import altair as alt

    pointed = alt.selection_point(
        name="pointed", fields=["day"], on="pointerover", clear="pointerout", empty=False
    )
    chart: alt.Chart = (
        alt.Chart()
        .mark_rule(color=tone, strokeWidth=expr("width / (last_day - first_day)"), aria=False)
        .encode(
            x,
            opacity=alt.when(pointed).then(alt.value(0.18)).otherwise(alt.value(0)),
            tooltip=[f"{name}:N" for name in ("Day", "Value", "Part")],
        )
        .add_params(pointed)
    )
    return chart
