"""Copies of the data file: a backup is a new encrypted file with the same key; restoring is putting one
in the place of the data file."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from coach_data.durable import harden, harden_names
from coach_data.engine import Cursor, Hold, attach, beside, check_folder, one, remove
from coach_data.faults import StoreError, plainly
from coach_data.file_store import FileStore


def backup(path: Path, key: str, target: Path) -> int:
    """Copy the data file into a new encrypted one with the same key; the number of entries in it.

    Raises a StoreError; an existing ``target`` is never overwritten.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; choose a new name. Nothing was changed.")
    if not target.parent.is_dir():
        raise StoreError(f"There is no folder {target.parent}; make it first. Nothing was changed.")
    if not path.exists():
        raise StoreError(f"There is no data file at {path}, so there is nothing to back up.")
    check_folder(target)
    part = beside(target, ".part")
    store = FileStore(path, key)
    try:
        remove(part)
        cursor = store.cursor()
        with plainly(target):
            count = copy_into(cursor, part, key)
        harden(part)
        part.rename(target)
        harden_names(target.parent)
    except OSError as error:
        raise StoreError(f"{target}: {error.strerror}. There is no backup.") from None
    finally:
        store.close()
        remove(part)
    return count


def copy_into(cursor: Cursor, target: Path, key: str) -> int:
    """Copy what is open into a new encrypted file; the number of entries in it. Others go on saving."""
    attach(cursor, target, key, "bk")
    cursor.execute("COPY FROM DATABASE app TO bk")
    count = int(one(cursor.execute("SELECT count(*) FROM bk.raw.entry")))
    cursor.execute("DETACH bk")
    return count


def restore(source: Path, path: Path, key: str, now: datetime) -> tuple[int, Path | None]:
    """Put a backup in the place of the data file: the entries in it, and where the old file went.

    The backup is opened and read first: one that is damaged, or has another key, changes nothing.
    The old file is not opened at all, because it may be the damaged one.
    """
    if not source.exists():
        raise StoreError(f"There is no backup at {source}. Nothing was changed.")
    os.umask(0o077)
    path = path.resolve()
    check_folder(path)
    hold = Hold(path)
    incoming = beside(path, ".restoring")
    try:
        count = _checked_copy(source, incoming, key)
        aside = _put_in_place(incoming, path, now)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}. The old file was left as it is.") from None
    finally:
        hold.close()
        remove(incoming)
        beside(incoming, ".lock").unlink(missing_ok=True)
    return count, aside


def _checked_copy(source: Path, incoming: Path, key: str) -> int:
    """Copy a backup, with its log if it has one, and read it; the number of entries in it."""
    remove(incoming)
    for ending in ("", ".wal"):
        if beside(source, ending).exists():
            shutil.copyfile(beside(source, ending), beside(incoming, ending))
    store = FileStore(incoming, key)
    try:
        count = int(one(store.cursor().execute("SELECT count(*) FROM app.raw.entry")))
    finally:
        store.close()
    harden(incoming)
    return count


def _put_in_place(incoming: Path, path: Path, now: datetime) -> Path | None:
    """Give the old file a second name, and its first name to the new one, in one step.

    Stopped half-way, the old log lies beside the new file: that is refused at the next start,
    whereas an old file without its log would open and lack its last entries.
    """
    aside = beside(path, f".before-{now.astimezone(UTC):%Y%m%dT%H%M%S}")
    had, log = path.exists(), beside(path, ".wal")
    if aside.exists():
        raise StoreError(f"{aside} is there already. Nothing was changed; restore once more.")
    if had:
        try:
            aside.hardlink_to(path)
        except OSError:  # a file system where a file has one name only
            path.rename(aside)
    incoming.replace(path)
    if log.exists():
        log.rename(beside(aside, ".wal"))
    harden_names(path.parent)
    return aside if had else None
