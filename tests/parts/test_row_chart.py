"""The chart of a compass row: what is drawn where, for whom, and that nothing is invented."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data.compass import Row
from coach_data.model import Annotation, Measure
from pages.parts.palette import DARK, LIGHT
from pages.parts.row_chart import RowChart, amount_label, days_html, picture, row_chart
from pages.parts.row_drawing import stretched
from tests.parts.rows import DAYS, note, row

SVG = "{http://www.w3.org/2000/svg}"


class Seen(HTMLParser):
    """What the HTML of a chart holds: its pictures, its words, and what is told of each day."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.words: list[tuple[str, str]] = []
        self.told: list[str] = []
        self._kind = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._kind = given.get("class") or ""
        if tag == "img":
            self.images.append(given)
        if tag == "i":
            self.told.append(str(given["data-told"]))

    def handle_data(self, data: str) -> None:
        self.words.append((self._kind, data))


def seen(shown: Row, *annotations: Annotation, axis: bool = False, labels: bool = False) -> Seen:
    return Seen(row_chart(shown, DAYS, annotations, axis=axis, labels=labels).html)


def svg_of(shown: Row, *annotations: Annotation, **how: bool) -> ElementTree.Element:
    (image,) = seen(shown, *annotations, **how).images
    kind, _, svg = str(image["src"]).partition(",")
    assert kind == "data:image/svg+xml"
    return ElementTree.fromstring(unquote(svg))


def paths(svg: ElementTree.Element, name: str) -> list[str]:
    return [p.attrib["d"] for p in svg.iter(f"{SVG}path") if p.get("class") == name]


def marks(svg: ElementTree.Element, name: str) -> list[tuple[float, float]]:
    """Where the marks of that kind are: percent of the width, and pixels from the top."""
    found = (u.attrib for u in svg.iter(f"{SVG}use") if u.get("href") == f"#{name}")
    return [(float(at["x"].rstrip("%")), float(at["y"])) for at in found]


class TestMarks:
    def test_each_day_has_the_mark_of_its_state(self) -> None:
        one = row({0: 9, 1: 2, 2: 6}, usual=(4, 6, 8), outside={0: 1, 1: -1}, skipped=(3,))
        svg = svg_of(one, note(5, 40, leave=True))
        count = {n: len(marks(svg, n)) for n in ("above", "below", "usual", "skip", "gap")}
        assert count == {"above": 1, "below": 1, "usual": 1, "skip": 1, "gap": 1}

    def test_more_is_higher_and_later_is_further_right(self) -> None:
        svg = svg_of(row({0: 1, 1: 5, 41: 9}))
        places = marks(svg, "usual")
        assert [x for x, _ in places] == sorted(x for x, _ in places)
        assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
        assert 0 < places[0][0] < places[-1][0] < 100

    def test_days_without_a_value_stand_below_all_amounts(self) -> None:
        svg = svg_of(row({0: 0.0, 1: 5}, skipped=(3,)))
        lowest = max(y for _, y in marks(svg, "usual"))
        assert all(y > lowest for name in ("gap", "skip") for _, y in marks(svg, name))

    @given(st.dictionaries(st.integers(0, 41), st.floats(-1e6, 1e6), max_size=42))
    def test_nothing_leaves_the_picture(self, values: dict[int, float]) -> None:
        svg = svg_of(row(values, aimed=[3.0] * 42))
        height = float(svg.attrib["height"])
        for name in ("usual", "gap"):
            assert all(0 <= x <= 100 and 0 <= y <= height for x, y in marks(svg, name))
        assert len(marks(svg, "usual")) == len(values)


