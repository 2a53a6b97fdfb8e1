"""What reaches in and out without a screen: tokens, requests, and the line a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach_data.model.choices import TokenFor
from coach_data.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(Record):
    """A secret with which something outside the screens acts for a person; kept as its hash."""

    TABLE = "token"
    KEY = ("person_id", "token_id")

    token_id: int
    purpose: TokenFor
    name: str
    sha256: str
    last_used: date | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Record):
    """A request from outside that was done; ``request`` and ``content`` are hashes."""

    TABLE = "request"
    KEY = ("person_id", "request")

    request: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Record):
    """Whether a person wants the line a day, and the last day on which it was given out."""

    TABLE = "digest"
    KEY = ("person_id",)

    wanted: bool = False
    last_day: date | None = None
