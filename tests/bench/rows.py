"""What a measurement says: one row of the table, its target beside it, and how it stood last time."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RATIO, SECONDS, BYTES, COUNT = "×", "s", "B", ""


@dataclass(frozen=True)
class Row:
    """``size``: of what it was measured on. ``most``, ``least``: the target, where there is one."""

    what: str
    value: float
    unit: str = RATIO
    size: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def key(self) -> str:
        """What is compared with the last run: another size is another row."""
        return f"{self.what} ({self.size})" if self.size else self.what

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"≤ {said(self.most, self.unit)}"
        return "" if self.least is None else f"≥ {said(self.least, self.unit)}"

    @property
    def holds(self) -> bool | None:
        """None where there is no target."""
        if self.most is not None:
            return self.value <= self.most
        return None if self.least is None else self.value >= self.least


def said(value: float, unit: str) -> str:
    """A figure as it is read: ``1.24 ×``, ``38 ms``, ``9.6 B``."""
    if unit == SECONDS:
        return f"{1000 * value:.3g} ms" if value < 1 else f"{value:.3g} s"
    if unit == COUNT:
        return f"{value:,.0f}"
    return f"{value:.3g} {unit}"


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """The median of the ratios of what was measured by turns, so that both met the same machine."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def share(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def by_turns(count: int, *works: Callable[[], object], first: int = 1) -> list[list[float]]:
    """Seconds of each of the works, one after the other, ``count`` times; the ``first`` turns are
    not counted."""
    from time import perf_counter

    spent: list[list[float]] = [[] for _ in works]
    for turn in range(first + count):
        for k, work in enumerate(works):
            began = perf_counter()
            work()
            if turn >= first:
                spent[k].append(perf_counter() - began)
    return spent


def most_memory() -> int:
    """The most bytes that this process had; ``ru_maxrss`` also tells what its parent had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def table(rows: Iterable[Row], last: Mapping[str, float]) -> str:
    """The table: what, its size, now, the target and whether it holds, and against the last run."""
    lines = [("", "size", "now", "target", "", "last", "now / last")]
    for row in rows:
        old = last.get(row.key)
        verdict = {None: "", True: "holds", False: "DOES NOT HOLD"}[row.holds]
        lines.append(
            (
                *(row.what, row.size, said(row.value, row.unit), row.target, verdict),
                "–" if old is None else said(old, row.unit),
                "–" if not old else f"{row.value / old:.2f}",
            )
        )
    widths = [max(len(line[k]) for line in lines) for k in range(7)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k in (0, 1, 4) else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def known(path: Path) -> dict[str, float]:
    """The figures of the last run, by key."""
    if not path.exists():
        return {}
    return {key: row["value"] for key, row in json.loads(path.read_text("utf-8")).items()}


def keep(path: Path, rows: Iterable[Row]) -> None:
    """Put these in the place of the earlier ones; what was not measured now stays as it was."""
    there: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    there |= {row.key: {**asdict(row), "holds": row.holds} for row in rows}
    path.write_text(json.dumps(there, indent=1, ensure_ascii=False), encoding="utf-8")
