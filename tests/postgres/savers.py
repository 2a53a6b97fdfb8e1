"""One app process: saves numbered entries of one person, each pressed again until it is saved.

    python savers.py ADDRESS KEY_FILE PERSON_ID INDICATOR_ID COUNT

A number is printed once its save has returned. "unknown" where nobody could say whether it did.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from coach_data.model import Entry
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.server import Server
from coach_data.server_faults import Unsure
from coach_data.store import Busy, StoreError

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
FIRST = date(2024, 1, 1)


def main() -> None:
    address, key_file, person_id, indicator_id, count = sys.argv[1:6]
    store = open_store(Places(Server.at(address), Path(key_file)))
    print("ready", flush=True)
    for k in range(int(count)):
        while True:
            try:
                visit = Visit.open(store, int(person_id), NOW)
                day = FIRST + timedelta(days=k)
                entry = Entry(person_id=int(person_id), indicator_id=int(indicator_id), day=day)
                visit.save(replace(entry, value=float(k)))
                break
            except Unsure:
                print("unknown", flush=True)
                time.sleep(0.5)
            except Busy:
                time.sleep(0.1)
            except StoreError as error:
                raise SystemExit(f"{type(error).__name__}: {error}") from None
        print(k, flush=True)
    store.close()


if __name__ == "__main__":
    main()
