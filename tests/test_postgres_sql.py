"""What is said to a server itself: what stays of a table is what ``Staying.query`` says stays."""

from __future__ import annotations

import duckdb
import pytest

from coach_data.postgres_sql import ALL, alone, deleted, number, updated
from coach_data.store import Staying

PARTS = {
    "all of it": Staying("t", ("id", "author")),
    "changed": Staying("t", ("id", "author"), {"author": "nullif(author, 2)"}),
    "left out": Staying("t", ("id", "author"), where=("id <> 1", "id NOT IN (3, 4)")),
    "both": Staying(
        "t",
        ("id", "author"),
        {"author": "CASE WHEN author = 2 THEN 0 ELSE author END"},
        ("id > 2",),
    ),
}


def rows(table: str) -> duckdb.DuckDBPyConnection:
    """A table as the server has it, and as the engine attaches it."""
    made = duckdb.connect()
    made.execute(f"ATTACH ':memory:' AS app; CREATE SCHEMA {table.rsplit('.', 1)[0]}")
    made.execute(
        f"CREATE TABLE {table} AS FROM (VALUES (1, 2), (2, 2), (3, NULL), (4, 9), (5, NULL))"
        " AS r(id, author)"
    )
    return made


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_what_stays_is_what_the_query_for_it_says(part: Staying) -> None:
    server = rows("raw.t")
    for sql in (updated(part), deleted(part)):
        if sql:
            server.execute(sql)
    stays = rows("app.raw.t").execute(f"{part.query} ORDER BY id").fetchall()
    assert server.execute("FROM raw.t ORDER BY id").fetchall() == stays


def test_what_stays_as_it_is_is_not_touched() -> None:
    """Each row that is touched is written anew, and its old words stay in the table until VACUUM."""
    assert updated(PARTS["left out"]) == deleted(PARTS["changed"]) == ""
    server = rows("raw.t")
    changed = server.execute(updated(PARTS["changed"])).fetchall()
    assert changed == [(2,)], "those of author 2 alone"


def test_a_key_is_one_number_that_fits_and_two_are_unlike() -> None:
    made = {number(f"{kind} {k}") for kind in ("person", "token") for k in range(500)}
    assert len(made) == 1000
    assert all(-(2**63) <= n < 2**63 for n in made)
    assert number("person 1") == number("person 1")


def test_alone_with_everything_asks_for_no_key_and_others_in_one_order() -> None:
    """In one order, or two who want the same two keys would wait for each other for ever."""
    assert "ARRAY[]::bigint[]" in alone({ALL, "person 1"})
    low, high = sorted((number("a"), number("b")))
    assert f"ARRAY[{low}, {high}]" in alone({"b", "a"})
    assert alone({"a", "b"}) == alone({"b", "a"})
