"""Each abuse case seen to fail without its guard: ``python -m tests.guards [case ...]``.

In a copy of what is committed each guard of ``guards.toml`` is taken away in turn, and the test beside
it must fail. Not part of the suite: all of it takes some ten minutes.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HIDDEN = "{secret}"
"""Stands in the list for a secret, which the list must not hold."""


def becomes(guard: dict[str, Any], copy: Path) -> str:
    """What became of the test without the guard: "" where it failed, as it must."""
    path = copy / guard["file"]
    whole = path.read_text(encoding="utf-8")
    if guard["text"] not in whole:
        return "the guard is not there any more"
    without = guard["without"].replace(HIDDEN, secrets.token_urlsafe(32))
    path.write_text(whole.replace(guard["text"], without), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-x",
        "-m",
        "",  # whatever is slow too
        "-q",
        "--tb=no",
        *guard["test"].split(" "),
    ]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    finally:
        path.write_text(whole, encoding="utf-8")
    if done.returncode == 1 and " failed" in done.stdout:
        return ""
    return "the test passed" if done.returncode == 0 else f"could not run:\n{done.stdout[-800:]}"


def main(asked: list[str]) -> None:
    """Print one line for each guard; exit 1 where one was not seen to be needed."""
    whole = tomllib.loads((ROOT / "tests" / "guards.toml").read_text(encoding="utf-8"))["guard"]
    guards = [g for g in whole if not asked or str(g["case"]) in asked]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)
        for guard in guards:
            began = time.perf_counter()
            said = becomes(guard, copy)
            wrong += bool(said)
            took = f"{time.perf_counter() - began:5.1f} s"
            print(
                f"{guard['case']:3} {took}  {said or 'fails without it'}: {guard['file']}",
                flush=True,
            )
    print(f"{len(guards)} guards, {wrong} not seen to be needed")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
