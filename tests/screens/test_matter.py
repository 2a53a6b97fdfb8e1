"""Does it matter: each verdict in its own words, four charts or a plain state, and who sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from coach_data.behaviours import add_leading
from coach_data.library import word_list, words
from coach_data.model import Aim, Entry, Kind, Measure, Purpose, Role
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import consent, join, pair
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit
from pages.parts.browser import present

NASTY = "<b>x</b> :red[y] # H ![](http://x.example/a.png) $z$"
NAN = float("nan")


@pytest.fixture
def days(store, ann):
    """``days(lead, result, lag=3)``: Ann's behaviour and result, the last value today."""

    def made(lead_values, result_values, lag=3, name="Calls", aim=-9.0, since=400, who=ann):
        visit = Visit.open(store, who.person_id, present())
        result = new_indicator(visit, "Sales", Kind.LAGGING)
        keep_outcome(visit, new_outcome(visit, "Win"), result)
        lead = replace(new_indicator(visit, name), measure=Measure.NUMBER, expected_lag=lag)
        agreed = None
        if aim is not None:
            agreed = Aim(
                person_id=who.person_id,
                indicator_id=lead.indicator_id,
                since=visit.today - timedelta(days=since),
                amount=aim,
            )
        add_leading(visit, lead, agreed)
        for indicator, values in ((lead, lead_values), (result, result_values)):
            first = visit.today - timedelta(days=len(values) - 1)
            ids = {"person_id": who.person_id, "indicator_id": indicator.indicator_id}
            entries = [
                Entry(**ids, day=first + timedelta(days=k), value=float(v))
                for k, v in enumerate(values)
                if v == v
            ]
            if entries:
                visit.save(*entries)
        return visit

    return made


def lever(n, gone=0):
    rng = np.random.default_rng(8)
    lead = rng.standard_normal(n + 3)
    strength = np.where(np.arange(n) >= n - gone, 0.0, 0.8)
    return lead[3:], strength * lead[:n] + np.sqrt(1 - strength**2) * rng.standard_normal(n)


def noise(n):
    rng = np.random.default_rng(5)
    return rng.standard_normal(n), rng.standard_normal(n)


def sound(words_said):
    """What is never said, and never shown."""
    found = re.search(r"\b(gaming|caus(e|es|ed|ing)|nan|None)\b", words_said)
    assert found is None, found


def test_moving_together(ann, days, tab) -> None:
    days(*lever(180))
    own = tab(ann).open("matter")
    assert "Moving together: Calls and, 3 days later, Sales" in own.words
    assert "the next look is on" in own.words
    assert len(own.alts) == len(set(own.alts)) == 4
    assert words("matter.question.ask") not in own.words
    sound(own.words + " ".join(own.alts))


def test_no_clear_pattern_says_what_could_have_been_seen(ann, days, tab) -> None:
    days(*noise(120))
    own = tab(ann).open("matter")
    assert "No clear pattern yet between Calls and Sales" in own.words
    assert re.search(r"a link weaker than r = 0\.\d\d would not have been seen", own.words)
    assert words("matter.line.unclear") in own.words
    assert len(own.alts) == 4
    sound(own.words)


def test_drifted_apart_asks_and_offers_three_steps(ann, days, tab) -> None:
    days(*lever(300, gone=100))
    own = tab(ann).open("matter")
    assert "Drifted apart" in own.words
    assert words("matter.question.ask") in own.words
    for step in word_list("matter.question.steps"):
        assert step in own.words
    sound(own.words)


def test_the_figures_are_one_click_away(ann, days, tab) -> None:
    days(*lever(180))
    own = tab(ann).open("matter")
    assert "Strength of the pattern (r)" not in own.words
    own.at.session_state["matter_figures"] = True
    own.at.run()
    own.sound()
    shown = own.words.replace("\\", "")
    for part in ("r), at 3 days", "95 % range", "14 delays", "reverse direction", "Smallest r"):
        assert part in shown, part
    sound(shown)


MONTHLY = np.where(np.arange(200) % 30 == 0, 1.0 + np.arange(200), NAN)


