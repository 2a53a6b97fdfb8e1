"""What several people of the programme share: two behaviours, and sets of consents."""

from __future__ import annotations

from coach_data.model import Measure, Period, Purpose
from sample_data.recipes import Agreed, Behaviour, Numbers, Shift, Special

IC, MANAGER = "individual contributor", "mid-level manager"

EVERYTHING = (Purpose.ENTRIES, Purpose.NOTES, Purpose.PATTERN)
WITHOUT_NOTES = (Purpose.ENTRIES, Purpose.PATTERN)
ENTRIES_ONLY = (Purpose.ENTRIES,)
NOTHING: tuple[Purpose, ...] = ()


def focus_blocks(
    *,
    drives: float,
    usual: float = 2.4,
    aims: tuple[Agreed, ...] = (Agreed(amount=2),),
    specials: tuple[Special, ...] = (),
    keystone: bool = False,
) -> Behaviour:
    """The programme's own behaviour: most people follow it, so that a lead has a pattern to read."""
    return Behaviour(
        name="Focus blocks of 50 minutes",
        unit="blocks",
        measure=Measure.COUNT,
        high=8,
        aims=aims,
        lag=3,
        drives=drives,
        keystone=keystone,
        numbers=Numbers(usual=usual, spread=1.1, memory=0.35, specials=specials),
    )


def first_task(*, often: float = 0.6, shifts: tuple[Shift, ...] = ()) -> Behaviour:
    """Shared too, and without an effect on anybody's result."""
    return Behaviour(
        name="First task for tomorrow written down",
        measure=Measure.YES_NO,
        high=1,
        aims=(Agreed(amount=4, period=Period.WEEK),),
        lag=3,
        numbers=Numbers(usual=often, memory=0.3, shifts=shifts),
    )
