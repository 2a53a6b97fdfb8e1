"""Who is signed in: identities at a provider, and one row for each signed-in browser.

The provider says who somebody is; how long that holds is decided here. A row begins only with a
token that the provider issued minutes ago and that began no other, and ends after half an hour
without a run, after twelve hours, by signing out, or by an administrator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from coach_data.model import NotAllowed
from coach_data.privacy import Visit
from coach_data.store import Cursor, Rows, Store
from coach_data.text import sha256

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
FRESH = timedelta(minutes=5)
"""How old the provider's token may be when a session begins with it."""
SKEW = timedelta(minutes=1)
"""By how much the provider's clock may be ahead of ours."""
SEEN_EVERY = timedelta(minutes=1)
"""How often "last seen" is written at most: not with each run."""


class NotAnAdministrator(NotAllowed):
    """Only an administrator of the same programme can do that. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is: one subject of one issuer. The e-mail address is no part of it."""

    issuer: str
    subject: str
    issued: datetime | None
    """When the provider said so; aware."""
    proof: str
    """Names the token in which it did, without being it."""
    name: str = ""
    """As the provider knows it: only an offer for the field "Your name"."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in; ``person_id`` is None until an invitation was accepted."""

    identity: Identity
    person_id: int | None


def identity_of(claims: Mapping[str, Any]) -> Identity | None:
    """The identity in an ID token's claims; None where nobody is signed in or a claim is missing."""
    if claims.get("is_logged_in") is not True:
        return None
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and subject):
        return None
    said = [claims.get(name) for name in ("iat", "auth_time", "nonce", "jti")]
    times = [s for s in said[:1] if isinstance(s, int | float) and not isinstance(s, bool)]
    try:
        issued = datetime.fromtimestamp(times[0], UTC) if times else None
    except (ValueError, OverflowError, OSError):
        issued = None
    proof = sha256("|".join(map(repr, (issuer, subject, *said))))
    name = claims.get("name")
    return Identity(issuer, subject, issued, proof, name if isinstance(name, str) else "")


def signed_in(store: Store, token: str, identity: Identity, now: datetime) -> SignedIn | None:
    """Whether the browser that holds ``token`` is signed in as ``identity``, asked at each run.

    Begins a session where the identity is fresh, and writes at most once a minute that it was seen.
    ``now``: aware. None: the provider has to be asked again.
    """
    cursor, at = store.cursor(), _utc(now)
    row = _latest(store, cursor, token, identity)
    if row is None or not _holds(row, at):
        with store.alone(identity.proof):
            if not _may_begin(store, cursor, identity, now):
                return None
            _write(store, (sha256(token), identity), (at, at, False), now)
    elif at - row[2] >= SEEN_EVERY:
        _write(store, (sha256(token), identity), (row[1], at, False), now, row[0])
    return SignedIn(identity, person_of(store, identity))


def person_of(store: Store, identity: Identity) -> int | None:
    """The person who is known by that identity, or None."""
    sql = """
        SELECT arg_max_null(person_id, recorded_at) FROM app.raw.identity
        WHERE issuer = ? AND subject = ?
    """
    rows = store.ask(store.cursor(), sql, (identity.issuer, identity.subject), Cursor.fetchall)
    found: int | None = rows[0][0]
    return found


def is_going_on(store: Store, token: str, now: datetime) -> bool:
    """Whether anybody at all is signed in with the browser that holds ``token``. ``now``: aware."""
    sql = """
        SELECT arg_max(proof_sha256, recorded_at), arg_max(started_at, recorded_at),
            arg_max(seen_at, recorded_at), arg_max(ended, recorded_at)
        FROM app.raw.sign_in WHERE token_sha256 = ? GROUP BY issuer, subject
    """
    rows = store.ask(store.cursor(), sql, (sha256(token),), Cursor.fetchall)
    return any(_holds(row, _utc(now)) for row in rows)


def sign_out(store: Store, token: str, identity: Identity, now: datetime) -> None:
    """End the session of that browser: in every tab, from its next run on."""
    with store.alone(sha256(token)):
        row = _latest(store, store.cursor(), token, identity)
        if row is not None and not row[3]:
            _write(store, (sha256(token), identity), (*row[1:3], True), now, row[0])


def end_sessions(visit: Visit, person_id: int) -> int:
    """End every session of a person, as one does with a lost telephone; how many there were.

    For oneself, or as an administrator of their programme. Raises NotAnAdministrator.
    """
    known = visit.read("SELECT 1 FROM roster WHERE person_id = ?", [person_id])
    if person_id != visit.viewer_id and not known:
        raise NotAnAdministrator
    sql = """
        SELECT token_sha256, issuer, subject, arg_max(proof_sha256, recorded_at),
            arg_max(started_at, recorded_at), arg_max(seen_at, recorded_at)
        FROM app.raw.sign_in
        WHERE (issuer, subject) IN (
            SELECT (issuer, subject) FROM app.raw.identity WHERE person_id = ?)
        GROUP BY token_sha256, issuer, subject HAVING NOT arg_max(ended, recorded_at)
    """
    store, at = visit.store, _utc(visit.now)
    with store.alone():
        rows = store.ask(visit.cursor, sql, [person_id], Cursor.fetchall)
        going = [r for r in rows if _holds((r[3], r[4], r[5], False), at)]
        for token, issuer, subject, proof, started, seen in going:
            who = Identity(issuer, subject, None, proof)
            _write(store, (token, who), (started, seen, True), visit.now)
    return len(going)


def forget_old(store: Store, now: datetime) -> None:
    """Take out the rows of sessions that ended long ago: nobody can go on with them."""
    store.delete("sign_in", "seen_at < ?", [_utc(now) - 2 * LONGEST])


Row = tuple[str, datetime, datetime, bool]
"""Proof, started, seen, ended; the times are UTC without a zone, as they are stored."""


def _latest(store: Store, cursor: Cursor, token: str, identity: Identity) -> Row | None:
    sql = """
        SELECT proof_sha256, started_at, seen_at, ended FROM app.raw.sign_in
        WHERE token_sha256 = ? AND issuer = ? AND subject = ? ORDER BY recorded_at DESC LIMIT 1
    """
    asked = (sha256(token), identity.issuer, identity.subject)
    rows = store.ask(cursor, sql, asked, Cursor.fetchall)
    return rows[0] if rows else None


def _holds(row: Row, at: datetime) -> bool:
    _, started, seen, ended = row
    return not ended and at - seen < IDLE and at - started < LONGEST


def _may_begin(store: Store, cursor: Cursor, identity: Identity, now: datetime) -> bool:
    """Whether the provider has vouched just now, and not for an earlier session."""
    if identity.issued is None or not -SKEW <= now - identity.issued <= FRESH:
        return False
    sql = "SELECT count(*) FROM app.raw.sign_in WHERE proof_sha256 = ?"
    return bool(store.ask(cursor, sql, (identity.proof,), Cursor.fetchall)[0][0] == 0)


def _write(
    store: Store,
    whose: tuple[str, Identity],
    state: tuple[datetime, datetime, bool],
    now: datetime,
    proof: str | None = None,
) -> None:
    digest, identity = whose
    names = ("token_sha256", "issuer", "subject", "proof_sha256")
    row = (digest, identity.issuer, identity.subject, proof or identity.proof, *state)
    with store.alone(digest):
        more = ("started_at", "seen_at", "ended", "recorded_at")
        store.append(Rows("sign_in", (*names, *more), [(*row, store.stamp(now))]))


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)
