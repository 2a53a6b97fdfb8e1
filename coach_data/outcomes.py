"""From a vague goal to an outcome: a number with a starting point, a target and a date."""

from __future__ import annotations

import re
from dataclasses import replace

from coach_data.library import outcome_sentence, vague, words
from coach_data.model import Incomplete, Indicator, Kind, Outcome, Status, new_id
from coach_data.privacy import Visit
from coach_data.text import blank
from coach_data.values import check_range, checked


def vagueness(outcome: Outcome, lagging: Indicator | None) -> list[str]:
    """What is still vague, each with what would make it concrete; empty when nothing is."""
    lists = vague()
    goal, difference = outcome.goal.lower().strip(), outcome.difference.lower()
    said = next((w for w in sorted(lists.words) if _has(w, goal)), None)
    problems = {
        "activity": any(_has(w, goal.split(",")[0][: len(w) + 1]) for w in lists.activities),
        "vague_word": said is not None and (lagging is None or outcome.target is None),
        "not_observable": any(_has(w, difference) for w in lists.inner_states),
        "no_number": lagging is None or outcome.target is None,
        "no_baseline": outcome.baseline is None,
        "no_date": outcome.due is None,
    }
    return [words(f"outcome.vague.{key}", word=said or "") for key, so in problems.items() if so]


def _has(phrase: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text) is not None


def sentence_of(outcome: Outcome, lagging: Indicator | None) -> str:
    """The whole outcome read back as one sentence; what is not known yet is left out."""
    unit = f" {lagging.unit}" if lagging and lagging.unit else ""

    def amount(value: float | None) -> str:
        return "" if value is None else f"{value:g}{unit}"

    return outcome_sentence(
        indicator=lagging.name if lagging else "",
        baseline=amount(outcome.baseline),
        target=amount(outcome.target),
        due=f"{outcome.due.day} {outcome.due:%B %Y}" if outcome.due else "",
        difference=outcome.difference,
        noticed_by=outcome.noticed_by,
    )


def keep_outcome(visit: Visit, outcome: Outcome, lagging: Indicator | None = None) -> Outcome:
    """Save an outcome as far as it is known, with its lagging indicator. Raises Incomplete.

    A draft may lack anything but its goal; it becomes active when nothing is missing any more.
    """
    if blank(outcome.goal):
        raise Incomplete("The goal is still empty: one rough sentence is enough to begin.")
    records: list[Outcome | Indicator] = []
    if lagging is not None:
        if blank(lagging.name):
            raise Incomplete("The number that shows the result needs a name.")
        check_range(lagging)
        outcome = replace(outcome, indicator_id=lagging.indicator_id)
        records.append(replace(lagging, kind=Kind.LAGGING, outcome_id=outcome.outcome_id))
        for value in (outcome.baseline, outcome.target):
            if value is not None:
                checked(lagging, value)
    if outcome.due is not None and outcome.due <= visit.today and outcome.status is Status.DRAFT:
        raise Incomplete("The date lies in the past; choose a day that is still to come.")
    outcome = completed(outcome)
    visit.save(outcome, *records)
    return outcome


def completed(outcome: Outcome) -> Outcome:
    """Active when nothing is missing, else a draft; parked and closed ones stay as they are."""
    if outcome.status in (Status.PARKED, Status.CLOSED):
        return outcome
    needed = (outcome.baseline, outcome.target, outcome.due, outcome.indicator_id)
    return replace(outcome, status=Status.DRAFT if None in needed else Status.ACTIVE)


def new_outcome(visit: Visit, goal: str = "") -> Outcome:
    """An outcome of the person this visit is about, not saved yet."""
    return Outcome(person_id=visit.about.person_id, outcome_id=new_id(), goal=goal)
