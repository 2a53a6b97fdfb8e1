"""Open the store as a user without special rights, and tell what a person would read.

python as_nobody.py DATA KEY
"""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

import pyarrow  # noqa: F401 - everything is imported while it can still be read

from coach_data.file_store import FileStore
from coach_data.model import CoachError

NOBODY = 65534

if __name__ == "__main__":
    codecs.lookup("ascii")  # loaded when first used, as well
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        FileStore(Path(sys.argv[1]), sys.argv[2]).close()
        print("opened")
    except CoachError as error:
        print(f"{type(error).__name__}: {error}")
