"""Parts of the sample programme as CSV files, in the two shapes that an import reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from coach_data.model import EntryState
from sample_data.programme import SEED, generate
from sample_data.shapes import SamplePerson

LAST_DAY = date(2026, 11, 22)
WIDE = {"honest_lever_wide.csv": "Amara", "weekly_outcome_wide.csv": "Dalia"}
LONG = {"fixation_long.csv": "Bruno"}


def write(folder: Path, until: date = LAST_DAY, *, seed: int = SEED) -> list[Path]:
    """Write every file into ``folder``; their paths."""
    people = {person.name: person for person in generate(until, seed=seed)}
    texts = {name: wide(people[who]) for name, who in WIDE.items()}
    texts |= {name: long(people[who]) for name, who in LONG.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def wide(person: SamplePerson) -> str:
    """A column for the date and one for each indicator; an empty cell is a day not known."""
    cells: dict[date, dict[str, str]] = {}
    for indicator in person.logged:
        for e in indicator.entries:
            told = "skip" if e.state is EntryState.SKIPPED else f"{e.value:g}"
            cells.setdefault(e.day, {})[indicator.name] = told
    names = [i.name for i in person.logged]
    rows = (
        [day.isoformat(), *(row.get(n, "") for n in names)] for day, row in sorted(cells.items())
    )
    return _text(["date", *names], rows)


def long(person: SamplePerson) -> str:
    """A row for each value or skip."""
    rows = sorted(
        [
            e.day.isoformat(),
            i.name,
            "" if e.value is None else f"{e.value:g}",
            e.state.value,
            e.note,
            e.reason or "",
        ]
        for i in person.logged
        for e in i.entries
    )
    return _text(["date", "indicator", "value", "status", "note", "reason"], rows)


def _text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
