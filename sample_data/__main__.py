"""Write the CSV files beside this one anew: ``python -m sample_data [--until YYYY-MM-DD]``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from sample_data.files import LAST_DAY, write


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m sample_data", description=__doc__)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST_DAY, help="the last day")
    for path in write(Path(__file__).parent, parser.parse_args().until):
        print(path)


if __name__ == "__main__":
    main()
