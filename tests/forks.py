"""Processes that start at once: forks of one that has read all the packages, once for each worker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]
PARTS = {file.stem for file in (ROOT / "pages" / "parts").glob("*.py")} - {"navigation"}
"""What can be read beforehand; the router is a script."""
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *("altair", "pandas", "streamlit.web.bootstrap", "streamlit.web.cli"),
        *("coach_data.__main__", "coach_data.move", "tests.browser.server"),
        *(f"pages.parts.{name}" for name in PARTS),
    ]
)


class Fork:
    """Such a process, to be used like one of ``subprocess``; it ends with this process at the latest."""

    def __init__(self, run: Callable[..., None], *given: Any) -> None:
        self._process = FORKS.Process(target=run, args=given, daemon=True)
        # a test of a screen leaves that as the main module, which the fork would then run
        with mock.patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
            self._process.start()
        self.pid = self._process.pid
        self.terminate, self.kill = self._process.terminate, self._process.kill

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises TimeoutExpired."""
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code
