"""What the engine must not import: it costs every start a third of a second, and more when busy.

At each value that is bound to a statement DuckDB's client looks whether it is one of pandas' own
kinds of "missing", and imports pandas for that. It takes "there is none" for an answer. Nothing of
pandas is ever bound here; screens that need pandas import it themselves, and then all find it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

_HERE = str(Path(__file__).parent)


class _NoPandasForTheEngine(MetaPathFinder):
    """Refuses ``import pandas`` to statements executed from this package, and to nobody else."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "pandas" and _asker().startswith(_HERE):
            raise ModuleNotFoundError("not for a bound value", name=name)
        return None


def _asker() -> str:
    """The file whose code brought the import about; the engine's own calls have no frame."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame.f_code.co_filename


def keep_light() -> None:
    """From now on the engine does without pandas, until somebody else has imported it."""
    if not any(isinstance(finder, _NoPandasForTheEngine) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NoPandasForTheEngine())
