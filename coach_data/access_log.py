"""The record of looks: who looked at whose data, where and when; each line is chained to the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coach_data.model import NotAllowed
from coach_data.store import Cursor, Rows, Store
from coach_data.text import sha256

Look = tuple[int, int, str, bool]
"""Whose data, who looked, on which screen, whether it was allowed."""


_LOOK = ("person_id", "viewer_id", "screen", "allowed")


def log_look(store: Store, cursor: Cursor, look: Look, now: datetime) -> None:
    """Append to the chain of looks at a person: each row's digest covers the one before it."""
    last = "SELECT arg_max(digest, recorded_at) FROM app.raw.access_log WHERE person_id = ?"
    with store.alone(look[0]):
        if store.is_gone(*look[:2]):
            raise NotAllowed
        previous = store.ask(cursor, last, [look[0]], Cursor.fetchall)[0][0] or ""
        at = store.stamp(now)
        row = (*look, previous, _link(previous, look, at), at)
        store.append(Rows("access_log", (*_LOOK, "previous", "digest", "recorded_at"), [row]))


def chained(looks: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Looks at one person, as (look…, time) from the earliest on, as the rows of an unbroken chain.

    For an erasure: whoever is gone is gone from these rows too, and each digest covers a name.
    """
    rows: list[tuple[Any, ...]] = []
    for person_id, viewer_id, screen, allowed, at in looks:
        look, previous = (person_id, viewer_id, screen, allowed), rows[-1][-2] if rows else ""
        rows.append((*look, previous, _link(previous, look, at), at))
    return rows


def _link(previous: str, look: Look, at: datetime) -> str:
    return sha256("|".join([previous, *map(str, look), at.isoformat()]))


def verify_access_log(store: Store, person_id: int | None = None) -> list[int]:
    """The people in whose log of looks a row was changed, added or taken out; none if all is well.

    ``person_id``: ask about that one alone. The latest rows of a chain can be cut off unseen:
    compare with a backup where that matters.
    """
    sql = f"""
        SELECT {", ".join(_LOOK)}, previous, digest, recorded_at FROM app.raw.access_log
        WHERE person_id = coalesce(?, person_id) ORDER BY person_id, recorded_at
    """
    broken: set[int] = set()
    last: dict[int, str] = {}
    found = store.ask(store.cursor(), sql, [person_id], Cursor.fetchall)
    for whose, viewer_id, screen, allowed, previous, digest, at in found:
        expected = _link(previous, (whose, viewer_id, screen, allowed), at)
        if previous != last.get(whose, "") or digest != expected:
            broken.add(whose)
        last[whose] = digest
    return sorted(broken)
