"""The colours of every chart and needle, one set for each theme.

One hue for what asks to be talked about (``signal``), one for what was agreed (``aim``), greys for
the rest; shape always says the same as colour, so that nothing is lost without colour vision.
Contrast is at least 4.5 for words and 3 for marks, on the page and on the band; a test computes it.
The same values stand in ``.streamlit/config.toml``, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Theme = Literal["light", "dark"]

FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Liberation Sans", Arial, sans-serif'

PAGE_STYLE = f"<style>{Path(__file__).with_name('page.css').read_text(encoding='utf-8')}</style>"
"""What Streamlit's theme cannot say: once a run, by the router with ``st.html``."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``."""

    page: str
    text: str
    """Streamlit's own words. Darker than ``ink``: it writes captions with 60 % of this colour."""
    surface: str
    """Behind widgets and side panels; close to the page."""
    band: str
    """The usual range, and other quiet areas."""
    ink: str
    """Words, and days as they were."""
    muted: str
    """Words of second rank: axis labels, notes."""
    line: str
    """Thin lines, the centre, days without an entry."""
    rule: str
    """What crosses a chart from top to bottom: light, but still seen."""
    aim: str
    signal: str
    signal_soft: str
    """An area in the signal's hue: a fan, an interval."""
    primary: str
    """Streamlit's buttons, selected tabs, check boxes."""
    border: str
    """Edges that only decorate."""


LIGHT = Palette(
    page="#FFFFFF",
    text="#0F161D",
    surface="#F4F6F8",
    band="#E4E7EB",
    ink="#1F2933",
    muted="#52606D",
    line="#66727F",
    rule="#8A95A1",
    aim="#0B6E6E",
    signal="#1D5FA8",
    signal_soft="#D0DFF0",
    primary="#1D5FA8",
    border="#CBD2D9",
)

DARK = Palette(
    page="#14191F",
    text="#E8ECF0",
    surface="#1C232B",
    band="#28303A",
    ink="#E8ECF0",
    muted="#A3AEB9",
    line="#8793A0",
    rule="#67727F",
    aim="#45AFA7",
    signal="#6CAEF0",
    signal_soft="#27405C",
    primary="#4189D6",
    border="#3A4552",
)


def palette(theme: Theme) -> Palette:
    """The colours of a theme; light for anything that is not dark."""
    return DARK if theme == "dark" else LIGHT
