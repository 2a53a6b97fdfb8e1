"""The router on a store of its own, and ways to come in and look at what a person would read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coach_data.behaviours import add_leading
from coach_data.model import Aim, Indicator, Measure, Outcome, Person
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import join
from coach_data.plan import new_indicator
from coach_data.privacy import Visit
from coach_data.store import Store
from pages.parts.browser import present, the_store
from tests.kept_database import KeptDatabase
from tests.kept_store import KeptStore

ROUTER = Path(__file__).parents[2] / "pages" / "parts" / "navigation.py"


@pytest.fixture
def store(kept_store: KeptStore | KeptDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The one store that the screens open, with nothing in it, at a fixed Sunday noon."""
    monkeypatch.setenv("COACH_DATABASE", str(kept_store.where.data))
    monkeypatch.setenv("COACH_KEY_FILE", str(kept_store.where.key_file))
    monkeypatch.setattr("pages.parts.browser.open_store", lambda where: kept_store.anew())
    monkeypatch.setenv("COACH_NOW", "2026-05-31T12:00:00+00:00")
    monkeypatch.delenv("COACH_KEY", raising=False)
    # AppTest has no browser behind it: identity is then that of the session alone.
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", {})
    the_store.clear()
    yield the_store()
    the_store.clear()


class Screens:
    """One browser tab."""

    def __init__(self, viewer: Person | None = None) -> None:
        self.at = AppTest.from_file(str(ROUTER), default_timeout=30)
        if viewer is not None:
            self.at.session_state["viewer_id"] = viewer.person_id
        self.at.run()
        self.sound()

    def open(self, screen: str) -> Screens:
        self.at.switch_page(f"../{screen}.py").run()
        self.sound()
        return self

    def sound(self) -> None:
        assert not self.at.exception, [e.message for e in self.at.exception]

    def press(self, label: str) -> Screens:
        found = [b for b in self.at.button if b.label == label]
        assert found, f"{label} is not among {[b.label for b in self.at.button]}"
        found[0].click().run()
        self.sound()
        return self

    def field(self, kind: str, label: str) -> Any:
        """The widget of that kind whose label holds those words."""
        found = [w for w in self.at.get(kind) if label in w.label]
        assert found, f"{label} is not among {[w.label for w in self.at.get(kind)]}"
        return found[0]

    @property
    def words(self) -> str:
        """All that can be read: texts, headings, messages and labels."""
        kinds = ("title", "subheader", "header", "markdown", "text", "caption", "error")
        more = ("warning", "info", "success", "html")
        said: list[str] = []
        for kind in (*kinds, *more):
            for element in self.at.get(kind):
                proto = element.proto
                body = getattr(proto, "body", "") or getattr(element, "value", "")
                said += [str(body), str(getattr(proto, "title", ""))]
        for kind in ("button", "number_input", "text_input", "selectbox", "expander", "radio"):
            said += [str(w.label) for w in self.at.get(kind)]
        for box in self.at.selectbox:
            said += [str(o) for o in box.options]
        return "\n".join(said)

    @property
    def offered(self) -> list[str]:
        """What can be chosen from rows of buttons."""
        return [str(o) for g in self.at.button_group for o in g.options]

    @property
    def alts(self) -> list[str]:
        """The alternative texts of the charts: of those that Vega draws, and of the rows of a compass."""
        rows = re.findall(r'class="row-chart"><img [^>]*?alt="([^"]*)"', self.words)
        return [c.proto.alt for c in self.at.get("vega_lite_chart")] + [unescape(a) for a in rows]


@pytest.fixture
def tab(store: Store) -> Callable[..., Screens]:
    """``tab(person)``: a tab in which that person is here; without one, a first visitor's."""
    return Screens


@pytest.fixture
def ann(store: Store) -> Person:
    return join(store, "Ann", present())


@pytest.fixture
def plan(store: Store) -> Callable[..., list[Indicator]]:
    """``plan(person, "Calls", "Walk")``: an outcome of theirs with these behaviours."""

    def made(person: Person, *names: str, **given: Any) -> list[Indicator]:
        visit = Visit.open(store, person.person_id, present())
        outcome: Outcome = new_outcome(visit)
        keep_outcome(
            visit, replace(outcome, goal="Fewer surprises at the end of the quarter"), None
        )
        indicators = []
        for name in names:
            indicator = _changed(new_indicator(visit, name), outcome, given)
            aim = Aim(
                person_id=person.person_id,
                indicator_id=indicator.indicator_id,
                since=visit.today,
                amount=2.0,
            )
            add_leading(visit, indicator, aim, None)
            indicators.append(indicator)
        return indicators

    return made


def _changed(indicator: Indicator, outcome: Outcome, given: dict[str, Any]) -> Indicator:
    known = {"measure": Measure.COUNT, "outcome_id": outcome.outcome_id, **given}
    return replace(indicator, **known)


@pytest.fixture
def look(store, ann):
    """A fresh visit of Ann's."""
    return lambda: Visit.open(store, ann.person_id, present())
