"""One-time codes: how somebody comes in, gets a role, and begins to be coached.

Nobody gives themselves a role or a coach. A coach invites a coachee, an administrator anybody; the
first administrator is invited on the command line. What is kept of a code is its hash.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from coach_data.model import (
    CoachError,
    Consent,
    Membership,
    NotAllowed,
    Pairing,
    Person,
    Purpose,
    Record,
    Role,
)
from coach_data.privacy import Visit
from coach_data.sign_in import Identity, person_of
from coach_data.store import Cursor, Rows, Store
from coach_data.text import sha256

GOOD_FOR = timedelta(days=7)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are taken for one another: 32 letters, so 5 bits each."""
LENGTH = 16


class WrongCode(CoachError):
    """This code cannot be used: mistyped, used already, or older than seven days. Ask for a new one."""


class OtherProgramme(WrongCode):
    """This code leads into another programme than yours. It is for somebody who is new here."""


class OwnCode(CoachError):
    """This is a code of your own. It is for the person whom you want to coach."""


class KnownAlready(CoachError):
    """You are known here already. Reload the page to carry on."""


class MayNotInvite(NotAllowed):
    """You cannot invite anybody in that role. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that the viewer has made and that nobody has used yet."""

    invitation_id: str
    role: Role
    made: datetime
    expires: datetime
    """Both aware."""


def invite(visit: Visit, role: Role) -> str:
    """Make an invitation and return its code, which cannot be shown again.

    A coach invites coachees, whose coach they will be; an administrator of the programme anybody,
    and then nobody's coachee. Raises MayNotInvite.
    """
    roles = _roles(visit)
    if Role.COACH in roles and role is Role.COACHEE:
        coach_id: int | None = visit.viewer_id
    elif Role.ADMINISTRATOR in roles:
        coach_id = None
    else:
        raise MayNotInvite
    code, row = _new(role, visit.about.programme, coach_id, visit.now)
    visit.admit(beside=[("invitation", {**row, "author": visit.viewer_id})])
    return code


def invite_from_outside(store: Store, role: Role, programme: str, now: datetime) -> str:
    """The same by somebody who holds the data file and its key: the first administrator."""
    code, row = _new(role, programme, None, now)
    with store.alone():
        row |= {"author": None, "recorded_at": store.stamp(now)}
        store.append(Rows("invitation", tuple(row), [tuple(row.values())]))
    return code


def open_invitations(visit: Visit) -> list[Invitation]:
    """The viewer's invitations that somebody can still use, the latest first."""
    rows = visit.read(
        "SELECT code_sha256, role, made_at, expires_at FROM invitation"
        " WHERE used_by IS NULL AND NOT withdrawn AND expires_at > ? ORDER BY made_at DESC",
        [_utc(visit.now)],
    )
    return [
        Invitation(i, Role(role), made.replace(tzinfo=UTC), expires.replace(tzinfo=UTC))
        for i, role, made, expires in rows
    ]


def withdraw(visit: Visit, invitation_id: str) -> None:
    """Take one of the viewer's own invitations back. Raises WrongCode where it is used or unknown."""
    with visit.store.alone():  # a code is good for one, whoever comes
        row = _found(visit.store, visit, invitation_id)
        if row["author"] != visit.viewer_id:
            raise WrongCode
        visit.admit(beside=[("invitation", {**row, "withdrawn": True})])


def accept(visit: Visit, code: str, identity: Identity | None = None) -> None:
    """The viewer uses a code: they get its role and, if a coach made it, that coach; in one save.

    ``visit``: to oneself, or the first one of somebody new, who is saved too; ``identity``: by which
    they will be known from then on. A role that somebody has counts in their own programme, so a code
    of another one brings it to nobody who is here already. Raises WrongCode (OtherProgramme), OwnCode or
    KnownAlready; then nothing was saved.
    """
    with visit.store.alone():  # a code is good for one, whoever comes
        row = _found(visit.store, visit, sha256(_letters(code)))
        if visit.viewer_id in (row["coach_id"], row["author"]):
            raise OwnCode
        if identity is not None and person_of(visit.store, identity) is not None:
            raise KnownAlready  # another tab was quicker
        me, role = visit.viewer_id, Role(row["role"])
        records: list[Record] = []
        if not visit.records(Person):
            records.append(visit.about)
        elif visit.about.programme != row["programme"]:
            raise OtherProgramme
        if role not in _roles(visit):
            records.append(Membership(person_id=me, role=role))
        if row["coach_id"] is not None:
            records.append(Pairing(person_id=me, coach_id=row["coach_id"]))
            records += _lapsed(visit)
        beside: list[tuple[str, dict[str, Any]]] = [("invitation", {**row, "used_by": me})]
        if identity is not None:
            known = {"issuer": identity.issuer, "subject": identity.subject, "person_id": me}
            beside.append(("identity", known))
        visit.admit(*records, beside=beside)


def _lapsed(visit: Visit) -> list[Record]:
    """What was agreed to for an earlier coach, withdrawn: it was not meant for the next one.

    Where there is a coach at present it stays, and counts for both.
    """
    if any(pairing.active for pairing in visit.records(Pairing)):
        return []
    given = (c for c in visit.records(Consent) if c.given and c.purpose is not Purpose.PATTERN)
    return [replace(c, given=False) for c in given]


def programme_of(store: Store, code: str, now: datetime) -> str:
    """Into which programme a code leads. Raises WrongCode."""
    programme: str = _row(store, sha256(_letters(code)), now)["programme"]
    return programme


def _new(
    role: Role, programme: str, coach_id: int | None, now: datetime
) -> tuple[str, dict[str, Any]]:
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = {
        "code_sha256": sha256(letters),
        "role": role.value,
        "programme": programme,
        "coach_id": coach_id,
        "made_at": _utc(now),
        "expires_at": _utc(now + GOOD_FOR),
        "used_by": None,
        "withdrawn": False,
    }
    return "-".join(letters[k : k + 4] for k in range(0, LENGTH, 4)), row


_COLUMNS = ("code_sha256", "role", "programme", "coach_id", "author", "made_at", "expires_at")
_STATE = ("used_by", "withdrawn")


def _found(store: Store, visit: Visit, digest: str) -> dict[str, Any]:
    return _row(store, digest, visit.now)


def _row(store: Store, digest: str, now: datetime) -> dict[str, Any]:
    """An invitation that can be used, by its hash; whoever made it must still be entitled to."""
    names = (*_COLUMNS, *_STATE)
    sql = f"""
        SELECT {", ".join(names)} FROM app.raw.invitation
        WHERE code_sha256 = ? ORDER BY recorded_at DESC LIMIT 1
    """
    rows = store.ask(store.cursor(), sql, (digest,), Cursor.fetchall)
    found = dict(zip(names, rows[0], strict=True)) if rows else {}
    if not found or found["used_by"] is not None or found["withdrawn"]:
        raise WrongCode
    if not _utc(now) < found["expires_at"]:
        raise WrongCode
    if found["author"] is not None:
        needed = Role.ADMINISTRATOR if found["coach_id"] is None else Role.COACH
        if needed not in _roles(Visit.open(store, found["author"], now)):
            raise WrongCode
    return found


def _roles(visit: Visit) -> frozenset[Role]:
    rows = visit.read(
        "SELECT role FROM membership WHERE person_id = ? AND active", [visit.viewer_id]
    )
    return frozenset(Role(role) for (role,) in rows)


def _letters(code: str) -> str:
    return "".join(c for c in code[:64].upper() if c in LETTERS)


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)
