"""The data file: against the same file without encryption, against a larger one, and against upserts."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from coach_data import engine, file_store
from coach_data.backups import backup, copy_into
from coach_data.engine import Cursor, quoted
from coach_data.engines import open_at
from coach_data.model import Entry, Indicator
from coach_data.privacy import Visit, open_store
from coach_data.records import columns, row_of
from coach_data.series import series_of
from coach_data.store import FEW, Rows, Store
from tests.bench.bulk import Size, at, some_people, store_of
from tests.bench.rows import BYTES, SECONDS, Row, by_turns, ratio, share

SMALL, MIDDLE, LARGE = Size(200, 930), Size(2_000, 930), Size(10_000, 930)
QUICK = Size(20, 930), Size(50, 930), Size(200, 930)
READERS, COMMITS, SCANS = 60, 300, 7
THREADS = 4
SAVED = {"a day": (1, 250), "an import": (84, 20)}
"""What is saved at once: so many days of one person; and how often each thread does it."""
ENTRY = (*columns(Entry), "recorded_at", "author")


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Every row of the targets that is about the data file."""
    small, middle, large = QUICK if quick else (SMALL, MIDDLE, LARGE)
    homes = [store_of(folder, size) for size in (small, middle, large)]
    with tempfile.TemporaryDirectory(dir=folder) as name:
        own = Path(name)
        yield from _encrypted(homes[0], homes[1], own, (small, middle))
        yield from _appended(homes[0], own, small)
        yield from _copied(homes[1], own, middle)
    yield from _larger(homes[0], homes[2], (small, large))
    used = at(homes[2]).file.stat().st_size
    with closing(open_store(at(homes[2]))) as store:
        count = store.cursor().execute("SELECT count(*) FROM app.raw.entry").fetchall()[0][0]
    yield Row("bytes per entry", used / count, BYTES, str(large), most=12)


@contextmanager
def without_encryption() -> Iterator[None]:
    """What is opened meanwhile is the same store, but on a file that anybody can read."""

    def plainly(root: Cursor, path: Path, key: str, name: str = "app") -> None:
        root.execute(f"ATTACH {quoted(path)} AS {name} (TYPE duckdb, STORAGE_VERSION 'v1.5.0')")

    before, engine.attach = engine.attach, plainly
    file_store.attach = plainly
    try:
        yield
    finally:
        engine.attach = file_store.attach = before


def plain_copy(home: Path, folder: Path) -> Path:
    """The folder of the same store without encryption."""
    made = folder / f"plain-{home.name}"
    made.mkdir()
    where = at(home)
    at(made).key_file.write_text(where.key())  # type: ignore[union-attr]
    with closing(open_at(where.data, where.key())) as store:
        cursor = store.cursor()
        target = f"{quoted(at(made).data)} AS plain (TYPE duckdb, STORAGE_VERSION 'v1.5.0')"
        cursor.execute(f"ATTACH {target}")
        cursor.execute("COPY FROM DATABASE app TO plain")
        cursor.execute("CHECKPOINT plain")
        cursor.execute("DETACH plain")
    return made


def opened_plainly(home: Path) -> Store:
    with without_encryption():
        return open_store(at(home))


def reads(store: Store, count: int) -> list[Callable[[], object]]:
    """For people from all over the store: reading all their days, as the compass does."""
    now, made = datetime.now(UTC), []
    for person_id in some_people(store, count):
        visit = Visit.open(store, person_id, now)
        wanted = [i.indicator_id for i in visit.records(Indicator)]

        def read(visit: Visit = visit, wanted: list[int] = wanted) -> None:
            assert len(series_of(visit, wanted, [])[wanted[0]].values) > 900

        made.append(read)
    return made


def person_reads(one: Store, other: Store) -> tuple[list[float], list[float]]:
    """Seconds of those reads on each of two stores, by turns."""
    spent: tuple[list[float], list[float]] = ([], [])
    for pair in zip(reads(one, READERS), reads(other, READERS), strict=False):
        for kept, turns in zip(spent, by_turns(5, *pair), strict=True):
            kept.append(statistics.median(turns))
    return spent


def saver(store: Store) -> Callable[[], None]:
    """Saves one entry of one person each time, as the form of Today does."""
    visit = Visit.open(store, some_people(store, 1)[0], datetime.now(UTC))
    mine = visit.records(Indicator)
    saved = 0

    def save() -> None:
        nonlocal saved
        saved += 1
        i = mine[saved % len(mine)]
        me = visit.about.person_id
        entry = Entry(
            person_id=me, indicator_id=i.indicator_id, day=visit.today, value=saved % 9 / 2
        )
        visit.save(entry)

    return save


