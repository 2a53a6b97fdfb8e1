"""Ten coachees, two coaches, one lead, half a year: generated for a day, the same for the same seed.

Only the weekday of the last day changes the numbers, so seven dates stand for all of them; the
stories show on each (tests/test_sample_data.py). Another seed is another programme with the same
effects, in which chance may hide one of them.

========  ==========  =====================================================================
name      coach       what the numbers show
========  ==========  =====================================================================
Amara     Noor        honest lever: replies that restate the request first (towards the aim
                      in the last weeks) move the share solved three days later, effect .45;
                      focus blocks ordinary with a new aim, reading ordinary with three days
                      outside the usual, messages after closing time away from the aim
Bruno     Noor        fixation: contacts drove orders three days later until an aim was
                      agreed half-way; since then exactly at the aim on most days, the
                      orders no longer follow, and the guard worsens
Chen      Noor        unrelated pair: practice and exercises solved, two series with memory
Dalia     Noor        weekly outcome: each Friday's share answers to the questions asked in
                      the week before
Emil      Noor        shifted towards the aim: walking, since five weeks
Fatima    Samuel      drifted away: asking for suggestions, over the last seven weeks
Grace     Samuel      started nine days ago: still learning the usual
Hiro      Samuel      an ordinary half-year, and no consent at all: the coach sees no entry
Ines      Samuel      aim raised half-way, and the behaviour with it; a launch week
Jakub     Samuel      twelve days of leave in the weeks that the compass shows
Noor      -           coach
Samuel    -           coach
Wanda     -           lead
========  ==========  =====================================================================

Seven people follow "Focus blocks of 50 minutes" with a result of every day three days later, and
the same seven "First task for tomorrow written down", which moves nothing: a lead has two patterns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from coach_data.model import EntryState, Event, Kind, Period, Role
from sample_data import contributors, managers, stories
from sample_data.recipes import SPAN, Agreed, Behaviour, Guard, Numbers, Recipe, Result
from sample_data.series import (
    GRID,
    LEAD_IN,
    Flags,
    Floats,
    Ints,
    behaviour_values,
    daily_result,
    guard_values,
    logged_days,
    place,
    special_place,
    stream,
    weekly_result,
)
from sample_data.shapes import (
    SampleAim,
    SampleAnnotation,
    SampleEntry,
    SampleIndicator,
    SampleOutcome,
    SamplePerson,
)

SEED = 20261
FORGOTTEN = 0.05
"""Share of days on which a person logs no behaviour at all."""
SKIPPED = 0.025
REASONS = ("no occasion today", "forgot to count", "something else")
COACHEES = sorted(
    (*stories.PEOPLE, *managers.PEOPLE, *contributors.PEOPLE), key=lambda recipe: recipe.name
)
COACHES = ("Noor", "Samuel")
LEAD = "Wanda"


def generate(until: date, *, seed: int = SEED) -> list[SamplePerson]:
    """The programme whose last day with entries is ``until``: coachees first, then coaches, lead."""
    coachees = [make(recipe, until, seed=seed) for recipe in COACHEES]
    coaches = [SamplePerson(name=name, roles=(Role.COACH,)) for name in COACHES]
    return [*coachees, *coaches, SamplePerson(name=LEAD, roles=(Role.LEAD,))]


def make(recipe: Recipe, until: date, *, seed: int = SEED) -> SamplePerson:
    """One coachee, with ``until`` as the last day."""
    return _Maker(recipe, until, (seed, recipe.draw)).person()


class _Maker:
    """From one recipe to one person."""

    def __init__(self, recipe: Recipe, until: date, seed: tuple[int, int]) -> None:
        self.recipe, self.until, self.seed = recipe, until, seed
        self.weekday: Ints = (until.weekday() - (GRID - 1) + np.arange(GRID)) % 7
        self.open: Flags = np.arange(GRID) >= max(LEAD_IN, place(recipe.started - 1))
        for mark in recipe.marks:
            if mark.event is Event.LEAVE:
                self.open[place(mark.days_ago) : place(mark.days_ago) + mark.days] = False
        self.forgotten: Flags = stream(*seed, 0).random_sample(GRID) < FORGOTTEN * (
            recipe.started == SPAN
        )
        self.ill: Flags = np.zeros(GRID, bool)
        if recipe.ill:
            self.ill[place(recipe.ill[0]) : place(recipe.ill[0]) + recipe.ill[1]] = True

    def person(self) -> SamplePerson:
        recipe = self.recipe
        done = [
            (b, behaviour_values(stream(*self.seed, 1, k), b, self.weekday))
            for k, b in enumerate(recipe.behaviours)
        ]
        return SamplePerson(
            name=recipe.name,
            roles=(Role.COACHEE,),
            work=recipe.work,
            story=recipe.story,
            coach=recipe.coach,
            cadence_days=recipe.cadence_days,
            consents=recipe.consents,
            outcome=self.outcome(recipe.result, done),
            leading=tuple(self.leading(k, b, values) for k, (b, values) in enumerate(done)),
            guards=tuple(
                self.guard(k, b.guard, b.name)
                for k, b in enumerate(recipe.behaviours)
                if b.guard is not None
            ),
            annotations=tuple(
                SampleAnnotation(
                    first_day=self.day(place(mark.days_ago)),
                    last_day=self.day(place(mark.days_ago) + mark.days - 1),
                    event=mark.event,
                    text=mark.text,
                )
                for mark in recipe.marks
            ),
        )

    def leading(self, k: int, behaviour: Behaviour, values: Floats) -> SampleIndicator:
        return SampleIndicator(
            name=behaviour.name,
            kind=Kind.LEADING,
            unit=behaviour.unit,
            measure=behaviour.measure,
            low=behaviour.low,
            high=behaviour.high,
            expected_lag=behaviour.lag,
            keystone=behaviour.keystone,
            aims=tuple(self.aim(agreed) for agreed in behaviour.aims),
            entries=self.entries((2, k), behaviour.numbers, values, by_hand=True),
        )

    def guard(self, k: int, guard: Guard, of: str) -> SampleIndicator:
        like = (guard.measure, guard.low, guard.high)
        values = guard_values(stream(*self.seed, 3, k), guard.numbers, like)
        return SampleIndicator(
            name=guard.name,
            kind=Kind.GUARD,
            unit=guard.unit,
            measure=guard.measure,
            low=guard.low,
            high=guard.high,
            rising_is_better=guard.rising_is_better,
            guard_of=of,
            entries=self.entries((4, k), guard.numbers, values, by_hand=True),
        )

    def outcome(self, result: Result, done: list[tuple[Behaviour, Floats]]) -> SampleOutcome:
        weekly = result.period is Period.WEEK
        make = weekly_result if weekly else daily_result
        values = make(stream(*self.seed, 5), result, done, self.weekday)
        lagging = SampleIndicator(
            name=result.name,
            kind=Kind.LAGGING,
            unit=result.unit,
            measure=result.measure,
            low=result.low,
            high=result.high,
            rising_is_better=result.rising_is_better,
            period=result.period,
            entries=self.entries((6,), result.numbers, values, by_hand=False),
        )
        return SampleOutcome(
            goal=result.goal,
            difference=result.difference,
            noticed_by=result.noticed_by,
            baseline=result.baseline,
            target=result.target,
            due=self.until + timedelta(days=result.due_in),
            lagging=lagging,
        )

    def aim(self, agreed: Agreed) -> SampleAim:
        days_ago = min(agreed.days_ago, self.recipe.started - 1)
        return SampleAim(
            since=self.day(place(days_ago)),
            comparison=agreed.comparison,
            amount=agreed.amount,
            period=agreed.period,
        )

    def entries(
        self, path: tuple[int, ...], numbers: Numbers, values: Floats, *, by_hand: bool
    ) -> tuple[SampleEntry, ...]:
        """What was logged. ``by_hand``: with forgotten days and skips; a counted result has none."""
        rng = stream(*self.seed, *path)
        known = logged_days(rng, numbers, self.weekday, self.open) & np.isfinite(values)
        skip = (rng.random_sample(GRID) < SKIPPED) & known & (self.recipe.started == SPAN)
        reasons = rng.randint(len(REASONS), size=GRID)
        special = {special_place(s, numbers, self.weekday): s.note for s in numbers.specials}
        kept = np.isin(np.arange(GRID), list(special))
        made = []
        if by_hand:
            known &= ~self.forgotten | kept
        days = np.flatnonzero(known)[-self.recipe.at_most :]
        for k in days:
            day = self.day(int(k))
            if by_hand and (skip[k] or self.ill[k]) and not kept[k]:
                reason = "ill" if self.ill[k] else REASONS[reasons[k]]
                made.append(SampleEntry(day=day, state=EntryState.SKIPPED, reason=reason))
            else:
                note = special.get(int(k), "")
                made.append(SampleEntry(day=day, value=float(values[k]), note=note))
        return self.noted(made, numbers)

    def noted(self, entries: list[SampleEntry], numbers: Numbers) -> tuple[SampleEntry, ...]:
        """The entries with the recipe's notes beside the last value up to each note's day."""
        for days_ago, words in numbers.notes:
            day = self.day(place(days_ago))
            earlier = [
                k for k, e in enumerate(entries) if e.day <= day and e.state is EntryState.VALUE
            ]
            if earlier:
                entries[earlier[-1]] = replace(entries[earlier[-1]], note=words)
        return tuple(entries)

    def day(self, k: int) -> date:
        return self.until - timedelta(days=GRID - 1 - k)
