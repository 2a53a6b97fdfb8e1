"""What was written stays written, also where the power goes."""

from __future__ import annotations

import os
from pathlib import Path


def harden(file: Path) -> None:
    """Make the content of a file durable. Raises OSError."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def harden_names(folder: Path) -> None:
    """Make the names in a folder durable: a file that was renamed keeps its new name from here.

    Raises OSError; does nothing where a folder cannot be opened, as on Windows.
    """
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
