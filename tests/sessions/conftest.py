"""A coachee and her coach, each with a tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from coach_data.behaviours import add_leading
from coach_data.commitments import keep_commitment
from coach_data.model import Person, Role, Session
from coach_data.people import pair
from coach_data.plan import new_indicator
from coach_data.privacy import Visit
from coach_data.session_notes import keep_note, keep_notebook
from coach_data.sessions import begin, end
from coach_data.store import Store


@dataclass
class Pair:
    """Ann and her coach Cleo, each with a tab."""

    store: Store
    now: datetime
    ann: Person
    cleo: Person

    def coachee(self, after: float = 0) -> Visit:
        """Ann's tab, ``after`` seconds later."""
        return Visit.open(self.store, self.ann.person_id, self.now + timedelta(seconds=after))

    def coach(self, after: float = 0) -> Visit:
        then = self.now + timedelta(seconds=after)
        return Visit.open(self.store, self.cleo.person_id, then, self.ann.person_id)


@pytest.fixture
def two(store: Store, person: Callable[..., Person], now: datetime) -> Pair:
    made = Pair(store, now, person("Ann"), person("Cleo", roles=(Role.COACH,)))
    pair(made.coachee(), made.cleo.person_id)
    return made


NASTY = "<script>x</script> ![a](http://x.example/a.png)\n# H\n1. one\n- two & _three_ `four`"


@pytest.fixture
def held(
    store: Store, person: Callable[..., Person], now: datetime
) -> tuple[Visit, Visit, Session]:
    """The coachee, the coach and their session, which has everything in it."""
    ann, cleo = person("Ann"), person("Cleo", roles=(Role.COACH,))
    own = Visit.open(store, ann.person_id, now)
    calls = new_indicator(own, "Calls")
    add_leading(own, calls, None)
    pair(own, cleo.person_id)
    coach = Visit.open(store, cleo.person_id, now, ann.person_id)
    session = begin(coach, cleo.person_id)
    keep_note(own, session, 1, "calls were easy\nMondays hard", "")
    keep_note(coach, session, 3, NASTY, "")
    keep_notebook(own, session, "DIARY of Ann", "")
    keep_notebook(coach, session, "GUESS of Cleo", "")
    keep_commitment(
        own, session, "Two calls before ten", indicator_id=calls.indicator_id,
        tracked="a tick at ten", support="a nudge on Monday",
    )  # fmt: skip
    return own, coach, end(coach, session, own.today + timedelta(days=14))
