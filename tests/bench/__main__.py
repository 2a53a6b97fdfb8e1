"""How fast it is, as ratios that hold on another machine too.

    python -m tests.bench [--quick] [--keep FOLDER] [PART ...]

One table: what was measured now, its target, and how it stands against the last run (``last.json``
beside this file, not in the repository). Nothing else should run meanwhile. A part that needs
Chromium or PostgreSQL says so where there is none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.bench.rows import Row, keep, known, table

LAST = Path(__file__).with_name("last.json")
PARTS = {
    "storage": "the data file: encrypted or not, 50 M entries or 1 M, append or upsert, backup",
    "server": "PostgreSQL: against the file, and eight processes against one",
    "many": "the pages of a person among ten thousand, against among ten",
    "screens": "first paint, and from a click to what is drawn (Chromium)",
    "crowd": "a hundred visits at once, reading, then reading and saving",
    "privacy": "what privacy costs on the compass, and whether others' rows cost anything",
    "pairs": "one pair: against the loops that people write",
    "pooling": "a whole programme: against those loops, and at its largest",
    "publishing": "the words for leads of ten thousand people, two years at once",
}


def main() -> None:
    read = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    read.formatter_class = argparse.RawDescriptionHelpFormatter
    read.epilog = "\n".join(f"{name:12}{what}" for name, what in PARTS.items())
    read.add_argument("parts", nargs="*", metavar="PART", help="all of them where none is named")
    read.add_argument("--quick", action="store_true", help="small sizes; each row tells its own")
    read.add_argument("--keep", type=Path, help="where large stores stay for the next run")
    given = read.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        read.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    last, rows = known(LAST), list[Row]()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        for part in given.parts or PARTS:
            made = import_module(f"tests.bench.{part}").measure(folder, quick=given.quick)
            for row in made:  # told as it comes: the whole takes a while
                rows.append(row)
                print(f"{part}: {row.key}", file=sys.stderr, flush=True)
            keep(LAST, rows)
    print(table(rows, last))


if __name__ == "__main__":
    main()