@pytest.mark.parametrize(
    ("made", "key", "next_step"),
    [
        (lever(20), "Too early to say: 17 of 30 days", "the first look can be on 13 June 2026"),
        ((np.full(90, 5.0), lever(90)[1]), "No variation to learn from yet", "clearly more"),
        ((lever(90)[0], np.full(90, 5.0)), "No variation to learn from yet", "finer"),
        ((lever(200)[0], MONTHLY), "This result comes too seldom", "moves earlier"),
        (([NAN], [NAN]), "The check begins once", "Log a day"),
    ],
    ids=["early", "constant", "constant result", "monthly", "nothing"],
)
def test_each_plain_state_says_what_to_do_next(ann, days, tab, made, key, next_step) -> None:
    days(*made)
    own = tab(ann).open("matter")
    links = " ".join(link.proto.label for link in own.at.get("page_link"))
    assert key in own.words
    assert next_step in own.words + links
    assert not own.alts
    sound(own.words)


def test_a_result_that_moves_first_has_its_own_words(ann, days, tab) -> None:
    lead, result = lever(180)
    days(result, lead)
    own = tab(ann).open("matter")
    assert "The result seems to move first: Sales, then Calls" in own.words
    assert words("matter.next.reverse") in own.words
    assert words("matter.line.reverse") in own.words


def test_a_possible_link_is_said_to_be_searched_for(ann, days, tab) -> None:
    days(*lever(180), lag=None, aim=None)
    own = tab(ann).open("matter")
    assert "A possible link: Calls and, 3 days later, Sales" in own.words
    assert words("matter.no_lag") in own.words
    assert words("matter.values.no_aim") in own.words


def test_another_pair_can_be_chosen(ann, days, tab, store) -> None:
    visit = days(*lever(180))
    add_leading(visit, new_indicator(visit, "Walk"), None)
    own = tab(ann).open("matter")
    box = own.field("selectbox", "Behaviour")
    assert list(box.options) == ["Calls", "Walk"]
    box.set_value(_id(visit, "Walk")).run()
    own.sound()
    assert words("matter.next.nothing") in own.words


def _id(visit, name):
    return next(i.indicator_id for i in plan_of(visit).leading if i.name == name)


def test_nothing_set_up_leads_to_the_outcome(ann, tab) -> None:
    own = tab(ann).open("matter")
    assert words("matter.empty") in own.words


def test_a_coach_needs_the_consent(ann, days, tab, store) -> None:
    visit = days(*lever(180))
    coach = join(store, "Cleo", present(), roles=(Role.COACH,))
    pair(visit, coach.person_id)
    seen = tab(coach).open("matter")
    seen.field("selectbox", "Looking at").set_value(ann.person_id).run()
    seen.sound()
    assert words("matter.nothing_shared") in seen.words
    assert not seen.alts
    consent(visit, Purpose.ENTRIES, given=True)
    seen.at.run()
    seen.sound()
    assert "Moving together" in seen.words
    consent(visit, Purpose.ENTRIES, given=False)
    seen.at.run()
    assert not seen.alts


def test_what_was_chosen_for_one_coachee_is_not_asked_of_another(ann, days, tab, store) -> None:
    ben, coach = join(store, "Ben", present()), join(store, "Cleo", present(), roles=(Role.COACH,))
    visits = [days(*lever(180)), days(*noise(120), name="Walk", who=ben)]
    add_leading(visits[0], new_indicator(visits[0], "Sleep"), None)
    for visit in visits:
        pair(visit, coach.person_id)
        consent(visit, Purpose.ENTRIES, given=True)
    seen = tab(coach).open("matter")
    seen.field("selectbox", "Looking at").set_value(ann.person_id).run()
    seen.field("selectbox", "Behaviour").set_value(_id(visits[0], "Sleep")).run()
    seen.field("selectbox", "Looking at").set_value(ben.person_id).run()
    seen.sound()
    assert "No clear pattern yet between Walk and Sales" in seen.words
    assert list(seen.field("selectbox", "Behaviour").options) == ["Walk"]
    assert "Calls" not in seen.words


def test_a_shared_screen_shows_no_value_before_the_coachee_says_go(ann, days, tab) -> None:
    days(*lever(180))
    own = tab(ann).open("matter")
    own.press("Share screen")
    assert not own.alts
    assert "Moving together" not in own.words
    own.press("Show values")
    assert len(own.alts) == 4


def test_a_name_is_shown_to_the_letter(ann, days, tab) -> None:
    days(*lever(300, gone=100), name=NASTY)
    own = tab(ann).open("matter")
    own.at.session_state["matter_figures"] = True
    own.at.run()
    own.sound()
    for html in own.at.get("html"):
        assert "<b>" not in html.proto.body
    for body in (m.value for m in own.at.markdown):
        bare = re.sub(r"\\.", "", body)
        assert not any(mark in bare for mark in ("<", ":red", "[", "$"))
