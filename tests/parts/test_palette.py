"""Contrast of every colour, and one set of values in the charts and in Streamlit's configuration."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from pages.parts.palette import DARK, LIGHT, PAGE_STYLE, Palette, palette

SETTINGS = Path(__file__).parents[2] / ".streamlit" / "config.toml"
WORDS, MARKS = 4.5, 3.0


def channels(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def luminance(rgb: list[float] | list[int]) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [c / 255 for c in rgb]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float] | list[int], other: list[float] | list[int]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on(one: str, other: str) -> float:
    return contrast(channels(one), channels(other))


def test_the_measure_of_contrast_is_the_known_one() -> None:
    assert on("#000000", "#FFFFFF") == pytest.approx(21)
    assert on("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
class TestContrast:
    @pytest.mark.parametrize("name", ["ink", "muted", "signal", "aim"])
    @pytest.mark.parametrize("ground", ["page", "surface", "band"])
    def test_words(self, colours: Palette, name: str, ground: str) -> None:
        assert on(getattr(colours, name), getattr(colours, ground)) >= WORDS

    @pytest.mark.parametrize("ground", ["page", "band"])
    def test_marks(self, colours: Palette, ground: str) -> None:
        assert on(colours.line, getattr(colours, ground)) >= MARKS

    def test_rules_on_the_page(self, colours: Palette) -> None:
        assert on(colours.rule, colours.page) >= MARKS

    def test_signal_on_its_own_soft_area(self, colours: Palette) -> None:
        assert on(colours.signal, colours.signal_soft) >= MARKS

    def test_captions_at_sixty_percent(self, colours: Palette) -> None:
        for ground in (colours.page, colours.surface):
            below = channels(ground)
            seen = [0.6 * t + 0.4 * g for t, g in zip(channels(colours.text), below, strict=True)]
            assert contrast(seen, below) >= WORDS

    def test_primary_as_words_and_below_white_marks(self, colours: Palette) -> None:
        assert on(colours.primary, colours.page) >= WORDS
        assert on(colours.primary, "#FFFFFF") >= MARKS

    def test_words_on_primary_buttons(self, colours: Palette) -> None:
        words = "#FFFFFF" if colours is LIGHT else "#0B0F14"  # of PAGE_STYLE
        assert on(words, colours.primary) >= WORDS


def test_the_style_of_the_page_has_colours_of_the_palette_only() -> None:
    known = {c.upper() for p in (LIGHT, DARK) for c in vars_of(p)} | {"#0B0F14"}
    assert set(re.findall(r"#[0-9A-F]{6}", PAGE_STYLE.upper())) <= known


def vars_of(colours: Palette) -> list[str]:
    return [str(getattr(colours, name)) for name in colours.__dataclass_fields__]


def test_dark_only_for_dark() -> None:
    assert palette("dark") is DARK
    assert palette("light") is LIGHT


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_streamlit_has_the_same_colours(theme: str, colours: Palette) -> None:
    set_to = tomllib.loads(SETTINGS.read_text())["theme"][theme]
    assert {
        "primaryColor": colours.primary,
        "backgroundColor": colours.page,
        "secondaryBackgroundColor": colours.surface,
        "textColor": colours.text,
        "linkColor": colours.signal,
        "borderColor": colours.border,
        "grayTextColor": colours.muted,
    }.items() <= set_to.items()


def test_every_setting_exists_in_this_version() -> None:
    def names(table: dict[str, object], path: str = "") -> list[str]:
        found = []
        for key, value in table.items():
            found += names(value, f"{path}{key}.") if isinstance(value, dict) else [path + key]
        return found

    known = config.get_config_options().keys()
    missing = [n for n in names(tomllib.loads(SETTINGS.read_text())) if n not in known]
    assert not missing


def test_nothing_leaves_the_machine_and_nothing_is_told() -> None:
    settings = tomllib.loads(SETTINGS.read_text())
    assert settings["server"]["address"] == "127.0.0.1"
    assert "*" not in settings["server"]["allowedHosts"]
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["runner"]["postScriptGC"] is False
    assert "http" not in SETTINGS.read_text()  # no fonts or themes from elsewhere
