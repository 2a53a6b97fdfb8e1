"""How the four association charts are drawn: built once with Altair, without data and words.

The numbers of one drawing come in as ``params``, its axis titles in place of ``@x`` and ``@y``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from pages.parts.chart_style import Spec, config, expr, settle_pandas, without_data
from pages.parts.palette import Palette, Theme, palette

if TYPE_CHECKING:
    import altair as alt

Kind = Literal["scatter", "lag", "rolling", "histogram"]

HEIGHT = 250
EACH_DAY = "utcFormat(datum.value * 864e5, '%-d %b')"


def filled(kind: Kind, theme: Theme, x_title: str, y_title: str) -> Spec:
    """A fresh spec of this kind with these axis titles; its ``params`` are still to be given."""
    text = _built(kind, theme)
    spec: Spec = json.loads(
        text.replace('"@x"', json.dumps(x_title or None)).replace(
            '"@y"', json.dumps(y_title or None)
        )
    )
    return spec


def build() -> None:
    """Import Altair and build all of them, in a quiet moment before the first is drawn."""
    for theme in get_args(Theme):
        for kind in get_args(Kind):
            _built(kind, theme)


@cache
def _built(kind: Kind, theme: Theme) -> str:
    settle_pandas()
    import altair as alt

    colours = palette(theme)
    layers = {"scatter": _scatter, "lag": _lag, "rolling": _rolling, "histogram": _histogram}
    spec = without_data(alt.layer(*layers[kind](colours)).to_dict())
    spec["height"] = HEIGHT
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    spec["padding"] = {"left": 0, "right": 8, "top": 4, "bottom": 5}
    spec["config"] = config(colours)
    return json.dumps(spec)


def _x(field: str, colours: Palette, **axis: Any) -> alt.X:
    import altair as alt

    scale = alt.Scale(domain=[expr("left"), expr("right")], nice=False, zero=False)
    return alt.X(f"{field}:Q", title="@x", scale=scale, axis=_axis(colours, **axis))


def _y(field: str, colours: Palette, **axis: Any) -> alt.Y:
    import altair as alt

    scale = alt.Scale(domain=[expr("floor"), expr("ceiling")], nice=False, zero=False)
    return alt.Y(f"{field}:Q", title="@y", scale=scale, axis=_axis(colours, **axis))


def _axis(colours: Palette, **more: Any) -> alt.Axis:
    import altair as alt

    quiet: dict[str, Any] = {
        "grid": False,
        "domainColor": colours.border,
        "tickColor": colours.border,
        "tickCount": 5,
        "tickSize": 4,
        "labelOverlap": True,
        "labelFlush": False,
    }
    if "values" in more:
        del quiet["tickCount"]  # Vega would thin the values out to as many
    return alt.Axis(**{**quiet, **more})


def _fact(*fields: str) -> list[str]:
    return [f"{field}:N" for field in fields]


def _scatter(colours: Palette) -> list[alt.Chart]:
    import altair as alt

    x, y = _x("x", colours), _y("y", colours)
    band = alt.Chart().mark_area(color=colours.signal_soft, aria=False)
    line = alt.Chart().mark_line(color=colours.signal, strokeWidth=2, aria=False)
    pairs = alt.Chart().mark_point(
        filled=True, size=40, color=colours.line, opacity=0.85, aria=False
    )
    return [
        band.encode(_x("at", colours), _y("low", colours), y2="high:Q"),
        line.encode(_x("at", colours), _y("fitted", colours)),
        pairs.encode(
            x, y, tooltip=[alt.Tooltip("X:N", title="@x"), alt.Tooltip("Y:N", title="@y")]
        ),
    ]


def _zero(colours: Palette) -> alt.Chart:
    import altair as alt

    rule: alt.Chart = alt.Chart().mark_rule(color=colours.line, strokeWidth=1, aria=False)
    return rule.encode(y=alt.datum(0))


def _lag(colours: Palette) -> list[alt.Chart]:
    import altair as alt

    x = _x("lag", colours, values=expr("places"), format="d", ticks=False, labelOverlap=False)
    band = alt.Chart().mark_area(color=colours.band, interpolate="step", aria=False)
    stems = alt.Chart().mark_rule(color=colours.line, strokeWidth=2, aria=False)
    tooltip = _fact("Lag", "R", "Chance")
    heads = (
        alt.Chart()
        .transform_filter("!datum.marked")
        .mark_point(filled=True, size=50, color=colours.ink, opacity=1, aria=False)
    )
    marked = (
        alt.Chart()
        .transform_filter("datum.marked")
        .mark_point(
            filled=True,
            shape="diamond",
            size=150,
            color=expr(f"clear ? '{colours.signal}' : '{colours.ink}'"),
            opacity=1,
            aria=False,
        )
    )
    return [
        band.encode(x, _y("low", colours), y2="high:Q"),
        _zero(colours),
        stems.encode(x, _y("r", colours), y2=alt.datum(0)),
        heads.encode(x, _y("r", colours), tooltip=tooltip),
        marked.encode(x, _y("r", colours), tooltip=tooltip),
        _band_label(colours),
    ]


def _band_label(colours: Palette) -> alt.Chart:
    """What the grey is, once, above its right end."""
    import altair as alt

    words: alt.Chart = (
        alt.Chart()
        .transform_window(place="row_number()")
        .transform_filter("datum.place == 1 && length(label) > 0")
        .mark_text(
            align="right", dy=-8, fontSize=12, color=colours.muted, limit=expr("width"), aria=False
        )
        .encode(
            x=alt.value(expr("width")),
            y=alt.value(expr("scale('y', label_at)")),
            text=alt.value(expr("label")),
        )
    )
    return words


def _rolling(colours: Palette) -> list[alt.Chart]:
    import altair as alt

    x = _x("day", colours, values=expr("places"), labelExpr=EACH_DAY)
    area = expr(f"clear ? '{colours.signal_soft}' : '{colours.band}'")
    stroke = expr(f"clear ? '{colours.signal}' : '{colours.ink}'")
    band = alt.Chart().mark_area(color=area, aria=False)
    line = alt.Chart().mark_line(color=stroke, strokeWidth=2, aria=False)
    since = _x("since", colours, values=expr("places"), labelExpr=EACH_DAY)
    agreed = alt.Chart().mark_rule(
        color=colours.aim, strokeWidth=1.5, strokeDash=[5, 3], aria=False
    )
    words = alt.Chart().mark_text(
        align=expr("datum.since > (left + right) / 2 ? 'right' : 'left'"),
        dx=expr("datum.since > (left + right) / 2 ? -6 : 6"),
        baseline="top",
        fontSize=12,
        color=colours.aim,
        limit=expr("width / 2"),
        aria=False,
    )
    day = alt.Chart().mark_rule(
        strokeWidth=expr("max(2, width / (right - left))"), opacity=0, aria=False
    )
    return [
        band.encode(x, _y("low", colours), y2="high:Q"),
        _zero(colours),
        agreed.encode(since),
        words.encode(since, y=alt.value(2), text="words:N"),
        line.encode(x, _y("r", colours)),
        day.encode(x, tooltip=_fact("Day", "R", "Interval")),
    ]


def _histogram(colours: Palette) -> list[alt.Chart]:
    import altair as alt

    at = {"tickCount": 8, "tickMinStep": expr("apart")}
    x, y = _x("left_edge", colours, **at), _y("count", colours, tickMinStep=1)
    bars = alt.Chart().mark_rect(
        color=expr(f"clear && datum.at_aim ? '{colours.signal}' : '{colours.rule}'"), aria=False
    )
    ticks = alt.Chart().transform_filter("isValid(datum.expected)")
    halo = ticks.mark_rule(color=colours.page, strokeWidth=5, aria=False)
    tick = ticks.mark_rule(color=colours.ink, strokeWidth=2, aria=False)
    aim = (
        alt.Chart()
        .transform_window(place="row_number()")
        .transform_filter("datum.place <= length(aim)")
        .transform_calculate(aim_at="aim[0]")
        .mark_rule(color=colours.aim, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
    )
    tooltip = _fact("Values", "Days", "Expected")
    return [
        aim.encode(_x("aim_at", colours, **at)),  # behind the bars: seen above its own
        bars.encode(x, y, x2="right_edge:Q", y2=alt.datum(0), tooltip=tooltip),
        halo.encode(x, _y("expected", colours), x2="right_edge:Q"),
        tick.encode(x, _y("expected", colours), x2="right_edge:Q"),
    ]
