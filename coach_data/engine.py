"""Starting the engine, and taking hold of one data file with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

import duckdb

from coach_data.durable import harden, harden_names
from coach_data.faults import DamagedLog, LogAlone, ReadOnly, holding
from coach_data.lightness import keep_light

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows, where the engine's own lock cannot be lost
    fcntl = None

Cursor = duckdb.DuckDBPyConnection
ERASING = ".erasing"
"""The ending of a data file that is being written anew; left behind by a killed process, it goes."""
LOGS = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
"""The endings of a data file and of what the engine may keep beside it."""

_LOG_BEGINS = (b"\x64\x00\x62\x65\x00", b"\x66\x00\x10")
"""The first five bytes of every log, and the three behind its version, which is the sixth."""


class Hold:
    """The right to be the only one on a data file; given back when closed, or at the process's end.

    The engine has a lock of its own, but the system drops that one as soon as this process has read
    the file by any other way and closed it. So a small file beside it is locked as well.
    """

    def __init__(self, path: Path) -> None:
        """Raises InUse, naming the process that has it."""
        self._file: TextIO | None = None
        if fcntl is None:
            return
        # A lock file is never removed: whoever waits for the old one would hold nothing.
        try:
            file = beside(path, ".lock").open("a+", encoding="ascii")
        except OSError as error:
            raise ReadOnly(f"{beside(path, '.lock')}: {error.strerror}.") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read(20).strip()
            file.close()
            raise holding(path, pid) from None
        except OSError:
            file.close()  # a file system without such locks: the engine's own must do
            return
        self._file = file
        with suppress(OSError):  # the number is for the message only; a disk can be full
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()

    def close(self) -> None:
        """Let go of it; a second time does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None


def start(path: Path) -> Cursor:
    """An engine with nothing but memory, whose temporary files will lie beside ``path``."""
    root = _start(str(beside(path, ".tmp")))
    # Later nothing else can be reached: an erasure writes the data file anew under this name.
    erasing = ", ".join(quoted(beside(path, ERASING + ending)) for ending in LOGS)
    root.execute(f"SET allowed_paths = [{erasing}]")
    # OpenSSL, without which an encrypted file cannot be written, comes with this extension's wheel.
    load(root, "httpfs")
    return root


def start_on_server() -> Cursor:
    """An engine with nothing but memory, which can attach a PostgreSQL server."""
    root = _start("")  # nothing of anybody's is put down on this machine
    load(root, "postgres_scanner")
    return root


def _start(temporary: str) -> Cursor:
    keep_light()
    return duckdb.connect(
        config={
            "temp_file_encryption": "true",
            "temp_directory": temporary,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": os.environ.get("COACH_MEMORY", "2GB"),
        }
    )


def load(root: Cursor, name: str) -> None:
    """Load an extension from its wheel: nothing is fetched from anywhere."""
    folder = files(f"duckdb_extension_{name}") / "extensions" / f"v{duckdb.__version__}"
    root.execute(f"LOAD {quoted(folder / f'{name}.duckdb_extension')}")


def attach(root: Cursor, path: Path, key: str, name: str = "app") -> None:
    """Attach the file as ``name``, making it where it is not there. Raises the engine's errors.

    The key is bound: written into the statement it would show in the engine's own log.
    """
    options = "TYPE duckdb, ENCRYPTION_KEY ?, STORAGE_VERSION 'v1.5.0'"
    root.execute(f"ATTACH {quoted(path)} AS {name} ({options})", [key])


def create(root: Cursor, path: Path, key: str, fill: Callable[[Cursor], object]) -> None:
    """Make the file under another name first: killed half-way, it leaves no half a data file."""
    new = beside(path, ".new")
    remove(new)
    attach(root, new, key)
    fill(root)
    root.execute("DETACH app")
    new.rename(path)
    harden_names(path.parent)


def fill_anew(root: Cursor, new: Path, key: str, fill: Callable[[Cursor], None]) -> None:
    """Make ``new`` from ``app``: its tables empty, then whatever ``fill`` puts into ``erased``.

    On a cursor of its own, so that others can go on reading meanwhile. Durable when it returns.
    """
    cursor = root.cursor()
    remove(new)
    try:
        attach(cursor, new, key, "erased")
        cursor.execute("COPY FROM DATABASE app TO erased (SCHEMA)")
        fill(cursor)
        cursor.execute("CHECKPOINT erased")
    except BaseException:
        with suppress(duckdb.Error):
            cursor.execute("DETACH erased")
        raise
    cursor.execute("DETACH erased")
    cursor.close()
    harden(new)


def check_folder(path: Path) -> None:
    """Make the folder of a data file, and see whether all in it can be written. Raises ReadOnly."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ReadOnly(f"{folder} could not be made: {error.strerror}.") from None
    for place in (folder, path, beside(path, ".wal"), beside(path, ".lock")):
        if place.exists() and not os.access(place, os.W_OK):
            raise ReadOnly(
                f"{place} cannot be written to. Give this user the right to write there."
            )


def check_log(path: Path) -> None:
    """What is wrong with the log beside a data file, where the engine would not say so.

    Raises LogAlone, because the engine would begin an empty file and delete the log; and DamagedLog
    where its beginning is not that of a log, because the engine would pass it over in silence.
    """
    log = beside(path, ".wal")
    if not log.exists():
        return
    if not path.exists():
        raise LogAlone(f"{path}: {LogAlone.__doc__}")
    with log.open("rb") as file:
        begins = file.read(9)
    first, second = _LOG_BEGINS
    if not (first.startswith(begins[:5]) and second.startswith(begins[6:9])):
        raise DamagedLog(f"{log}: {DamagedLog.__doc__}")


def beside(path: Path, ending: str) -> Path:
    """The file with a longer name in the same folder."""
    return path.with_name(path.name + ending)


def remove(path: Path) -> None:
    """Remove a data file of ours that was never finished, and its logs."""
    for ending in LOGS:
        beside(path, ending).unlink(missing_ok=True)


def roll_back(cursor: Cursor) -> None:
    """End the transaction that something went wrong in."""
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        return  # the error itself has ended it


def quoted(path: object) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def one(result: Cursor) -> Any:
    """The first value of the first row, None where there is none."""
    row = result.fetchone()
    return row[0] if row else None
