"""The screen Programme, as a lead, a coachee and a coach see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from random import Random
from xml.etree import ElementTree

import pytest

from coach_data.devices import people_on_this_device
from coach_data.model import Person, Role
from coach_data.people import join
from coach_data.privacy import Visit
from coach_data.statistics.release import Word
from coach_data.store import Store
from coach_data.team import Block, programme_of
from pages.parts.browser import present
from pages.parts.programme_parts import chart, days, table
from sample_data.load import load
from sample_data.participants import COUNT
from tests.screens.conftest import Screens

Tab = Callable[..., Screens]


@pytest.fixture(autouse=True)
def _known_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """The noise in a reading comes from the key, which is that of all tests, and from ids."""
    monkeypatch.setattr("coach_data.model.record.secrets.randbits", Random(1).getrandbits)


@pytest.fixture
def sample(store: Store) -> dict[str, int]:
    return load(store, present())


def person(store: Store, ids: dict[str, int], name: str) -> Person:
    return Visit.open(store, ids[name], present()).about


def test_before_the_first_release_it_says_when_and_what_is_needed(store: Store, tab: Tab) -> None:
    lead = join(store, "Lea", present(), roles=(Role.LEAD,))
    words = tab(lead).open("programme").words
    assert "Nothing is published yet" in words
    assert "22 June 2026" in words  # a week after the block of 18 May to 14 June
    assert "at least six people" in words
    assert "Traceback" not in words


def test_a_lead_reads_all_four_words_two_clicks_from_the_start(
    store: Store, tab: Tab, sample: dict[str, int]
) -> None:
    lead = tab(person(store, sample, "Wanda"))
    links = {link.proto.label: link.proto.page for link in lead.at.get("page_link")}
    assert links["Read the programme"] == "programme"
    words = lead.open("programme").words
    for word in Word:
        assert word.value.capitalize() in words
    seen = programme_of(Visit.open(store, sample["Wanda"], present()))
    last = {row.behaviour: row.words[-1] for row in seen.rows}
    assert last["Focus blocks of 50 minutes"] is Word.TOGETHER
    assert last["Working time before the first look at messages"] is Word.APART
    assert last["First task for tomorrow written down"] is Word.UNCLEAR
    assert "Walking outdoors" in seen.silent
    assert "22 June 2026" in words


def test_the_rest_of_the_sample_is_made_once_and_nobody_goes_in_as_one_of_them(
    store: Store, tab: Tab, sample: dict[str, int]
) -> None:
    lead = tab(person(store, sample, "Wanda")).open("programme")
    assert len(people_on_this_device(store)) == 13 + COUNT
    saves = store.saves
    lead.open("programme")
    assert store.saves == saves
    names = [option for box in tab().at.selectbox for option in box.options]
    assert len(names) == 13
    assert not [name for name in names if "Participant" in name]


def test_leads_2_no_name_no_number_and_nothing_to_choose_sort_or_download(
    store: Store, tab: Tab, sample: dict[str, int]
) -> None:
    lead = tab(person(store, sample, "Wanda")).open("programme")
    for kind in ("selectbox", "multiselect", "text_input", "button", "slider", "date_input"):
        assert not list(lead.at.get(kind)), kind
    for kind in ("dataframe", "download_button", "vega_lite_chart", "button_group", "table"):
        assert not list(lead.at.get(kind)), kind
    words = unescape(lead.words)
    for name in (*sample, "Participant"):
        assert not re.search(rf"\b{name}\b", words), name
    assert not re.search(r"\bn\s*=", words)
    read = re.sub(
        r"base64,[^\"]+|<style>.*?</style>|(class|scope|alt)=\"[^\"]*\"", "", words, flags=re.S
    )
    months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    read = re.sub(rf"\d+( ({months}))?–\d+ ({months})|\d+ June 2026|50 minutes|15:00", "", read)
    read = re.sub(r"any of these blocks: \d+ behaviours", "", read)
    assert re.findall(r".{0,20}\d+.{0,20}", read) == []


def test_leads_3_everybody_in_the_programme_reads_the_same_page(
    store: Store, tab: Tab, sample: dict[str, int]
) -> None:
    pages = [
        tab(person(store, sample, name)).open("programme").words
        for name in ("Wanda", "Amara", "Noor")
    ]
    assert pages[0] == pages[1] == pages[2]


def test_leads_1_the_own_programme_sees_nothing_of_the_sample(
    store: Store, tab: Tab, sample: dict[str, int], ann: Person
) -> None:
    tab(person(store, sample, "Wanda")).open("programme")
    assert "Nothing is published yet" in tab(ann).open("programme").words


def test_beside_the_consent_stands_what_a_lead_sees(tab: Tab, ann: Person) -> None:
    links = {
        link.proto.label: link.proto.page for link in tab(ann).open("my_data").at.get("page_link")
    }
    assert links["See what a lead sees"] == "programme"


# --- its parts ---


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 5, 4), date(2026, 5, 31), "4–31 May"),
        (date(2026, 4, 20), date(2026, 5, 17), "20 Apr–17 May"),
    ],
)
def test_the_days_of_a_block(first: date, last: date, expected: str) -> None:
    assert days(Block(first, last)) == expected


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_has_a_mark_for_each_word_and_a_line_between_neighbours(theme: str) -> None:
    said = (Word.TOGETHER, Word.UNCLEAR, Word.NOTHING, Word.APART, Word.APART)
    svg = chart(said, theme)  # type: ignore[arg-type]
    paths = list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"))
    lines = [p for p in paths if "fill" not in p.attrib]
    assert len(lines) == 2  # between the first two, and between the last two
    assert len(paths) - len(lines) == 1 + 1 + 2 + 2  # apart is a diamond in two pieces
    assert chart((), theme).startswith("<svg")  # type: ignore[arg-type]


def test_the_table_says_each_word_in_its_block(
    store: Store, sample: dict[str, int], tab: Tab
) -> None:
    tab(person(store, sample, "Wanda")).open("programme")
    programme = programme_of(Visit.open(store, sample["Wanda"], present()))
    html = table(programme, "light")
    assert html.count('scope="row"') == len(programme.rows)
    assert html.count('class="word ') == len(programme.rows) * len(programme.blocks)
    alts = [alt for alt in re.findall(r'alt="([^"]+)"', html) if alt]
    assert len(alts) == len(programme.rows)
    for row, alt in zip(programme.rows, alts, strict=True):
        assert alt == "; ".join(
            f"{days(block)} {word.value}"
            for block, word in zip(programme.blocks, row.words, strict=True)
        )
