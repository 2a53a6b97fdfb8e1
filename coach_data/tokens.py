"""Secrets for what reaches in from outside the screens: a telephone that logs, a calendar that reads.

A token is 256 random bits, shown once and kept as its hash. It opens one thing for one person, and
nothing from the moment at which it is revoked.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from coach_data.model import CoachError, NotAllowed, Token, TokenFor, new_id
from coach_data.privacy import Visit
from coach_data.records import columns, row_of
from coach_data.sign_in import end_sessions
from coach_data.store import Cursor, Rows, Store
from coach_data.text import blank, same, sha256

MOST = 20
"""Tokens in force for one person; whoever needs more has lost sight of them."""


class NoTokenName(CoachError):
    """A token needs a name, so that you know later which one to revoke. Nothing was made."""


class TakenName(CoachError):
    """There is a token of that name already. Choose another name, or revoke that one first."""


class NoToken(CoachError):
    """That token is revoked already. Make a new one."""


class TooManyTokens(CoachError):
    """Twenty tokens are in force already. Revoke one that is no longer used."""


def make_token(visit: Visit, purpose: TokenFor, name: str) -> str:
    """Make a token of the viewer's and return the secret, which cannot be shown again.

    Raises NoTokenName, TakenName, TooManyTokens or BadText.
    """
    if blank(name):
        raise NoTokenName
    secret = secrets.token_urlsafe(32)
    with visit.alone():
        there = tokens_of(visit)
        if same(name) in {same(t.name) for t in there}:
            raise TakenName
        if len(there) >= MOST:
            raise TooManyTokens
        me, digest = visit.viewer_id, sha256(secret)
        made = Token(person_id=me, token_id=new_id(), purpose=purpose, name=name, sha256=digest)
        visit.save(made)
    return secret


def tokens_of(visit: Visit, *purposes: TokenFor) -> list[Token]:
    """The tokens in force, by name; with ``purposes`` only those for one of them."""
    found = [t for t in visit.records(Token) if not t.revoked]
    found = [t for t in found if not purposes or t.purpose in purposes]
    return sorted(found, key=lambda t: (same(t.name), t.token_id))


def renew(visit: Visit, token_id: int) -> str:
    """A new secret in the place of the old one, which opens nothing from now on. Raises NoToken."""
    secret = secrets.token_urlsafe(32)
    with visit.alone():
        token = in_force(visit, token_id)
        if token is None:
            raise NoToken
        visit.save(replace(token, sha256=sha256(secret), last_used=None))
    return secret


def revoke(visit: Visit, token_id: int) -> None:
    """From now on the token opens nothing; a second time changes nothing."""
    with visit.alone():
        for token in tokens_of(visit):
            if token.token_id == token_id:
                visit.save(replace(token, revoked=True))


def visit_with(
    store: Store, secret: str, purposes: frozenset[TokenFor], now: datetime
) -> tuple[Visit, Token] | None:
    """The visit of its person that a token opens, and the token; None where it is wrong, revoked or
    made for something else: whoever tries one shall not learn which.

    ``now``: aware. Raises a StoreError.
    """
    # the first who had it: nobody draws another's entries to themselves by saving the same hash
    sql = """
        SELECT person_id, token_id FROM app.raw.token WHERE sha256 = ? ORDER BY recorded_at LIMIT 1
    """
    for person_id, token_id in store.ask(store.cursor(), sql, [sha256(secret)], Cursor.fetchall):
        try:
            visit = Visit.open(store, person_id, now)
        except NotAllowed:  # nobody is there any more
            return None
        token = in_force(visit, token_id)
        if token is not None and token.sha256 == sha256(secret) and token.purpose in purposes:
            return visit, token
    return None


def lock_out(visit: Visit, person_id: int) -> tuple[int, int]:
    """Sign a person out everywhere and revoke all their tokens, as one does with a lost telephone;
    how many there were of each. For oneself, or as an administrator of their programme.

    Raises NotAnAdministrator.
    """
    with visit.store.alone():  # at once as much as ending the sessions needs
        ended = end_sessions(visit, person_id)  # asks first whether the viewer may
        theirs = tokens_of(Visit.open(visit.store, person_id, visit.now))
        store, names = visit.store, (*columns(Token), "recorded_at", "author")
        stamps = store.stamps(visit.now, len(theirs))
        rows = [
            (*row_of(replace(token, revoked=True)), stamp, visit.viewer_id)
            for token, stamp in zip(theirs, stamps, strict=True)
        ]
        if rows:
            store.append(Rows(Token.TABLE, names, rows))
    return ended, len(rows)


def in_force(visit: Visit, token_id: int) -> Token | None:
    """That token of the viewer's as it is now, unless it is revoked."""
    return next((t for t in tokens_of(visit) if t.token_id == token_id), None)


def used(visit: Visit, token: Token) -> list[Token]:
    """What is to be saved of a use of the token: its day, unless that stands there already.

    ``token`` as it is now: ask for it and save while nobody else can, or a revoked one comes back.
    """
    return [] if token.last_used == visit.today else [replace(token, last_used=visit.today)]
