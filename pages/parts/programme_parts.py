"""The parts of the screen Programme: a strip of words and a chart in three bands for each behaviour.

All of it is a table and pictures: nothing to hover, sort, filter or download.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import streamlit as st

from coach_data.library import words
from coach_data.privacy import Visit
from coach_data.statistics.release import Word
from coach_data.team import Block, Programme, Row, programme_of
from pages.parts.palette import DARK, FONT, LIGHT, Palette, Theme, palette

KEYS = {word: word.name.lower() for word in Word}
BANDS = (Word.TOGETHER, Word.UNCLEAR, Word.APART)
WIDTH, LABELS, BAND_HEIGHT = 320, 104, 26


def _both(name: str) -> str:
    return f"light-dark({getattr(LIGHT, name)}, {getattr(DARK, name)})"


_UNSEEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)"
# On a phone the strip of words stays for those who listen; the chart and the sentence say the same.
_STYLE = f"""<style>
.programme {{ border-collapse: separate; border-spacing: 4px 10px; width: 100%; table-layout: fixed }}
.programme th, .programme td {{ border: none; text-align: left; vertical-align: middle; padding: 0 }}
.programme thead th {{ font-weight: 400; font-size: .875rem; text-align: center;
  color: {_both("muted")} }}
.programme th[scope=row] {{ font-weight: 600; padding-right: .75rem; overflow-wrap: anywhere }}
.programme th[scope=row] span {{ display: block; font-weight: 400; font-size: .875rem;
  color: {_both("muted")} }}
.programme td.word {{ text-align: center; height: 78px; padding: 0 4px; border-radius: 6px;
  border: 1px solid transparent; font-size: .875rem; line-height: 1.3 }}
