"""Two app processes behind nginx, one PostgreSQL: what is logged through one is there in the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach_data.places import Places
from coach_data.privacy import open_store
from sample_data.load import load
from tests.browser.conftest import enter_sample, settle
from tests.browser.server import ROOT, ForkedServer, Server, free_port
from tests.cluster import Cluster

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Nginx:
    """The deploy example as it stands, on free ports and in a folder of its own."""

    def __init__(self, folder: Path, program: str, ports: list[int]) -> None:
        self.port, self.folder = free_port(), folder
        said = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        said = said.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
        said = said.replace("/run/coach-compass", str(folder))
        for written, port in zip((8501, 8502), ports, strict=True):
            assert f"127.0.0.1:{written}" in said
            said = said.replace(f"127.0.0.1:{written}", f"127.0.0.1:{port}")
        conf = folder / "nginx.conf"
        conf.write_text("daemon off;\n" + said, encoding="utf-8")
        self.process = subprocess.Popen([program, "-p", str(folder), "-c", str(conf)])
        self.url = f"http://127.0.0.1:{self.port}"
        end = time.monotonic() + 20
        while True:
            try:
                urlopen(f"{self.url}/_stcore/health", timeout=5).close()
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.1)

    def ports(self) -> list[int]:
        """The processes that answered, in order: the last of those that were tried."""
        lines = (self.folder / "access.log").read_text(encoding="utf-8").splitlines()
        return [
            int(line.split()[-2].rpartition(":")[2]) for line in lines if ":" in line.split()[-2]
        ]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=15)


@pytest.fixture(scope="module")
def nginx(
    tmp_path_factory: pytest.TempPathFactory, postgres: Cluster
) -> Iterator[tuple[Nginx, list[Server]]]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        why = "nginx is not installed: apt-get install nginx-light"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    folder = tmp_path_factory.mktemp("processes")
    database, key = postgres.fresh(), folder / "key"
    store = open_store(Places(database, key))
    load(store, datetime.now(UTC))
    store.close()
    with ExitStack() as running:
        apps = []
        for number in (1, 2):
            own = folder / str(number)
            own.mkdir()
            app = ForkedServer(own, COACH_DATABASE=str(database), COACH_KEY_FILE=str(key))
            running.callback(app.stop)
            apps.append(app)
        front = Nginx(folder, program, [app.port for app in apps])
        running.callback(front.stop)
        yield front, apps


def arrive(nginx: Nginx, context: Callable[..., BrowserContext], port: int) -> Page:
    """A new browser that nginx sends to that process; Bruno's compass is drawn."""
    for _ in range(100):
        token = token_urlsafe(32)
        ask = Request(f"{nginx.url}/_stcore/health", headers={"Cookie": f"coach_device={token}"})
        before = len(nginx.ports())
        urlopen(ask, timeout=5).close()
        while len(nginx.ports()) == before:  # it is written down after the answer
            time.sleep(0.01)
        if nginx.ports()[-1] == port:
            browser = context()
            browser.add_cookies([{"name": "coach_device", "value": token, "url": nginx.url}])
            page = browser.new_page()
            enter_sample(page, nginx.url, "Bruno")
            assert nginx.ports()[-1] == port, "a browser stays with its process"
            return page
    raise AssertionError(f"nobody comes to {port}")


def test_what_one_process_saves_another_shows(
    nginx: tuple[Nginx, list[Server]], context: Callable[..., BrowserContext]
) -> None:
    front, (one, other) = nginx
    page = arrive(front, context, one.port)
    page.get_by_role("link", name="Today").first.click()
    page.get_by_role("heading", name="Today").wait_for()
    settle(page)
    box = page.get_by_role("spinbutton").first
    box.fill("7")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. Values kept: 1.").wait_for()

    second = arrive(front, context, other.port)
    second.get_by_role("link", name="Today").first.click()
    second.get_by_role("heading", name="Today").wait_for()
    settle(second)
    expect(second.get_by_role("spinbutton").first).to_have_value("7")

    # and the later of two, on two processes, is told
    page.reload()
    settle(page)
    for tab, value in ((second, "8"), (page, "9")):
        tab.get_by_role("spinbutton").first.fill(value)
        tab.get_by_role("button", name="Save").click()
        settle(tab)
    page.get_by_text("changed in another tab or on another device").first.wait_for()


def test_when_a_process_stops_its_browsers_go_on_with_another(
    nginx: tuple[Nginx, list[Server]], context: Callable[..., BrowserContext]
) -> None:
    front, (one, other) = nginx
    page = arrive(front, context, one.port)
    one.stop()
    try:
        page.goto(front.url)
        page.get_by_role("heading", name="Hello, Bruno").wait_for()
        settle(page)
        assert front.ports()[-1] == other.port
    finally:
        one.start()