class TestLines:
    def test_nothing_bridges_a_gap(self) -> None:
        (path,) = paths(svg_of(row({0: 7, 1: 8, 3: 9, 4: 9, 6: 1})), "line")
        assert [part.count("L") for part in path.split("M")[1:]] == [1, 1], "a lone day has no line"

    def test_yes_and_no_have_no_line(self) -> None:
        assert not paths(svg_of(row({0: 1, 1: 0}, measure=Measure.YES_NO)), "line")

    def test_a_new_aim_is_a_step_and_earlier_days_keep_theirs(self) -> None:
        aims = [5.0] * 20 + [8.0] * 22
        (path,) = paths(svg_of(row({0: 7}, aimed=aims)), "aim")
        parts = re.findall(r"[MHV][^MHV]*", path)
        assert [part[0] for part in parts] == ["M", "H", "V", "H"]
        assert parts[0].split()[1] != parts[2][1:]
        assert not paths(svg_of(row({0: 7})), "aim"), "without an aim there is no line"

    def test_the_usual_range_begins_where_it_is_known(self) -> None:
        one = row(dict.fromkeys(range(42), 6), usual=(4.0, 6.0, 8.0))
        one.usual_low[:10] = one.usual_high[:10] = one.usual_centre[:10] = np.nan
        svg = svg_of(one)
        (band,), (centre,) = paths(svg, "band"), paths(svg, "centre")
        x = stretched(42) * marks(svg, "usual")[10][0] / 100
        assert float(band[1:].split()[0]) == pytest.approx(x, abs=0.1)
        assert float(centre[1:].split()[0]) == pytest.approx(x, abs=0.1)

    @given(st.lists(st.floats(0, 100), min_size=42, max_size=42))
    def test_a_smooth_line_never_swings_beyond_its_points(self, centre: list[float]) -> None:
        one = row({0: 0.0, 1: 100.0, 41: centre[-1]}, usual=(0.0, 50.0, 100.0))
        one.usual_centre[:] = centre
        svg = svg_of(one)
        (path,) = paths(svg, "centre")
        start, _, curves = path[1:].partition("c")
        here = np.array(start.split(), float)
        for part in np.array(re.findall(r"-?[\d.]+", curves), float).reshape(-1, 3, 2):
            low, high = sorted((0.0, part[2][1]))
            assert all(low - 0.11 <= y <= high + 0.11 for _, y in part)
            here += part[2]
        share, height = marks(svg, "usual")[-1]
        assert here[0] == pytest.approx(stretched(42) * share / 100, abs=0.1)
        assert here[1] == pytest.approx(height, abs=0.1), "nothing adds up on the way"

    def test_an_event_is_a_rule_and_a_leave_a_span(self) -> None:
        svg = svg_of(row({0: 7}), note(3), note(10, 14, leave=True))
        assert paths(svg, "event")[0].count("M") == 1
        (span,) = (r for r in svg.iter(f"{SVG}rect") if r.get("class") == "page")
        assert float(span.attrib["width"]) == pytest.approx(stretched(42) * 5 / 42.6, abs=0.1)


class TestWords:
    def test_the_picture_has_its_words_and_the_rest_is_silent(self) -> None:
        made = seen(row({0: 7}), axis=True)
        assert made.images[0]["alt"] == "Sleep: about the usual, last value 7 h."
        assert 'aria-hidden="true"' in row_chart(row({0: 7}), DAYS).html

    def test_mondays_stand_below_the_last_row_only(self) -> None:
        assert [w for k, w in seen(row({0: 7}), axis=True).words if k == "row-date"][:2] == [
            "29 Sep",
            "6 Oct",
        ]
        assert not [w for k, w in seen(row({0: 7})).words if k == "row-date"]

    def test_names_of_events_stand_above_the_first_row_only(self) -> None:
        assert ("row-name", "Launch") in seen(row({0: 7}), note(3), labels=True).words
        assert not [w for k, w in seen(row({0: 7}), note(3)).words if k == "row-name"]

    def test_words_and_dates_add_to_the_height_and_never_take_from_the_plot(self) -> None:
        def height(*annotations: Annotation, **how: bool) -> float:
            return float(svg_of(row({0: 7}), *annotations, **how).attrib["height"])

        assert height() == height(labels=True) == 84
        assert height(note(3), labels=True) == 98
        assert height(axis=True) == 108

    @pytest.mark.parametrize(
        ("amount", "measure", "label"),
        [
            (0.5, Measure.NUMBER, "0.5"),
            (0.0, Measure.COUNT, "0"),
            (-20.0, Measure.NUMBER, "-20"),
            (1200.0, Measure.COUNT, "1,200"),
            (45000.0, Measure.COUNT, "45k"),
            (2e6, Measure.NUMBER, "2M"),
            (1.0, Measure.YES_NO, "yes"),
            (0.0, Measure.YES_NO, "no"),
        ],
    )
    def test_amounts_are_short(self, amount: float, measure: Measure, label: str) -> None:
        assert amount_label(amount, measure) == label

    @pytest.mark.abuse(1, 2)
    def test_what_somebody_wrote_is_only_text(self) -> None:
        text = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
        one = row({0: 7}, unit=text)
        made = Seen(
            row_chart(one, DAYS, [note(3, text=text)], labels=True).html
            + days_html(DAYS, [row_chart(one, DAYS)])
        )
        assert len(made.images) == 1
        assert ("row-name", text) in made.words
        assert text in str(made.images[0]["alt"])
        assert made.told[0].endswith(f"Sleep: 7 {text}")
        ElementTree.fromstring(picture(one, DAYS, [note(3, text=text)], "svg", theme="light"))


