"""The check of a CSV file: exit codes, JSON, reasons in words, and nothing that is no number."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach_data.__main__ import main, parser
from coach_data.check_command import GIVEN, NO_VERDICT, NOT_UNDERSTOOD, check

START = date(2026, 1, 5)
TODAY = date(2026, 12, 31)


def asked(*more: str) -> Namespace:
    """The arguments as the command line reads them."""
    return parser().parse_args(["check", "f.csv", "--leading", "A", "--lagging", "B", *more])


def wide(a: Any, b: Any, *, order: Any = None) -> bytes:
    rows = [
        f"{START + timedelta(days=k)},{x},{y}" for k, (x, y) in enumerate(zip(a, b, strict=True))
    ]
    return "\n".join(["date,A,B", *(rows if order is None else [rows[k] for k in order])]).encode()


def pair(n: int = 120, lag: int = 3, r: float = 0.8) -> tuple[list[str], list[str]]:
    rng = np.random.default_rng(4)
    a = rng.standard_normal(n + lag)
    b = r * a[:n] + (1 - r**2) ** 0.5 * rng.standard_normal(n)
    return [f"{v:.3f}" for v in a[lag:]], [f"{v:.3f}" for v in b]


def told(content: bytes, *more: str) -> tuple[int, dict[str, Any]]:
    code, text = check(asked("--json", *more), content, TODAY)

    def no(name: str) -> None:
        raise AssertionError(f"{name} in the JSON")

    return code, json.loads(text, parse_constant=no)


def test_a_lever_is_found_at_its_lag() -> None:
    code, found = told(wide(*pair()), "--lag", "3")
    assert (code, found["verdict"], found["declared"], found["unit"]) == (
        GIVEN,
        "together",
        3,
        "day",
    )
    assert found["best_lag"] == 3
    assert found["interval"][0] < found["r"] < found["interval"][1]
    assert len(found["lags"]) == len(found["r_by_lag"]) == len(found["band"]) == 14
    assert set(found["reverse"]) == {"p", "lag", "r"}


def test_without_a_lag_it_is_only_possible() -> None:
    code, found = told(wide(*pair()))
    assert (code, found["verdict"], found["p_declared"]) == (GIVEN, "possible", None)
    assert found["reasons"] == ["no lag declared"]


def test_the_order_of_the_rows_and_the_shape_of_the_file_do_not_matter() -> None:
    a, b = pair()
    mixed = np.random.default_rng(1).permutation(len(a))
    rows = [
        f"{START + timedelta(days=k)},{name},{v}"
        for name, values in (("A", a), ("B", b))
        for k, v in enumerate(values)
    ]
    long = "\n".join(["date,indicator,value", *rows]).encode()
    expected = told(wide(a, b), "--lag", "3")
    assert told(wide(a, b, order=mixed), "--lag", "3") == expected
    assert told(long, "--lag", "3") == expected


def test_down_can_be_the_helpful_way() -> None:
    a, b = pair(r=-0.8)
    assert told(wide(a, b), "--lag", "3")[1]["verdict"] != "together"
    assert told(wide(a, b), "--lag", "3", "--direction", "down")[1]["verdict"] == "together"


def test_the_previous_seven_days_and_weeks_can_be_asked_for() -> None:
    a, b = pair(250)
    assert told(wide(a, b), "--window", "7")[1]["declared"] == "previous seven days"
    weekly = [v if k % 7 == 4 else "" for k, v in enumerate(b)]
    code, found = told(wide(a, weekly), "--weekly", "--lag", "1")
    assert (code, found["unit"], found["lags"]) == (GIVEN, "week", [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("content", "verdict", "word"),
    [
        (wide(*pair(20)), "too_early", "Too early to say: 17 of 30 days"),
        (wide(["5"] * 120, pair()[1]), "no_variation", "behaviour does not vary"),
        (wide(pair()[0], ["5"] * 120), "no_variation", "result does not vary"),
        (wide([*pair()[0][:1], *[""] * 119], pair()[1]), "too_early", "1 of 30"),
    ],
)
def test_no_verdict_has_its_reason(content: bytes, verdict: str, word: str) -> None:
    code, found = told(content, "--lag", "3")
    assert (code, found["verdict"], found["r"]) == (NO_VERDICT, verdict, None)
    assert word in check(asked("--lag", "3"), content, TODAY)[1]


@pytest.mark.parametrize(
    ("content", "more", "word"),
    [
        (b"", (), "is empty"),
        (b"date,A\n2026-01-05,1\n", (), "no “B”"),
        (b"date,A,B\n2026-01-05,inf,1\n", (), "not a number"),
        (b"date,A,B\n2026-01-05,1e5,1\n", (), "exponent"),
        (b"date,A,B\n2026-01-05,1,2\n2026-01-05,3,2\n", (), "--duplicates"),
        (b'date,A,B\n2026-01-05,"1,5",2\n', (), "--decimal"),
        (b"date,A,B\n01/02/2026,1,2\n", (), "--day-order"),
        (b"date,A,B\n2026-01-05,,\n", (), "holds no value"),
        (b"date,A,B\n2031-01-05,1,2\n", (), "not come yet"),
        (b"date,A,B\n2000-01-05,1,2\n2026-01-05,1,2\n", (), "span"),
        (b"date,A,B\n2026-01-05,skip,2\n", ("--only-good-rows",), ""),
    ],
)
def test_a_file_that_cannot_be_checked_says_why(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    more: tuple[str, ...],
    word: str,
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    code = main(["check", str(path), "--leading", "A", "--lagging", "B", *more])
    said = capsys.readouterr()
    assert word in said.err
    assert code == (1 if word else NO_VERDICT)


@pytest.mark.parametrize("more", [("--lag", "-3"), ("--lag", "0"), ("--lag", "3", "--window", "7")])
def test_a_lag_that_cannot_be_asked_for_is_said(more: tuple[str, ...]) -> None:
    code, said = check(asked(*more), wide(*pair()), TODAY)
    assert code == NOT_UNDERSTOOD
    assert "lag" in said


def test_one_column_is_no_pair() -> None:
    with pytest.raises(Exception, match="same column"):
        check(
            parser().parse_args(["check", "f.csv", "--leading", "A", "--lagging", "a"]),
            wide(*pair()),
            TODAY,
        )


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 200),
    st.sampled_from([(), ("--lag", "3"), ("--window", "7"), ("--weekly",), ("--lag", "60")]),
)
def test_any_file_of_numbers_gives_a_verdict_and_no_nan(
    seed: int, n: int, more: tuple[str, ...]
) -> None:
    rng = np.random.default_rng(seed)
    columns = []
    for _ in range(2):
        values = rng.poisson(rng.uniform(0, 3), n) * 10.0 ** rng.integers(-3, 12)
        columns.append(["" if rng.random() < rng.uniform(0, 0.6) else f"{v:f}" for v in values])
    if not all(any(column) for column in columns):
        return
    code, found = told(wide(*columns), *more)
    assert code in (GIVEN, NO_VERDICT)
    assert "nan" not in check(asked(*more), wide(*columns), TODAY)[1]
    assert (found["r"] is None) == (code == NO_VERDICT)
