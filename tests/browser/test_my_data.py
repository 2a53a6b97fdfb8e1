"""My data in the browser: what is taken back is gone in the tab that the coach has open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coach_data.behaviours import add_leading
from coach_data.devices import remember_device
from coach_data.model import Aim, Entry, EntryNote, Measure, Purpose, Role
from coach_data.people import consent, join, pair
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from tests.browser.conftest import Watch, settle
from tests.browser.server import ForkedServer, Server
from tests.browser.test_looks import BOTH, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ANN, CLEO = "a" * 43, "c" * 43
"""What the browsers of the two hold."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Ann, who logs Calls with notes, and Cleo, her coach, who may see both."""
    now = datetime.now(UTC)
    store = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key"))
    ann, cleo = join(store, "Ann", now), join(store, "Cleo", now, roles=(Role.COACH,))
    visit = Visit.open(store, ann.person_id, now)
    pair(visit, cleo.person_id)
    calls = replace(new_indicator(visit, "Calls"), measure=Measure.COUNT)
    ids = {"person_id": ann.person_id, "indicator_id": calls.indicator_id}
    add_leading(visit, calls, Aim(**ids, since=visit.today, amount=2))
    days = [visit.today - timedelta(days=k) for k in range(1, 20)]
    visit.save(*(Entry(**ids, day=day, value=2 + day.day % 3) for day in days))
    visit.save(EntryNote(**ids, day=days[0], note="Only for Cleo to read"))
    for purpose in (Purpose.ENTRIES, Purpose.NOTES):
        consent(visit, purpose, given=True)
    for token, person in ((ANN, ann), (CLEO, cleo)):
        remember_device(store, token, person.person_id, now)
    store.close()
    started = ForkedServer(tmp_path)
    yield started
    started.stop()


def as_(browser: BrowserContext, server: Server, token: str, screen: str) -> Page:
    browser.add_cookies([{"name": "coach_device", "value": token, "url": server.url}])
    page = browser.new_page()
    page.goto(f"{server.url}/{screen}")
    settle(page)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    settle(page)


def choose(page: Page, name: str) -> None:
    """One of a row of buttons."""
    page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).first.click()
    settle(page)


def card(page: Page, title: str) -> str:
    """What stands in the card of a consent."""
    box = page.get_by_test_id("stVerticalBlock").filter(has=page.get_by_role("heading", name=title))
    return box.last.inner_text()


@pytest.mark.abuse(38)
def test_38_what_is_withdrawn_or_ended_is_gone_in_the_tab_that_is_open(
    server: Server, context: Callable[..., BrowserContext]
) -> None:
    theirs = as_(context(), server, CLEO, "compass")
    box = theirs.get_by_role("combobox", name="Looking at")
    box.click()
    theirs.get_by_role("option", name="Ann").click()
    theirs.get_by_role("heading", name="Compass of Ann").wait_for()
    settle(theirs)
    press(theirs, "How to read it, and more")
    choose(theirs, "Notes")
    main = theirs.get_by_test_id("stMain")
    expect(main).to_contain_text("Only for Cleo to read")
    nothing = main.get_by_text("Nothing to read yet")
    expect(nothing).to_have_count(0)

    mine = as_(context(), server, ANN, "my_data")
    mine.get_by_role("button", name="Withdraw").nth(1).click()  # of the notes: one click
    settle(mine)
    assert "Withdrawn on" in card(mine, "My coach sees my notes")
    choose(theirs, "How to read it")
    choose(theirs, "Notes")
    expect(main).not_to_contain_text("Only for Cleo to read")
    expect(nothing).to_have_count(0)

    mine.get_by_role("button", name="Withdraw").first.click()  # of the entries
    settle(mine)
    assert "Withdrawn on" in card(mine, "My coach sees my entries")
    choose(theirs, "How to read it")
    expect(nothing).to_have_count(1)
    expect(main).to_contain_text("Calls")

    choose(mine, "Coaches")
    press(mine, "End it")
    press(mine, "End the pairing")
    expect(mine.get_by_test_id("stMain")).to_contain_text("Nobody coaches you at present")
    choose(theirs, "Notes")
    for word in ("Ann", "Calls"):
        expect(main).not_to_contain_text(word)
    theirs.goto(f"{server.url}/session")
    settle(theirs)
    expect(main).not_to_contain_text("Ann")

    choose(mine, "Who looked")
    expect(mine.get_by_test_id("stMain")).to_contain_text("Cleo · Compass")


@pytest.mark.parametrize(("size", "theme"), BOTH)
def test_every_section_is_sound(
    server: Server, context: Callable[..., BrowserContext], size: dict[str, int], theme: str
) -> None:
    browser = context(size, theme)
    page = as_(browser, server, ANN, "my_data")
    watch = Watch(page, server.url)
    sections = page.get_by_test_id("stButtonGroup").first.locator("button").all_inner_texts()
    assert {"Consents", "Who looked", "What my coach sees"} <= set(sections)
    for section in sections:
        choose(page, section)
        if section == "What my coach sees":
            page.get_by_text("Your compass as Cleo sees it").click()
            page.locator(".row-chart img").wait_for()
            settle(page)
        assert violations(page) == [], (section, theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], section
    assert not watch.foreign
    assert not watch.errors


def test_a_consent_is_given_and_withdrawn_by_keyboard(
    server: Server, context: Callable[..., BrowserContext]
) -> None:
    page = as_(context(), server, ANN, "my_data")
    count = page.get_by_role("button", name="Withdraw").count()
    assert count == 2
    for word, left in (("Allow", 3), ("Withdraw", 2)):
        button = page.get_by_role("button", name=word).last
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Withdraw")).to_have_count(left)
        settle(page)
    told = card(page, "My indicators count in the group pattern")
    assert told.index("Withdrawn on") < told.index("Given on")
