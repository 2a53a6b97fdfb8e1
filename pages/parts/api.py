"""What answers without a screen: the quick log, the calendar feed, and the line a day for a cron job.

No cookie counts here. The quick log and the digest want an Authorization header, which no page
elsewhere can make a browser send; the feed has its secret in its address, as calendars need it. What
opens the store is imported where it is used: the server is to be up before.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.parts.gate import Gate

KEEP_NOTHING = {"Cache-Control": "no-store"}
MOST_BYTES, MOST_READ = 16 * 1024, 1024 * 1024
"""Of a body: what is taken, and what is read."""
TEXTS = {
    "wrong_token": (401, "This needs a token that is in force. Nothing was saved."),
    "too_large": (413, f"The body may have {MOST_BYTES:,} bytes. Nothing was saved."),
    "not_json": (415, "Send it as Content-Type: application/json. Nothing was saved."),
    "too_often": (
        429,
        "That was too often. Nothing was saved; Retry-After says when to come back.",
    ),
    "not_now": (503, "The data cannot be reached just now. Nothing was saved; try again later."),
}
SAVED = {"saved": True}
gate = Gate()
T = TypeVar("T")


def _refusal(code: str, *, wait: float = 0.0) -> JSONResponse:
    """One of the fixed refusals. ``wait``: seconds until it is worth trying again."""
    status, text = TEXTS[code]
    headers = {**KEEP_NOTHING, **({"Retry-After": str(math.ceil(wait))} if wait else {})}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({"error": code, "text": text}, status, headers)


def _secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _body(request: Request) -> bytes | None:
    """What was sent, None where it is more than entries can need.

    A little too much is read to its end all the same: who is still sending hears no answer.
    """
    content, size = b"", 0
    async for part in request.stream():
        size += len(part)
        content = content + part if size <= MOST_BYTES else b""
        if size > MOST_READ:
            break
    return content if size <= MOST_BYTES else None


class Entries(HTTPEndpoint):
    """``/api/entries``: see quick_log.py for what is sent. Another method than POST is a 405."""

    async def post(self, request: Request) -> Response:
        secret, address = _secret(request), _address(request)
        key = _hash(secret)
        if wait := gate.wait(key, address):
            return _refusal("too_often", wait=wait)
        sort = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        content = await _body(request)
        known, answer = await run_in_threadpool(_log, secret, sort, content)
        if known:
            gate.recognised(key, address)
        elif answer.status_code == 401:
            gate.refused(key)
        return answer


def _log(secret: str, sort: str, content: bytes | None) -> tuple[bool, Response]:
    """Whether the token is known, and the answer. In a thread of its own, with its own cursor."""
    from coach_data.model import CoachError, NotAllowed, TokenFor
    from coach_data.quick_log import Refused, take
    from coach_data.tokens import visit_with
    from pages.parts.browser import present, the_store

    known = False
    try:
        found = visit_with(the_store(), secret, frozenset({TokenFor.QUICK_LOG}), present())
        if found is None:
            return known, _refusal("wrong_token")
        known = True
        if content is None:
            return known, _refusal("too_large")
        if sort != "application/json":
            return known, _refusal("not_json")
        take(*found, content)
    except Refused as refusal:
        text = (refusal.__doc__ or "").strip()  # of its kind: what was sent is not in it
        said = {"error": refusal.code, "text": text}
        return known, JSONResponse(said, refusal.status, KEEP_NOTHING)
    except NotAllowed:
        return known, _refusal("wrong_token")
    except CoachError:
        return known, _refusal("not_now", wait=60)
    return known, JSONResponse(SAVED, headers=KEEP_NOTHING)


def _or_not_now(asked: Callable[[str], T], secret: str) -> T | Response:
    """What ``asked`` gives, or that the data cannot be reached just now."""
    from coach_data.model import CoachError

    try:
        return asked(secret)
    except CoachError:
        return _refusal("not_now", wait=60)


class Feed(HTTPEndpoint):
    """``/api/calendar/<secret>.ics``: the cues and the next session of one person."""

    async def get(self, request: Request) -> Response:
        secret, address = request.path_params["secret"], _address(request)
        key = _hash(secret)
        if wait := gate.wait(key, address):
            return _refusal("too_often", wait=wait)
        file = await run_in_threadpool(_or_not_now, _feed, secret)
        if isinstance(file, Response):
            return file
        if file is None:
            gate.refused(key)
            return Response("There is no such calendar.", 404, KEEP_NOTHING, "text/plain")
        gate.recognised(key, address)
        named = {"Content-Disposition": 'inline; filename="coach-compass.ics"'}
        return Response(file, 200, {**KEEP_NOTHING, **named}, "text/calendar; charset=utf-8")


def _feed(secret: str) -> bytes | None:
    from coach_data.cue_calendar import feed_of
    from coach_data.model import TokenFor
    from coach_data.tokens import in_force, used, visit_with
    from pages.parts.browser import present, the_store

    both = frozenset({TokenFor.CALENDAR, TokenFor.CALENDAR_IN_WORDS})
    found = visit_with(the_store(), secret, both, present())
    if found is None:
        return None
    visit, token = found
    with visit.alone():
        now = in_force(visit, token.token_id)
        if now is None or now.sha256 != token.sha256:
            return None
        if day := used(visit, now):
            visit.save(*day)
    return feed_of(visit, in_words=token.purpose is TokenFor.CALENDAR_IN_WORDS)


class Lines(HTTPEndpoint):
    """``/api/digest``: today's lines, for ``python -m coach_data digest`` beside this app."""

    async def post(self, request: Request) -> Response:
        given, address = _secret(request), _address(request)
        if wait := gate.strangers.take(address):
            return _refusal("too_often", wait=wait)
        lines = await run_in_threadpool(_or_not_now, _digest, given)
        if isinstance(lines, Response):
            return lines
        if lines is None:
            return _refusal("wrong_token")
        gate.strangers.give_back(address)
        return JSONResponse(lines, headers=KEEP_NOTHING)


def _digest(given: str) -> list[dict[str, str]] | None:
    """Today's lines for whoever proves to hold the data key, else None."""
    from coach_data.digest import lines_of, proves
    from coach_data.places import places
    from pages.parts.browser import present, the_store

    now = present()
    if not proves(places().key(), given, now):
        return None
    return [line.as_json() for line in lines_of(the_store(), now)]


ROUTES = [
    Route("/api/entries", Entries),
    Route("/api/calendar/{secret}.ics", Feed),
    Route("/api/digest", Lines),
]
