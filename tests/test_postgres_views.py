"""The views in the form for a server: they say what those of ``privacy.sql`` say, for any lists."""

from __future__ import annotations

import duckdb
import pytest

from coach_data.postgres_views import LISTED, TO_SETTLE, pushed
from coach_data.privacy import views

VIEWS = """
CREATE VIEW coach AS SELECT 5 AS person_id;
CREATE VIEW own AS FROM t WHERE person_id = getvariable('viewer');
CREATE VIEW shown AS
SELECT * FROM t
WHERE person_id = getvariable('viewer') OR list_contains(getvariable('frame'), person_id);
CREATE VIEW met AS FROM t WHERE note <> 'it''s me' AND person_id IN (FROM coach);
CREATE VIEW noted AS FROM t
WHERE list_contains(getvariable('frame'), person_id) AND list_contains(getvariable('notes'), person_id);
"""


def rows(sql: str, viewer: int | None, lists: dict[str, str]) -> dict[str, list[tuple[int, str]]]:
    """What each of the views shows."""
    cursor = duckdb.connect()
    cursor.execute("CREATE TABLE t AS SELECT k AS person_id, 'n' || k AS note FROM range(9) r(k)")
    cursor.execute(sql)
    if viewer is not None:
        cursor.execute("SET VARIABLE viewer = ?", [viewer])
    for name, given in lists.items():
        cursor.execute(f"SET VARIABLE {name} = {given}")
    return {
        name: cursor.execute(f"FROM {name} ORDER BY person_id").fetchall()
        for name in ("own", "shown", "met", "noted")
    }


@pytest.mark.parametrize("viewer", [None, 0, 3])
@pytest.mark.parametrize("frame", [None, "NULL", "[]", "[1]", "[1, 4, 7]", "[3]"])
@pytest.mark.parametrize("notes", [None, "[4]"])
def test_they_show_the_same_whatever_the_lists_are(
    viewer: int | None, frame: str | None, notes: str | None
) -> None:
    lists = {
        name: f"{given}::BIGINT[]"
        for name, given in (("frame", frame), ("notes", notes), ("coaches", "[5]"))
        if given is not None
    }
    listed = f"{pushed(VIEWS)} USE memory.{LISTED};"
    assert rows(listed, viewer, lists) == rows(VIEWS, viewer, lists)


@pytest.mark.parametrize("viewer", [None, 0, 3])
def test_without_lists_they_show_the_same_and_with_them_no_more(viewer: int | None) -> None:
    own, coaches = pushed(VIEWS), {"coaches": "[5]::BIGINT[]"}
    shown = rows(own, viewer, coaches)
    assert shown == rows(VIEWS, viewer, coaches)
    lists = {"frame": "[1, 4]::BIGINT[]", "notes": "[4]::BIGINT[]"}
    assert rows(own, viewer, lists | coaches) == shown
    assert not shown["noted"]


def test_and_are_no_text_but_where_a_coach_is_named() -> None:
    own = pushed(VIEWS).partition(f"USE memory.{LISTED};")[0]
    assert "CREATE VIEW shown AS\nSELECT * FROM t\nWHERE person_id = getvariable('viewer');" in own
    assert own.count("FROM query(") == 1


def test_whom_it_is_about_stands_in_the_text_that_is_handed_on() -> None:
    made = pushed(VIEWS)
    assert "FROM query(" in made
    assert made.count("list_contains(") == 0
    assert "CREATE VIEW own AS\nFROM t WHERE person_id = getvariable('viewer');" in made


def test_every_view_of_ours_can_be_handed_on() -> None:
    assert "list_contains(" in views()
    assert "list_contains(" not in pushed(views())
    assert TO_SETTLE == {"coaches": "coach"}


def test_a_list_that_would_not_be_handed_on_is_found() -> None:
    with pytest.raises(ValueError, match="wrong"):
        pushed("CREATE VIEW wrong AS\nFROM t WHERE list_contains(getvariable('frame'), author);")
