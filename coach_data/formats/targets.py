"""A wide CSV file that keeps a target beside each value, as ``Calls`` and ``Calls__Target``."""

from __future__ import annotations

from dataclasses import replace

from coach_data.files import Table

_END = "__Target"


def shape(table: Table) -> Table | None:
    """The same table without the targets: an aim is agreed, not brought in."""
    titles, width = set(table.header), len(table.header)
    left = {t for t in titles if t.endswith(_END) and t.removesuffix(_END) in titles}
    if not left:
        return None
    kept = [k for k, title in enumerate(table.header) if title not in left]
    rows = (
        (line, [cells[k] for k in kept] if len(cells) == width else cells)
        for line, cells in table.rows
    )
    remark = f"{len(left):,} columns with targets are left out: an aim is agreed, not brought in."
    return replace(table, header=tuple(table.header[k] for k in kept), rows=rows, remarks=(remark,))
