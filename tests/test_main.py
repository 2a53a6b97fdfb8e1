"""The command line itself: a command is a function and a line, and nothing ends in a traceback."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coach_data import __main__ as command_line
from coach_data.model import CoachError


def test_the_next_command_is_one_function_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def greet(given: object) -> int:
        """Say hello."""
        print("hello")
        return 0

    def refuse(problem: type[Exception]) -> Callable[[object], int]:
        def run(given: object) -> int:
            """Break."""
            raise problem

        return run

    monkeypatch.setitem(command_line.COMMANDS, "greet", (greet, ()))
    monkeypatch.setitem(command_line.COMMANDS, "stop", (refuse(KeyboardInterrupt), ()))
    assert command_line.main(["greet"]) == 0
    assert command_line.main(["stop"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("hello\n", "coach_data: Stopped before it was done.")


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (CoachError("Not like this."), "coach_data: Not like this."),
        (FileNotFoundError(2, "No such file", "days.csv"), "coach_data: days.csv: No such file."),
        (OSError(), "coach_data: the file was refused."),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: Exception,
    said: str,
) -> None:
    def stop(given: object) -> int:
        """Break."""
        raise problem

    monkeypatch.setitem(command_line.COMMANDS, "stop", (stop, ()))
    assert command_line.main(["stop"]) == 1
    assert capsys.readouterr().err.strip() == said


@pytest.mark.parametrize("wrong", [[], ["nothing"], ["people", "too much"]])
def test_what_is_not_understood_exits_with_two(
    capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        command_line.main(wrong)
    assert stop.value.code == 2
    assert "usage: python -m coach_data" in capsys.readouterr().err


def test_the_help_of_a_command_is_its_docstring_and_all_exit_codes() -> None:
    told = command_line.parser().format_help()
    for name, (run, _) in command_line.COMMANDS.items():
        assert name in told
        assert (run.__doc__ or "").strip()
    assert "3  check only" in told
