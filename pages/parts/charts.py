"""Results in, Vega-Lite out: the chart of a compass row. No data access, no Streamlit.

``st.vega_lite_chart(data, spec, theme=None, alt=row_alt(row))`` draws it. The kind is built once
with Altair for each theme and size, and Altair is imported only then; at draw time a row costs one
small table and a handful of numbers in ``params``. The days are whole numbers since 1970-01-01
rather than dates: no time zone of a browser can move them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from coach_data.compass import Row
from coach_data.model import Annotation, Measure
from pages.parts.chart_style import (
    AXIS_HEIGHT,
    AXIS_WIDTH,
    DAYS_END,
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
from pages.parts.row_data import (
    EPOCH,
    domain,
    marks_of,
    row_alt,
    row_table,
    two_ticks,
    usual_shown,
)

if TYPE_CHECKING:
    import altair as alt
    import pyarrow as pa

__all__ = ["Spec", "build", "picture", "row_alt", "row_chart"]

HEIGHT, PHONE_HEIGHT = 84, 64

LABEL_LANE = 14  # what the names of the annotations add to the row that has them

PICTURE_WIDTH, PICTURE_HEIGHT = 800, 180
VEGA_LITE = "6.1"  # the version that Altair writes, among those that vl-convert brings along


def row_chart(
    row: Row,
    days: Sequence[date],
    annotations: Sequence[Annotation] = (),
    *,
    theme: Theme,
    phone: bool = False,
    axis: bool = False,
    labels: bool = False,
) -> tuple[pa.Table, Spec]:
    """One row of the compass over ``days`` as (data, spec).

    ``axis``: with the time axis, for the last row. ``labels``: with the names of the annotations,
    for the first row; all rows show their rules. Both add to the height, never to the plot.
    """
    marks = marks_of(annotations, days)
    low, high = usual_shown(row)
    floor, ceiling = domain(row, low, high)
    first = (days[0] - EPOCH).days
    parts = {
        "axis": axis,
        "phone": phone,
        "labels": labels and bool(marks),
        "aim": bool(np.isfinite(row.aimed).any()),
        "leave": any(m.leave for m in marks),
        "event": any(not m.leave for m in marks),
    }
    spec = dict(_row_spec(theme, frozenset(name for name, there in parts.items() if there)))
    spec["params"] = [
        {"name": "floor", "value": floor},
        {"name": "ceiling", "value": ceiling},
        {"name": "amounts", "value": two_ticks(floor, ceiling, row.indicator.measure)},
        {"name": "first_day", "value": first - 0.8},
        {"name": "last_day", "value": first + len(days) - 0.2},
        {"name": "mondays", "value": [first + k for k, d in enumerate(days) if d.weekday() == 0]},
        {"name": "day_width", "expr": f"({DAYS_END} - {AXIS_WIDTH}) / (last_day - first_day)"},
        {"name": "yes_no", "value": row.indicator.measure is Measure.YES_NO},
    ]
    return row_table(row, days, marks, low, high), spec


def build() -> None:
    """Import Altair and build what a compass needs, in a quiet moment before the first one."""
    themes: tuple[Theme, Theme] = ("light", "dark")
    for theme in themes:
        for parts in (
            ("aim", "event", "labels"),
            ("aim", "event"),
            ("event", "axis"),
            ("aim",),
            ("axis",),
        ):
            _row_spec(theme, frozenset(parts))


def picture(data: pa.Table, spec: Spec, kind: Literal["png", "svg"], *, title: str = "") -> bytes:
    """A chart as a file on the page's background, twice the size for PNG; works offline."""
    import vl_convert as vlc

    whole = {
        **spec,
        "data": {"values": data.to_pylist()},
        "width": PICTURE_WIDTH,
        "height": max(spec["height"], PICTURE_HEIGHT),
        "autosize": {"type": "pad"},
        "padding": 20,
    }
    if title:
        whole["title"] = {"text": title, "anchor": "start", "frame": "group", "offset": 12}
    if kind == "svg":
        return vlc.vegalite_to_svg(whole, vl_version=VEGA_LITE).encode()
    return vlc.vegalite_to_png(whole, vl_version=VEGA_LITE, scale=2)


@cache
def _row_spec(theme: Theme, parts: frozenset[str]) -> Spec:
    """The row without data and numbers. Shared between all who draw it: copy before changing.

    ``parts``: what it has of axis, phone, labels, aim, leave, event. A layer that would draw nothing
    costs the browser as much as one that does.
    """
    axis, labels = "axis" in parts, "labels" in parts
    settle_pandas()
    import altair as alt

    colours = palette(theme)
    top = LABEL_LANE + 4 if labels else 5
    room = AXIS_HEIGHT if axis else 0
    bottom = f"(height - {room})"
    days = time_axis(colours, inside=True) if axis else None
    x = alt.X("day:Q", scale=day_scale(inside=True), axis=days)
    amounts = amount_axis(colours, inside=True)
    y = alt.Y("value:Q", scale=amount_scale(13 + room, top), axis=amounts)
    layers = [
        *_behind(x, y, colours, parts),
        *_annotated(x, colours, parts, bottom),
        *_days(x, y, colours, 16 if "phone" in parts else 22),
        _below(x, colours, bottom),
        _hover(x, colours, bottom),
    ]
    height = (PHONE_HEIGHT if "phone" in parts else HEIGHT) + room + (LABEL_LANE if labels else 0)
    spec = laid_out(without_data(alt.layer(*layers).to_dict()), height, inside=True)
    spec["config"] = config(colours)
    return spec


