"""What the docs show is true: commands run, examples read, and every name is there, both ways."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from coach_data.__main__ import COMMANDS, main
from coach_data.places import Places
from coach_data.privacy import open_store
from sample_data.load import load
from tests.cluster import the_cluster

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("sample_data/*.md")])
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
NOW = "2026-12-01T12:00:00+00:00"
BEFORE = {
    "import": ["export mine.zip --person Amara"],
    "restore": ["backup FILE"],
    "token revoke": ["token make --person Amara --name Phone"],
}
"""What has to be done first for a command to have something to work on."""
MADE_UP = {"COACH_"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def fenced(path: Path, *languages: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```", text_of(path), re.DOTALL | re.MULTILINE)
    return [body for language, body in found if not languages or language in languages]


def shown_commands() -> list[str]:
    """Every ``python -m coach_data`` command of README and CONTRIBUTING, as it is typed."""
    found = []
    for path in (README, CONTRIBUTING):
        for block in fenced(path, "sh", ""):
            for line in block.replace("\\\n", " ").splitlines():
                code = line.split(" #")[0].split(" | ")[0]
                if "-m coach_data " in code and not line.startswith("#"):
                    found.append(" ".join(code.split("-m coach_data ")[1].split()))
    return list(dict.fromkeys(found))


def named(table_after: str, path: Path) -> list[str]:
    """The first column of the first table below that heading, without its marks."""
    below = text_of(path).split(table_after, 1)[1]
    rows = re.search(r"^\|.*\n\|[-|]+\n((?:\|.*\n)+)", below, re.MULTILINE)
    assert rows, f"no table below {table_after}"
    return [line.split("|")[1].strip() for line in rows[1].splitlines()]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sample programme."""
    folder = tmp_path_factory.mktemp("docs")
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    load(store, datetime.fromisoformat(NOW))
    store.close()
    return folder


