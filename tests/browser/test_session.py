"""In the middle of a session: a reload, a second tab, a lost connection, a server that is killed.

No note is lost, and the clock is right to two seconds.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from coach_data.library import session_parts
from coach_data.people import join
from coach_data.places import Places
from coach_data.privacy import open_store
from tests.browser.conftest import PHONE, WIDE, Watch, settle
from tests.browser.screens import be, show
from tests.browser.server import ForkedServer, Server, free_port
from tests.browser.test_looks import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RIGHT = 2.0
"""Seconds by which the clock may be wrong."""


class Wire:
    """The connection between browser and server, which can be cut and mended."""

    def __init__(self, server: Server) -> None:
        self.server, self.port, self.whole = server, free_port(), True
        self.open: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Nothing goes through any more, as when a train enters a tunnel."""
        self.whole = False
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.open.clear()

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.server.port))
            except OSError:
                near.close()
                continue
            self.open += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(a, b), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    """A server with Ann in it, behind a connection that can be cut."""
    store = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key"))
    join(store, "Ann", datetime.now(UTC))
    store.close()
    server = ForkedServer(tmp_path)
    made = Wire(server)
    yield made
    made.close()
    server.stop()


def come_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("heading", name="Today").wait_for()
    page.goto(f"{url}/session")
    settle(page)


def note(page: Page) -> Locator:
    return page.get_by_label("Shared notes", exact=False)


def shown(page: Page) -> float:
    """Seconds on the page's clock."""
    minutes, seconds = page.locator(".session-time").inner_text().split(":")
    return 60 * int(minutes) + int(seconds)


def right(page: Page, begun: float) -> float:
    """The clock of the page comes to within two seconds of the one on the wall: by how many it is off."""
    page.locator(".session-time").wait_for()
    end = time.time() + 5
    while abs(wrong := shown(page) - (time.time() - begun)) > RIGHT:
        assert time.time() < end, f"the clock is {wrong:+.1f} s wrong"
        page.wait_for_timeout(100)
    return wrong


def test_a_session_survives_what_happens_to_it(
    wire: Wire, context: Callable[..., BrowserContext], capsys: pytest.CaptureFixture[str]
) -> None:
    browser = context()
    page = browser.new_page()
    come_in(page, wire.url)
    begun = time.time()
    page.get_by_role("button", name="Begin a session").click()
    page.locator(".session-time").wait_for()
    off: dict[str, float] = {}

    # typed without leaving the field, then a reload
    note(page).press_sequentially("calls were easy", delay=20)
    page.get_by_text("Kept.", exact=True).wait_for()
    page.reload()
    expect(note(page)).to_have_value("calls were easy")
    off["reload"] = right(page, begun)

    # a second tab writes as well; the first one goes on without losing a letter
    second = browser.new_page()
    second.goto(f"{wire.url}/session")
    expect(note(second)).to_have_value("calls were easy")
    off["second tab"] = right(second, begun)
    note(second).press("Control+End")
    note(second).press_sequentially(", in the second tab", delay=20)
    second.get_by_text("Kept.", exact=True).wait_for()
    note(page).press("Control+End")
    note(page).press_sequentially(", in the first", delay=20)
    page.get_by_text("This was also written elsewhere").wait_for()
    expect(note(page)).to_have_value("calls were easy, in the first")
    page.get_by_role("button", name="Show it here").click()
    both = "calls were easy, in the first, in the second tab"
    expect(note(page)).to_have_value(both)

    # the connection is lost with words just typed, and comes back
    note(page).press("Control+End")
    note(page).press_sequentially(" - in the tunnel", delay=20)
    wire.cut()
    expect(note(page)).to_be_disabled(timeout=30_000)
    wire.mend()
    expect(note(page)).to_be_enabled(timeout=30_000)
    in_tunnel = f"{both} - in the tunnel"
    expect(note(page)).to_have_value(in_tunnel)
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible(timeout=10_000)
    off["lost connection"] = right(page, begun)

    # the server is killed with words just typed, and started again
    note(page).press("Control+End")
    note(page).press_sequentially(", before the power cut", delay=20)
    wire.server.kill()
    expect(note(page)).to_be_disabled(timeout=30_000)
    wire.server.start()
    expect(note(page)).to_be_enabled(timeout=30_000)
    whole = f"{in_tunnel}, before the power cut"
    expect(note(page)).to_have_value(whole)
    off["server killed"] = right(page, begun)
    third = browser.new_page()
    third.goto(f"{wire.url}/session")
    expect(note(third)).to_have_value(whole)

    # another part and back: the clock goes on where it was left
    left = time.time()
    part(page, "Reading the compass")
    page.get_by_text("Look at the rows together").wait_for()
    settle(page)
    expect(note(page)).to_have_value("")
    page.reload()
    page.get_by_text("Look at the rows together").wait_for()
    back = time.time()
    part(page, "Looking back")
    settle(page)
    expect(note(page)).to_have_value(whole)
    off["another part and back"] = right(page, begun + back - left)
    with capsys.disabled():
        print("\nthe clock is off by", {what: f"{by:+.1f} s" for what, by in off.items()})


def part(page: Page, name: str) -> None:
    either = page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name))
    either.first.click()


def test_a_pause_in_one_tab_is_one_in_the_other(
    wire: Wire, context: Callable[..., BrowserContext]
) -> None:
    browser = context()
    one = browser.new_page()
    come_in(one, wire.url)
    one.get_by_role("button", name="Begin a session").click()
    one.locator(".session-time").wait_for()
    other = browser.new_page()
    other.goto(f"{wire.url}/session")
    other.get_by_role("button", name="Pause").click()
    expect(one.get_by_text("paused")).to_be_visible()
    at, told = shown(one), one.locator(".session-time").inner_text()
    one.wait_for_timeout(2200)  # it would tick twice
    assert shown(one) == at == shown(other)
    one.get_by_role("button", name="Go on").click()
    expect(other.get_by_text("paused")).to_have_count(0)
    other.wait_for_function(
        "at => document.querySelector('.session-time').innerText !== at", arg=told
    )
    assert shown(other) > at


def test_typing_is_not_disturbed_by_the_clock(
    wire: Wire, context: Callable[..., BrowserContext]
) -> None:
    page = context().new_page()
    come_in(page, wire.url)
    page.get_by_role("button", name="Begin a session").click()
    page.locator(".session-time").wait_for()
    text = "What was said goes on over several seconds, with a pause here and there. "
    for word in re.findall(r"\S+\s*", text):
        note(page).press_sequentially(word, delay=25)
        page.wait_for_timeout(140)
    expect(note(page)).to_have_value(text)
    expect(note(page)).to_be_focused()


@pytest.mark.parametrize(
    ("size", "theme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"]
)
def test_every_part_is_sound(
    everybody: Server,
    context: Callable[..., BrowserContext],
    size: dict[str, int],
    theme: str,
) -> None:
    page = be(context(size, theme), everybody, "Bruno")
    watch = Watch(page, everybody.url)
    show(page, everybody, "session")
    begins = page.get_by_role("button", name="Begin a session")
    if begins.count():
        begins.click()
    page.locator(".session-time").wait_for()
    names = ("Looking back", "Reading the compass", "Exploring", "Commitment")
    for name, known in zip(names, session_parts(), strict=True):
        part(page, name)
        page.get_by_text(known.questions[0]).first.wait_for()
        settle(page)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    assert not watch.foreign
    assert not watch.errors
