"""Results in, a picture out: the chart of a compass row as SVG. No data access, no Streamlit.

The one chart that is not drawn by Vega: a compass is six of them, and the browser has them drawn
before Vega would have read the first. It is as wide as its place, because all that has a place on
the time axis has it in percent, and lines are stretched but not their strokes. Its colours follow
the theme by themselves. Words stand beside the picture, as HTML in the page's own font.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Literal, NamedTuple

from coach_data.compass import Row
from coach_data.model import Annotation, Measure
from pages.parts.palette import FONT, Theme, palette
from pages.parts.row_data import (
    Mark,
    RowDays,
    day_names,
    days_of,
    domain,
    marks_of,
    row_alt,
    two_ticks,
)
from pages.parts.row_drawing import Plot, colours_of, drawing, stretched
from pages.parts.svg import address_of, in_both_themes

HEIGHT = 84
LABEL_LANE = 14  # what the names of the annotations add to the row that has them
AXIS_HEIGHT = 24  # what the time axis adds to the row that has it
AXIS_WIDTH = 36  # of the amounts, the same in all rows, so that the days stand below one another

PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_EDGE, TITLE_HEIGHT = 800, 180, 20, 36


class RowChart(NamedTuple):
    """``html``: the chart, for ``st.html``. ``told``: what is said of each day."""

    html: str
    told: tuple[str, ...]


def row_chart(
    row: Row,
    days: Sequence[date],
    annotations: Sequence[Annotation] = (),
    *,
    axis: bool = False,
    labels: bool = False,
) -> RowChart:
    """One row of the compass over ``days`` for ``st.html``; ``page.css`` says how its words look.

    ``axis``: with the time axis, for the last row. ``labels``: with the names of the annotations,
    for the first row; all rows show their rules. Both add to the height, never to the plot.
    """
    marks = marks_of(annotations, days)
    shown = days_of(row, days, marks)
    lane = LABEL_LANE if labels and marks else 0
    plot = _plot(row, shown, stretched(len(days)), HEIGHT + lane, lane + 5)
    height = plot.height + (AXIS_HEIGHT if axis else 0)
    inner = drawing(row, shown, marks, plot) + (_ticks(days, plot) if axis else "")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}">'
        f"{in_both_themes(colours_of)}{inner}</svg>"
    )
    words = [*_amounts(row, plot)]
    words += _names(marks, plot) if lane else ()
    words += _dates(days, plot) if axis else ()
    return RowChart(
        f'<div class="row-chart"><img src="{address_of(svg)}" alt="{escape(row_alt(row))}"'
        f' height="{height}"><div aria-hidden="true">{"".join(words)}</div></div>',
        tuple(shown.told),
    )


def days_html(days: Sequence[date], charts: Sequence[RowChart]) -> str:
    """What is said of the day that is pointed at, for all rows at once.

    ``page.css`` lays them over the charts, one beside the other, so that no dot has to be hit.
    """
    told = zip(day_names(tuple(days)), *(chart.told for chart in charts), strict=True)
    each = "".join(f'<i data-told="{escape(chr(10).join(lines))}"></i>' for lines in told)
    return f'<div class="row-days" aria-hidden="true">{each}</div>'


def picture(
    row: Row,
    days: Sequence[date],
    annotations: Sequence[Annotation],
    kind: Literal["png", "svg"],
    *,
    theme: Theme,
) -> bytes:
    """The row as a file with its name, dates and words, twice the size for PNG; works offline."""
    colours, marks = palette(theme), marks_of(annotations, days)
    shown = days_of(row, days, marks)
    wide = PICTURE_WIDTH - AXIS_WIDTH
    lane = LABEL_LANE if marks else 0
    plot = _plot(row, shown, wide, PICTURE_HEIGHT, lane + 5)
    left, top = PICTURE_EDGE + AXIS_WIDTH, PICTURE_EDGE + TITLE_HEIGHT
    size = (PICTURE_WIDTH + 2 * PICTURE_EDGE, top + plot.height + AXIS_HEIGHT + PICTURE_EDGE)
    said = "".join(
        [
            _text(-AXIS_WIDTH, -TITLE_HEIGHT / 2, row.indicator.name, "title"),
            *(_text(-8, y + 4, text, "end") for y, text in _amounts_at(row, plot)),
            *(_text(plot.x(k), plot.height + 17, text, "middle") for k, text in _mondays(days)),
            *(_text(*_beside(mark, plot)) for mark in marks if lane),
        ]
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"'
        f' viewBox="0 0 {size[0]} {size[1]}"><style>{colours_of(colours)}'
        f"text{{font:12px {escape(FONT, quote=False)};fill:{colours.muted}}}"
        f".title{{font-size:16px;font-weight:600;fill:{colours.ink}}}"
        ".end{text-anchor:end}.middle{text-anchor:middle}</style>"
        f'<rect class="page" width="100%" height="100%"/>'
        f'<svg x="{left}" y="{top}" width="{wide}" height="{size[1] - top}" overflow="visible">'
        f"{drawing(row, shown, marks, plot)}{_ticks(days, plot)}{said}</svg></svg>"
    )
    if kind == "svg":
        return svg.encode()
    import vl_convert as vlc

    return vlc.svg_to_png(svg, scale=2)


def _plot(row: Row, shown: RowDays, width: float, height: int, top: int) -> Plot:
    return Plot(row.values.size, width, height, top, *domain(row, shown.low, shown.high))


def _ticks(days: Sequence[date], plot: Plot) -> str:
    at = ((f"{100 * plot.share(k):.2f}%", plot.height) for k, _ in _mondays(days))
    return "".join(f'<line class="tick" x1="{x}" x2="{x}" y1="{y}" y2="{y + 4}"/>' for x, y in at)


def _amounts_at(row: Row, plot: Plot) -> Iterator[tuple[float, str]]:
    for amount in two_ticks(plot.floor, plot.ceiling, row.indicator.measure):
        yield plot.y(amount), amount_label(amount, row.indicator.measure)


def amount_label(amount: float, measure: Measure) -> str:
    """An amount on the axis, in at most five signs: 0.5, 1,200, 45k."""
    if measure is Measure.YES_NO:
        return "yes" if amount else "no"
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(amount) >= max(size, 1e4):
            return f"{amount / size:g}{sign}"
    return f"{amount:,.6f}".rstrip("0").rstrip(".")


def _mondays(days: Sequence[date]) -> list[tuple[int, str]]:
    return [(k, f"{d.day} {d:%b}") for k, d in enumerate(days) if d.weekday() == 0]


def _amounts(row: Row, plot: Plot) -> Iterator[str]:
    for y, text in _amounts_at(row, plot):
        yield f'<span class="row-amount" style="top:{y:.0f}px">{text}</span>'


def _dates(days: Sequence[date], plot: Plot) -> Iterator[str]:
    for place, text in _mondays(days):
        at = f"left:{100 * plot.share(place):.2f}%;top:{plot.height + 4}px"
        yield f'<span class="row-date" style="{at}">{text}</span>'


def _names(marks: Sequence[Mark], plot: Plot) -> Iterator[str]:
    """Each as far as it has room, to the right of its rule or to the left of it."""
    for mark in marks:
        at = 100 * plot.share(mark.start)
        side = f"right:{100 - at:.2f}%" if mark.left else f"left:{at:.2f}%"
        room = 100 * (plot.share(mark.start + mark.room) - plot.share(mark.start))
        yield (
            f'<span class="row-name" style="{side};max-width:calc({room:.2f}% - 4px)">'
            f"{escape(mark.label)}</span>"
        )


def _beside(mark: Mark, plot: Plot) -> tuple[float, float, str, str]:
    """Where the name of an annotation stands in a file, and as much of it as has room."""
    x = plot.x(mark.start)
    most = int((plot.x(mark.start + mark.room) - x - 8) / 6)
    text = mark.label if len(mark.label) <= most else mark.label[: max(most - 1, 0)] + "…"
    return (x - 4, 11, text, "end") if mark.left else (x + 4, 11, text, "")


def _text(x: float, y: float, words: str, name: str) -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
