"""The launcher and the doorway, asked as a browser, a stranger's page or a scanner would ask."""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from coach_data.devices import remember_device
from coach_data.model import NotAllowed
from coach_data.people import join
from coach_data.privacy import Visit, open_store
from pages.parts.assets import assets
from pages.parts.doorway import Doorway, is_loopback
from pages.parts.provider import NotConfigured, require_sign_in
from tests.browser.line import XSRF, drawn, visiting
from tests.browser.server import ROOT, ForkedServer, Server, free_port
from tests.cluster import places_at


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As a person starts it, from nothing."""
    started = Server(tmp_path_factory.mktemp("app"))
    yield started
    started.stop()


@pytest.mark.abuse(47)
def test_every_answer_has_the_security_headers(server: Server) -> None:
    for path in ("/", "/today", "/_stcore/health", "/nothing/here"):
        headers = server.ask(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
        assert "unsafe" not in policy["script-src"]
        assert policy["connect-src"] == "'self'"


def test_what_streamlit_brings_is_answered_as_it_is_and_kept(server: Server) -> None:
    paths = [path for path in assets() if path.endswith((".js", ".css", ".woff2"))]
    assert len(paths) > 100
    for path in [next(p for p in paths if p.endswith(end)) for end in (".js", ".css", ".woff2")]:
        answer = server.ask(path)
        assert answer.status == 200
        assert answer.body == assets()[path].read_bytes()  # type: ignore[attr-defined]
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        kind = answer.headers["Content-Type"]
        assert any(word in kind for word in ("javascript", "text/css", "font/woff2")), kind


def test_a_part_of_an_asset_comes_from_streamlit(server: Server) -> None:
    path = next(p for p in assets() if p.endswith(".js"))
    answer = server.ask(path, Range="bytes=0-9")
    assert answer.status == 206
    assert len(answer.body) == 10  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["/static/../index.html", "/static/%2e%2e/index.html", "/static/x"]
)
def test_no_other_file_is_an_asset(server: Server, path: str) -> None:
    assert path not in assets()
    assert "immutable" not in (server.ask(path).headers["Cache-Control"] or "")


def test_the_icon_is_ours(server: Server) -> None:
    answer = server.ask("/favicon.png")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"<svg" in answer.body  # type: ignore[attr-defined]


def test_the_device_cookie(server: Server) -> None:
    answer = server.ask("/")
    cookies = [c for c in answer.headers.get_all("Set-Cookie") if c.startswith("coach_device=")]
    assert len(cookies) == 1
    morsel = SimpleCookie(cookies[0])["coach_device"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Strict"
    assert morsel["path"] == "/"
    assert len(morsel.value) >= 43, "32 random bytes"
    again = server.ask("/", Cookie=f"coach_device={morsel.value}")
    assert "coach_device" not in (again.headers["Set-Cookie"] or "")
    other = SimpleCookie(server.ask("/").headers["Set-Cookie"])["coach_device"]
    assert other.value != morsel.value


def test_a_browser_that_has_the_page_but_no_cookie_gets_both(server: Server) -> None:
    """As after "delete cookies", or once the cookie has expired: sign-in needs one."""
    first = server.ask("/")
    known = {"If-None-Match": first.headers["ETag"]}
    known["If-Modified-Since"] = first.headers["Last-Modified"]
    again = server.ask("/", **known)
    assert again.status == 200
    assert "coach_device" in SimpleCookie(again.headers["Set-Cookie"])


def test_only_a_page_sets_the_cookie(server: Server) -> None:
    assert "coach_device" not in (server.ask("/_stcore/health").headers["Set-Cookie"] or "")


@pytest.mark.abuse(51)
@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent", "/_stcore/agent/x"])
def test_what_the_server_would_tell_of_visits_is_closed(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    assert answer.body == b"Not found"  # type: ignore[attr-defined]


FOREIGN = ["evil.example", "evil.example:8501", "127.0.0.1.evil.example"]


@pytest.mark.abuse(46)
@pytest.mark.parametrize("host", FOREIGN)
def test_a_visit_under_another_host_name_is_refused(server: Server, host: str) -> None:
    """A page elsewhere that points its own name at this machine gets no visit (DNS rebinding)."""
    line = socket.create_connection(("127.0.0.1", server.port))
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{host}/_stcore/stream", sock=line, origin=Origin(f"http://{host}"))
    assert refused.value.response.status_code == 403


@pytest.mark.abuse(46)
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:{other}", "http://127.0.0.1:{other}"],
)
def test_a_visit_from_another_page_is_refused(server: Server, origin: str) -> None:
    """Of another host, or of whatever else this machine serves: browsers share cookies by port."""
    foreign = Origin(origin.format(other=server.port + 1))
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", origin=foreign)
    assert refused.value.response.status_code == 403


@pytest.mark.abuse(46)
@pytest.mark.parametrize("host", FOREIGN)
def test_nothing_is_served_under_another_host_name(server: Server, host: str) -> None:
    assert server.ask("/", Host=host).status >= 400


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_another_address_is_refused(tmp_path: Path, address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true",
         f"--server.address={address}", f"--server.port={free_port()}"],
        cwd=ROOT,
        env={**os.environ, "COACH_DATABASE": str(tmp_path / "c"), "COACH_KEY_FILE": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode not in (0, None)
    assert "serves this machine only" in done.stdout + done.stderr
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.evil.example", False),
        ("", False),
        (None, False),
    ],
)
def test_is_loopback(address: str | None, expected: bool) -> None:
    assert is_loopback(address) is expected


def test_the_server_says_where_data_and_key_are_but_not_the_key(server: Server) -> None:
    key = server.folder / "key"
    for _ in range(100):
        if key.exists() and str(key) in server.said:
            break
        time.sleep(0.1)
    assert str(places_at(server.folder).data) in server.said
    assert str(key) in server.said
    assert key.read_text().strip() not in server.said
    assert "Traceback" not in server.said


# --- what comes over the line ---


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, str]:
    """What a browser holds after the first page."""
    found = {}
    for path in ("/", "/_stcore/health"):
        for line in server.ask(path).headers.get_all("Set-Cookie") or []:
            found |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
    return found


@pytest.mark.abuse(48)
@pytest.mark.parametrize(
    ("token", "status"), [("own", 204), (None, 403), ("another", 403), ("", 403)]
)
def test_48_an_upload_needs_the_token_of_its_page(
    server: Server, cookies: dict[str, str], token: str | None, status: int
) -> None:
    """A page elsewhere can send the cookie along, but cannot read it to say it again."""
    again = server.ask("/_stcore/health").headers["Set-Cookie"]
    said = {"own": cookies[XSRF], "another": SimpleCookie(again)[XSRF].value}
    headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    if token is not None:
        headers["X-Xsrftoken"] = said.get(token, token)
    body = (
        '--b\r\nContent-Disposition: form-data; name="f"; filename="d.csv"\r\n\r\ndate,a\r\n--b--'
    )
    with visiting(server, cookies=cookies) as visit:
        path = f"/_stcore/upload_file/{visit.session_id}/f"
        assert put(server, path, headers, body) == status


def put(server: Server, path: str, headers: dict[str, str], body: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    line.request("PUT", path, body, headers)
    status = line.getresponse().status
    line.close()
    return status


@pytest.mark.abuse(50)
def test_50_what_went_wrong_is_in_the_log_only(tmp_path: Path) -> None:
    """Today breaks on a row that no version ever wrote, and the error quotes it."""
    store = open_store(places_at(tmp_path))
    ann = join(store, "Ann", datetime.now(UTC)).person_id
    remember_device(store, "t" * 43, ann, datetime.now(UTC))
    row = "INSERT INTO app.raw.indicator (person_id, indicator_id, kind, recorded_at)"
    store.cursor().execute(f"{row} VALUES (?, 1, 'Marmalade of Ann', now())", [ann])
    store.close()
    broken = ForkedServer(tmp_path)
    try:
        shown = drawn(broken, "today", cookies={"coach_device": "t" * 43})
    finally:
        broken.stop()
    assert "exception" in shown
    assert "This app has encountered an error" in shown
    for told in ("Marmalade", "ValueError", "records.py", "valid Kind", "Traceback"):
        assert told not in shown, told
    assert "Marmalade of Ann" in broken.said
    assert "Traceback" in broken.said


@pytest.mark.abuse(43)
@pytest.mark.parametrize("given", [{"X-User": "sub"}, '{"X-User": "sub"}'])
def test_43_no_header_can_be_made_to_say_who_somebody_is(
    monkeypatch: pytest.MonkeyPatch, given: object
) -> None:
    """Streamlit would take it before what the provider says; with sign-in such a server ends."""
    monkeypatch.setattr("pages.parts.provider._decided", [])
    monkeypatch.setattr("streamlit.get_option", lambda name: given)
    with pytest.raises(NotConfigured, match="trustedUserHeaders"):
        require_sign_in()


async def _answer(client: str, **headers: str) -> str:
    """The cookie that a visitor at that address gets, with the headers they send."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        start = [(b"content-type", b"text/html"), (b"set-cookie", b"_streamlit_user=1")]
        await send({"type": "http.response.start", "status": 200, "headers": start})
        await send({"type": "http.response.body", "body": b"<head>"})

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "client": (client, 5000),
        "server": ("127.0.0.1", 8501),
        "headers": [
            (b"host", b"localhost"),
            *((k.encode(), v.encode()) for k, v in headers.items()),
        ],
    }
    await Doorway(app)(scope, None, keep)  # type: ignore[arg-type]
    return " ".join(v.decode() for k, v in sent[0]["headers"] if k == b"set-cookie")


