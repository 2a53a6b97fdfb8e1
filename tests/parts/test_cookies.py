"""The cookies: a token that nobody guesses, lax only for those who come back from a provider."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from starlette.datastructures import MutableHeaders

from pages.parts.cookies import DEVICE_COOKIE, DEVICE_DAYS, device_cookie, secure_cookies


@pytest.mark.parametrize(("signing_in", "same_site"), [(False, "Strict"), (True, "Lax")])
def test_a_token_for_a_browser_that_no_script_reads(signing_in: bool, same_site: str) -> None:
    morsel = SimpleCookie(device_cookie(signing_in))[DEVICE_COOKIE]
    assert len(morsel.value) == 43
    assert morsel["httponly"]
    assert (morsel["path"], morsel["samesite"]) == ("/", same_site)
    assert int(morsel["max-age"]) == DEVICE_DAYS * 24 * 3600


def test_no_two_browsers_have_one_token() -> None:
    made = {SimpleCookie(device_cookie(False))[DEVICE_COOKIE].value for _ in range(1000)}
    assert len(made) == 1000


def test_over_https_every_cookie_is_for_https_only_and_says_so_once() -> None:
    headers = MutableHeaders()
    for cookie in ("a=1; Path=/", "b=2; Secure", "c=3; secure; HttpOnly"):
        headers.append("Set-Cookie", cookie)
    secure_cookies(headers)
    assert headers.getlist("Set-Cookie") == [
        "a=1; Path=/; Secure",
        "b=2; Secure",
        "c=3; secure; HttpOnly",
    ]


def test_without_a_cookie_none_is_made() -> None:
    headers = MutableHeaders({"content-type": "text/html"})
    secure_cookies(headers)
    assert headers.getlist("Set-Cookie") == []
