"""The cookies: a token for each browser, and over https none that goes another way."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie

from starlette.datastructures import MutableHeaders

DEVICE_COOKIE = "coach_device"
DEVICE_DAYS = 90


def device_cookie(signing_in: bool) -> str:
    """A token for a browser that has none yet.

    Lax where people sign in: they come back from the provider, another site, and a Strict cookie
    would not come with them; the page would hand out a new one and end the session.
    """
    cookie = SimpleCookie({DEVICE_COOKIE: secrets.token_urlsafe(32)})
    morsel = cookie[DEVICE_COOKIE]
    morsel["path"], morsel["httponly"] = "/", True
    morsel["samesite"] = "Lax" if signing_in else "Strict"
    morsel["max-age"] = str(DEVICE_DAYS * 86400)
    return morsel.OutputString()


def secure_cookies(headers: MutableHeaders) -> None:
    """Over https every cookie is for https only, Streamlit's own too, which it leaves open."""
    cookies = headers.getlist("Set-Cookie")
    if cookies:
        del headers["Set-Cookie"]
        for cookie in cookies:
            secure = "; secure" in cookie.lower()
            headers.append("Set-Cookie", cookie if secure else f"{cookie}; Secure")
