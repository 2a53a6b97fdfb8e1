"""One app process that saves as fast as it can: ``python -m tests.bench.saver ADDRESS KEY_FILE SECONDS``.

It says "ready" when its store is open, begins when it is given a line, and prints how often it saved.
Each process saves for a person of its own, as people behind a proxy would.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from coach_data.model import Entry, Indicator, Kind, new_id
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.server import Server


def main() -> None:
    address, key_file, seconds = sys.argv[1:4]
    store = open_store(Places(Server.at(address), Path(key_file)))
    now = datetime.now(UTC)
    me = join(store, "Ann", now).person_id
    visit, indicator_id = Visit.open(store, me, now), new_id()
    visit.save(Indicator(person_id=me, indicator_id=indicator_id, kind=Kind.LEADING, name="Calls"))
    print("ready", flush=True)
    sys.stdin.readline()
    end, count = time.monotonic() + float(seconds), 0
    while time.monotonic() < end:
        visit = Visit.open(store, me, now)
        value = float(count % 9)
        visit.save(Entry(person_id=me, indicator_id=indicator_id, day=visit.today, value=value))
        count += 1
    print(count, flush=True)
    store.close()


if __name__ == "__main__":
    main()
