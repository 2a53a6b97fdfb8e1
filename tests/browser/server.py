"""The app in a process of its own, on a free port, with a store of its own.

``Server`` is started as a person starts it; ``ForkedServer`` is there at once, because it is a fork of a
process that has read all the packages, and is what most tests take.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.cluster import places_at
from tests.forks import ROOT, Fork

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
FIRST_PORT = 20_000 + 600 * ((WORKER + 7 * os.getppid()) % 20)
"""Each worker has its own, below those that the system gives out: nobody takes one in between."""


def free_port() -> int:
    """The first that nobody listens at: a browser that was here before knows the app's scripts."""
    for port in range(FIRST_PORT, FIRST_PORT + 600):
        with socket.socket() as one, suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
            return port
    raise AssertionError


class Server:
    """``streamlit run`` in the folder of the repository, stopped with ``stop`` or ``kill``."""

    def __init__(
        self, folder: Path, *, command: Sequence[str] = ("run", "app.py"), **more: str
    ) -> None:
        self.folder, self.command, self.more = folder, command, more
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers; the same port again after a kill."""
        known = {k: v for k, v in os.environ.items() if not k.startswith(("COACH_", "STREAMLIT_"))}
        where = places_at(self.folder)
        own = {"COACH_DATABASE": str(where.data), "COACH_KEY_FILE": str(where.key_file)}
        said = [*self.command, "--server.headless=true", f"--server.port={self.port}"]
        self.process = self._spawn(said, {**known, **own, **self.more})
        end = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    def _spawn(
        self, command: list[str], environment: dict[str, str]
    ) -> subprocess.Popen[bytes] | Fork:
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "streamlit", *command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def said(self) -> str:
        """What the server has written so far."""
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """The answer to GET, read as a whole into ``body``."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        link.close()
        return answer

    def kill(self) -> None:
        """As a power cut would: nothing is asked, nothing is flushed."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def _answers(self) -> bool:
        try:
            return self.ask("/_stcore/health").status == 200
        except (OSError, http.client.HTTPException):
            return False


class ForkedServer(Server):
    """The same without the second that Python takes to read the packages."""

    def _spawn(self, command: list[str], environment: dict[str, str]) -> Fork:
        log = self.folder / "server.log"
        log.touch()
        return Fork(_run, command, environment, log)


def _run(command: list[str], environment: dict[str, str], log: Path) -> None:
    """What a fork becomes."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as kept:
        os.dup2(kept.fileno(), 1)
        os.dup2(kept.fileno(), 2)
    sys.argv = ["streamlit", *command]
    from streamlit.web.cli import main

    main(prog_name="streamlit")
