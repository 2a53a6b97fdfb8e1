"""The app without its privacy, as the control of ``tests.bench.privacy``: never for anybody's data.

The same screens and the same queries, but the views show every row to everybody, a visit settles
nothing and writes down no look. Whom a coach can choose is still asked: that is no privacy.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property

import streamlit as st

from app import AROUND, SCREENS
from coach_data import privacy
from coach_data.dates import local_day
from coach_data.privacy import Visit
from coach_data.store import Cursor, Store

FILTERED = re.compile(r"CREATE VIEW (\w+)_history AS\n.*?;", re.DOTALL)
filtered_views = privacy.views


def views() -> str:
    """Those of ``privacy.sql`` with nothing left out of any history."""
    return FILTERED.sub(r"CREATE VIEW \1_history AS FROM app.raw.\1;", filtered_views())


class Everybody:
    """In the place of what a visit settles."""

    def __init__(self, store: Store, cursor: Cursor, viewer_id: int) -> None:
        self.store, self.cursor, self._viewer_id = store, cursor, viewer_id

    def anew(self) -> None:
        return

    @cached_property
    def coachees(self) -> frozenset[int]:
        self.store.ask(self.cursor, "SET VARIABLE viewer = ?", [self._viewer_id], Cursor.fetchall)
        found = self.store.ask(self.cursor, "FROM coachee", (), Cursor.fetchall)
        return frozenset(person_id for (person_id,) in found)


def open_to_all(
    cls: type[Visit], store: Store, viewer_id: int, now: datetime, about_id: int | None = None
) -> Visit:
    """A visit to anybody."""
    cursor = store.cursor()
    about = privacy._person(store, cursor, viewer_id if about_id is None else about_id)
    assert about is not None
    today = local_day(now, about.time_zone, about.day_ends)
    return cls(store, cursor, viewer_id, about, now, today, Everybody(store, cursor, viewer_id))  # type: ignore[arg-type]


privacy.views = views
Visit.open = classmethod(open_to_all)  # type: ignore[assignment, method-assign]
Visit.look = lambda self, screen: None  # type: ignore[method-assign]

app = st.App(SCREENS, **AROUND)
