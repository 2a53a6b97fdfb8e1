"""What a command finds around it: the time, whose data, a file, and whether somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach_data import files
from coach_data.model import Person
from coach_data.store import Store
from coach_data.surroundings import Problem, content_of, now, progress_bar, visit_of, with_data


@pytest.mark.parametrize(("terminal", "after", "drawn"), [(True, 0, True), (True, 9, False)])
def test_a_bar_is_drawn_once_it_takes_long(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
    after: float,
    drawn: bool,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    with progress_bar("Reading", after) as bar:
        bar(0.5)
    text = capsys.readouterr().err
    assert ("Reading [###############" in text) is drawn
    assert ("50%" in text) is drawn


def test_a_bar_ends_its_line_also_where_it_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    def cut_off() -> None:
        with progress_bar("Reading", 0) as bar:
            bar(1.0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert capsys.readouterr().err.endswith("100%\n")


def test_where_nobody_watches_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Reading", 0) as bar:
        bar(0.5)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-05-31T12:00:00+00:00", datetime(2026, 5, 31, 12, tzinfo=UTC)),
        ("2026-05-31T12:00:00+02:00", datetime(2026, 5, 31, 10, tzinfo=UTC)),
    ],
)
def test_another_time_can_be_set(
    monkeypatch: pytest.MonkeyPatch, given: str, utc: datetime
) -> None:
    monkeypatch.setenv("COACH_NOW", given)
    assert now() == utc
    assert now().tzinfo is UTC


def test_without_one_it_is_the_time_and_a_wrong_one_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COACH_NOW", "")
    assert abs((now() - datetime.now(UTC)).total_seconds()) < 5
    monkeypatch.setenv("COACH_NOW", "noon")
    with pytest.raises(Problem, match="not a time like"):
        now()


def test_no_data_file_is_a_problem_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COACH_DATABASE", str(tmp_path / "none"))
    monkeypatch.setenv("COACH_KEY", "key")
    with pytest.raises(Problem, match=str(tmp_path / "none")):
        with_data()
    (tmp_path / "none").write_text("there")
    assert with_data().data == tmp_path / "none"


def test_somebody_is_found_by_a_name_that_is_theirs_alone(
    store: Store, person: Callable[..., Person]
) -> None:
    ana = person("Ana  Maria")
    person("Bo")
    person("Bo")
    assert visit_of(store, " ana maria ").viewer_id == ana.person_id
    with pytest.raises(Problem, match="2 people here are called Bo"):
        visit_of(store, "Bo")
    with pytest.raises(Problem, match="Nobody here is called Cy"):
        visit_of(store, "Cy")


def test_of_a_large_file_no_more_is_read_than_shows_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    path = tmp_path / "days.csv"
    path.write_bytes(b"x" * 100)
    assert content_of(path) == b"x" * 11
    path.write_bytes(b"x" * 10)
    assert content_of(path) == b"x" * 10
