"""Write the CSV files beside this one anew.

``python -m sample_data [--until YYYY-MM-DD] [--seed N]``
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from sample_data.files import LAST_DAY, write
from sample_data.programme import SEED


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m sample_data", description=__doc__)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST_DAY, help="the last day")
    parser.add_argument("--seed", type=int, default=SEED, help="of the random numbers")
    given = parser.parse_args()
    for path in write(Path(__file__).parent, given.until, seed=given.seed):
        print(path)


if __name__ == "__main__":
    main()
