"""The engine does without pandas until a screen has imported it; nobody else notices."""

from __future__ import annotations

import subprocess
import sys

LIGHT = """
import sys
from coach_data.lightness import keep_light
keep_light()
keep_light()
"""
BOUND = """
from coach_data.engine import start_on_server
from coach_data.store import insert
root = start_on_server()
root.execute("CREATE TABLE t (a INT)")
insert(root, "t", ("a",), [(7,)])
print("pandas" in sys.modules, root.execute("FROM t").fetchall())
"""


def alone(code: str) -> str:
    """What a program of its own prints: a module that was imported here would be found there."""
    done = subprocess.run(
        [sys.executable, "-c", LIGHT + code],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_value_that_is_bound_brings_no_pandas() -> None:
    assert alone(BOUND) == "False [(7,)]"


def test_whoever_imports_it_themselves_finds_it_and_the_refusal_is_there_once() -> None:
    said = alone(
        "import pandas\n"
        "print(pandas.__name__, sum(type(f).__name__.startswith('_NoPandas') for f in sys.meta_path))"
    )
    assert said == "pandas 1"
