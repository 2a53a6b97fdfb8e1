"""The needle of a compass row as an SVG picture: a direction, not a score.

Up is towards the aim, level (to the right) is the usual, down is away; the fan is the 80 %
uncertainty of the direction. Grey while ordinary, blue where the row is worth a conversation.
"""

from __future__ import annotations

from functools import partial
from html import escape
from math import cos, radians, sin, tanh

from coach_data.compass import Needle, Reading
from pages.parts.palette import Palette
from pages.parts.svg import address_of, in_both_themes

DIAL = 0.36  # radius as a part of the box; a larger one clips
TELLING = frozenset({Reading.TOWARDS, Reading.AWAY})


def angle(change: float) -> float:
    """Degrees above level for a change in standard deviations: +-90 at most, steep around zero."""
    return 90.0 * tanh(change / 2)


def needle_words(shown: Needle | None, reading: Reading) -> str:
    """What the picture says, for people who do not see it."""
    if shown is None:
        return "No direction yet"
    degrees = angle(shown.change)
    if abs(degrees) < 15:
        where = "level, about the usual"
    else:
        much = "clearly " if abs(degrees) > 45 else "a little "
        where = much + ("up, towards the aim" if degrees > 0 else "down, away from the aim")
    sure = ", within ordinary ups and downs" if reading not in TELLING else ""
    return f"Needle {where}{sure}"


def needle(shown: Needle | None, reading: Reading, *, size: int = 84) -> str:
    """The needle as one SVG element, ``size`` pixels square; an empty dotted dial for None."""
    middle, radius = size / 2, size * DIAL
    words = escape(needle_words(shown, reading))
    dashes = ' stroke-dasharray="1 4" stroke-linecap="round"' if shown is None else ""
    parts = [
        f'<circle class="dial" cx="{middle:g}" cy="{middle:g}" r="{radius:.1f}"'
        f' stroke-width="1.5"{dashes}/>'
    ]
    if shown is not None:
        parts += [
            _fan(middle, radius, angle(shown.low), angle(shown.high)),
            _marks(middle, radius),
            _hand(middle, radius, angle(shown.change)),
            f'<circle class="hand" cx="{middle:g}" cy="{middle:g}" r="{size * 0.04:.1f}"/>',
        ]
    style = in_both_themes(partial(_colours, empty=shown is None, telling=reading in TELLING))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {size} {size}" role="img" aria-label="{words}"><title>{words}</title>'
        f"{style}{''.join(parts)}</svg>"
    )


def needle_html(shown: Needle | None, reading: Reading, *, size: int = 84) -> str:
    """The needle as an HTML image for ``st.html``, with its words as the alternative text."""
    return (
        f'<img src="{address_of(needle(shown, reading, size=size))}" '
        f'alt="{escape(needle_words(shown, reading))}" width="{size}" height="{size}">'
    )


def _colours(colours: Palette, *, empty: bool, telling: bool) -> str:
    dial = f".dial{{fill:{colours.page};stroke:{colours.line if empty else colours.border}}}"
    if empty:
        return dial
    fill, edge = colours.band, colours.line
    if telling:
        fill, edge = colours.signal_soft, colours.signal
    hand = colours.signal if telling else colours.ink
    return (
        f"{dial}.fan{{fill:{fill};stroke:{edge}}}.hand{{fill:{hand}}}"
        f".aim{{fill:{colours.aim}}}.usual{{stroke:{colours.line}}}"
    )


def _point(middle: float, radius: float, degrees: float) -> str:
    turn = radians(degrees)
    return f"{middle + radius * cos(turn):.1f} {middle - radius * sin(turn):.1f}"


def _fan(middle: float, radius: float, low: float, high: float) -> str:
    """The sector between two angles; never more than half a circle, so the short way round."""
    high = max(high, low + 2)
    start, end = _point(middle, radius, low), _point(middle, radius, high)
    return (
        f'<path class="fan" d="M{middle:g} {middle:g}L{start}A{radius:.1f} {radius:.1f} 0 0 0 {end}Z" '
        f'stroke-linejoin="round"/>'
    )


def _marks(middle: float, radius: float) -> str:
    """The aim above, the usual on the right: where up and level are."""
    top, out = middle - radius, radius * 1.16
    side = middle + radius
    return (
        f'<path class="aim" d="M{middle:g} {top - 1:.1f}l-4 -6.5h8z"/>'
        f'<path class="usual" d="M{side:.1f} {middle:g}H{middle + out:.1f}" stroke-width="1.5"/>'
    )


def _hand(middle: float, radius: float, degrees: float) -> str:
    tip = _point(middle, radius * 0.94, degrees)
    left = _point(middle, radius * 0.09, degrees + 90)
    right = _point(middle, radius * 0.09, degrees - 90)
    return f'<path class="hand" d="M{tip}L{left}L{right}Z"/>'
