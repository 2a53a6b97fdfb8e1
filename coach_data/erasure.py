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
from coach_data.store import Cursor, Store
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

    ``copies``: older data files that lie beside the new one and still hold everything.
    """

    releases: int
    copies: tuple[Path, ...]


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
        store.rebuild(lambda anew: _without(anew, person_id, fallen))
        store.erased.add(person_id)
    _forget_what_was_derived()
    return Erased(len(fallen), copies_beside(store))


def copies_beside(store: Store) -> tuple[Path, ...]:
    """The data files that a restore has put aside, each as it was before it."""
    found = store.path.parent.glob(f"{store.path.name}.before-*")
    return tuple(sorted(f for f in found if f.suffix != ".wal"))


def _without(cursor: Cursor, person_id: int, fallen: Sequence[int]) -> None:
    """Fill the tables of ``erased`` with what is in those of ``app``, but for that person.

    ``fallen``: the releases that become blank with it.
    """
    rows = cursor.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = 'app' AND schema_name = 'raw' ORDER BY table_name, column_index"
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, column in rows:
        tables.setdefault(table, []).append(column)
    for table, columns in tables.items():
        if table not in EMPTIED:
            sql, values = _kept(table, columns, person_id, fallen)
            cursor.execute(f"INSERT INTO erased.raw.{table} {sql}", values)
    _chain_anew(cursor, person_id)


def _kept(
    table: str, columns: Sequence[str], person_id: int, fallen: Sequence[int]
) -> tuple[str, list[int]]:
    """The query for the rows of a table that stay, and its values."""
    changed = {c: f"CASE WHEN {c} = ? THEN {NOBODY} ELSE {c} END" for c in NAMES}
    gone = ["person_id", *GO_TOO.get(table, ())]
    if table == "device":  # to delete it would bring back who used the browser before
        changed, gone = {"person_id": "NULLIF(person_id, ?)"}, []
    if table == "sign_in":  # it has no person; that its proof was used has to stay known
        theirs = (
            "(issuer, subject) IN (SELECT (issuer, subject) FROM app.raw.identity"
            " WHERE person_id = ?)"
        )
        changed = {c: f"CASE WHEN {theirs} THEN '' ELSE {c} END" for c in ("issuer", "subject")}
        changed["ended"] = f"ended OR {theirs}"
    where = [f"{c} IS DISTINCT FROM ?" for c in gone if c in columns]
    if table in BLANK and fallen:
        falls = f"release_id IN ({', '.join(map(str, fallen))})"
        changed = {c: f"CASE WHEN {falls} THEN {to} ELSE {c} END" for c, to in BLANK[table].items()}
        where += [] if changed else [f"NOT {falls}"]
    picked = [changed.get(c, c) for c in columns]
    sql = f"SELECT {', '.join(picked)} FROM app.raw.{table}"
    if where:
        sql += f" WHERE {' AND '.join(where)}"
    return sql, [person_id] * sql.count("?")


def _chain_anew(cursor: Cursor, person_id: int) -> None:
    """Mend the logs of those whom the erased person looked at: each digest covers who looked.

    So the chain proves nothing about the time before; that is the price, and it is whole again.
    """
    others = cursor.execute(
        "SELECT DISTINCT person_id FROM app.raw.access_log WHERE viewer_id = ? AND person_id <> ?",
        [person_id, person_id],
    ).fetchall()
    for (other,) in others:
        looks = cursor.execute(
            "SELECT person_id, viewer_id, screen, allowed, recorded_at FROM erased.raw.access_log"
            " WHERE person_id = ? ORDER BY recorded_at",
            [other],
        ).fetchall()
        cursor.execute("DELETE FROM erased.raw.access_log WHERE person_id = ?", [other])
        cursor.executemany(
            "INSERT INTO erased.raw.access_log (person_id, viewer_id, screen, allowed, previous,"
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
