"""Sprints in words: where one stands, what was written, what its measure did."""

from __future__ import annotations

from datetime import date

from coach_data.library import words
from coach_data.model import Indicator, Kind, Measure
from coach_data.sprints import Line, Stage, last_day, short_day
from coach_data.statistics.comparison import Moved, Why
from coach_data.trials import Trial
from pages.parts.cards import number

REASONS = {Why.FEW_BEFORE: "few_before", Why.FEW_DURING: "few_during", Why.CONSTANT: "constant"}


def days_words(line: Line) -> str:
    """Its days: "4 May to 17 May"."""
    return f"{short_day(line.sprint.first_day)} to {short_day(last_day(line.sprint))}"


def standing(line: Line, today: date) -> str:
    """Days and stage in one line: "4 May to 17 May · day 5 of 14"."""
    days, day = days_words(line), (today - line.sprint.first_day).days + 1
    stage = f"day {day} of 14" if line.stage is Stage.RUNNING else line.stage.value
    if line.retrospective is not None:
        stage = {"adopt": "adopted", "adapt": "adapted", "abandon": "abandoned"}[
            line.retrospective.decision
        ]
    return f"{days} · {stage}"


def planned(line: Line, measure: Indicator | None) -> list[tuple[str, str]]:
    """What was written before the first day, each under its name."""
    sprint = line.sprint
    before = f"the {sprint.baseline_days} days before"
    if measure is not None and measure.kind is Kind.SPRINT and sprint.adapted_from is None:
        before = "no days before, it is measured only during the sprint"
    name = measure.name if measure is not None else "not there any more"
    way = "more is better" if sprint.rising_is_better else "less is better"
    return [
        ("Hypothesis", sprint.hypothesis),
        ("Behaviour", sprint.behaviour),
        ("Measure", f"{name}, {way}"),
        ("Compared with", before),
        ("It worked if", sprint.success_rule),
    ]


def learned(line: Line) -> list[tuple[str, str]]:
    """What the retrospective holds, each under its name, without what was left empty."""
    ended = line.retrospective
    if ended is None:
        return []
    said = (
        (words("sprints.done_as_planned"), ended.tried),
        ("What surprised", ended.surprised),
        ("What was learned", ended.learned),
        ("Part of the habit that gave way", ended.weak_part.value if ended.weak_part else ""),
    )
    return [(name, text) for name, text in said if text]


def moved_words(trial: Trial) -> list[str]:
    """What moved, as sure as the days allow, a sentence a line."""
    result, name = trial.result, trial.measure.name
    if result.verdict is Moved.CANNOT_TELL:
        if Why.NOTHING in result.why:
            return [words("sprints.moved.nothing")]
        lines = [words("sprints.moved.cannot", name=name)]
        for why in result.why:
            early = why is Why.FEW_BEFORE
            known = result.known_before if early else result.known_during
            key = (
                "made"
                if early and not known and trial.measure.kind is Kind.SPRINT
                else REASONS[why]
            )
            lines.append(words(f"sprints.moved.{key}", known=known, days=trial.n_before))
        return lines
    told = words(
        "sprints.moved.moved" if trial.towards else "sprints.moved.not_moved",
        name=name,
        before=amount(trial, result.before),
        during=amount(trial, result.during),
        difference=amount(trial, result.difference, signed=True),
        low=amount(trial, result.low, signed=True),
        high=amount(trial, result.high, signed=True),
    )
    key = {1: "better", -1: "worse", 0: "flat"}[trial.towards]
    return [told, words(f"sprints.moved.{key}")]


def amount(trial: Trial, value: float | None, *, signed: bool = False) -> str:
    """A value with its unit, three digits; a yes/no as a share of the days."""
    if value is None:
        return number(None)
    share = trial.measure.measure is Measure.YES_NO
    value = float(f"{100 * value if share else value:.3g}")
    unit = "%" if share and not signed else "percentage points" if share else _unit(trial)
    sign = "+" if signed and value > 0 else "−" if value < 0 else ""
    return f"{sign}{number(abs(value), unit)}"


def _unit(trial: Trial) -> str:
    unit = trial.measure.unit
    return "" if trial.measure.measure is Measure.RATING else unit
