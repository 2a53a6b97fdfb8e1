"""Whether this server has sign-in, and with which providers. Without one it is for one device."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

SETTINGS = {
    "COACH_SIGN_IN_ADDRESS": "redirect_uri",
    "COACH_SIGN_IN_COOKIE_SECRET": "cookie_secret",
    "COACH_SIGN_IN_PROVIDER": "server_metadata_url",
    "COACH_SIGN_IN_CLIENT": "client_id",
    "COACH_SIGN_IN_CLIENT_SECRET": "client_secret",
}
"""What Streamlit calls each in its secrets; there, in ``[auth]``, it may stand instead."""
PROMPT = "COACH_SIGN_IN_PROMPT"
"""What the provider is asked to show, where it does not know Streamlit's ``select_account``."""
CALLBACK = "/oauth2callback"
_decided: list[bool] = []
"""True once this process was started with sign-in: it never goes back to "choose who you are"."""


class NotConfigured(SystemExit):
    """Half a configuration: better no server than one that asks nobody who they are."""


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any] | None:
    """Streamlit's secrets as the environment gives them; None where it gives none.

    Raises NotConfigured where it gives some and not all.
    """
    given = {name: environ.get(name, "").strip() for name in SETTINGS}
    if not any(given.values()):
        return None
    if missing := [name for name, value in given.items() if not value]:
        raise NotConfigured(f"Sign-in needs {', '.join(missing)} too; the server did not start.")
    auth: dict[str, Any] = {SETTINGS[name]: value for name, value in given.items()}
    auth["redirect_uri"] = auth["redirect_uri"].rstrip("/").removesuffix(CALLBACK) + CALLBACK
    if prompt := environ.get(PROMPT, "").strip():
        auth["client_kwargs"] = {"prompt": prompt}
    return {"auth": auth}


def settings() -> Mapping[str, Any]:
    """The ``[auth]`` of the secrets; empty where there is none."""
    try:
        found = st.secrets.get("auth", {})
    except FileNotFoundError:  # there are no secrets at all
        return {}
    return found if isinstance(found, Mapping) else {}


def has_sign_in() -> bool:
    """Whether people sign in here. Once it was decided for this process it stays so."""
    return bool(_decided) or bool(settings())


def require_sign_in() -> None:
    """From now on this process asks everybody to sign in, whatever becomes of its secrets.

    Raises NotConfigured where a header of the request could say who somebody is.
    """
    if st.get_option("server.trustedUserHeaders"):
        raise NotConfigured(
            "Streamlit's server.trustedUserHeaders must be empty: with it whoever sends such a header"
            " is whom it names. The server did not start."
        )
    _decided.append(True)


def providers() -> list[str | None]:
    """The names for ``st.login``: one for each named provider, or None for the only one."""
    auth = settings()
    named: list[str | None] = [str(k) for k, v in auth.items() if isinstance(v, Mapping)]
    named = [n for n in named if n != "client_kwargs"]
    return [None, *named] if "client_id" in auth else named


def own_host() -> str | None:
    """The name under which browsers reach this server, from the address that they come back to."""
    try:
        return urlsplit(str(settings().get("redirect_uri", ""))).hostname
    except ValueError:
        return None


def own_origin() -> str:
    """The same as a browser names a page's origin: scheme, name and port."""
    return str(settings().get("redirect_uri", "")).removesuffix(CALLBACK).lower()
