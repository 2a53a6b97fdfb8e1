"""A visit over a bare websocket, from somebody who need not be a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.browser.server import Server

XSRF = "_streamlit_xsrf"


@dataclass(frozen=True)
class Drawn:
    """What the server drew for a visit, as one text, and the id that it gave the visit."""

    text: str
    session_id: str


@contextmanager
def visiting(
    server: Server,
    page: str = "",
    *,
    cookies: Mapping[str, str] | None = None,
    origin: str | None = "own",
    session_id: str = "",
    **headers: str,
) -> Iterator[Drawn]:
    """Ask for a page once and hold the line. ``origin``: "own" as a browser says it, another, none."""
    sent = dict(cookies or {})
    told = {"Cookie": "; ".join(f"{name}={value}" for name, value in sent.items()), **headers}
    offered = ["streamlit", sent.get(XSRF, "-"), session_id]
    with connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        origin=Origin(server.url if origin == "own" else origin) if origin else None,
        subprotocols=[Subprotocol(one) for one in offered if one],
        additional_headers=told,
        max_size=None,
        compression=None,
    ) as line:
        ask = BackMsg()
        ask.rerun_script.page_name = page
        line.send(ask.SerializeToString())
        yield _read(line)


def drawn(server: Server, page: str = "", **how: Any) -> str:
    """What such a visit is shown."""
    with visiting(server, page, **how) as visit:
        return visit.text


def _read(line: ClientConnection) -> Drawn:
    said, given = [], ""
    while True:
        told = ForwardMsg.FromString(line.recv(60, decode=False))
        kind = told.WhichOneof("type")
        if kind == "new_session":
            given = told.new_session.initialize.session_id
        if kind == "delta":
            said.append(str(told.delta))
        if kind == "script_finished":
            return Drawn("\n".join(said), given)
