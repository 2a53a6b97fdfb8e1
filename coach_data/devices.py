"""Who is at a browser of this machine, where there is no sign-in."""

from __future__ import annotations

from datetime import datetime

from coach_data.store import Cursor, Rows, Store
from coach_data.text import sha256


def people_on_this_device(store: Store) -> list[tuple[int, str, str]]:
    """(id, name, programme) of everybody in the store, by name: only for a store without sign-in.

    Whoever can reach such a store can choose to be anybody in it; the screen says so.
    """
    sql = """
        SELECT person_id, arg_max(name, recorded_at) AS name, arg_max(programme, recorded_at)
        FROM app.raw.person GROUP BY person_id ORDER BY name, person_id
    """
    return store.ask(store.cursor(), sql, (), Cursor.fetchall)


def remember_device(store: Store, token: str, person_id: int | None, now: datetime) -> None:
    """The browser that holds ``token`` goes on as that person from now on; None: as nobody."""
    row = (sha256(token), person_id, store.stamp(now))
    store.append(Rows("device", ("token_sha256", "person_id", "recorded_at"), [row]))


def device_person(store: Store, token: str) -> int | None:
    """As whom the browser that holds ``token`` goes on, or None."""
    sql = "SELECT arg_max_null(person_id, recorded_at) FROM app.raw.device WHERE token_sha256 = ?"
    rows = store.ask(store.cursor(), sql, [sha256(token)], Cursor.fetchall)
    found: int | None = rows[0][0]
    return found
