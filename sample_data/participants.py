"""The rest of the invented programme: people of whom there is nothing but three columns of numbers.

They make it large enough for a lead to read. Two dozen follow "Focus blocks of 50 minutes", which
moves everybody's result three days later, and "Working time before the first look at messages",
which did until three months ago; "First task for tomorrow written down" is followed by the few with
a story, and moves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from coach_data.dates import local_day
from coach_data.devices import people_on_this_device
from coach_data.model import Measure, Purpose
from coach_data.privacy import Visit
from coach_data.publish import publish_invented
from coach_data.store import Store
from sample_data.common import IC, focus_blocks
from sample_data.load import NAMELESS, PROGRAMME, fill, join_sample
from sample_data.programme import COACHEES, SEED, make
from sample_data.recipes import EVEN, SPAN, Agreed, Behaviour, Numbers, Recipe, Result
from sample_data.shapes import SamplePerson

COUNT = 24
APART_SINCE = 91
"""Days ago: then the second behaviour stopped moving the result."""


def recipe(number: int) -> Recipe:
    """What the numbers of one of them come from."""
    focus = focus_blocks(drives=0.65, keystone=True)
    return Recipe(
        name=f"{NAMELESS}{number}",
        draw=100 + number,
        work=IC,
        story="counts in what a lead reads",
        coach="",
        consents=(Purpose.PATTERN,),
        started=SPAN - 1,
        result=Result(
            goal="I want to be more productive.",
            difference="What I promised for the day is finished on most evenings",
            noticed_by="the colleagues who wait for my part",
            name="Promised items finished",
            unit="items",
            measure=Measure.COUNT,
            high=40,
            baseline=9,
            target=12,
            numbers=Numbers(usual=10, spread=3, week=EVEN, weekends=0.95),
        ),
        behaviours=(
            replace(focus, numbers=replace(focus.numbers, week=EVEN, weekends=0.95)),
            Behaviour(
                name="Working time before the first look at messages",
                unit="min",
                measure=Measure.MINUTES,
                high=240,
                aims=(Agreed(amount=45),),
                lag=5,
                drives=0.65,
                until_days_ago=APART_SINCE,
                numbers=Numbers(usual=50, spread=16, week=EVEN, weekends=0.95),
            ),
        ),
    )


def participants(until: date, *, seed: int = SEED) -> list[SamplePerson]:
    """All of them, with ``until`` as their last day."""
    return [make(recipe(k), until, seed=seed) for k in range(1, COUNT + 1)]


def fill_programme(store: Store, now: datetime, *, zone: str = "UTC") -> None:
    """Add them to the sample programme that ``load`` made, and publish what a lead reads of it.

    ``now``, ``zone``: as for ``load``. People and releases that are there already are left alone.
    """
    here = {name for _, name, programme in people_on_this_device(store) if programme == PROGRAMME}
    until = local_day(now, zone, 180) - timedelta(days=1)
    for person in participants(until):
        if person.name not in here:
            fill(Visit.open(store, join_sample(store, person, now, zone), now), person, {})
    invented = {r.name for r in COACHEES} | {person.name for person in participants(until)}
    people = [i for i, n, p in people_on_this_device(store) if p == PROGRAMME and n in invented]
    publish_invented(store, now, PROGRAMME, until - timedelta(days=SPAN), people)