def _encrypted(small: Path, middle: Path, own: Path, sizes: tuple[Size, Size]) -> Iterator[Row]:
    copies = own / "commits"
    copies.mkdir()
    hidden, bare = store_copy(small, copies), plain_copy(small, own)
    with closing(open_store(at(hidden))) as one, closing(opened_plainly(bare)) as other:
        spent = by_turns(COMMITS, saver(one), saver(other), first=20)
        p50 = [statistics.median(s) for s in spent]
        size = str(sizes[0])
        yield Row("commit p50, encrypted / plain", p50[0] / p50[1], size=size, most=1.15)
        yield Row("commit p50, encrypted", p50[0], SECONDS, size)
        read = person_reads(one, other)
        yield Row("person read, encrypted / plain", ratio(*read), size=size, most=1.15)
    bare = plain_copy(middle, own)
    # what was copied just now is still being written; the file must not be read from memory either
    scans = by_turns(SCANS, lambda: _cold(middle, open_store), lambda: _cold(bare, None))
    size = str(sizes[1])
    yield Row("cold open + scan, encrypted / plain", ratio(*scans), size=size, most=1.6)
    yield Row("cold open + scan", statistics.median(scans[0]), SECONDS, size)


def store_copy(home: Path, folder: Path) -> Path:
    """A copy that may be written to."""
    import shutil

    return Path(shutil.copytree(home, folder / home.name))


def _cold(home: Path, opening: Callable[[Any], Store] | None) -> None:
    """Open a file that the system has forgotten, and read every entry."""
    handle = os.open(at(home).data, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)
    with closing(opening(at(home)) if opening else opened_plainly(home)) as store:
        sql = "SELECT count(*), sum(value), min(day), max(recorded_at) FROM app.raw.entry"
        assert store.cursor().execute(sql).fetchall()[0][0] > 0


def _larger(small: Path, large: Path, sizes: tuple[Size, Size]) -> Iterator[Row]:
    with closing(open_store(at(large))) as one, closing(open_store(at(small))) as other:
        spent = person_reads(one, other)
    what = f"person read, {sizes[0]} → more"
    yield Row(what, ratio(*spent), size=str(sizes[1]), most=3)
    yield Row("person read", statistics.median(spent[0]), SECONDS, str(sizes[1]))


# --- append against upsert ---


def _appended(home: Path, own: Path, size: Size) -> Iterator[Row]:
    """The same days by four threads: added to the store, and upserted into a table with a key.

    Both hold the same entries before, in an encrypted file of the same engine. The peer is given its
    best: a cursor for each thread and people of its own for each, so that no two threads ever want
    the same row, and no turns.
    """
    mine = store_copy(home, own / "appends")
    root = engine.start(own / "upserts.duckdb")
    engine.attach(root, own / "upserts.duckdb", at(mine).key(), "upserts")

    def another() -> Cursor:
        cursor = root.cursor()
        cursor.execute("USE upserts")
        return cursor

    peer = another()
    with closing(open_at(at(mine).data, at(mine).key())) as store:
        names = ", ".join(ENTRY)
        peer.execute(
            "CREATE TABLE entry (person_id BIGINT, indicator_id BIGINT, day DATE, state VARCHAR,"
            " value DOUBLE, reason VARCHAR, source VARCHAR, recorded_at TIMESTAMP, author BIGINT,"
            " PRIMARY KEY (indicator_id, day))"
        )
        found = store.cursor().execute(f"SELECT {names} FROM app.raw.entry")
        for batch in found.to_arrow_reader():
            peer.register("incoming", batch)
            peer.execute(f"INSERT INTO entry ({names}) FROM incoming")
            peer.unregister("incoming")
        work = {name: _days(store, *given) for name, given in SAVED.items()}
    peer.execute("CHECKPOINT")
    with closing(open_store(at(mine))) as store:

        def append(_: Cursor, rows: list[Any]) -> None:
            store.append(Rows("entry", ENTRY, rows))

        for name, threads in (("a day", THREADS), ("a day", 1), ("an import", THREADS)):
            saves = work[name][:threads]
            ways = [(store.cursor, append), (another, _upsert)]
            rounds = [[_at_once(cursor, save, saves) for cursor, save in ways] for _ in range(3)]
            appends, upserts = zip(*rounds, strict=True)
            of = f"{size}, {len(saves[0][0])} at once"
            what = f"{name}, {threads} thread{'s' if threads > 1 else ''}"
            least = 2.5 if threads > 1 else None
            yield Row(f"append / upsert: {what}", ratio(upserts, appends), size=of, least=least)
            entries = sum(len(rows) for mine in saves for rows in mine)
            second = entries / statistics.median(appends)
            yield Row(f"append: entries a second, {what}", second, "", of)
    root.close()


