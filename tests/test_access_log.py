"""The record of looks: each row covers the one before it, so that what was changed is found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from coach_data.access_log import chained, log_look, verify_access_log
from coach_data.model import NotAllowed
from coach_data.store import Rows, Store

ANN, BOB, CLEO, LEA = 1, 2, 3, 4


@pytest.fixture
def looked(store: Store, now: datetime) -> Store:
    """Cleo looks at three screens of Ann's, and Lea is turned away from Ann's and from Bob's."""
    cursor = store.cursor()
    for screen in ("Compass", "Today", "Outcome"):
        log_look(store, cursor, (ANN, CLEO, screen, True), now)
    for about in (ANN, BOB):
        log_look(store, cursor, (about, LEA, "denied", False), now)
    return store


def test_as_it_was_written_it_holds(looked: Store) -> None:
    assert verify_access_log(looked) == []
    rows = looked.cursor().execute(
        "SELECT previous, digest FROM app.raw.access_log WHERE person_id = ? ORDER BY recorded_at",
        [ANN],
    )
    found = rows.fetchall()
    assert found[0][0] == ""
    assert [previous for previous, _ in found[1:]] == [digest for _, digest in found[:-1]]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE app.raw.access_log SET allowed = true WHERE NOT allowed AND person_id = 1",
        "UPDATE app.raw.access_log SET viewer_id = 7 WHERE screen = 'Today'",
        "UPDATE app.raw.access_log SET screen = 'Help' WHERE screen = 'Today'",
        "UPDATE app.raw.access_log SET recorded_at = recorded_at - INTERVAL 1 DAY"
        " WHERE screen = 'Compass'",
        "UPDATE app.raw.access_log SET digest = md5(digest) WHERE screen = 'Outcome'",
        "DELETE FROM app.raw.access_log WHERE screen = 'Compass'",
        "DELETE FROM app.raw.access_log WHERE screen = 'Today'",
        "INSERT INTO app.raw.access_log SELECT * FROM app.raw.access_log WHERE screen = 'Today'",
    ],
)
def test_08_a_changed_row_is_found_and_only_with_whom_it_is_about(
    looked: Store, change: str
) -> None:
    looked.cursor().execute(change)
    assert verify_access_log(looked) == [ANN]
    assert verify_access_log(looked, ANN) == [ANN]
    assert verify_access_log(looked, BOB) == []


def test_a_row_moved_to_somebody_else_is_found_with_both(looked: Store) -> None:
    looked.cursor().execute("UPDATE app.raw.access_log SET person_id = 2 WHERE screen = 'Today'")
    assert verify_access_log(looked) == [ANN, BOB]


def test_the_latest_rows_can_be_cut_off_unseen(looked: Store) -> None:
    """Which is why the docstring says to compare with a backup where that matters."""
    looked.cursor().execute(
        "DELETE FROM app.raw.access_log WHERE person_id = 1 AND screen IN ('Outcome', 'denied')"
    )
    assert verify_access_log(looked) == []


def test_looks_at_one_person_chained_anew_are_as_if_written_so(store: Store, now: datetime) -> None:
    at = [now.replace(tzinfo=None) + timedelta(seconds=k) for k in range(3)]
    rows = chained([(ANN, CLEO, "Compass", True, at[0]), (ANN, LEA, "denied", False, at[1])])
    names = ("person_id", "viewer_id", "screen", "allowed", "previous", "digest", "recorded_at")
    store.append(Rows("access_log", names, rows))
    assert verify_access_log(store) == []
    log_look(store, store.cursor(), (ANN, CLEO, "Today", True), now + timedelta(days=1))
    assert verify_access_log(store) == [], "what follows goes on from there"
    assert chained([]) == []


def test_nobody_who_is_gone_is_written_down(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(store), "is_gone", lambda self, *people: CLEO in people)
    cursor = store.cursor()
    with pytest.raises(NotAllowed):
        log_look(store, cursor, (ANN, CLEO, "Compass", True), now)
    log_look(store, cursor, (ANN, LEA, "denied", False), now)
    rows = cursor.execute("SELECT viewer_id FROM app.raw.access_log").fetchall()
    assert rows == [(LEA,)]
