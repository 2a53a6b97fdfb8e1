"""The commands for what reaches in from outside: tokens, and the line a day, also from a running app."""

from __future__ import annotations

import json
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from coach_data.digest import Line, proof, wish
from coach_data.model import Person
from coach_data.outside_commands import NoSuchToken, NotAnswered, digest, printed, tokens
from coach_data.privacy import Visit
from coach_data.store import InUse, Store

LINE = Line(7, "Ana", "One is open.")


@pytest.fixture
def visit(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    return Visit.open(store, person("Ana").person_id, now)


def said(action: str, name: str | None = None) -> Namespace:
    return Namespace(action=action, name=name, purpose="quick log")


def test_a_token_is_made_listed_and_revoked_by_its_name_however_it_is_written(
    visit: Visit,
) -> None:
    secret = tokens(visit, said("make", "Phone"))
    assert tokens(visit, said("list")) == "Phone (quick log), not used yet"
    assert secret not in tokens(visit, said("list"))
    assert tokens(visit, said("revoke", " PHONE ")).startswith("Phone is revoked")
    assert tokens(visit, said("list")) == ""
    for name in ("Phone", None):
        with pytest.raises(NoSuchToken):
            tokens(visit, said("revoke", name))


def test_the_lines_come_from_the_store_which_is_let_go_of(visit: Visit, now: datetime) -> None:
    wish(visit, wanted=True)
    closed = []

    class Kept:
        """The store, but for being closed: other tests go on with it."""

        def __getattr__(self, name: str) -> Any:
            return getattr(visit.store, name)

        def close(self) -> None:
            closed.append(True)

    assert isinstance(digest(lambda: Kept(), None, "key", now), list)  # type: ignore[arg-type,return-value]
    assert closed == [True]


class App(BaseHTTPRequestHandler):
    """What a running app answers, or what something else does that listens there."""

    status: ClassVar[int] = 200
    answer: ClassVar[bytes] = json.dumps([LINE.as_json()]).encode()
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Nothing is printed in between."""


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # it is not asked
    monkeypatch.setattr(App, "asked", [])
    server = HTTPServer(("127.0.0.1", 0), App)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def held() -> Store:
    raise InUse


def test_while_the_app_holds_the_file_it_is_asked_with_a_proof_of_the_key(
    app: str, now: datetime
) -> None:
    assert digest(held, f"{app}/", "key", now) == [LINE]
    assert App.asked == [("/api/digest", f"Bearer {proof('key', now)}")]


def test_without_the_address_of_the_app_it_is_said_who_holds_the_file(now: datetime) -> None:
    with pytest.raises(InUse):
        digest(held, None, "key", now)


def test_an_app_that_refuses_gives_out_no_line(
    app: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(App, "status", 401)
    with pytest.raises(NotAnswered, match="answered 401"):
        digest(held, app, "key", now)


@pytest.mark.parametrize(
    "answer", [b"", b"hello", b"{}", b'[{"name": "Ana"}]', b'[{"person_id": "x"}]', b"[1]"]
)
def test_something_else_that_answers_there_is_no_app(
    app: str, now: datetime, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(App, "answer", answer)
    if answer == b"{}":
        assert digest(held, app, "key", now) == []
        return
    with pytest.raises(NotAnswered, match="No app of this kind answers"):
        digest(held, app, "key", now)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "nonsense", "file:///etc/passwd", ""])
def test_only_an_address_of_an_app_is_asked(now: datetime, address: str) -> None:
    with pytest.raises(NotAnswered, match="no address like"):
        digest(held, address, "key", now)


def test_lines_are_printed_for_people_or_for_a_program() -> None:
    assert json.loads(printed([LINE], as_json=True)) == [LINE.as_json()]
    assert "One is open." in printed([LINE], as_json=False)
    assert printed([], as_json=True) == "[]"
    assert printed([], as_json=False) == ""