.programme td.word img {{ margin: 0 auto 4px }}
.programme td.together {{ background: {_both("signal_soft")} }}
.programme td.unclear {{ background: {_both("band")} }}
.programme td.apart {{ border: 2px solid {_both("signal")} }}
.programme td.nothing {{ border-color: {_both("border")}; color: {_both("muted")} }}
.programme img, .programme-legend img {{ display: block; flex: none }}
.programme td.chart img {{ width: 100%; height: auto }}
.programme td.chart p {{ display: none }}
.programme-legend p {{ display: flex; gap: .5rem; align-items: baseline; margin: 0 0 .25rem }}
.programme col.name {{ width: 22% }} .programme col.chart {{ width: 25% }}
.programme .unseen {{ {_UNSEEN} }}
@media (max-width: 640px) {{
  .programme, .programme tbody, .programme tr, .programme th, .programme td.chart {{ display: block }}
  .programme thead, .programme colgroup {{ display: none }}
  .programme tr {{ position: relative; margin-bottom: 1.75rem }}
  .programme td.word {{ {_UNSEEN} }}
  .programme td.chart p {{ display: block; margin: 2px 0 0; font-size: .875rem; text-align: right;
    color: {_both("muted")} }}
}}
</style>"""


def shown(visit: Visit) -> Programme:
    """What is published; in the sample the rest of the programme is made when it is first asked for."""
    programme = programme_of(visit)
    if programme.blocks or visit.about.programme != "sample":
        return programme
    from sample_data.participants import fill_programme

    with st.spinner(words("programme.sample")):
        fill_programme(visit.store, visit.now, zone=visit.about.time_zone)
    return programme_of(visit)


def days(block: Block) -> str:
    """The days of a block, as in "4–31 May" or "27 Apr–24 May"."""
    first, last = block.first_day, block.last_day
    month = "" if first.month == last.month else f" {first:%b}"
    return f"{first.day}{month}–{last.day} {last:%b}"


def draw_legend(theme: Theme) -> None:
    """How to read it, in a minute."""
    lines = [
        f"<p>{_image(_shape(word, theme))}<span>{escape(words(f'programme.means.{KEYS[word]}'))}"
        "</span></p>"
        for word in Word
    ]
    st.html(f'{_STYLE}<div class="programme-legend">{"".join(lines)}</div>')


def draw_rows(programme: Programme, theme: Theme) -> None:
    """The table: what moves with its results, block by block."""
    st.html(table(programme, theme))


def table(programme: Programme, theme: Theme) -> str:
    """The table as HTML."""
    columns = '<col class="name">' + "<col>" * len(programme.blocks) + '<col class="chart">'
    heads = "".join(f'<th scope="col">{days(block)}</th>' for block in programme.blocks)
    body = "".join(_row(row, programme.blocks, theme) for row in programme.rows)
    return (
        f'<table class="programme"><caption class="unseen">{escape(words("programme.table"))}'
        f"</caption><colgroup>{columns}</colgroup>"
        f'<thead><tr><th scope="col"><span class="unseen">Behaviour</span></th>{heads}'
        f'<th scope="col">Over these blocks</th></tr></thead><tbody>{body}</tbody></table>'
    )


def _row(row: Row, blocks: Sequence[Block], theme: Theme) -> str:
    now = words(f"programme.now.{KEYS[row.words[-1]]}")
    cells = "".join(
        f'<td class="word {KEYS[word]}">{_image(_shape(word, theme))}{word.value.capitalize()}</td>'
        for word in row.words
    )
    said = "; ".join(
        f"{days(block)} {word.value}" for block, word in zip(blocks, row.words, strict=True)
    )
    whole = days(Block(blocks[0].first_day, blocks[-1].last_day))
    return (
        f'<tr><th scope="row">{escape(row.behaviour)}<span>{escape(now)}</span></th>{cells}'
        f'<td class="chart">{_image(chart(row.words, theme), said)}<p>{whole}</p></td></tr>'
    )


def _image(svg: str, alt: str = "") -> str:
    """An SVG as an HTML image: ``st.html`` removes the inline one. Without words it decorates."""
    return f'<img src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" alt="{escape(alt)}">'


def _shape(word: Word, theme: Theme) -> str:
    """The mark of a word alone; a dash where there is nothing to show."""
    colours = palette(theme)
    mark = (
        f'<path d="M6 8h12" stroke="{colours.line}" stroke-width="1.5"/>'
        if word is Word.NOTHING
        else _mark(word, 12, 8, colours)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="16" viewBox="0 0 24 16">'
        f"{mark}</svg>"
    )


def chart(said: Sequence[Word], theme: Theme) -> str:
    """Three bands and a mark in each block, joined where a block follows another; as SVG."""
    colours = palette(theme)
    height, step = BAND_HEIGHT * len(BANDS), (WIDTH - LABELS) / max(len(said), 1)
    fills = (colours.signal_soft, colours.band, colours.page)
    parts = [
        f'<rect x="{LABELS}" y="{k * BAND_HEIGHT}" width="{WIDTH - LABELS}" height="{BAND_HEIGHT}" '
        f'fill="{fill}" stroke="{colours.border}"/><text x="{LABELS - 6}" '
        f'y="{(k + 0.5) * BAND_HEIGHT + 4:g}" text-anchor="end" font-size="12" fill="{colours.muted}">'
        f"{word.value}</text>"
        for k, (word, fill) in enumerate(zip(BANDS, fills, strict=True))
    ]
    points = [
        (LABELS + (k + 0.5) * step, (BANDS.index(word) + 0.5) * BAND_HEIGHT)
        if word in BANDS
        else None
        for k, word in enumerate(said)
    ]
    for one, other in zip(points, points[1:], strict=False):
        if one and other:
            parts.append(
                f'<path d="M{one[0]:.1f} {one[1]:g}L{other[0]:.1f} {other[1]:g}" '
                f'stroke="{colours.line}" stroke-width="1.5"/>'
            )
    parts += [_mark(w, *p, colours) for w, p in zip(said, points, strict=True) if p]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f"font-family='{FONT}'>{''.join(parts)}</svg>"
    )


def _mark(word: Word, x: float, y: float, colours: Palette) -> str:
    """A diamond: filled together, open without a pattern, in two pieces apart."""
    if word is Word.APART:
        return "".join(
            f'<path d="M{x + side * 3:.1f} {y - 6:g}l{side * 6} 6l{-side * 6} 6z" '
            f'fill="{colours.signal}"/>'
            for side in (-1, 1)
        )
    fill = colours.signal if word is Word.TOGETHER else colours.page
    edge = colours.signal if word is Word.TOGETHER else colours.line
    return (
        f'<path d="M{x:.1f} {y - 6:g}l6 6l-6 6l-6 -6z" fill="{fill}" stroke="{edge}" '
        f'stroke-width="1.5"/>'
    )