class TestDaysPointedAt:
    def test_each_tells_its_name_and_every_row(self) -> None:
        made = [row_chart(row({0: 7}), DAYS), row_chart(row({}, skipped=(0,)), DAYS)]
        told = Seen(days_html(DAYS, made)).told
        assert len(told) == 42
        assert told[0] == "Mon 29 Sep 2025\nSleep: 7 h\nSleep: skipped"

    def test_the_chart_itself_has_none(self) -> None:
        made = row_chart(row({0: 7}), DAYS)
        assert isinstance(made, RowChart)
        assert not Seen(made.html).told


class TestTheme:
    def test_it_follows_the_page_by_itself(self) -> None:
        (image,) = seen(row({0: 7})).images
        light, _, dark = unquote(str(image["src"])).partition("@media(prefers-color-scheme:dark)")
        assert LIGHT.ink in light
        assert DARK.ink in dark
        assert LIGHT.ink not in dark

    def test_a_file_has_the_theme_that_it_was_made_in(self) -> None:
        made = picture(row({0: 7}), DAYS, [], "svg", theme="dark").decode()
        assert DARK.ink in made
        assert "prefers-color-scheme" not in made


class TestPicture:
    def test_png_and_svg_with_every_day_and_the_name(self) -> None:
        one = row({0: 7, 1: 6, 3: 9}, usual=(4, 6, 8), outside={3: 1}, skipped=(5,))
        assert picture(one, DAYS, [note(7)], "png", theme="dark")[:8] == b"\x89PNG\r\n\x1a\n"
        svg = ElementTree.fromstring(picture(one, DAYS, [note(7)], "svg", theme="dark"))
        said = [t.text for t in svg.iter(f"{SVG}text")]
        assert {"Sleep", "Launch", "29 Sep"} <= set(said)
        assert len(marks(svg, "above")) == 1
        assert len(marks(svg, "usual")) == 2

    @pytest.mark.parametrize("values", [{}, {0: 0.0}, {0: -3.0, 5: 2.0}, {41: 1e6}])
    def test_odd_rows_draw_too(self, values: dict[int, float]) -> None:
        made = picture(row(values), DAYS, [], "png", theme="light")
        assert made.startswith(b"\x89PNG")

    def test_a_name_without_room_is_cut(self) -> None:
        notes = [note(3, text="A very long name of an event"), note(8, text="Another")]
        svg = ElementTree.fromstring(picture(row({0: 7}), DAYS, notes, "svg", theme="light"))
        said = [str(t.text) for t in svg.iter(f"{SVG}text")]
        assert any(s.startswith("A ve") and s.endswith("…") for s in said)


def test_the_chart_of_a_row_does_not_load_what_it_does_not_need() -> None:
    code = (
        "import sys, pages.parts.row_chart, pages.parts.needle\n"
        "print([m for m in ('altair', 'pandas', 'streamlit', 'vl_convert') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
