"""The colours of every chart and needle, one set for each theme.

One hue for what asks to be talked about (``signal``), one for what was agreed (``aim``), greys for
the rest; shape always says the same as colour, so that nothing is lost without colour vision.
Contrast is at least 4.5 for words and 3 for marks, on the page and on the band; a test computes it.
The same values stand in ``.streamlit/config.toml``, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Liberation Sans", Arial, sans-serif'

PAGE_STYLE = """<style>
[data-testid^="stBaseButton-primary"]:not(:disabled) { color: light-dark(#FFFFFF, #0B0F14) }
button[data-variant="segmented_control"][data-selected="true"] * { color: light-dark(#1D5FA8, #6CAEF0) }
[data-testid="stWidgetLabel"] :is(p, strong) { color: light-dark(#0F161D, #E8ECF0) }
[data-testid="stVerticalBlock"] > [data-testid="stElementContainer"] h1 { padding: 4px 0 16px }
[data-testid="stPageLink"] :is(a, span, div, p) { white-space: normal; overflow: visible }
.st-key-compass_rows { display: grid; grid-template-columns: 5fr 9fr; column-gap: 1rem }
.st-key-compass_rows { align-items: center; row-gap: .75rem }
.st-key-compass_rows > * { min-width: 0; width: 100% }
.compass-row { display: flex; gap: .75rem; align-items: center }
.compass-row img { flex: none }
.compass-row p { margin: 0; line-height: 1.45; min-width: 0 }
[data-testid="stMain"] :is(h1, h2, h3, p, label, li, td, th, pre) { overflow-wrap: anywhere }
@media (max-width: 640px) { .st-key-compass_rows { grid-template-columns: 1fr; row-gap: .25rem } }
@media (max-width: 640px) { .compass-row { padding-top: .75rem } }
.st-key-matter_charts { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem 1.25rem }
.st-key-matter_charts > * { min-width: 0; width: 100% }
.st-key-matter_charts > :nth-child(4n+2) { order: 1 } .st-key-matter_charts > :nth-child(4n) { order: 1 }
.st-key-matter_charts > :nth-child(n+5) { order: 2 }
.st-key-matter_charts > :is(:nth-child(6), :nth-child(8)) { order: 3 }
@media (max-width: 640px) { .st-key-matter_charts { grid-template-columns: 1fr } }
@media (max-width: 640px) { .st-key-matter_charts > :nth-child(n) { order: 0 } }
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { scroll-behavior: auto !important;
animation-duration: 1ms !important; animation-iteration-count: 1 !important;
transition-duration: 1ms !important } }
@media print {
header, [data-testid="stSidebar"], [data-testid="stToolbar"], [data-testid="stElementToolbar"],
[data-testid="stMain"] :is(button, input, textarea, [data-baseweb="select"], [data-testid="stPageLink"]),
[data-testid="stMain"] :is([data-testid="stWidgetLabel"], [data-testid="stButtonGroup"], .st-key-tour) {
display: none !important }
html, body, #root, #root > div, [data-testid="stApp"], [data-testid="stAppViewContainer"],
[data-testid="stMain"] { display: block !important; position: static !important; height: auto !important;
overflow: visible !important }
[data-testid="stApp"] * { color: #0F161D !important }
canvas, img { background: light-dark(#FFFFFF, #14191F); print-color-adjust: exact }
canvas, img, tr, p, h1, h2, h3 { break-inside: avoid } h1, h2, h3 { break-after: avoid } }
</style>"""
"""Once a run, by the router with ``st.html``. Streamlit writes white on primary buttons in every
theme, and no single blue carries white words and is itself readable on a dark page; and it fades the
label of what only others may change until it cannot be read. A title stands at one height, with a
button beside it or without. The rows of the compass are a grid; on a phone one column, below the width
at which Streamlit stacks its own. So are the four charts of "Does it matter?", each after its words: in
rows of words and rows of charts. Whoever asks their system for less motion gets none. On paper there
is what is said and drawn, in ink and over as many pages as it takes, and nothing to press."""


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
