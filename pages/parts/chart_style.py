"""What all charts share: fonts and colours, axes, expressions. Altair is imported only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.parts.palette import FONT, Palette

if TYPE_CHECKING:
    import altair as alt

Spec = dict[str, Any]

AXIS_HEIGHT = 24  # of the days
AXIS_WIDTH = 36  # of the amounts


def settle_pandas() -> None:
    """Have pandas whole before Altair looks at it; to be called before a chart is built.

    Altair takes it as soon as it is there, even half-way imported by another thread, and fails.
    """
    import pandas  # noqa: F401


def expr(text: str) -> Any:
    """A Vega expression where a chart takes a value."""
    import altair as alt

    return alt.ExprRef(text)


def without_data(spec: Spec) -> Spec:
    """The spec without the empty data that Altair writes into it: all layers read what is handed in."""
    spec.pop("datasets", None)
    spec.pop("data", None)
    for layer in spec.get("layer", []):
        without_data(layer)
    return spec


def day_scale() -> alt.Scale:
    """Days counted from 1970-01-01, from the first to the last that is shown."""
    import altair as alt

    return alt.Scale(domain=[expr("first_day"), expr("last_day")], nice=False, zero=False)


def amount_scale(bottom: int, top: int) -> alt.Scale:
    """Amounts from the floor to the ceiling; ``bottom``, ``top``: px that stay free there."""
    import altair as alt

    return alt.Scale(
        domain=[expr("floor"), expr("ceiling")],
        range=[expr(f"height - {bottom}"), top],
        nice=False,
        zero=False,
    )


def laid_out(spec: Spec, height: int) -> Spec:
    """The spec at that height (px), filling its place with nothing around it but a hair at the right."""
    spec["height"] = height
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    spec["padding"] = {"left": 0, "right": 4, "top": 0, "bottom": 0}
    return spec


def time_axis(colours: Palette) -> alt.Axis:
    """Mondays as day and month, of days counted from 1970-01-01."""
    import altair as alt

    return alt.Axis(
        values=expr("mondays"),
        labelExpr="utcFormat(datum.value * 864e5, '%-d %b')",
        title=None,
        minExtent=AXIS_HEIGHT,
        maxExtent=AXIS_HEIGHT,
        labelBound=True,
        labelOverlap=True,
        labelPadding=3,
        grid=False,
        tickSize=4,
        tickColor=colours.line,
        domain=False,
        orient="bottom",
    )


def amount_axis(colours: Palette) -> alt.Axis:
    """Two amounts beside a row, without their unit."""
    import altair as alt

    return alt.Axis(
        values=expr("amounts"),
        labelExpr=(
            "yes_no ? (datum.value ? 'yes' : 'no') : "
            "abs(datum.value) >= 10000 ? format(datum.value, '~s') : format(datum.value, ',~f')"
        ),
        title=None,
        minExtent=AXIS_WIDTH,
        maxExtent=AXIS_WIDTH,
        labelPadding=6,
        grid=False,
        ticks=False,
        domain=False,
    )


def config(colours: Palette) -> Spec:
    """Fonts and colours of what a chart does not set itself.

    The background is painted: Streamlit does not run the page again when the theme changes, and
    until it does a chart must stay readable on a page of the other theme.
    """
    return {
        "font": FONT,
        "background": colours.page,
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.muted,
            "labelFontSize": 12,
            "labelFont": FONT,
            "titleColor": colours.muted,
            "titleFontSize": 12,
            "titleFont": FONT,
            "titleFontWeight": 400,
            "titlePadding": 8,
        },
        "title": {"color": colours.ink, "fontSize": 16, "font": FONT, "fontWeight": 600},
        "text": {"font": FONT},
    }