@pytest.mark.parametrize(
    ("client", "said", "secure"),
    [
        ("127.0.0.1", "https", True),
        ("::1", "https", True),
        ("127.0.0.1", "http", False),
        ("10.0.0.5", "https", False),
        ("2001:db8::5", "https", False),
    ],
)
def test_only_a_proxy_on_this_machine_tells_that_it_was_https(
    client: str, said: str, secure: bool
) -> None:
    with ThreadPoolExecutor(1) as apart:  # the tests in a browser leave a loop in this thread
        answer = _answer(client, **{"x-forwarded-proto": said})
        cookies = apart.submit(asyncio.run, answer).result()
    assert cookies.count("Secure") == (2 if secure else 0)


def test_the_server_says_at_its_start_that_the_record_of_looks_was_changed(
    tmp_path: Path,
) -> None:
    store = open_store(places_at(tmp_path))
    now = datetime(2026, 5, 31, 12, tzinfo=UTC)
    ann, eve = (join(store, name, now).person_id for name in ("Ann", "Eve"))
    with pytest.raises(NotAllowed):
        Visit.open(store, eve, now, ann)
    said = {}
    for changed in (False, True):
        if changed:
            store = open_store(places_at(tmp_path))
            store.cursor().execute("UPDATE app.raw.access_log SET viewer_id = 7")
        store.close()
        server = ForkedServer(tmp_path)
        end = time.monotonic() + 10
        while time.monotonic() < end and ("record of who looked" in server.said) < changed:
            time.sleep(0.1)
        while time.monotonic() < end and "Without the key" not in server.said:
            time.sleep(0.1)
        said[changed] = "The record of who looked was changed" in server.said
        server.stop()
    assert said == {False: False, True: True}
