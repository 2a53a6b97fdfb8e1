"""Words that people type: nothing hidden is kept, nothing visible is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.text import LIMIT, LIMITS, BadText, blank, clean, same

LITERAL = {
    "1 script": "<script>alert(1)</script>",
    "2 onerror": '<img src=x onerror="alert(1)">',
    "3 javascript link": "[here](javascript:alert(1))",
    "4 remote picture": "![](http://example.org/p.png)",
    "5 heading": "# H",
    "5 colour": ":red[x]",
    "10 drop table": "Robert'; DROP TABLE app.raw.entry; --",
    "a formula": "=1+1",
    "other scripts": "日本語, العربية, עברית, naïve, 🙂",
    "two lines": "one\n\ttwo",
}


@pytest.mark.abuse(1, 2, 3, 4, 5, 10)
@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL.keys())
def test_kept_literally(text: str) -> None:
    assert clean(text, "note") == text


HIDDEN = {
    "override": "\u202e",
    "isolate": "\u2066",
    "left-to-right mark": "\u200e",
    "arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "deprecated format": "\u206a",
    "byte-order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "grapheme joiner": "\u034f",
    "hangul filler": "\u3164",
    "tag": "\U000e0041",
    "escape": "\x1b",
    "bell": "\x07",
    "control": "\x9b",
}


@pytest.mark.abuse(6)
@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_06_hidden_characters_are_removed(hidden: str) -> None:
    assert clean(f"{hidden}pay{hidden}ment{hidden}") == "payment"
    assert blank(f" {hidden}\n")


@pytest.mark.abuse(7)
def test_07_a_lone_surrogate_is_refused_kindly() -> None:
    with pytest.raises(BadText, match="half a character"):
        clean("smile \ud83d")


@pytest.mark.abuse(8)
def test_08_a_nul_is_refused() -> None:
    with pytest.raises(BadText, match="NUL"):
        clean("a\x00b")


@pytest.mark.abuse(9)
def test_09_ten_megabytes_are_refused_with_the_limit() -> None:
    with pytest.raises(BadText, match=r"10,000,000 characters; note holds 2,000.*still here"):
        clean("x" * 10_000_000, "note")


@pytest.mark.parametrize(("field", "limit"), [*LIMITS.items(), ("goal", LIMIT)])
def test_a_field_holds_its_limit_and_not_one_more(field: str, limit: int) -> None:
    assert len(clean("é" * limit, field)) == limit
    with pytest.raises(BadText, match=f"{limit:,}"):
        clean("é" * (limit + 1), field)


def test_the_limit_counts_what_is_kept() -> None:
    assert len(clean(" " * 3000 + "\u200b" * 3000 + "x" * 80, "name")) == 80


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n"])
def test_every_line_end_becomes_one(end: str) -> None:
    assert clean(f"one{end}two{end}") == "one\ntwo"


def test_cleaning_twice_changes_nothing_more() -> None:
    text = "\u202e a\r\n\u200b b\u2028c \x1b"
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200b", "\u3164", "\ufeff \u2060"])
def test_blank_is_what_nobody_can_see(text: str) -> None:
    assert blank(text)
    assert not blank(text + "x")


def test_names_that_read_the_same_are_the_same() -> None:
    assert same("Caf\u00e9 Calls") == same(" cafe\u0301\u200b CALLS ") == same("Ｃafé Calls")
    assert same("Calls") != same("Call")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (" Deep  Work ", "deep work"),
        ("Deep\twork", "deep work"),
        ("Straße", "strasse"),
        ("Ca\u200blls", "calls"),
        ("Ca\u202ells", "calls"),
        ("\u202e", ""),
    ],
)
def test_capitals_blanks_and_what_cannot_be_seen_tell_no_two_names_apart(
    name: str, read: str
) -> None:
    assert same(name) == read


def test_a_name_has_one_line() -> None:
    assert clean("Deep\n\twork", "name") == "Deep work"
    assert clean("Deep\r\nwork", "note") == "Deep\nwork"


ANY = st.text(st.characters(), max_size=300) | st.text(
    st.sampled_from("\x00\ud800\udfff \u200b\u202e\r\n\t\u2028\x85\u3164aé🙂\U000e0041"),
    max_size=60,
)


@given(ANY, st.sampled_from(["", *LIMITS]))
def test_any_text_is_cleaned_once_and_for_all_or_refused(text: str, field: str) -> None:
    try:
        kept = clean(text, field)
    except BadText:
        return
    assert clean(kept, field) == kept
    assert kept.encode().decode() == kept
    assert kept == kept.strip()
    assert blank(text) == (not kept)
