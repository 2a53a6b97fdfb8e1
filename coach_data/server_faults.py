"""What can go wrong with a PostgreSQL server, each with the words that a person reads.

The server's own text goes no further than this module: it may quote what somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from coach_data.faults import BUGS, Busy, DiskFull, Stopped, StoreError, Unkeepable
from coach_data.server import Server


class NoServer(Busy):
    """The database server does not answer. What you typed is still here: save again in a moment."""


class Unsure(NoServer):
    """The database server went away while saving. Reload to see whether it was saved."""


class NotLetIn(StoreError):
    """The database server lets nobody in under this name and password. Nothing was changed."""


class NoDatabase(StoreError):
    """The database server has no database of this name; make it first (README, “PostgreSQL”)."""


class TooOld(StoreError):
    """The database server is too old: PostgreSQL 14 or later is needed. Nothing was changed."""


class NoRight(StoreError):
    """The database server does not let this user write. Nothing was saved."""


class Crowded(Busy):
    """The database server has no connection left. What you typed is still here: save again."""


class ServerFull(DiskFull):
    """The database server's disk is full: nothing was saved, what you typed is still here."""


class OtherKey(StoreError):
    """The database was begun with another key. Every process needs the first one's: copy it."""


class StillThere(StoreError):
    """You are erased, but the server could not write its tables anew: its owner runs VACUUM FULL."""


_SIGNS: tuple[tuple[type[StoreError], tuple[str, ...]], ...] = (
    (NotLetIn, ("password authentication failed", "no password supplied", "no pg_hba.conf entry")),
    (NotLetIn, ("authentication failed", 'FATAL:  role "')),
    (NoDatabase, ('FATAL:  database "',)),
    (Crowded, ("too many clients", "remaining connection slots", "too many connections")),
    (ServerFull, ("No space left", "could not extend file", "Disk quota exceeded")),
    (NoRight, ("permission denied", "read-only transaction", "must be owner")),
    (Busy, ("lock timeout", "deadlock detected", "could not serialize")),
    (
        NoServer,
        (
            "Connection refused",
            "No such file or directory",
            "could not translate host name",
            "timeout expired",
            "timed out",
            "starting up",
            "shutting down",
            "not yet accepting connections",
            "in recovery mode",
            "terminating connection",
            "closed the connection unexpectedly",
            "connection has been closed",
            "no connection to the server",
            "Connection reset",
            "Broken pipe",
            "could not receive data",
            "could not send data",
            "No route to host",
            "Network is unreachable",
            "Unable to connect",
        ),
    ),
)


def on_server(error: duckdb.Error) -> StoreError:
    """The engine's error while it talked to the server, as one of ours.

    A mistake in our own SQL is raised as it is: it quotes the SQL and no value.
    """
    text = str(error)
    if isinstance(error, duckdb.InternalException | duckdb.FatalException):
        return Stopped()
    if isinstance(error, duckdb.DataError | duckdb.IntegrityError):
        return Unkeepable()  # these quote values; so their text is not looked at for signs
    for kind, signs in _SIGNS:
        if any(sign in text for sign in signs):
            return kind()
    if isinstance(error, BUGS):
        raise error
    return Busy()


@contextmanager
def told() -> Iterator[None]:
    """Within it, an error of the engine is one of talking to the server, told in our words."""
    try:
        yield
    except duckdb.Error as error:
        raise on_server(error) from None


@contextmanager
def reaching(server: Server) -> Iterator[None]:
    """Within it, an error of the engine is one of opening ``server``, told in our words."""
    try:
        yield
    except duckdb.Error as error:
        fault = on_server(error)
        raise type(fault)(f"{server}: {fault}") from None
