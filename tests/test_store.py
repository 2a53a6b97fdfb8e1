"""What every engine is asked for: rows that stay, rows that come, and bytes made of the key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pytest

from coach_data.store import FEW, Staying, Store, Unkeepable, insert


def test_what_stays_of_a_table() -> None:
    whole = Staying("entry", ("person_id", "value"))
    assert whole.query == "SELECT person_id, value FROM app.raw.entry"
    part = Staying("pairing", ("person_id", "coach_id"), {"coach_id": "0"}, ("a <> 1", "b <> 2"))
    assert part.query == "SELECT person_id, 0 FROM app.raw.pairing WHERE a <> 1 AND b <> 2"


@pytest.fixture
def table() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE kept (id BIGINT, name VARCHAR, since TIMESTAMP, extra INT DEFAULT 7)"
    )
    return made


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, 3 * FEW])
def test_few_rows_and_many_are_inserted_alike(table: duckdb.DuckDBPyConnection, count: int) -> None:
    at = datetime(2026, 5, 31, 12, 0, 0, 7)
    rows: list[tuple[Any, ...]] = [
        (2**61 + k, None if k % 2 else f"é{k}", at) for k in range(count)
    ]
    insert(table, "kept", ("id", "name", "since"), rows)
    assert table.execute("FROM kept ORDER BY id").fetchall() == [(*row, 7) for row in rows]
    left = table.execute("SELECT view_name FROM duckdb_views() WHERE view_name = 'incoming'")
    assert left.fetchall() == []


def test_what_no_column_can_hold_is_refused_without_its_value(
    table: duckdb.DuckDBPyConnection,
) -> None:
    rows: list[tuple[Any, ...]] = [(k, "secret" if k else 5, None) for k in range(FEW)]
    with pytest.raises(Unkeepable) as caught:
        insert(table, "kept", ("id", "name", "since"), rows)
    assert "secret" not in str(caught.value)
    assert table.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_bytes_made_of_the_key_are_always_the_same_and_32(store: Store) -> None:
    assert store.keyed(b"block 1") == store.keyed(b"block 1")
    assert len(store.keyed(b"")) == 32
    assert store.keyed(b"block 1") != store.keyed(b"block 2")


def test_stamps_of_rows_that_are_saved_together_have_an_order(store: Store, now: datetime) -> None:
    made = [*store.stamps(now, 3), store.stamp(now), *store.stamps(now, 0)]
    assert len(made) == 4
    assert made == sorted(set(made))
