"""Streamlit's own scripts, styles and fonts, answered from memory.

The first page asks for some eighty of them at once. Streamlit reads each from the disk through a
chain of threads, which takes longer than everything else until a page is drawn.
"""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = Path(streamlit.__file__).parent / "static"
ICON = "/favicon.png"
"""What the page names as its icon. ``st.set_page_config`` could name ours, and would load numpy and
an image library for it at the first page."""
FOREVER = "public, immutable, max-age=31536000"
"""For a year: each other name holds a hash of what is in the file."""


@cache
def assets() -> dict[str, Path]:
    """The path of a request, and its file. Whatever else is asked for is not ours to answer."""
    there = (FOLDER / "static").rglob("*")
    files = {f"/{p.relative_to(FOLDER).as_posix()}": p for p in there if p.is_file()}
    return {**files, ICON: Path(__file__).with_name("icon.svg")}


@cache
def content(path: str) -> bytes:
    """What is in one of them, kept once it has been asked for."""
    return assets()[path].read_bytes()


class Assets:
    """ASGI middleware: answers what it can, and hands on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in assets()
        if not asked or "range" in HTTPConnection(scope).headers:
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        kind = mimetypes.guess_type(assets()[path].name)[0]
        kept = {"Cache-Control": "no-cache" if path == ICON else FOREVER}
        await Response(content(path), headers=kept, media_type=kind)(scope, receive, send)
