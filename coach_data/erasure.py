"""Erasure: somebody is taken out of the data file for good, by writing it anew without them.

Rows about them go. Rows of others stay, with ``NOBODY`` where they named them; so do the words that
others wrote, whoever those are about. Backups are files of whoever made them, and stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coach_data.access_log import chained
from coach_data.model import NOBODY, CoachError, NotAllowed
from coach_data.privacy import Visit
from coach_data.releases import falling_without
from coach_data.statistics.release import Word
from coach_data.store import Cursor, Staying, Store
from coach_data.text import same

NAMES = ("author", "coach_id", "used_by", "viewer_id")
"""Columns that say who had to do with a row of somebody else's. ``person_id`` says whose it is."""
GO_TOO = {
    "coach_note": ("coach_id",),
    "pairing": ("coach_id",),
    "invitation": ("author", "coach_id"),
}
"""Rows that go with whom these columns name: the notebook is the coach's, and without its coach a
pairing or an open invitation would only let nobody in."""
BLANK = {
    "release": {"word": f"'{Word.NOTHING}'", "excess": "NULL", "spread": "NULL"},
    "release_part": {},
}
"""What a release that fell under the threshold reads like: any other blank one. Its parts go."""
EMPTIED = ("upkeep",)
"""How far the entries lie in order is not known of the new file; the next start finds out."""


class WrongName(CoachError):
    """That is not your name as it stands here. Nothing was erased."""


@dataclass(frozen=True, slots=True)
class Erased:
    """``releases``: group readings that were taken back with it, because too few people are left.

    ``copies``: older data files that lie beside the new one and still hold everything. ``leaves``: what
    else it does not reach, in a sentence.
    """

    releases: int
    copies: tuple[Path, ...]
    leaves: str


def erase(visit: Visit, name: str) -> Erased:
    """Take the viewer out of the data file. ``name``: theirs, typed once more.

    Raises WrongName, NotAllowed or a StoreError; then everything of theirs is still there.
    """
    if not visit.own:
        raise NotAllowed
    if same(name) != same(visit.about.name):
        raise WrongName
    store, person_id = visit.store, visit.viewer_id
    with store.alone():
        fallen = falling_without(store, person_id)
        staying, seen = _staying(store, person_id, fallen), _seen_by(store, person_id)
        store.leave_out(person_id, staying, lambda anew, raw: _chain_anew(anew, raw, seen))
    _forget_what_was_derived()
    return Erased(len(fallen), store.copies(), store.leaves)


def _staying(store: Store, person_id: int, fallen: Sequence[int]) -> list[Staying]:
    """What stays of every table without that person.

    ``fallen``: the releases that become blank with it.
    """
    sql = """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE database_name = 'app' AND schema_name = 'raw' ORDER BY table_name, column_index
    """
    tables: dict[str, list[str]] = {}
    for table, column in store.ask(store.cursor(), sql, (), Cursor.fetchall):
        tables.setdefault(table, []).append(column)
    return [
        _without(table, tuple(columns), person_id, fallen)
        for table, columns in tables.items()
        if table not in EMPTIED
    ]


def _without(
    table: str, columns: tuple[str, ...], person_id: int, fallen: Sequence[int]
) -> Staying:
    changed = {c: f"CASE WHEN {c} = {person_id} THEN {NOBODY} ELSE {c} END" for c in NAMES}
    gone = ["person_id", *GO_TOO.get(table, ())]
    if table == "device":  # to delete it would bring back who used the browser before
        changed, gone = {"person_id": f"NULLIF(person_id, {person_id})"}, []
    if table == "sign_in":  # it has no person; that its proof was used has to stay known
        theirs = (
            "EXISTS (SELECT 1 FROM app.raw.identity i WHERE i.issuer = sign_in.issuer"
            f" AND i.subject = sign_in.subject AND i.person_id = {person_id})"
        )
        changed = {c: f"CASE WHEN {theirs} THEN '' ELSE {c} END" for c in ("issuer", "subject")}
        changed["ended"] = f"ended OR {theirs}"
    where = [f"{c} IS DISTINCT FROM {person_id}" for c in gone if c in columns]
    if table in BLANK and fallen:
        falls = f"release_id IN ({', '.join(map(str, fallen))})"
        changed = {c: f"CASE WHEN {falls} THEN {to} ELSE {c} END" for c, to in BLANK[table].items()}
        where += [] if changed else [f"NOT {falls}"]
    changed = {c: to for c, to in changed.items() if c in columns}
    return Staying(table, columns, changed, tuple(where))


def _seen_by(store: Store, person_id: int) -> list[int]:
    """Whom that person looked at."""
    sql = "SELECT DISTINCT person_id FROM app.raw.access_log WHERE viewer_id = ? AND person_id <> ?"
    found = store.ask(store.cursor(), sql, [person_id, person_id], Cursor.fetchall)
    return [other for (other,) in found]


def _chain_anew(cursor: Cursor, raw: str, seen: Sequence[int]) -> None:
    """Mend the logs of those whom the erased person looked at: each digest covers who looked.

    So the chain proves nothing about the time before; that is the price, and it is whole again.
    """
    for other in seen:
        looks = cursor.execute(
            f"SELECT person_id, viewer_id, screen, allowed, recorded_at FROM {raw}.access_log"
            " WHERE person_id = ? ORDER BY recorded_at",
            [other],
        ).fetchall()
        cursor.execute(f"DELETE FROM {raw}.access_log WHERE person_id = ?", [other])
        cursor.executemany(
            f"INSERT INTO {raw}.access_log (person_id, viewer_id, screen, allowed, previous,"
            " digest, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            chained(looks),
        )


def _forget_what_was_derived() -> None:
    """Empty the caches of results: they hold numbers and names of whoever was looked at last.

    They are the ones that have a size; those without hold what the app itself is made of.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith(("coach_data.", "pages.parts.")):
            for value in list(vars(module).values()):
                parameters = getattr(value, "cache_parameters", None)
                if parameters is not None and parameters()["maxsize"]:
                    value.cache_clear()
