"""Habits: what sets a behaviour off, how small it may begin, and the plan as one sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from coach_data.library import word_list, words
from coach_data.model import CoachError, Habit, Indicator, Kind
from coach_data.privacy import Visit
from coach_data.text import blank, clean

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As iCalendar names them, Monday first."""
SHORTEST, LONGEST = 1, 480
"""Minutes that the calendar may keep free."""
LAST_MINUTE = 24 * 60 - 1
UNKNOWN = "…"
"""Stands in the sentence for what is not written yet."""

_WHEN = re.compile(r"^(when|if)\s+", re.IGNORECASE)
_I_WILL = re.compile(r"^i(\s+will|[’']ll|\s+am\s+going\s+to)\s+", re.IGNORECASE)


class Unfinished(CoachError):
    """A plan needs its cue and its routine. Nothing was saved, what you typed is still here."""


class NoSuchTime(CoachError):
    """That is no time of a day, or nothing that a calendar could keep free. Nothing was saved."""


class NotABehaviour(CoachError):
    """Only a behaviour can become a habit; a result follows by itself. Nothing was saved."""


def habits_of(visit: Visit) -> dict[int, Habit]:
    """The habits of the person by their behaviour's indicator; those taken away are left out."""
    return {h.indicator_id: h for h in visit.records(Habit) if not h.removed}


def plan_sentence(habit: Habit) -> str:
    """The plan as one sentence: "When I pour my coffee, I will write three lines."

    A cue that opens with a word such as "after" stands as it is. What is not written yet is an
    ellipsis; nothing at all where both parts are empty.
    """
    cue = _WHEN.sub("", _tidy(habit.cue))
    routine = _I_WILL.sub("", _tidy(habit.routine))
    if not cue and not routine:
        return ""
    first = re.split(r"\W", cue, maxsplit=1)[0].lower()
    if first in word_list("habit.opening_words"):
        key, cue = "habit.plan_opened", cue[:1].upper() + cue[1:]
    else:
        key = "habit.plan"
        if first in word_list("habit.small_words"):
            cue = cue[:1].lower() + cue[1:]
    return words(key, cue=cue or UNKNOWN, routine=_inside(routine) or UNKNOWN)


def _tidy(text: str) -> str:
    """On one line and without its closing stop: the sentence brings its own."""
    return " ".join(text.split()).rstrip(".,;: ")


def _inside(routine: str) -> str:
    """A routine begins with a verb, so a capital is one of habit; "CRM" and "I" keep theirs."""
    first = routine.split(" ", 1)[0]
    if first[1:] != first[1:].lower() or first == "I":
        return routine
    return routine[:1].lower() + routine[1:]


def keep_habit(visit: Visit, habit: Habit) -> Habit:
    """Save how a behaviour becomes a habit; earlier wordings stay in the history.

    Raises Unfinished, NoSuchTime, NotABehaviour, BadText or NotAllowed; then nothing was saved.
    """
    if blank(habit.cue) or blank(habit.routine):
        raise Unfinished
    texts: dict[str, Any] = {name: clean(getattr(habit, name), name) for name in TEXTS}
    kept = replace(habit, **texts, weekdays=",".join(_days(habit)), removed=False)
    _check_time(kept)
    kinds = {i.indicator_id: i.kind for i in visit.records(Indicator)}
    if kinds.get(habit.indicator_id, Kind.LEADING) is not Kind.LEADING:
        raise NotABehaviour
    visit.save(kept)
    return kept


TEXTS = ("cue", "routine", "two_minute_start", "reward", "obstacle", "if_then")
"""The fields of a habit that are written in words, in the order in which they are thought of."""


def _days(habit: Habit) -> list[str]:
    given = {day.strip() for day in habit.weekdays.split(",") if day.strip()}
    if given - set(WEEKDAYS):
        raise NoSuchTime("That is no day of the week. Nothing was saved.")
    return [day for day in WEEKDAYS if day in given]


def _check_time(habit: Habit) -> None:
    if habit.at_minute is None:
        return
    if not 0 <= habit.at_minute <= LAST_MINUTE or not SHORTEST <= habit.minutes <= LONGEST:
        raise NoSuchTime
    if not habit.weekdays:
        raise NoSuchTime("A time needs at least one day of the week. Nothing was saved.")


def remove_habit(visit: Visit, habit: Habit) -> None:
    """Take it away from the behaviour; its history stays."""
    visit.save(replace(habit, removed=True))


def times_kept(visit: Visit, habit: Habit) -> int:
    """How often this habit was saved so far: a calendar takes the file with the higher number."""
    rows = visit.read(
        "SELECT count(*) FROM habit_history WHERE person_id = ? AND indicator_id = ?",
        [habit.person_id, habit.indicator_id],
    )
    return int(rows[0][0])
