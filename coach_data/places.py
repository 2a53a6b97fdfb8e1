"""Where the data file and its key lie. Two places on purpose: a copied data file alone says nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from coach_data.durable import harden_names
from coach_data.model import CoachError
from coach_data.server import Server, is_address

NAME = "coach-compass"


class NoKey(CoachError):
    """The data file is here, but its key is not."""


class NotAFile(CoachError):
    """The data are on a PostgreSQL server: its own pg_dump and pg_restore back them up (README)."""


@dataclass(frozen=True, slots=True)
class Places:
    """``key_file`` is None where the key itself was given by the environment."""

    data: Path | Server
    key_file: Path | None

    @property
    def file(self) -> Path:
        """The data file, where it is one. Raises NotAFile."""
        if isinstance(self.data, Server):
            raise NotAFile
        return self.data

    def is_missing(self) -> bool:
        """Whether there is no data file here; a server is asked when it is opened."""
        return not isinstance(self.data, Server) and not self.data.exists()

    def key(self, environ: Mapping[str, str] = os.environ) -> str:
        """The key; made (32 random bytes, mode 0600) where there is neither a key nor any data.

        Raises NoKey where there are data: a new key could never read them.
        """
        if self.key_file is None:
            return environ["COACH_KEY"].strip()
        try:
            if self.key_file.exists():
                return self._known(self.key_file)
            if self._has_begun():
                raise NoKey(
                    f"{self.data} needs its key, and {self.key_file} is not there. {_RECOVER}"
                )
            return self._new(self.key_file)
        except OSError as error:
            raise NoKey(f"The key file {self.key_file}: {error.strerror}. {_RECOVER}") from None

    def _has_begun(self) -> bool:
        """Whether there are data that need a key; of a server the store says it, who can ask."""
        if isinstance(self.data, Server):
            return False
        return self.data.exists() or self.data.with_name(f"{self.data.name}.wal").exists()

    def _known(self, key_file: Path) -> str:
        try:
            key = key_file.read_text(encoding="ascii").strip()
        except UnicodeDecodeError:
            raise NoKey(f"The key file {key_file} holds no key. {_RECOVER}") from None
        if not key:
            raise NoKey(f"The key file {key_file} is empty. {_RECOVER}")
        return key

    def _new(self, key_file: Path) -> str:
        """Written under another name first: killed half-way, it leaves no half a key."""
        key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = key_file.with_name(f"{key_file.name}.{secrets.token_hex(4)}.new")
        key = secrets.token_urlsafe(32)
        try:
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(key + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                key_file.hardlink_to(new)  # refused where another process has just made one
            except FileExistsError:
                return self._known(key_file)
            except OSError:  # a file system where a file has one name only
                new.rename(key_file)
            harden_names(key_file.parent)  # data must never outlive their key
        finally:
            new.unlink(missing_ok=True)
        return key


_RECOVER = (
    "The file was left as it is. Put the key back, or name it with COACH_KEY_FILE (a file) "
    "or COACH_KEY (the key itself); without it nobody can read the data."
)


def data_at(given: str) -> Path | Server:
    """The data file of that path, or the database of that address. Raises BadAddress."""
    return Server.at(given) if is_address(given) else Path(given).expanduser()


def places(environ: Mapping[str, str] = os.environ) -> Places:
    """As COACH_DATABASE, COACH_KEY_FILE and COACH_KEY say, else the user's own folders."""
    data = environ.get("COACH_DATABASE", "").strip()
    key_file = environ.get("COACH_KEY_FILE", "").strip()
    given = bool(environ.get("COACH_KEY", "").strip())
    return Places(
        data=data_at(data) if data else user_data_path(NAME) / "coach.duckdb",
        key_file=None
        if given
        else Path(key_file).expanduser()
        if key_file
        else user_config_path(NAME) / "key",
    )
