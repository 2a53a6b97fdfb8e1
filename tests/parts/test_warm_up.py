"""What a server does once, soon after its first page."""

import subprocess
import sys

from tests.forks import ROOT

CASE = """
import gc
from pages.parts import warm_up
warm_up._warm_up()
import altair
looked_at = gc.get_objects()
print(gc.get_freeze_count(), len(looked_at), any(o is altair.__dict__ for o in looked_at))
"""


def test_collections_pass_over_what_was_loaded() -> None:
    """In a process of its own: in this one it would stay so for every test that follows."""
    command = [sys.executable, "-c", CASE]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept, looked_at, altair = said.split()
    assert altair == "False"
    assert int(kept) > 10 * int(looked_at)
