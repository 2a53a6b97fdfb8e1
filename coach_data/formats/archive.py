"""A ZIP file that is opened without trust: few parts, small when unpacked, never written to disk."""

from __future__ import annotations

import io
import zipfile

from coach_data.files import refused

MOST_PARTS = 2_000
MOST_UNPACKED = 200_000_000
"""Bytes. zipfile never hands out more of a part than the size it declares, so this bound holds."""
_DAMAGED = "is a damaged ZIP file."


def opened(content: bytes, name: str) -> zipfile.ZipFile | None:
    """The archive, None where the bytes are no ZIP file. Raises FileRefused for a bomb."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise refused(name, _DAMAGED) from None
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise refused(name, f"holds {len(parts):,} files; at most {MOST_PARTS:,} are read.")
    if (size := sum(p.file_size for p in parts)) > MOST_UNPACKED:
        raise refused(name, f"would unpack to {size / 1e6:,.0f} MB; that is too much.")
    return archive


def part(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    """The bytes of one part. Raises FileRefused where it is damaged or locked."""
    try:
        return archive.read(path)
    except Exception:  # noqa: BLE001 - zlib, lzma, CRC, password: each raises its own kind
        raise refused(name, _DAMAGED) from None
