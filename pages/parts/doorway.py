"""What every request passes: this machine only, or where people sign in the server's own name;
security headers; a token for each browser."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.parts.cookies import DEVICE_COOKIE, device_cookie, secure_cookies
from pages.parts.provider import CALLBACK, has_sign_in, own_host, own_origin

BASE_SCRIPT = b"window.__streamlit={BACKEND_BASE_URL:location.origin}"
"""Tells Streamlit's page where its server is. On the address of a screen it would first try that
address as the server's, and leave two errors in the browser's console."""
NOTES_SCRIPT = b"""(() => { let waiting;
const isNote = e => e?.matches?.('[class*="st-key-pad_"] textarea');
const later = e => { clearTimeout(waiting); waiting = setTimeout(keep, 700, e) };
const keep = e => { if (!isNote(e) || !e.isConnected) return; if (e.disabled) return later(e);
  e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true})) };
addEventListener('input', ({target}) => isNote(target) && later(target), true);
addEventListener('pagehide', () => keep(document.activeElement)) })()"""
"""Streamlit sends what is typed into a note only when somebody leaves the field. This one presses
its own key for "send", Ctrl+Enter, at each pause of the typing, so that a reload loses no note;
while the connection is lost the field is disabled, and it waits."""
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
"""Paths of the server itself that would tell of visits without asking who is there."""


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach a server at ``address``; None means every address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "0.0.0.0").is_loopback
    except ValueError:
        return False


@cache
def content_policy() -> str:
    """The Content-Security-Policy: nothing from elsewhere, no eval, no frame around the app.

    Streamlit's page has one script of its own in it, which is allowed by its hash; so are ours.
    """
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    inline = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    scripts = [BASE_SCRIPT, NOTES_SCRIPT, *(s.encode() for s in inline)]
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in scripts
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


_TAG = b"".join(b"<script>" + s + b"</script>" for s in (BASE_SCRIPT, NOTES_SCRIPT))


PLAINLY = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
"""What is not asked for with a page, which must come as it is and whole. A packed one has no head to
write into; and "not modified" would leave a browser without a cookie and, after an upgrade, with our
old scripts under the new policy."""


class Doorway:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        signing_in = has_sign_in()
        if refusal := _refusal(scope, signing_in):
            await _refuse(scope, receive, send, *refusal)
            return
        answer = _Answer(scope, receive, send, signing_in)
        if "/static/" not in scope["path"]:
            kept = [h for h in scope["headers"] if h[0] not in PLAINLY]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, answer.pass_on)


def _refusal(scope: Scope, signing_in: bool) -> tuple[int, str] | None:
    """Why a request is not let in, and with which status; None where it is."""
    server, asked = scope.get("server"), HTTPConnection(scope)
    here = not server or is_loopback(server[0]) or server[0] == "testserver"
    if not (here or signing_in):
        return 403, "Without sign-in only this machine is served."
    own_name = own_host() if signing_in else None
    if not _is_here(asked.headers.get("host", ""), own_name):
        return 403, "This app answers under its own name only."
    if scope["type"] == "websocket" and not _is_own_page(asked.headers):
        return 403, "Only this app's own pages may ask."
    if scope["path"].startswith(CLOSED):
        return 404, "Not found"
    return None


class _Answer:
    """What the app answers to one request, on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, signing_in: bool) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.signing_in = signing_in
        self.token = HTTPConnection(scope).cookies.get(DEVICE_COOKIE)
        self.fresh = device_cookie(signing_in) if self.token is None else None
        self.guarded = signing_in and "/media/" in scope["path"]
        self.private = _is_private(scope)
        self.page: Message | None = None
        """The beginning of a page, held back: its length is known only with its body."""
        self.refused = False

    async def pass_on(self, message: Message) -> None:
        """One message of the app, changed as it has to be, or none of it."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self.page is not None:
            page, self.page = self.page, None
            await self._send_page(page, message)
        elif not self.refused:
            await self.send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if self.guarded and _is_download(headers) and not await _is_in(self.token):
            self.refused = True
            await PlainTextResponse("Not found", 404)(self.scope, self.receive, self.send)
            return
        _add_headers(headers, self.fresh)
        if self.signing_in and _came_back_in_vain(self.scope, headers):
            headers["Location"] = "/?sign_in=failed"
        if self.private:
            secure_cookies(headers)
        if _is_page(headers):
            self.page = message
            return
        await self.send(message)

    async def _send_page(self, page: Message, message: Message) -> None:
        """The beginning of a page and its body, with our scripts in its head."""
        body = message.get("body", b"")
        with_tag = body.replace(b"<head>", b"<head>" + _TAG, 1)
        headers = MutableHeaders(scope=page)
        if "content-length" in headers:
            longer = int(headers["content-length"]) + len(with_tag) - len(body)
            headers["content-length"] = str(longer)
        await self.send(page)
        await self.send({**message, "body": with_tag})


def _is_here(host: str, own_name: str | None) -> bool:
    """Whether the Host of a request names this machine, or the name under which people sign in.

    Streamlit asks at the websocket only.
    """
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    if own_name is not None and name == own_name.lower():
        return True
    return name == "testserver" or is_loopback(name)


def _is_own_page(headers: Headers) -> bool:
    """Whether the page that opens a visit is ours. A program that is no browser names none.

    Streamlit lets every page of "localhost" in, and a browser sends our cookies along with a visit
    from another port: whatever else is served on the same machine could read along.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == headers.get("host") or origin.lower() == own_origin()


def _is_private(scope: Scope) -> bool:
    """Whether the browser came over https, here or at a proxy on this machine."""
    if scope.get("scheme") in ("https", "wss"):
        return True
    client = scope.get("client")
    said = HTTPConnection(scope).headers.get("x-forwarded-proto", "")
    return bool(client and is_loopback(client[0]) and said.strip().lower() == "https")


def _is_page(headers: MutableHeaders) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def _is_download(headers: MutableHeaders) -> bool:
    return headers.get("content-disposition", "").startswith("attachment")


def _came_back_in_vain(scope: Scope, headers: MutableHeaders) -> bool:
    """Whether somebody came back from the provider and is not signed in: Streamlit leads them to
    the first screen without a word. A return from signing out brings neither a code nor an error.
    """
    asked = {pair.partition("=")[0] for pair in scope["query_string"].decode("latin-1").split("&")}
    if scope["path"] != CALLBACK or not asked & {"code", "error"} or "location" not in headers:
        return False
    given = [c for c in headers.getlist("Set-Cookie") if c.startswith("_streamlit_user=")]
    return not any("max-age=0" not in c.lower() for c in given)


async def _is_in(token: str | None) -> bool:
    """A file that was made for somebody goes to nobody any more once they have signed out."""
    from pages.parts.browser import still_in

    return token is not None and await run_in_threadpool(still_in, token)


def _add_headers(headers: MutableHeaders, fresh_cookie: str | None) -> None:
    headers["Content-Security-Policy"] = content_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    # Only with the page itself: of several answers at once each would set another token.
    if fresh_cookie and _is_page(headers):
        headers.append("Set-Cookie", fresh_cookie)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(text, status)(scope, receive, send)
