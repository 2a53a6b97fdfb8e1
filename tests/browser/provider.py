"""A provider of sign-in in a process of its own, and a server that sends people there.

The provider is at ``localhost`` and the app at ``127.0.0.1``: two sites, as they are in life.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import settle
from tests.browser.server import ForkedServer, Server, free_port

COOKIES = "0123456789abcdef0123456789abcdef"


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


class SignInServer(ForkedServer):
    def __init__(self, folder: Path, provider: Provider, **more: str) -> None:
        self.provider, self.extra = provider, more
        super().__init__(folder)

    def start(self) -> None:
        self.more = {
            "COACH_SIGN_IN_ADDRESS": self.url,
            "COACH_SIGN_IN_COOKIE_SECRET": COOKIES,
            "COACH_SIGN_IN_PROVIDER": self.provider.metadata,
            "COACH_SIGN_IN_CLIENT": "coach",
            "COACH_SIGN_IN_CLIENT_SECRET": "secret",
            **self.extra,
        }
        super().start()


class TwoProviders(ForkedServer):
    """A server that knows several providers by name, from Streamlit's own file of secrets."""

    def __init__(self, folder: Path, providers: dict[str, Provider]) -> None:
        self.providers = providers
        super().__init__(folder)

    def start(self) -> None:
        lines = [
            f'[auth]\nredirect_uri = "{self.url}/oauth2callback"',
            f'cookie_secret = "{COOKIES}"',
        ]
        for name, one in self.providers.items():
            lines += [f"[auth.{name}]", 'client_id = "coach"', 'client_secret = "secret"']
            lines += [f'server_metadata_url = "{one.metadata}"']
        file = self.folder / "secrets.toml"
        file.write_text("\n".join(lines), encoding="utf-8")
        self.more = {"STREAMLIT_SECRETS_FILES": str(file)}
        super().start()


def sign_in(page: Page, server: Server, subject: str = "cleo", button: str = "Sign in") -> None:
    page.goto(server.url)
    settle(page)
    page.get_by_role("button", name=button).click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{server.url}/**")
    settle(page)


def only_sign_in(page: Page) -> bool:
    buttons = page.locator('[data-testid="stMain"] button')
    return buttons.all_inner_texts()[-1].endswith("Sign in") and buttons.count() == 1
