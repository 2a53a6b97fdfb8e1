"""What every record is: one row about one person; and how a new one is told from all others."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row. ``recorded_at`` and ``author`` are added by the door through which it is saved."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]

    person_id: int


NOBODY = 0
"""Nobody's id: stands where somebody stood who has erased their data, and is the viewer of a preview.
``new_id`` does not make it."""


def new_id() -> int:
    """An identifier that nobody can guess and no other process will make (62 random bits)."""
    return secrets.randbits(62) or 1
