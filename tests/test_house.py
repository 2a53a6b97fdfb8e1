"""The house rules that no linter holds: what a screen may import, how it begins, who names raw tables."""

from __future__ import annotations

import ast
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCREENS = sorted(ROOT.glob("pages/*.py"))
PARTS = sorted(ROOT.glob("pages/parts/*.py"))
DATA = sorted(ROOT.glob("coach_data/**/*.py"))


def imported(path: Path) -> set[str]:
    """The modules that a file imports, whole names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("screen", SCREENS, ids=lambda p: p.stem)
def test_a_screen_begins_with_its_visit(screen: Path) -> None:
    """Nothing is shown before: a screen may be served without the router."""
    body = ast.parse(screen.read_text(encoding="utf-8")).body
    assert ast.get_docstring(ast.parse(screen.read_text(encoding="utf-8")))
    plain = [
        s
        for s in body
        if not isinstance(s, (ast.Import, ast.ImportFrom))
        and not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        and not (isinstance(s, ast.Assign) and getattr(s.targets[0], "id", "").isupper())
    ]
    assert ast.unparse(plain[0]).startswith("visit = start_visit(")


LARGE = {"coach_data/store.py"}
"""Files that may be longer: the store, until its engines stand in files of their own."""


def test_what_is_read_in_one_go_is_short() -> None:
    """A screen has 150 lines at most, a file 300, a function 40 beside its docstring."""
    found = []
    for path in [*SCREENS, *PARTS, *DATA, *sorted(ROOT.glob("sample_data/*.py")), ROOT / "app.py"]:
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        lines, most = len(text.splitlines()), 150 if path in SCREENS else 300
        if lines > most and name not in LARGE:
            found.append(f"{name}: {lines} lines")
        found += [f"{name}, {f.name}: {n} lines" for f, n in functions(text) if n > 40]
    assert found == []


def test_no_run_forgets_a_file_that_is_still_to_be_made() -> None:
    """A file is made when its button is pressed; a run of the screen meanwhile would lose it."""
    runs, count = [], 0
    for path in [*SCREENS, *PARTS]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "st.download_button":
                count += 1
                given = {k.arg: ast.unparse(k.value) for k in call.keywords}
                if given.get("on_click") != "'ignore'":
                    runs.append(f"{path.name}:{call.lineno}")
    assert count >= 4
    assert not runs


TESTED_ELSEWHERE = {
    "coach_data/model/": "records and words; what little they do is in test_model.py",
    "coach_data/postgres.py": "several processes and a server that stops: the files of tests/postgres/",
}
"""Modules without a test file of their name, each with its reason."""


def test_every_module_has_a_test_file_of_its_name() -> None:
    """One of ``coach_data`` in tests/ or a folder there; one of a package in the folder of its name."""
    packages = {path.parent.name for path in DATA if path.parent.name != "coach_data"}
    others = packages | {"screens", "parts", "browser", "bench"}
    missing = []
    for path in DATA:
        name = path.relative_to(ROOT).as_posix()
        if path.stem == "__init__" or any(name.startswith(known) for known in TESTED_ELSEWHERE):
            continue
        own = f"test_{path.stem.strip('_')}.py"
        if path.parent.name in packages:
            found = [ROOT / "tests" / path.parent.name / own]
        else:
            found = [f for f in ROOT.glob(f"tests/**/{own}") if f.parent.name not in others]
        missing += [name] if not any(f.exists() for f in found) else []
    assert missing == []
    assert all((ROOT / name).exists() for name in TESTED_ELSEWHERE)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda p: p.stem)
def test_every_screen_has_a_test_file_of_its_name(screen: Path) -> None:
    """Parts are seen through their screens; what draws nothing by itself has its tests in tests/parts."""
    assert (ROOT / "tests" / "screens" / f"test_{screen.stem}.py").exists()


def test_no_part_imports_in_a_circle() -> None:
    """Not even inside a function; import-linter looks at coach_data only."""
    names = {f"pages.parts.{path.stem}": path for path in PARTS}
    graph = {name: imported(path) & names.keys() for name, path in names.items()}
    assert len([*TopologicalSorter(graph).static_order()]) == len(PARTS)


def functions(text: str) -> list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    """Every function of a file, and how many lines it has without its docstring."""
    made = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            told = (ast.get_docstring(node, clean=False) or "").splitlines()
            made.append((node, (node.end_lineno or 0) - node.lineno + 1 - len(told)))
    return made


@pytest.mark.parametrize("path", [*SCREENS, *PARTS], ids=lambda p: p.stem)
def test_screens_ask_their_visit_and_not_the_database(path: Path) -> None:
    below = {"duckdb", "coach_data.engine", "coach_data.records", "coach_data.faults"}
    assert not imported(path) & below
    said = path.read_text(encoding="utf-8")
    assert "cache_data" not in said, "shared between people"
    assert ".read(" not in said, "a query belongs to coach_data"


@pytest.mark.parametrize("screen", SCREENS, ids=lambda p: p.stem)
def test_a_screen_imports_no_other_screen_and_no_charts_library(screen: Path) -> None:
    for name in imported(screen):
        assert name.split(".")[0] not in {"altair", "pandas", "numpy", "sample_data"}
        assert not re.fullmatch(r"pages\.(?!parts).*", name)


def test_the_packages_of_the_house_stay_readable_to_the_import_contracts() -> None:
    assert not (ROOT / "pages" / "__init__.py").exists(), "it would hide pages.parts"


MAY_NAME_RAW = {
    *("privacy.sql", "privacy.py", "access_log.py", "devices.py"),  # the door
    *("store.py", "file_store.py", "upkeep.py", "backups.py", "move.py"),  # the tables themselves
    *("postgres.py", "postgres_sql.py", "postgres.sql"),
    "releases.py",  # what is told of everybody together
    *("sign_in.py", "invitations.py", "tokens.py"),  # whose a secret is, before anybody is there
    "erasure.py",  # every table, to leave somebody out of it
}


def test_only_the_door_and_the_store_name_raw_tables() -> None:
    """What is not named here reads through the views, and writes through ``Visit.save``."""
    files = [
        path
        for place in ("coach_data", "pages", "sample_data")
        for path in (ROOT / place).rglob("*")
        if path.suffix in (".py", ".sql") and path.parent.name != "schema"
    ]
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in [*files, ROOT / "app.py"]
        if re.search(r"\braw\.", path.read_text(encoding="utf-8"))
    }
    assert len(files) > 30
    assert naming == {f"coach_data/{name}" for name in MAY_NAME_RAW}


def test_every_screen_is_in_the_navigation() -> None:
    router = (ROOT / "pages/parts/navigation.py").read_text(encoding="utf-8")
    named = set(re.findall(r'st\.Page\("\.\./(\w+)\.py"', router))
    assert named == {p.stem for p in SCREENS}


def test_every_import_contract_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    lines = text.splitlines()
    places = [k for k, line in enumerate(lines) if line == "[[tool.importlinter.contracts]]"]
    assert len(places) == len(contracts) >= 5
    assert all(lines[k - 1].startswith("# ") for k in places)


def test_every_package_has_a_range() -> None:
    for path in (ROOT / "requirements.txt", ROOT / "tests/requirements.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.startswith("-r ") or re.search(r"==|>=.*,<", line), f"{path.name}: {line}"


def test_the_readme_names_the_two_commands() -> None:
    """.ci/run takes the second one from there."""
    said = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    begin = "python3 -m venv .venv && .venv/bin/pip install -r "
    assert said.count(f"{begin}requirements.txt && .venv/bin/streamlit run app.py") == 1
    assert said.count(f"{begin}tests/requirements.txt && .venv/bin/python -m pytest") == 1


def test_what_is_only_for_tests_is_not_needed_to_run() -> None:
    known = set((ROOT / "requirements.txt").read_text(encoding="utf-8").split("\n"))
    names = {re.split(r"[=<>;~ []", line)[0].replace("-", "_") for line in known if line}
    for path in [*DATA, *SCREENS, *PARTS, ROOT / "app.py"]:
        for name in imported(path):
            top = name.split(".")[0]
            assert top not in {"pytest", "hypothesis", "playwright", "scipy", "websockets"}, path
    assert {"streamlit", "altair", "duckdb", "platformdirs", "vl_convert_python"} <= names
