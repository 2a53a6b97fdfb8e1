"""What can go wrong with the data file, each with the words that a person reads.

The engine's own text goes no further than this module: it may quote what somebody typed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from coach_data.model import CoachError

BUGS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""Mistakes in our own SQL: they quote the SQL and no value, because values are always bound."""


class StoreError(CoachError):
    """The data file could not be used. It was left as it is."""


class WrongKey(StoreError):
    """This key does not open the data file. The file was left as it is; check COACH_KEY_FILE."""


class EmptyKey(StoreError):
    """No key was given, and without one the data file is not opened. It was left as it is."""


class NotEncrypted(StoreError):
    """The data file is not encrypted, so it is not one of ours. It was left as it is."""


class NotADataFile(StoreError):
    """This is no data file. It was left as it is; name another one with COACH_DATABASE."""


class Damaged(StoreError):
    """The data file is damaged. It was left as it is: restore the latest backup."""


class DamagedLog(Damaged):
    """The log beside the data file is damaged. Both were left as they are: restore a backup."""


class CutShort(Damaged):
    """The data file is shorter than it should be. It was left as it is: restore a backup."""


class LogAlone(Damaged):
    """The log is here, but not the data file. It was left as it is: put the data file back."""


class InUse(StoreError):
    """Another process holds the data file."""


class ReadOnly(StoreError):
    """The data file or its folder cannot be written to. Give this user the right to write there."""


class DiskFull(StoreError):
    """The disk is full: nothing was saved, what you typed is still here. Free space, save again."""


class NewerSchema(StoreError):
    """A newer version of the app wrote these data. Start that version, or restore a backup."""


class ChangedMigration(StoreError):
    """A migration that was already applied has been changed since. Get the original files back."""


class Busy(StoreError):
    """The data could not be reached just now. What you typed is still here: save again."""


class Unkeepable(StoreError):
    """Something typed cannot be kept in the data file. Nothing was saved; it is still here."""


class Stopped(StoreError):
    """The data engine stopped after a fault of its own. What was saved is safe: restart the app."""


_OPENING: tuple[tuple[str, type[StoreError]], ...] = (
    ("Wrong encryption key", WrongKey),
    ("A key cannot be empty", EmptyKey),
    ("is not encrypted", NotEncrypted),
    ("not a valid DuckDB database", NotADataFile),
    ("Is a directory", NotADataFile),
    ("replaying WAL", DamagedLog),
    ("Could not read enough bytes", CutShort),
    ("AES tag", Damaged),
    ("Corrupt", Damaged),
    ("Read-only file system", ReadOnly),
    ("Permission denied", ReadOnly),
)
_FULL = ("No space left", "Disk quota exceeded", "ould not write")


def holding(path: Path, pid: str | int | None) -> InUse:
    """The data file is held, by that process if its number is known."""
    if str(pid) == str(os.getpid()):
        return InUse(f"This process (PID {pid}) holds {path} already.")
    named = f" (PID {pid})" if pid else ""
    return InUse(
        f"Another process{named} holds {path}. One app serves one data file: "
        "stop that process, or name another file with COACH_DATABASE."
    )


def on_opening(error: duckdb.Error, path: Path) -> StoreError:
    """The engine's error while a file was opened, as one of ours."""
    text = str(error).replace(str(path), "")
    if "Conflicting lock" in text:
        held = re.search(r"\(PID (\d+)\)", text)
        return holding(path, held and held[1])
    if "file handle conflict" in text:
        return holding(path, os.getpid())
    for sign, kind in _OPENING:
        if sign in text:
            return kind(f"{path}: {kind.__doc__}")
    if any(sign in text for sign in _FULL):
        return DiskFull(f"The disk that holds {path} is full. Free some space, then start again.")
    return StoreError(f"{path}: {StoreError.__doc__}")


def on_using(error: duckdb.Error) -> StoreError:
    """The engine's error while rows were read or written, as one of ours."""
    if isinstance(error, duckdb.DataError | duckdb.IntegrityError):
        return Unkeepable()  # these quote values; so their text is not looked at for signs
    if isinstance(error, duckdb.InternalException | duckdb.FatalException):
        return Stopped()
    text = str(error)
    if any(sign in text for sign in _FULL):
        return DiskFull()
    if any(sign in text for sign in ("AES tag", "Corrupt", "Could not read enough bytes")):
        return Damaged()
    return Busy()


def is_durable(error: duckdb.Error) -> bool:
    """Whether a COMMIT that failed has saved all the same: only tidying up behind it went wrong."""
    return "COMMIT succeeded and is durable" in str(error)


def is_detached(error: duckdb.Error) -> bool:
    """Whether the engine has given up on the attached file, as it does after a failed checkpoint."""
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        return 'Catalog "app" does not exist' in str(error)
    return isinstance(error, duckdb.IOException) and "has been invalidated" in str(error)


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Within it, an error of the engine is one of opening ``path``, told in our words."""
    try:
        yield
    except duckdb.Error as error:
        raise on_opening(error, path) from None
