"""Visits over real websockets, each asking for a page anew as a person would."""

from __future__ import annotations

import asyncio
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection
from websockets.typing import Origin, Subprotocol


class Tab:
    """One browser tab on one page."""

    def __init__(self, port: int, page: str, token: str) -> None:
        self.host, self.page, self.token = f"127.0.0.1:{port}", page, token
        self.ids: dict[str, str] = {}
        self.wrong: list[str] = []
        self.socket: ClientConnection

    async def open(self) -> float:
        """Seconds until the first run of the page was drawn to its end."""
        self.socket = await websockets.connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(f"http://{self.host}"),
            additional_headers={"Cookie": f"coach_device={self.token}"},
            max_size=None,
            compression=None,
            open_timeout=60,
        )
        return await self.rerun()

    async def rerun(
        self,
        numbers: dict[str, float] | None = None,
        press: str = "",
        chosen: dict[str, str] | None = None,
    ) -> float:
        """Seconds from asking for the page, with these values in it, to the end of its run."""
        ask = BackMsg()
        ask.rerun_script.page_name = self.page
        for name, value in (numbers or {}).items():
            ask.rerun_script.widget_states.widgets.add(id=self.ids[name], double_value=value)
        for name, option in (chosen or {}).items():
            ask.rerun_script.widget_states.widgets.add(id=self.ids[name], string_value=option)
        if press:
            ask.rerun_script.widget_states.widgets.add(id=self.ids[press], trigger_value=True)
        start = time.perf_counter()
        await self.socket.send(ask.SerializeToString())
        while True:
            said = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(False), 120))
            kind = said.WhichOneof("type")
            if kind == "delta" and said.delta.WhichOneof("type") == "new_element":
                self._note(said.delta.new_element)
            if kind == "script_finished":
                return time.perf_counter() - start

    def _note(self, element: object) -> None:
        name = element.WhichOneof("type")  # type: ignore[attr-defined]
        part = getattr(element, name)
        if name == "exception":
            self.wrong.append(part.message)
        if name == "alert" and part.format == part.ERROR:  # what a person is told went wrong
            self.wrong.append(part.body)
        if getattr(part, "id", "") and getattr(part, "label", ""):
            self.ids[part.label] = part.id


async def saves(port: int, token: str, count: int) -> list[float]:
    """Seconds from pressing Save on Today, with one value changed each time, to the end of the run."""
    tab = Tab(port, "today", token)
    await tab.open()
    field = next(label for label in tab.ids if label.startswith("**") and tab.ids[label])
    spent = []
    for number in range(count):
        spent.append(await tab.rerun({field: float(number % 7 + 1)}, press="Save"))
    await tab.socket.close()
    assert not tab.wrong, tab.wrong[0]
    return spent
