"""Every screen of every kind of person, on one store: the sample's, somebody who has only just come,
and somebody whose names and texts are as long as they can be. Who it is, is in the browser's token.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from coach_data.behaviours import add_leading
from coach_data.commitments import keep_commitment
from coach_data.devices import people_on_this_device, remember_device
from coach_data.entries import Logged, log_day
from coach_data.habits import keep_habit
from coach_data.model import Aim, Habit, Indicator, Kind, Measure, Role
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import join, pair
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from coach_data.session_notes import keep_note
from coach_data.sessions import begin, end
from coach_data.sprints import new_sprint, start
from coach_data.store import Store
from tests.browser.conftest import settle
from tests.browser.server import Server

SCREENS = ["", "today", "compass", "matter", "session", "outcome", "sprints", "people", "my_data"]
SCREENS += ["guide", "bring_in", "programme"]
OF_ROLE = {
    "Noor": ["", "people", "my_data", "guide"],
    "Wanda": ["", "today", "compass", "people", "my_data", "programme"],
    "Ada": ["", "people"],
}
"""What others than a coachee open by its address; a coach reaches the rest through a coachee."""
LONG_NAME = "Maximiliane-Friederike von Hohenlohe-Waldenburg-Schillingsfü"
LONG = [
    "Arbeitsunfähigkeitsbescheinigungsanforderungsgespräche führen",
    "Rückmeldungsvereinbarungsgespräche mit Abteilungsleiterinnen",
    "Donaudampfschifffahrtsgesellschaftskapitänspatentprüfungen",
    "Konzentrationsarbeitszeitblöcke von fünfzig Minuten",
    "Kundenzufriedenheitsbefragungsergebnisse gemeinsam lesen",
]
TEXT = "Geschwindigkeitsbegrenzungsüberschreitungen in der Abteilungsleiterbesprechung besprochen. "
CROWD = 40
"""People beside those who matter."""


def fill(folder: Path) -> None:
    """Add to the store of the sample: Ann, who has nothing yet; LONG_NAME; Ada, who administers."""
    now = datetime.now(UTC)
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    ids = {name: i for i, name, _ in people_on_this_device(store)}
    ids["Ann"] = join(store, "Ann", now).person_id
    ids["Ada"] = join(store, "Ada", now, roles=(Role.ADMINISTRATOR,)).person_id
    ids[LONG_NAME] = _long(store, now)
    for number in range(CROWD):
        join(store, f"{LONG_NAME[:40]} {number}", now)
    for name, person_id in ids.items():
        remember_device(store, token(name), person_id, now)
    store.close()


def token(name: str) -> str:
    """What the browser of that person holds."""
    return f"browser of {name}".replace(" ", "-").encode("ascii", "replace").decode()


def be(context: BrowserContext, server: Server, name: str) -> Page:
    """A page of that person's."""
    context.add_cookies([{"name": "coach_device", "value": token(name), "url": server.url}])
    return context.new_page()


def show(page: Page, server: Server, screen: str) -> None:
    """Open a screen by its address."""
    page.goto(f"{server.url}/{screen}")
    settle(page)


def turn_to(page: Page, server: Server, screen: str) -> None:
    """Go on to another screen within the app, as with the browser's own arrows."""
    if not page.url.startswith(server.url) or page.url == f"{server.url}/{screen}":
        show(page, server, screen)
        return
    there = (
        f"history.pushState(null, '', '/{screen}'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    before = page.title()
    page.evaluate(there)
    page.wait_for_function("before => document.title !== before", arg=before)
    settle(page)


def compass_of(context: BrowserContext, server: Server, name: str) -> Page:
    """The compass of that person, drawn, in a page of theirs."""
    page = be(context, server, name)
    show(page, server, "compass")
    page.locator(".row-chart img").nth(4).wait_for()
    settle(page)
    return page


def wide(page: Page) -> int:
    """How wide the page is that could be scrolled to, in CSS pixels."""
    return int(
        page.evaluate(
            "Math.max(document.documentElement.scrollWidth,"
            " document.querySelector('[data-testid=\"stMain\"]').scrollWidth)"
        )
    )


def _long(store: Store, now: datetime) -> int:
    """Two months of somebody whose every text is long; their id."""
    person = join(store, LONG_NAME, now)
    begun = now - timedelta(days=60)
    visit = Visit.open(store, person.person_id, begun)
    lagging = new_indicator(visit, "Weiterempfehlungswahrscheinlichkeitsindex", Kind.LAGGING)
    lagging = replace(lagging, unit="Bewertungspunkte")
    outcome = replace(
        new_outcome(visit, TEXT * 2),
        difference=TEXT,
        noticed_by=TEXT,
        indicator_id=lagging.indicator_id,
        baseline=40.0,
        target=60.0,
        due=visit.today + timedelta(days=90),
    )
    outcome = keep_outcome(visit, outcome, lagging)
    made = [_behaviour(visit, name, outcome.outcome_id) for name in LONG]
    for number in range(60):
        visit = Visit.open(store, person.person_id, begun + timedelta(days=number))
        values = [float((number * 7 + k) % 4) for k in range(len(made))]
        days = [
            Logged(i, v, note=TEXT if number % 20 == 0 else "")
            for i, v in zip(made, values, strict=True)
        ]
        log_day(visit, visit.today, [*days, Logged(lagging, 40.0 + number % 9)])
    coach = join(store, f"Coach von {LONG_NAME}"[:60], now, roles=(Role.COACH,))
    visit = Visit.open(store, person.person_id, now - timedelta(days=20))
    pair(visit, coach.person_id)
    held = begin(visit, coach.person_id)
    keep_note(visit, held, 1, TEXT * 5, "")
    keep_commitment(visit, held, TEXT, tracked=TEXT, support=TEXT)
    end(visit, held, visit.today + timedelta(days=14))
    sprint = new_sprint(visit, measure_id=made[0].indicator_id, behaviour=LONG[0])
    start(visit, replace(sprint, hypothesis=TEXT, success_rule=TEXT))
    habit = {"cue": TEXT, "routine": TEXT, "two_minute_start": TEXT, "reward": TEXT}
    keep_habit(visit, Habit(person_id=person.person_id, indicator_id=made[0].indicator_id, **habit))
    return person.person_id


def _behaviour(visit: Visit, name: str, outcome_id: int) -> Indicator:
    made = replace(
        new_indicator(visit, name),
        measure=Measure.COUNT,
        unit="Gesprächseinheiten",
        outcome_id=outcome_id,
        expected_lag=3,
    )
    aim = Aim(
        person_id=visit.viewer_id, indicator_id=made.indicator_id, since=visit.today, amount=2
    )
    add_leading(visit, made, aim)
    return made