def _behind(x: alt.X, y: alt.Y, colours: Palette, parts: frozenset[str]) -> list[alt.Chart]:
    """The usual range, its centre and the aim."""
    import altair as alt

    band = alt.Chart().mark_area(color=colours.band, interpolate="monotone", aria=False)
    centre = alt.Chart().mark_line(
        color=colours.line, strokeWidth=0.75, interpolate="monotone", aria=False
    )
    layers = [
        band.encode(x, _field(y, "low"), y2="high:Q"),
        centre.encode(x, _field(y, "centre")),
    ]
    if "aim" in parts:
        aim = alt.Chart().mark_line(
            color=colours.aim, strokeWidth=1.5, strokeDash=[5, 3], interpolate="step", aria=False
        )
        layers.append(aim.encode(x, _field(y, "aim")))
    return layers


def _field(y: alt.Y, name: str) -> alt.Y:
    """The same channel, scale and axis for another column."""
    made: alt.Y = y.copy(deep=False)
    made.shorthand = f"{name}:Q"
    return made


def _annotated(x: alt.X, colours: Palette, parts: frozenset[str], bottom: str) -> list[alt.Chart]:
    """A leave as a span in which the band fades, an event as a rule, their names if wanted."""
    import altair as alt

    place = x.copy(deep=False)
    place.shorthand = "start:Q"
    tall = {"y": alt.value(0), "y2": alt.value(expr(bottom))}
    marked = alt.Chart().transform_filter("isValid(datum.start)")
    layers = []
    if "leave" in parts:
        span = (
            marked.transform_filter("datum.leave")
            .transform_calculate(start="datum.start - 0.5", end="datum.end + 0.5")
            .mark_rect(color=colours.page, opacity=0.65, aria=False)
        )
        layers.append(span.encode(place, x2="end:Q", **tall))
    if "event" in parts:
        rule = marked.transform_filter("!datum.leave").mark_rule(
            color=colours.rule, strokeWidth=1, aria=False
        )
        layers.append(rule.encode(place, **tall))
    if "labels" in parts:
        room = "(datum.room * day_width - 8)"
        text = marked.mark_text(
            baseline="top",
            fontSize=11,
            color=colours.muted,
            align=expr("datum.left ? 'right' : 'left'"),
            dx=expr("datum.left ? -4 : 4"),
            limit=expr(room),
            opacity=expr(f"{room} < 6 * min(length(datum.label), 6) ? 0 : 1"),
            aria=False,
        )
        layers.append(text.encode(place, y=alt.value(1), text="label:N"))
    return layers


def _days(x: alt.X, y: alt.Y, colours: Palette, dot: int) -> list[alt.Chart]:
    """The days themselves: a line broken where nothing is known, a mark for each day."""
    import altair as alt

    line = (
        alt.Chart()
        .transform_filter("datum.line")
        .mark_line(color=colours.muted, strokeWidth=1.25, aria=False)
    )
    points = alt.Chart().mark_point(
        filled=True,
        opacity=1,
        size=expr(f"datum.shape == 'usual' ? {dot} : {3 * dot}"),
        aria=False,
    )
    names = ["usual", "above", "below"]
    shapes = alt.Scale(domain=names, range=["circle", "triangle-up", "triangle-down"])
    tones = alt.Scale(domain=names, range=[colours.ink, colours.signal, colours.signal])
    return [
        line.encode(x, y),
        points.encode(
            x,
            y,
            shape=alt.Shape("shape:N", scale=shapes, legend=None),
            color=alt.Color("shape:N", scale=tones, legend=None),
        ),
    ]


def _below(x: alt.X, colours: Palette, bottom: str) -> alt.Chart:
    """Below the axis: a hollow dot for a day without an entry, a dash for a skipped one."""
    import altair as alt

    chart: alt.Chart = (
        alt.Chart()
        .transform_filter("datum.lane == 'gap' || datum.lane == 'skip'")
        .mark_point(
            shape=expr("datum.lane == 'gap' ? 'circle' : 'stroke'"),
            size=expr("datum.lane == 'gap' ? 16 : 30"),
            stroke=colours.line,
            strokeWidth=1.25,
            opacity=1,
            aria=False,
        )
        .encode(x, y=alt.value(expr(f"{bottom} - 5")))
    )
    return chart


def _hover(x: alt.X, colours: Palette, bottom: str) -> alt.Chart:
    """A full-height target for each day, so that no dot has to be hit; faint while pointed at.

    That is a rule of ``page.css`` for ``pointed_marks``: a selection would cost each chart a store,
    four signals and a test for each day.
    """
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(name="pointed")
        .transform_filter("isValid(datum.day)")
        .mark_rule(
            color=colours.line,
            strokeWidth=expr("day_width"),
            opacity=0,
            tooltip=expr("datum.told"),
            aria=False,
        )
        .encode(x, y=alt.value(0), y2=alt.value(expr(bottom)))
    )
    return chart
