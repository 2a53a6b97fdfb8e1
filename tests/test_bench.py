"""What the benchmarks stand on: the rows of their table, and stores that are the product's own."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from coach_data.compass import compass_of
from coach_data.model import Entry, EntryState, Session
from coach_data.privacy import Visit, open_store
from coach_data.releases import agreed_since
from tests.bench import bulk
from tests.bench.__main__ import PARTS
from tests.bench.rows import BYTES, SECONDS, Row, by_turns, keep, known, ratio, share, table
from tests.bench.storage import opened_plainly, plain_copy

pytestmark = pytest.mark.file_only("the sizes of stores that are data files")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_there(part: str) -> None:
    assert callable(import_module(f"tests.bench.{part}").measure)


def test_a_row_says_whether_its_target_holds() -> None:
    assert Row("a", 2.0).holds is None
    assert Row("a", 2.0, most=2.0).holds is True
    assert Row("a", 2.1, most=2.0).holds is False
    assert Row("a", 2.0, least=2.0).holds is True
    assert Row("a", 1.9, least=2.0).holds is False
    shown = table([Row("read", 0.0123, SECONDS, "1 M", most=0.01)], {"read (1 M)": 0.0246})
    assert shown.splitlines()[1].split("  ")[0] == "read"
    for said in ("1 M", "12.3 ms", "≤ 10 ms", "DOES NOT HOLD", "24.6 ms", "0.50"):
        assert said in shown


def test_what_is_not_measured_now_stays_from_the_last_run(tmp_path: Path) -> None:
    file = tmp_path / "last.json"
    assert known(file) == {}
    keep(file, [Row("a", 1.0), Row("b", 9.7, BYTES, "1 M", most=12)])
    keep(file, [Row("a", 2.0), Row("b", 9.8, BYTES, "50 M", most=12)])
    assert known(file) == {"a": 2.0, "b (1 M)": 9.7, "b (50 M)": 9.8}


def test_ratios_are_of_pairs_and_not_of_the_means() -> None:
    assert ratio([2.0, 20.0, 200.0], [1.0, 10.0, 400.0]) == 2.0
    assert share(range(100), 0.95) == 95
    done: list[str] = []
    spent = by_turns(2, lambda: done.append("a"), lambda: done.append("b"), first=1)
    assert done == ["a", "b"] * 3
    assert [len(s) for s in spent] == [2, 2]


def test_a_store_of_any_size_is_one_that_the_product_reads(tmp_path: Path) -> None:
    size = bulk.Size(23, 40)
    home = bulk.store_of(tmp_path, size, browsers=2)
    assert bulk.store_of(tmp_path, size) == home, "it is made once"
    with closing(open_store(bulk.at(home))) as store:
        now = datetime.now(UTC)
        people = bulk.some_people(store, 50)
        assert len(people) == 23
        visit = Visit.open(store, people[0], now)
        entries = visit.records(Entry)
        assert len(entries) == pytest.approx(6 * 40 * 0.9, rel=0.15)
        assert {e.state for e in entries} == {EntryState.VALUE, EntryState.SKIPPED}
        assert max(e.day for e in entries) == visit.today - timedelta(days=1)
        compass = compass_of(visit)
        assert len(compass.rows) == bulk.LEADING
        assert compass.result is not None
        sessions = [s for p in people for s in Visit.open(store, p, now).records(Session)]
        assert len(sessions) == 1
    bulk.agree(home, now - timedelta(days=60))
    with closing(open_store(bulk.at(home))) as store:
        assert set(agreed_since(store, "bench")) == set(people)


def test_the_store_without_encryption_holds_the_same_and_can_be_read(tmp_path: Path) -> None:
    home = bulk.store_of(tmp_path, bulk.Size(2, 5))
    bare = plain_copy(home, tmp_path)
    sql = "FROM app.raw.entry ORDER BY ALL"
    with closing(open_store(bulk.at(home))) as one, closing(opened_plainly(bare)) as other:
        rows = one.cursor().execute(sql).fetchall()
        assert rows
        assert other.cursor().execute(sql).fetchall() == rows
    word = b"Items finished"
    assert word not in bulk.at(home).file.read_bytes()
    assert word in bulk.at(bare).file.read_bytes()
