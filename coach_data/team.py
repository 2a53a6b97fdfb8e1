"""What a lead sees: the published words of the whole programme, and nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.privacy import Visit
from coach_data.releases import next_publication
from coach_data.statistics.release import Word

SHOWN = 6
"""Blocks that the page shows: the latest half-year."""


@dataclass(frozen=True, slots=True)
class Block:
    """Four closed weeks, both days included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour: its word in each block that is shown."""

    behaviour: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """``rows``: behaviours with a word in any block shown; ``silent``: the names of the others."""

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]
    silent: tuple[str, ...]
    next_day: date
    """When the next block is published."""


def programme_of(visit: Visit) -> Programme:
    """The latest releases of the viewer's programme; without blocks where there are none yet."""
    said = visit.read("SELECT behaviour, first_day, last_day, word FROM release")
    blocks = sorted({(first, last) for _, first, last, _ in said})[-SHOWN:]
    word = {(name, first): Word(told) for name, first, _, told in said}
    rows = [
        Row(name, tuple(word.get((name, first), Word.NOTHING) for first, _ in blocks))
        for name in sorted({name for name, *_ in said})
    ]
    blank = {row.behaviour for row in rows if set(row.words) == {Word.NOTHING}}
    return Programme(
        blocks=tuple(Block(*days) for days in blocks),
        rows=tuple(row for row in rows if row.behaviour not in blank),
        silent=tuple(sorted(blank)),
        next_day=next_publication(visit.today),
    )
