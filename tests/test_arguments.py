"""What can be said to each command: every answer that a message asks for is one that is taken."""

from __future__ import annotations

import re
from typing import Any

import pytest

from coach_data.__main__ import COMMANDS, parser
from coach_data.arguments import IMPORT, argument
from coach_data.import_command import _ANSWERS, choices
from coach_data.matching import Handling, Units
from coach_data.model import Role, TokenFor
from coach_data.parsing import DayOrder, DecimalMark
from coach_data.preview import Duplicates


def test_an_argument_is_what_the_parser_takes() -> None:
    assert argument("--a", "-a", help="x") == (("--a", "-a"), {"help": "x"})


def test_every_argument_says_what_it_is_for() -> None:
    for name, (_, wanted) in COMMANDS.items():
        for flags, options in wanted:
            plain = flags == ("file",) or "choices" in options
            assert plain or options.get("help"), f"{name} {flags}"


@pytest.mark.parametrize("words", list(_ANSWERS.values()))
def test_the_answers_that_are_asked_for_can_be_given(words: str) -> None:
    plain = choices(parser().parse_args(["import", "x.csv", "--person", "Ana"]))
    for said in words.split(" or "):
        given = parser().parse_args(["import", "x.csv", "--person", "Ana", *said.split(" ")])
        assert choices(given) != plain


def test_every_answer_of_the_command_line_is_a_choice() -> None:
    """And each in its place: what is read is what was meant."""
    said = "--decimal comma --day-order mdy --duplicates last --new A --new B --lagging C"
    said += " --ignore D --convert E --as-they-are F --only-good-rows"
    given = parser().parse_args(["import", "x.csv", "--person", "Ana", *said.split()])
    found = choices(given)
    assert (found.decimal, found.day_order) == (DecimalMark.COMMA, DayOrder.MDY)
    assert (found.duplicates, found.only_good_rows) == (Duplicates.LAST, True)
    assert found.mapping == {
        "A": Handling.NEW,
        "B": Handling.NEW,
        "C": Handling.LAGGING,
        "D": Handling.IGNORE,
    }
    assert found.units == {"E": Units.CONVERT, "F": Units.AS_THEY_ARE}


def options(command: str, flag: str) -> Any:
    return next(o for flags, o in COMMANDS[command][1] if flag in flags)["choices"]


def test_what_can_be_chosen_is_what_there_is() -> None:
    assert set(options("import", "--decimal")) == {m.value for m in DecimalMark}
    assert set(options("import", "--day-order")) == {o.value for o in DayOrder}
    assert set(options("import", "--duplicates")) == {d.value for d in Duplicates} - {"refuse"}
    assert set(options("invite", "--role")) == {r.value for r in Role}
    assert set(options("token", "--for")) == {t.value for t in TokenFor}
    flags = {flag for flags, _ in IMPORT for flag in flags}
    assert {"--new", "--lagging", "--ignore"} == {f"--{h}" for h in Handling} & flags
    assert {f"--{re.sub(' ', '-', u)}" for u in Units} <= flags
