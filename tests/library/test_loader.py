"""The reader of the library's files: anything but what is described is refused by file and key."""

from __future__ import annotations

import pytest

from coach_data import library
from coach_data.library.loader import BadLibrary, flatten, parse
from coach_data.library.templates import Roles, StartingAim, Vague
from coach_data.model import Comparison, Period

AIM = 'comparison = "at least"\namount = 2\nperiod = "day"\n'


def test_a_file_as_described_is_read() -> None:
    aim = parse(StartingAim, AIM, "x.toml")
    assert aim == StartingAim(comparison=Comparison.AT_LEAST, amount=2.0, period=Period.DAY)
    assert isinstance(aim.amount, float)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (AIM + "amuont = 3\n", "amuont"),
        (AIM.replace("amount = 2\n", ""), "amount"),
        (AIM.replace("at least", "roughly"), "comparison"),
        (AIM.replace('"at least"', "[]"), "comparison"),
        (AIM.replace("2", '"two"'), "amount"),
        (AIM.replace("2", "true"), "amount"),
        (AIM.replace("2", "nan"), "amount"),
        ("amount = = 2", "TOML"),
    ],
)
def test_anything_else_is_refused_with_file_and_key(text: str, named: str) -> None:
    with pytest.raises(BadLibrary, match=named) as caught:
        parse(StartingAim, text, "x.toml")
    assert "x.toml" in str(caught.value)


def test_a_fault_deep_inside_names_the_way_to_it() -> None:
    text = (library.FOLDER / "roles.toml").read_text(encoding="utf-8")
    broken = text.replace("expected_lag = 5", "expected_leg = 5", 1)
    assert broken != text
    with pytest.raises(BadLibrary, match=r"roles\.toml: areas\[0\]: leading\[0\]: expected_leg"):
        parse(Roles, broken, "roles.toml")


def test_lists_are_not_empty_and_sets_hold_nothing_twice() -> None:
    good = 'words = ["a"]\nactivities = ["b"]\ninner_states = ["c"]\n'
    assert parse(Vague, good, "v.toml").words == frozenset({"a"})
    for wrong in ('["a", "a"]', "[]", '[""]', "[1]", '"a"'):
        with pytest.raises(BadLibrary, match=r"v\.toml: words"):
            parse(Vague, good.replace('["a"]', wrong), "v.toml")


def test_wording_holds_sentences_and_lists_only() -> None:
    assert flatten('[a.b]\nc = "d"\ne = ["f"]', "w.toml") == {"a.b.c": "d", "a.b.e": ("f",)}
    with pytest.raises(BadLibrary, match=r"w\.toml: a\.b"):
        flatten("[a]\nb = 1", "w.toml")
