"""Where a PostgreSQL server is: an address as it is given, and what of it may be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from coach_data.model import CoachError

SCHEMES = ("postgresql", "postgres")
OPTIONS = frozenset(
    {"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "connect_timeout"}
)
"""What may stand behind the question mark; a password is not among them."""
PATIENCE = "10"
"""Seconds until a server that does not answer counts as away, where the address says nothing."""


class BadAddress(CoachError):
    """COACH_DATABASE is no address like postgresql://user@host:5432/name. Nothing was opened."""


@dataclass(frozen=True, slots=True)
class Server:
    """One database of a PostgreSQL server. Printed it shows no password."""

    host: str
    port: int
    user: str
    database: str
    password: str | None = field(default=None, repr=False)
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def at(cls, address: str) -> Server:
        """The server of an address. Raises BadAddress, which quotes nothing of it."""
        try:
            parts = urlsplit(address)
            given = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
            host, port = unquote(parts.hostname or ""), parts.port or 5432
        except ValueError:
            raise BadAddress from None
        host = given.pop("host", host)  # a folder with a socket cannot stand before the slash
        name = unquote(parts.path.removeprefix("/"))
        if not name or "/" in name or not given.keys() <= OPTIONS or parts.fragment:
            raise BadAddress
        given.setdefault("connect_timeout", PATIENCE)
        password = None if parts.password is None else unquote(parts.password)
        options = tuple(sorted(given.items()))
        return cls(host, port, unquote(parts.username or ""), name, password, options)

    def __str__(self) -> str:
        who = f"{self.user}@" if self.user else ""
        return f"postgresql://{who}{self.host}:{self.port}/{self.database}"

    @property
    def secret(self) -> dict[str, Any]:
        """What the engine keeps as a secret, by name; what is missing libpq finds by itself."""
        known = {
            "HOST": self.host,
            "PORT": self.port,
            "DATABASE": self.database,
            "USER": self.user,
            "PASSWORD": self.password,
        }
        return {name: value for name, value in known.items() if value}

    @property
    def connection(self) -> str:
        """The rest, as libpq reads it."""
        return " ".join(f"{name}={_quoted(value)}" for name, value in self.options)


def is_address(given: str) -> bool:
    """Whether that names a server and not a file."""
    return given.split("://", 1)[0] in SCHEMES and "://" in given


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
