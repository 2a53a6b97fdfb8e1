"""The abuse cases of the design, 1 to 55: each has a test that names it, ``@pytest.mark.abuse(NN)``."""

from __future__ import annotations

import ast
import secrets
import shutil
import subprocess
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from string import ascii_uppercase

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

ROOT = Path(__file__).parents[1]
CASES = set(range(1, 56))


def marked() -> dict[int, set[str]]:
    """The tests of the whole suite by the numbers of the cases that they name."""
    found: dict[int, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in numbers(node):
                    found.setdefault(number, set()).add(f"{path.stem}::{node.name}")
    return found


def numbers(test: ast.FunctionDef) -> Iterator[int]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.abuse":
            for given in mark.args:
                assert isinstance(given, ast.Constant), f"{test.name}: a number, please"
                yield int(str(given.value))


def test_every_case_has_a_test() -> None:
    found = marked()
    assert set(found) <= CASES, f"there is no case {set(found) - CASES}"
    assert not CASES - set(found), f"no test names {sorted(CASES - set(found))}"


def test_every_case_has_a_guard_that_can_be_taken_away() -> None:
    """``python -m tests.guards`` sees each test fail without its guard; here, that it is still there."""
    guards = tomllib.loads((ROOT / "tests" / "guards.toml").read_text(encoding="utf-8"))["guard"]
    assert {guard["case"] for guard in guards} == CASES
    moved = [
        f"{guard['case']}: {guard['file']}"
        for guard in guards
        if guard["text"] not in (ROOT / guard["file"]).read_text(encoding="utf-8")
    ]
    assert not moved
    named = {guard["test"].split(" ")[0].split("::")[0] for guard in guards}
    assert not [name for name in named if not (ROOT / name).exists()]


# --- 55: a secret in the repository ---

HARMLESS = {
    "ABCDEFGHJKLMNPQRSTUVWXYZ23456789",  # the letters of invitation codes
    "cookie_secret",  # names of settings
    "client_secret",
    "0123456789abcdef0123456789abcdef",  # of a provider that lives as long as its test
    "secret",
}
"""What only looks like one; each stands in the repository on purpose."""


def secrets_in(*paths: Path) -> dict[str, str]:
    """What looks like a secret: "file:line" and its kind. A digest is none, nor is a sentence."""
    found = SecretsCollection()
    with default_settings() as settings:
        settings.disable_plugins("HexHighEntropyString")
        for path in paths:
            found.scan_file(str(path))
    return {
        f"{name}:{secret.line_number}": secret.type
        for name, secret in found
        if secret.secret_value not in HARMLESS
        and not (secret.type == "Secret Keyword" and " " in str(secret.secret_value))
    }


@pytest.mark.slow
@pytest.mark.abuse(55)
def test_55_no_secret_is_in_the_repository() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed: it says what belongs to the repository")
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    paths = [ROOT / name for name in names if name and not name.endswith((".csv", ".svg", ".png"))]
    assert len(paths) > 150
    here = Path(__file__)  # which has to name what is harmless
    assert secrets_in(*(p for p in paths if p.exists() and p != here)) == {}


PLANTED = {
    "our key": "COACH_KEY = '{random}'",
    "password": "password = '{random}'",
    "client secret": "COACH_SIGN_IN_CLIENT_SECRET='{random}'",
    "private key": "-----BEGIN RSA {what} KEY-----",
    "cloud": "aws = 'AKIA{upper}'",
    "in an address": "postgres://coach:{random}@db.example/coach",
}


@pytest.mark.abuse(55)
@pytest.mark.parametrize("line", PLANTED.values(), ids=PLANTED.keys())
def test_55_a_planted_one_is_found(tmp_path: Path, line: str) -> None:
    letters = "".join(secrets.choice(ascii_uppercase) for _ in range(16))
    text = line.format(random=secrets.token_urlsafe(32), what="PRIVATE", upper=letters)
    planted = tmp_path / "settings.py"
    planted.write_text(f"import os\n{text}\n", encoding="utf-8")
    assert secrets_in(planted), text
