"""Sign-in with a real provider in a process of its own, in a real browser.

The provider is at ``localhost`` and the app at ``127.0.0.1``: two sites, as they are in life.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from websockets.sync.client import connect
from websockets.typing import Origin

from coach_data.invitations import invite_from_outside
from coach_data.model import Role
from coach_data.people import enter
from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.sign_in import Identity
from pages.parts.visit import present
from tests.browser.conftest import Watch, settle
from tests.browser.server import Server, free_port


class Provider:
    """``oidc-provider-mock``: it asks for a subject and vouches for it."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port)]
        claims = json.dumps({"sub": "cleo", "userinfo": {"email": "cleo@example.org"}})
        self.process = subprocess.Popen(
            [*command, "--user-claims", claims],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(self.metadata, timeout=2).close()
                return
            except OSError:
                assert self.process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.1)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def metadata(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=15)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.stop()


class SignInServer(Server):
    def __init__(self, folder: Path, provider: Provider, **more: str) -> None:
        self.provider, self.extra = provider, more
        super().__init__(folder)

    def start(self) -> None:
        self.more = {
            "COACH_SIGN_IN_ADDRESS": self.url,
            "COACH_SIGN_IN_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
            "COACH_SIGN_IN_PROVIDER": self.provider.metadata,
            "COACH_SIGN_IN_CLIENT": "coach",
            "COACH_SIGN_IN_CLIENT_SECRET": "secret",
            **self.extra,
        }
        super().start()


@pytest.fixture
def code_and_server(tmp_path: Path, provider: Provider) -> Iterator[tuple[str, SignInServer]]:
    """A server with sign-in, and the code of its first administrator."""
    store = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key"))
    code = invite_from_outside(store, Role.ADMINISTRATOR, "own", present())
    known = invite_from_outside(store, Role.COACH, "own", present())
    elsewhere = Identity("https://elsewhere.example", "cleo", None, "")
    enter(store, known, "Cleo of elsewhere", present(), identity=elsewhere)
    store.close()
    server = SignInServer(tmp_path, provider)
    yield code, server
    server.stop()


def sign_in(page: Page, server: Server, subject: str = "cleo") -> None:
    page.goto(server.url)
    settle(page)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{server.url}/**")
    settle(page)


def only_sign_in(page: Page) -> bool:
    buttons = page.locator('[data-testid="stMain"] button')
    return buttons.all_inner_texts()[-1].endswith("Sign in") and buttons.count() == 1


def test_from_the_button_to_the_end_of_it(
    code_and_server: tuple[str, SignInServer], context: Callable[..., BrowserContext]
) -> None:
    code, server = code_and_server
    mine = context()
    page = mine.new_page()
    page.goto(server.url)
    settle(page)
    assert only_sign_in(page)
    before = {c["name"]: c for c in mine.cookies(server.url)}
    sign_in(page, server)
    # unknown here: one field, and nothing of Cleo of elsewhere, who has the same address (42)
    after = {c["name"]: c for c in mine.cookies(server.url)}
    assert after["coach_device"]["value"] == before["coach_device"]["value"], "came back with it"
    assert after["coach_device"]["sameSite"] == "Lax"
    assert page.get_by_label("Code from your invitation").count() == 1
    assert "elsewhere" not in page.inner_text("body")
    page.get_by_label("Code from your invitation").fill(code)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Hello, Ada").wait_for()
    # a second tab of the same browser is in; after signing out here, it is out at its next run
    second = mine.new_page()
    second.goto(f"{server.url}/people")
    second.get_by_role("heading", name="People").wait_for()
    settle(second)
    stolen = [c for c in mine.cookies(server.url) if c["name"].startswith("_streamlit")]
    ours = [c for c in mine.cookies(server.url) if c["name"] == "coach_device"]
    assert stolen
    for part in (stolen, ours):  # 44: in another browser each of the two is worth nothing alone
        thief = context()
        thief.add_cookies(part)  # type: ignore[arg-type]
        other = thief.new_page()
        other.goto(server.url)
        settle(other)
        assert only_sign_in(other)
    settle(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_timeout(1500)
    second.get_by_role("button", name="Invite a coach", exact=False).first.click()
    second.get_by_role("button", name="Sign in").wait_for()
    settle(second)
    assert only_sign_in(second)
    # 41, 40: both cookies put back as they were before signing out
    again = context()
    again.add_cookies([*stolen, *ours])  # type: ignore[arg-type]
    back = again.new_page()
    back.goto(server.url)
    settle(back)
    assert only_sign_in(back)


def test_40_43_forged_cookies_and_headers_are_anonymous(
    code_and_server: tuple[str, SignInServer], context: Callable[..., BrowserContext]
) -> None:
    _, server = code_and_server
    mine = context()
    forged = {"coach_device": "t" * 43, "_streamlit_user": '2|1:0|10:1|{"is_logged_in": true}'}
    mine.add_cookies([{"name": n, "value": v, "url": server.url} for n, v in forged.items()])
    headers = {"X-User": "cleo", "X-Forwarded-User": "cleo", "Remote-User": "cleo"}
    mine.set_extra_http_headers(headers)
    page = mine.new_page()
    watch = Watch(page, server.url)
    page.goto(f"{server.url}/people?role=administrator&viewer_id=1")
    settle(page)
    assert only_sign_in(page)
    assert not watch.foreign


def test_the_name_of_the_server(code_and_server: tuple[str, SignInServer]) -> None:
    _, server = code_and_server
    assert server.ask("/", Host="evil.example").status == 403
    cookie = server.ask("/", **{"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "Secure" not in server.ask("/").headers["Set-Cookie"]


def test_45_a_visit_that_names_no_page_is_anonymous(
    code_and_server: tuple[str, SignInServer],
) -> None:
    """Not a browser: it is let in as far as the sign-in screen, whatever cookie it brings."""
    _, server = code_and_server
    url = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(url, additional_headers={"X-User": "cleo"}) as line:
        line.close()
    with pytest.raises(Exception, match="403"):
        connect(url, origin=Origin("http://evil.example"))
