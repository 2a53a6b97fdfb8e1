"""The needle: bounded, inside its box, blue only where there is something to talk about."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.compass import Needle, Reading
from pages.parts.needle import angle, needle, needle_html, needle_words
from pages.parts.palette import DARK, LIGHT

CHANGES = st.floats(-50, 50)


@given(CHANGES, CHANGES)
def test_angle_is_bounded_and_keeps_the_order(a: float, b: float) -> None:
    assert -90 <= angle(a) <= 90
    assert (angle(a) - angle(b)) * (a - b) >= 0


def test_up_is_towards_and_level_is_the_usual() -> None:
    assert angle(0) == 0
    assert angle(1) == pytest.approx(41.6, abs=0.1)
    assert angle(-1) == -angle(1)


@given(CHANGES, CHANGES, CHANGES, st.sampled_from([40, 64, 84, 120]))
def test_nothing_leaves_the_box(a: float, b: float, c: float, size: int) -> None:
    low, change, high = sorted((a, b, c))
    svg = needle(Needle(change, low, high), Reading.USUAL, size=size)
    for path in re.findall(r'\bd="([^"]+)"', svg):
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path):
            assert 0 <= float(x) <= size
            assert 0 <= float(y) <= size
    radius = float(re.search(r'r="([\d.]+)"', svg)[1])
    assert radius <= 0.36 * size + 0.06


@pytest.mark.parametrize("reading", list(Reading))
def test_blue_only_where_it_is_worth_a_conversation(reading: Reading) -> None:
    svg = needle(Needle(1.5, 1.0, 2.0), reading)
    telling = reading in (Reading.TOWARDS, Reading.AWAY)
    assert (LIGHT.signal in svg) == (DARK.signal in svg) == telling


def test_an_empty_dotted_dial_where_there_is_no_direction() -> None:
    svg = needle(None, Reading.LEARNING)
    assert "stroke-dasharray" in svg
    assert "<path" not in svg
    assert needle_words(None, Reading.LEARNING) == "No direction yet"


@pytest.mark.parametrize(
    ("change", "reading", "words"),
    [
        (2.0, Reading.TOWARDS, "Needle clearly up, towards the aim"),
        (-2.0, Reading.AWAY, "Needle clearly down, away from the aim"),
        (0.1, Reading.USUAL, "Needle level, about the usual, within ordinary ups and downs"),
        (0.8, Reading.USUAL, "Needle a little up, towards the aim, within ordinary ups and downs"),
    ],
)
def test_the_same_in_words(change: float, reading: Reading, words: str) -> None:
    shown = Needle(change, change - 0.5, change + 0.5)
    assert needle_words(shown, reading) == words
    root = ElementTree.fromstring(needle(shown, reading))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == words
    assert f'alt="{words}"' in needle_html(shown, reading)


def test_a_needle_without_an_interval_still_has_a_fan() -> None:
    ElementTree.fromstring(needle(Needle(0.0, 0.0, 0.0), Reading.USUAL))
