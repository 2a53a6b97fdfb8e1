"""The engine does without pandas until a screen has imported it; nobody else notices."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = """
import sys
from coach_data.engine import start_on_server, one
from coach_data.lightness import keep_light
root = start_on_server() if {engine!r} else None
keep_light()
keep_light()
"""
BOUND = "assert one(root.execute('SELECT ?', [7])) == 7\n"


def alone(code: str, *, engine: bool = False) -> str:
    """What a program of its own prints: a module that was imported here would be found there."""
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(engine=engine) + code],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.file_only
def test_a_value_that_is_bound_brings_no_pandas() -> None:
    assert alone(BOUND + "print('pandas' in sys.modules)", engine=True) == "False"


def test_whoever_imports_it_themselves_finds_it_and_the_refusal_is_there_once() -> None:
    said = alone(
        "import pandas\n"
        "print(pandas.__name__, sum(type(f).__name__.startswith('_NoPandas') for f in sys.meta_path))"
    )
    assert said == "pandas 1"
