"""Our own pictures on a page: SVG that needs no request and follows the theme by itself.

``st.html`` removes inline SVG (its sanitizer lets only HTML through), but keeps an ``<img>`` with a
data address, which adds no tab stop either; ``st.image(svg)`` would add a full-screen button.
"""

from __future__ import annotations

from collections.abc import Callable

from pages.parts.palette import DARK, LIGHT, Palette


def address_of(svg: str) -> str:
    """The address of an ``<img>`` that shows it. Between its tags it has no quotation marks."""
    svg = svg.replace('"', "'")
    for sign in "%#<>":
        svg = svg.replace(sign, f"%{ord(sign):02X}")
    return f"data:image/svg+xml,{svg}"


def in_both_themes(rules: Callable[[Palette], str]) -> str:
    """The style of a picture, in the colours of the theme that the page around it has just now."""
    return f"<style>{rules(LIGHT)}@media(prefers-color-scheme:dark){{{rules(DARK)}}}</style>"