def _days(store: Store, days: int, count: int) -> list[list[list[Any]]]:
    """For each thread its saves, each of them the entries of the last days of one of its people."""
    sql = "SELECT DISTINCT person_id, indicator_id FROM app.raw.entry ORDER BY ALL"
    mine: dict[int, list[int]] = {}
    for person_id, indicator_id in store.cursor().execute(sql).fetchall():
        mine.setdefault(person_id, []).append(indicator_id)
    now, people = datetime.now(UTC), list(mine)
    saves = []
    for k in range(THREADS * count):
        me = people[k % len(people)]
        rows = []
        for i in mine[me]:
            for ago in range(days):
                day = now.date() - timedelta(days=ago)
                entry = Entry(person_id=me, indicator_id=i, day=day, value=(k + ago) % 9 / 2)
                rows.append((*row_of(entry), store.stamp(now), me))
        saves.append(rows)
    return [saves[t::THREADS] for t in range(THREADS)]


def _upsert(cursor: Cursor, rows: list[Any]) -> None:
    """As the store inserts: few rows as lists, many as a batch of columns."""
    names = ", ".join(ENTRY)
    changed = ", ".join(f"{c} = excluded.{c}" for c in ENTRY if c not in ("indicator_id", "day"))
    many = len(rows) >= FEW
    if many:
        turned = zip(ENTRY, zip(*rows, strict=True), strict=True)
        cursor.register("incoming", pyarrow.table({n: list(column) for n, column in turned}))
    lists = ", ".join(["unnest(?)"] * len(ENTRY))
    source = f"SELECT {names} FROM incoming WHERE true" if many else f"SELECT {lists}"
    values = [] if many else [list(column) for column in zip(*rows, strict=True)]
    sql = (
        f"INSERT INTO entry ({names}) {source}"
        f" ON CONFLICT (indicator_id, day) DO UPDATE SET {changed}"
    )
    while True:
        cursor.execute("BEGIN")
        try:
            cursor.execute(sql, values)
            cursor.execute("COMMIT")
        except duckdb.TransactionException:  # a conflict with another thread: once more
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            continue
        return


def _at_once(
    cursor: Callable[[], Cursor], save: Callable[[Cursor, list[Any]], None], days: list[Any]
) -> float:
    """Seconds until every thread has saved all of its own."""
    wrong: list[BaseException] = []

    def work(own: Cursor, mine: list[Any]) -> None:
        try:
            for rows in mine:
                save(own, rows)
        except BaseException as error:  # noqa: BLE001 - told by the thread that measures
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(cursor(), mine)) for mine in days]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[0]
    return time.perf_counter() - began


# --- backup ---


def _copied(home: Path, own: Path, size: Size) -> Iterator[Row]:
    """The command as it is, with the app stopped; and its copy within a process whose people save."""
    mine = at(store_copy(home, own / "backup"))
    began = time.perf_counter()
    backup(mine.file, mine.key(), own / "copy.duckdb")
    yield Row("backup", time.perf_counter() - began, SECONDS, str(size), most=10)
    with closing(open_at(mine.data, mine.key())) as store:
        row = _some_row(store)

        def save() -> None:
            now = store.stamp(datetime.now(UTC))
            store.append(Rows("entry", ENTRY, [(*row, now, row[0])]))

        idle = _while(save, lambda: time.sleep(4))
        busy = _while(save, lambda: copy_into(store.cursor(), own / "live.duckdb", mine.key()))
    p95 = share(busy, 0.95), share(idle, 0.95)
    what = "writer p95 while copied / idle"
    yield Row(what, p95[0] / p95[1], size=f"{size}, {len(busy)} saves", most=5)
    yield Row("writer p95 while copied", p95[0], SECONDS, str(size))


def _some_row(store: Store) -> tuple[Any, ...]:
    sql = f"SELECT {', '.join(columns(Entry))} FROM app.raw.entry LIMIT 1"
    return tuple(store.cursor().execute(sql).fetchall()[0])


def _while(save: Callable[[], None], other: Callable[[], object]) -> list[float]:
    """Seconds of each save, thirty a second, while something else is done."""
    aside = threading.Thread(target=other)
    spent: list[float] = []
    aside.start()
    while aside.is_alive():
        began = time.perf_counter()
        save()
        spent.append(time.perf_counter() - began)
        time.sleep(1 / 30)
    return spent
