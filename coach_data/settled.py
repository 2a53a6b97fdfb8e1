"""Whose data the viewer of a cursor sees: the one thing that the views of privacy.sql go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from coach_data.model import Person, Purpose
from coach_data.records import columns, current
from coach_data.store import Cursor, Store

_PERSON = (*columns(Person), "recorded_at")


class Settled:
    """Whose data the viewer of a cursor sees, settled at the start and again after every save.

    Most people coach nobody: then the views have only the viewer to go by, and no list is set.
    ``seen_by``: settle what that coach sees of the viewer instead, and nothing else of either.
    """

    def __init__(
        self, store: Store, cursor: Cursor, viewer_id: int, *, seen_by: int | None = None
    ) -> None:
        self.store, self.cursor = store, cursor
        self.coachees: frozenset[int] = frozenset()
        self.viewer: Person | None = None
        """Who the viewer was known as at the start."""
        if seen_by is None:
            self._ask("SET VARIABLE viewer = ?", [viewer_id])
        else:
            self._ask("SET VARIABLE narrowed_to = ?", [viewer_id])
            self._ask("SET VARIABLE as_coach = ?", [seen_by])
        self._saves: int | None = None
        self._settle()

    def anew(self) -> None:
        """Settle it again, if anything at all was saved since."""
        if self._saves != self.store.saves:
            self._settle()

    def _settle(self) -> None:
        saves = self.store.saves
        found = self._people({"coachees": "coachee", **self.store.to_settle})
        before, now = self.coachees, frozenset(found["coachees"])
        if bool(before) != bool(now):
            self.store.see(self.cursor, own_only=not now)
        self.coachees = now
        if before or now:
            self._set("frame", sorted(now))
            agreed = set(self._ask("FROM coachee_consent"))
            entries = {person_id for person_id in now if (person_id, Purpose.ENTRIES) in agreed}
            self._set("entries", sorted(entries))
            # notes only with the entries that they are about
            self._set("notes", [p for p in sorted(entries) if (p, Purpose.NOTES) in agreed])
        for name in self.store.to_settle:
            if found[name] or self._saves is not None:  # a list that was never set adds nobody
                self._set(name, found[name])
        self._saves = saves  # only now: where a statement failed, the next read settles it again

    def _people(self, views: Mapping[str, str]) -> dict[str, list[int]]:
        """Who is in each of these views and, the first time, who the viewer is: in one question."""
        parts = [f"SELECT '{name}' AS part, person_id FROM {view}" for name, view in views.items()]
        if self._saves is None:
            parts.append(f"SELECT 'viewer' AS part, {', '.join(_PERSON)} FROM viewer")
        found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for name, *row in self._ask(" UNION ALL BY NAME ".join(parts)):
            found[name].append(tuple(row))
        if self._saves is None:
            self.viewer = next(iter(current(Person, found["viewer"])), None)
        return {name: [row[0] for row in found[name]] for name in views}

    def _set(self, name: str, people: list[int]) -> None:
        self._ask(f"SET VARIABLE {name} = ?::BIGINT[]", [people])

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.store.ask(self.cursor, sql, values, Cursor.fetchall)
