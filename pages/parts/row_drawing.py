"""The drawing of a compass row: band, lines and marks as SVG, from what ``row_data`` says of its days.

Marks have their place on the time axis in percent of the width; lines are stretched to it, but not
their strokes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from coach_data.compass import Floats, Row
from pages.parts.palette import Palette
from pages.parts.row_data import Mark, RowDays

LANE = 13  # below the amounts, for the days without one
AIR = 0.8  # days, before the first and after the last: half a mark needs room

_SHAPES = {
    "usual": 'circle r="2.6"',
    "above": 'path d="M0-4.2L4.4 3.4H-4.4Z"',
    "below": 'path d="M0 4.2L4.4-3.4H-4.4Z"',
    "gap": 'circle r="2.2"',
    "skip": 'path d="M-2.8 0H2.8"',
}
_DEFINED = "".join(f'<{shape} id="{n}" class="{n}"/>' for n, shape in _SHAPES.items())
MARKS = f"<defs>{_DEFINED}</defs>"


class Plot(NamedTuple):
    """Where days and amounts are: ``width`` in units of the drawing, the rest in pixels."""

    size: int
    width: float
    height: int
    top: int
    floor: float
    ceiling: float

    def share(self, place: float) -> float:
        """Where a day is, as a part of the width; ``place``: days after the first."""
        return (place + AIR) / (self.size - 1 + 2 * AIR)

    def x(self, place: float) -> float:
        return self.width * self.share(place)

    def y(self, amount: float) -> float:
        free = self.height - LANE - self.top
        return self.top + free * (self.ceiling - amount) / (self.ceiling - self.floor)


def stretched(size: int) -> float:
    """A width in thirds of a day, for a drawing that is stretched: its numbers are short ones."""
    return 3 * (size - 1 + 2 * AIR)


def colours_of(colours: Palette) -> str:
    """One colour for each thing that is drawn."""
    fills = {"page": "page", "band": "band", "usual": "ink", "above": "signal", "below": "signal"}
    strokes = {"centre": "line", "aim": "aim", "line": "muted", "event": "rule"}
    strokes |= {"gap": "line", "skip": "line", "tick": "line"}
    made = [f".{name}{{fill:{getattr(colours, tone)}}}" for name, tone in fills.items()]
    made += [f".{n}{{stroke:{getattr(colours, t)};fill:none}}" for n, t in strokes.items()]
    return "".join(made)


def drawing(row: Row, shown: RowDays, marks: Sequence[Mark], plot: Plot) -> str:
    """What is seen of the row, from back to front."""
    lines = [
        _line("band", "".join(_band(shown, plot))),
        _line("centre", "".join(_curves(row.usual_centre, plot)), 'stroke-width=".75"'),
        *(_leave(mark, plot) for mark in marks if mark.leave),
        _line("aim", _steps(row.aimed, plot), 'stroke-width="1.5" stroke-dasharray="5 3"'),
        _line(
            "event",
            "".join(f"M{plot.x(m.start):.1f} 0V{plot.height}" for m in marks if not m.leave),
        ),
        _line("line", _broken(row.values, shown.line, plot), 'stroke-width="1.25"'),
    ]
    return (
        f'{MARKS}<svg width="100%" height="{plot.height}" preserveAspectRatio="none"'
        f' viewBox="0 0 {plot.width:g} {plot.height}">{"".join(lines)}</svg>'
        f"{''.join(_points(row.values, shown, plot))}"
    )


def _line(name: str, path: str, more: str = "") -> str:
    """A stretched path whose stroke is not; nothing where there is none."""
    return (
        f'<path class="{name}" d="{path}" vector-effect="non-scaling-stroke" {more}/>'
        if path
        else ""
    )


def _leave(mark: Mark, plot: Plot) -> str:
    """A span in which the band fades."""
    left, right = plot.x(mark.start - 0.5), plot.x(mark.end + 0.5)
    return (
        f'<rect class="page" opacity=".65" x="{left:.1f}" width="{right - left:.1f}"'
        f' height="{plot.height}"/>'
    )


def _points(values: Floats, shown: RowDays, plot: Plot) -> Iterator[str]:
    """A mark for each day: where its value is, or below the axis for a day that has none."""
    for place, (value, shape, lane) in enumerate(
        zip(values.tolist(), shown.shape, shown.lane, strict=True)
    ):
        name = shape or (lane if lane != "leave" else None)
        if name:
            y = plot.y(value) if shape else plot.height - 5
            yield f'<use href="#{name}" x="{100 * plot.share(place):.2f}%" y="{y:.1f}"/>'


def _runs(known: np.ndarray) -> Iterator[np.ndarray]:
    """The places of each stretch without a hole."""
    places = np.flatnonzero(known)
    yield from (r for r in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if r.size)


def _band(shown: RowDays, plot: Plot) -> Iterator[str]:
    """The area between the limits, from one hole to the next."""
    for run in _runs(np.isfinite(shown.low) & np.isfinite(shown.high)):
        back = run[::-1]
        yield f"M{_curve(run, shown.high[run], plot)}L{_curve(back, shown.low[back], plot)}Z"


def _curves(values: Floats, plot: Plot) -> Iterator[str]:
    for run in _runs(np.isfinite(values)):
        yield f"M{_curve(run, values[run], plot)}"


def _curve(places: np.ndarray, values: Floats, plot: Plot) -> str:
    """A smooth line through evenly spaced points that never swings beyond them.

    Monotone cubic interpolation: M. Steffen, Astronomy and Astrophysics 239 (1990), 443-450.
    """
    x = np.round([plot.x(k) for k in places], 1)
    y = np.round([plot.y(v) for v in values], 1)
    start = f"{x[0]:.1f} {y[0]:.1f}"
    if x.size == 1:
        return start
    right, down = np.diff(x), np.diff(y)
    slope = np.concatenate([down[:1], _least(down[:-1], down[1:]), down[-1:]]) / 3
    third = right / 3
    # each point from the one before, which keeps them short: two that guide the line, then its end
    parts = (third, slope[:-1], right - third, down - slope[1:], right, down)
    numbers = np.round(np.stack(parts, axis=1), 1).ravel() + 0.0  # no minus before a zero
    return f"{start}c{' '.join(f'{n:g}' for n in numbers.tolist())}".replace(" -", "-")


def _least(before: Floats, after: Floats) -> Floats:
    """The slope at each inner point: the mean of both sides, but level at a peak or a trough."""
    size = np.minimum(np.minimum(abs(before), abs(after)), abs(before + after) / 4)
    made: Floats = (np.sign(before) + np.sign(after)) * size
    return made


def _steps(values: Floats, plot: Plot) -> str:
    """A level line that changes half-way between two days."""
    made = []
    for run in _runs(np.isfinite(values)):
        made.append(f"M{plot.x(run[0]):.1f} {plot.y(values[run[0]]):.1f}")
        made += [
            f"H{plot.x(k - 0.5):.1f}V{plot.y(values[k]):.1f}"
            for before, k in pairwise(run)
            if values[before] != values[k]
        ]
        made.append(f"H{plot.x(run[-1]):.1f}")
    return "".join(made)


def _broken(values: Floats, belongs: Sequence[bool], plot: Plot) -> str:
    """From one day of the line to the next, unless one of the two has no value."""
    on = [k for k, mine in enumerate(belongs) if mine]
    made, drawn = [], False
    for k, after in pairwise(on):
        joined = np.isfinite(values[k]) and np.isfinite(values[after])
        if joined and not drawn:
            made.append(f"M{plot.x(k):.1f} {plot.y(values[k]):.1f}")
        if joined:
            made.append(f"L{plot.x(after):.1f} {plot.y(values[after]):.1f}")
        drawn = bool(joined)
    return "".join(made)
