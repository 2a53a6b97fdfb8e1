"""What the product says and suggests: TOML files beside this one, read once, never written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import TypeVar

from coach_data.library.loader import BadLibrary, flatten, parse
from coach_data.library.templates import (
    Area,
    Consents,
    ConsentWording,
    Ethics,
    Experiment,
    Experiments,
    Growth,
    Phrase,
    Principle,
    QuestionGroup,
    Questions,
    Reading,
    Roles,
    SprintMeasure,
    StartingAim,
    StartingGuard,
    StartingLagging,
    StartingLeading,
    Trap,
    Traps,
    Vague,
    Work,
)

__all__ = [
    "Area",
    "BadLibrary",
    "ConsentWording",
    "Experiment",
    "Phrase",
    "Principle",
    "QuestionGroup",
    "SprintMeasure",
    "StartingAim",
    "StartingGuard",
    "StartingLagging",
    "StartingLeading",
    "Trap",
    "Vague",
    "Work",
    "areas",
    "consents",
    "ethics",
    "experiments",
    "growth",
    "outcome_sentence",
    "placeholders",
    "questions",
    "reading",
    "roles",
    "session_parts",
    "traps",
    "vague",
    "word_list",
    "wording",
    "words",
]

FOLDER = Path(__file__).parent
T = TypeVar("T")


def _read(kind: type[T], file: str) -> T:
    return parse(kind, (FOLDER / file).read_text(encoding="utf-8"), file)


@cache
def _areas() -> tuple[Area, ...]:
    return _read(Roles, "roles.toml").areas


def areas(role: str) -> tuple[Area, ...]:
    """The starting points of ``role``, as in the file; KeyError where there are none."""
    found = tuple(area for area in _areas() if area.role == role)
    if not found:
        raise KeyError(f"roles.toml: no areas for the role {role!r}")
    return found


def roles() -> tuple[str, ...]:
    """The roles that have starting points, in the order of the file."""
    return tuple(dict.fromkeys(area.role for area in _areas()))


@cache
def vague() -> Vague:
    """What makes a goal vague, as sets of lower-case words and phrases."""
    return _read(Vague, "vague.toml")


@cache
def _groups() -> tuple[QuestionGroup, ...]:
    return _read(Questions, "questions.toml").groups


def questions(key: str) -> QuestionGroup:
    """The questions of a part of the session or of a trap; KeyError where there are none."""
    for group in _groups():
        if group.key == key:
            return group
    raise KeyError(f"questions.toml: no questions for {key!r}")


def session_parts() -> tuple[QuestionGroup, ...]:
    """The four parts of a session, in their order, with their minutes."""
    return tuple(group for group in _groups() if group.minutes is not None)


@cache
def traps() -> tuple[Trap, ...]:
    """Metric fixation; set and forget."""
    return _read(Traps, "traps.toml").traps


@cache
def _experiments() -> tuple[Experiment, ...]:
    return _read(Experiments, "experiments.toml").experiments


def experiments(role: str) -> tuple[Experiment, ...]:
    """The two-week sprints for ``role``, as in the file; KeyError where there are none."""
    found = tuple(sprint for sprint in _experiments() if sprint.role == role)
    if not found:
        raise KeyError(f"experiments.toml: no experiments for the role {role!r}")
    return found


@cache
def growth() -> tuple[Phrase, ...]:
    """What to say, instead of what, and why."""
    return _read(Growth, "growth.toml").phrases


@cache
def ethics() -> tuple[Principle, ...]:
    """What everybody in the programme can rely on."""
    return _read(Ethics, "ethics.toml").principles


@cache
def consents() -> tuple[ConsentWording, ...]:
    """Every wording of every consent; of one purpose the latest version comes last."""
    return _read(Consents, "consents.toml").consents


@cache
def reading() -> tuple[Work, ...]:
    """Works worth reading, by topic."""
    return _read(Reading, "reading.toml").works


@cache
def wording() -> Mapping[str, str | tuple[str, ...]]:
    """All of wording.toml by dotted key."""
    text = (FOLDER / "wording.toml").read_text(encoding="utf-8")
    return MappingProxyType(flatten(text, "wording.toml"))


def placeholders(template: str) -> tuple[str, ...]:
    """The names in curly brackets, in the order in which they first appear."""
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


def words(key: str, /, **values: object) -> str:
    """The sentence at ``key``, its placeholders filled from ``values``; more values do no harm.

    KeyError, with the key, where there is no such sentence or a placeholder has no value.
    """
    template = wording().get(key)
    if not isinstance(template, str):
        raise KeyError(f"wording.toml: {key} is not a sentence")
    for name in placeholders(template):
        if name not in values:
            raise KeyError(f"wording.toml: {key} needs a value for {name}")
    return template.format_map(values)


def word_list(key: str) -> tuple[str, ...]:
    """The lines at ``key``, as in the file; KeyError where there is no such list."""
    lines = wording().get(key)
    if not isinstance(lines, tuple):
        raise KeyError(f"wording.toml: {key} is not a list")
    return lines


def outcome_sentence(
    *,
    indicator: str = "",
    baseline: str = "",
    target: str = "",
    due: str = "",
    difference: str = "",
    noticed_by: str = "",
) -> str:
    """The outcome read back in a sentence or three; what is not given is left out.

    ``baseline``, ``target``: with their units; ``due``: as it is to be read.
    """

    def said(**parts: str) -> list[str]:
        clean = {name: text.strip().rstrip(".") for name, text in parts.items()}
        return [words(f"outcome.sentence.{name}", **clean) for name in parts if clean[name]]

    way = " ".join(said(baseline=baseline, target=target, due=due))
    first = said(indicator=indicator)
    if way:
        name = first[0] if first else words("outcome.sentence.no_indicator")
        first = [f"{name}: {way}"]
    sentences = [*first, *said(difference=difference), *said(noticed_by=noticed_by)]
    return " ".join(f"{line[:1].upper()}{line[1:]}." for line in sentences)
