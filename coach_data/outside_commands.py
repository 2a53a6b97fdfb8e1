"""The commands for what reaches in from outside the screens: tokens, and the line a day."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from coach_data.digest import Line, as_text, lines_of, proof
from coach_data.model import CoachError, TokenFor
from coach_data.privacy import Visit
from coach_data.store import InUse, Store
from coach_data.text import same
from coach_data.tokens import make_token, revoke, tokens_of

WAIT = 30
"""Seconds for the app to answer."""


class NotAnswered(CoachError):
    """The app did not give out the lines."""


class NoSuchToken(CoachError):
    """There is no token of that name in force."""


def tokens(visit: Visit, given: Namespace) -> str:
    """What ``token`` prints: the secret of a new one, the list, or that one is revoked."""
    if given.action == "make":
        return make_token(visit, TokenFor(given.purpose), given.name or "")
    if given.action == "list":
        return "\n".join(
            f"{t.name} ({t.purpose}), {_last_used(t.last_used)}" for t in tokens_of(visit)
        )
    for token in tokens_of(visit):
        if same(token.name) == same(given.name or ""):
            revoke(visit, token.token_id)
            return f"{token.name} is revoked; it opens nothing from now on."
    raise NoSuchToken


def _last_used(day: object) -> str:
    return f"last used {day}" if day else "not used yet"


def digest(open_: Callable[[], Store], app: str | None, key: str, now: datetime) -> list[Line]:
    """Today's lines, from the data file or, while the app holds it, from the app.

    ``app``: its address on this machine. Raises InUse where it is needed and not given, NotAnswered
    or a StoreError.
    """
    try:
        store = open_()
    except InUse:
        if app is None:
            raise
        return _asked(app, proof(key, now))
    try:
        return lines_of(store, now)
    finally:
        store.close()


def _asked(app: str, proof_: str) -> list[Line]:
    if urlsplit(app).scheme not in ("http", "https"):
        raise NotAnswered(f"{app} is no address like http://127.0.0.1:8501.")
    asking = urllib.request.Request(
        f"{app.rstrip('/')}/api/digest",
        data=b"",
        headers={"Authorization": f"Bearer {proof_}"},
        method="POST",
    )
    try:
        # nothing between here and the app: a proxy of the surroundings would read the lines
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(asking, timeout=WAIT) as answer:
            found = json.load(answer)
        return [Line(int(f["person_id"]), f["name"], f["line"]) for f in found]
    except urllib.error.HTTPError as error:
        raise NotAnswered(
            f"The app at {app} answered {error.code}; no line was given out."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotAnswered(f"No app of this kind answers at {app}.") from None


def printed(lines: list[Line], *, as_json: bool) -> str:
    """The lines as text, or as JSON for a program."""
    if as_json:
        return json.dumps([line.as_json() for line in lines], ensure_ascii=False, indent=1)
    return as_text(lines)