@pytest.fixture
def typed(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """``typed("people")``: the exit code of that command, in a folder with the sample's store."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.setenv("COACH_DATABASE", str(tmp_path / "c.duckdb"))
    monkeypatch.setenv("COACH_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("COACH_NOW", NOW)
    monkeypatch.delenv("COACH_KEY", raising=False)
    days = tmp_path / "days.csv"
    days.write_text("date,Replies that restate the request first\n2026-11-30,3\n")

    def run(command: str) -> int:
        args = shlex.split(command)
        if args[0] == "move":
            args[1:] = [str(tmp_path / "c.duckdb"), str(the_cluster().new())]
        stand_in = {"NAME": "Amara", "FILE": "days.csv", "FILE.csv": "days.csv"}
        if args[0] in ("backup", "restore"):
            stand_in["FILE"] = "copy.duckdb"
        if args[0] == "digest" and "--app" in args:  # there is no app that holds the file
            del args[args.index("--app") :]
        if args[:2] == ["token", "make"] or args[:2] == ["token", "revoke"]:
            args = [a if a != "FILE" else "Phone" for a in args]
        if args[0] == "check" and "FILE.csv" in args:
            given = {"--leading": "Replies that restate the request first",
                     "--lagging": "Requests solved with the first reply"}  # fmt: skip
            for flag, column in given.items():
                args[args.index(flag) + 1] = column
            stand_in["FILE.csv"] = "sample_data/honest_lever_wide.csv"
        return main([stand_in.get(a, a) for a in args])

    return run


def test_the_walk_finds_the_commands() -> None:
    assert len(shown_commands()) >= 12
    assert len(DOCS) >= 7


@pytest.mark.parametrize("command", shown_commands())
def test_every_command_that_is_shown_runs(
    command: str, typed: Callable[[str], int], capsys: pytest.CaptureFixture[str]
) -> None:
    for key, before in BEFORE.items():
        if command.startswith(key):
            assert [typed(one) for one in before] == [0] * len(before), capsys.readouterr().err
    assert typed(command) == 0, capsys.readouterr().err


def test_every_command_is_shown_and_every_shown_one_is_there() -> None:
    assert {line.split()[0] for line in shown_commands()} == set(COMMANDS)


@pytest.mark.parametrize("example", range(2))
def test_the_examples_of_files_can_be_imported(
    example: int,
    typed: Callable[[str], int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    examples = fenced(README, "csv")
    assert len(examples) == 2
    (tmp_path / "days.csv").write_text(examples[example])
    new = '--new "Deep work"' + (" --new Walk" if "Walk" in examples[example] else "")
    assert typed(f"import FILE --person NAME {new}") == 0, capsys.readouterr().err


def test_every_variable_is_told_and_every_told_one_is_read() -> None:
    code = [*ROOT.glob("app.py"), *ROOT.glob("coach_data/**/*.py"), *ROOT.glob("pages/**/*.py")]
    read = set(re.findall(r"COACH_[A-Z_]*", "".join(map(text_of, code)))) - MADE_UP
    told = set(re.findall(r"COACH_[A-Z_]*", text_of(README)))
    assert read - told == set(), "not in the README"
    assert told - read == set(), "read by nobody"
    tests = "".join(text_of(p) for p in ROOT.glob("tests/**/*.py"))
    others = {v for p in DOCS for v in re.findall(r"COACH_[A-Z_]*", text_of(p))} - told
    assert {v for v in others if v not in tests} == set()


def test_every_screen_is_in_the_tour() -> None:
    router = text_of(ROOT / "pages" / "parts" / "navigation.py")
    screens = re.findall(r'st\.Page\("\.\./\w+\.py", title="([^"]+)"', router)
    assert len(screens) == len(list(ROOT.glob("pages/*.py")))
    assert sorted(named("## A tour by role", README)) == sorted(f"*{name}*" for name in screens)


def test_every_package_has_its_reason_and_no_other_has() -> None:
    lines = text_of(ROOT / "requirements.txt") + text_of(ROOT / "tests" / "requirements.txt")
    packages = {m[1] for m in re.finditer(r"^([A-Za-z][\w-]*)", lines, re.MULTILINE)}
    assert len(packages) > 20
    assert {n.strip("`") for n in named("## Packages", CONTRIBUTING)} == packages


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_is_there(path: Path) -> None:
    text = re.sub(r"```.*?```", "", text_of(path), flags=re.DOTALL)
    links = [t for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    missing = []
    for link in links:
        file, _, part = link.partition("#")
        target = path.parent / file if file else path
        if not target.exists() or (part and part not in anchors(target)):
            missing.append(link)
    paths = re.findall(r"`((?:\.?[A-Za-z][\w.-]*/)+[\w.*-]*|[\w-]+\.(?:py|md|toml|sql|txt))`", text)
    for name in paths:
        near = (ROOT, path.parent, ROOT / "coach_data")
        found = any(list(base.glob(name)) for base in near)
        found = found or ("/" not in name and bool(list(ROOT.glob(f"tests/**/{name}"))))
        if name not in ELSEWHERE and not found:
            missing.append(name)
    for module in re.findall(r"-m ((?:tests|sample_data|coach_data)[\w.]*)", text_of(path)):
        if find_spec(module) is None:
            missing.append(module)
    assert missing == []


ELSEWHERE = {"application/json", "sessions/", "sprints/", "secrets.toml", ".streamlit/secrets.toml"}
"""In an export, or of the one who runs the server."""


def anchors(path: Path) -> set[str]:
    """The headings of a file as links name them."""
    heads = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_heads_of_the_exported_tables_are_as_told(
    typed: Callable[[str], int], tmp_path: Path
) -> None:
    from zipfile import ZipFile

    assert typed("export mine.zip --person NAME") == 0
    with ZipFile(tmp_path / "mine.zip") as file:
        head = file.read("entries.csv").decode("utf-8-sig").splitlines()[0]
        names = {n.split("/")[0] for n in file.namelist()}
    assert f"`{head}`" in text_of(README)
    told = {n.strip("`/") for cell in named("**Export**", README) for n in cell.split(", ")}
    assert names - told == {"about.txt"} or names <= told


def test_the_pictures_are_small() -> None:
    pictures = list(ROOT.glob("docs/pictures/*"))
    assert pictures
    assert {p.name for p in pictures if p.stat().st_size > 120_000} == set()
    shown = "".join(map(text_of, DOCS))
    assert {p.name for p in pictures if p.name not in shown} == set(), "shown nowhere"
