"""Publishing: on a fixed day the closed blocks of every programme become words, once and for all.

It reads each person as that person, through the same views as their own compass, and hands on only
what ``statistics.release`` makes of everybody together.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import NormalDist

import numpy as np

from coach_data.annotations import annotations_of
from coach_data.drift import helpful_way
from coach_data.library import areas, roles
from coach_data.model import Period
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.releases import (
    FIRST_BLOCK,
    Release,
    agreed_since,
    due_blocks,
    fewest_people,
    keep,
    programmes,
    readings_of,
)
from coach_data.series import Floats, Series, series_of
from coach_data.statistics.release import (
    BLOCK_DAYS,
    Contribution,
    Reading,
    counts,
    read_block,
    words,
)
from coach_data.store import Store
from coach_data.text import same

Progress = Callable[[float], None]
READING = 0.8
"""The share of the work that reading the people's days is, as progress is told."""


@dataclass(frozen=True)
class _Pair:
    """One behaviour and the result of one person on the days that are due."""

    leading: Floats
    lagging: Floats
    lag: int | None
    direction: int

    def block(self, number: int) -> Contribution:
        """The block of that number, the first one that is due being 0."""
        days = slice(number * BLOCK_DAYS, (number + 1) * BLOCK_DAYS)
        return Contribution(self.leading[days], self.lagging[days], self.lag, self.direction)


def publish(store: Store, now: datetime, progress: Progress | None = None) -> int:
    """Publish what is due in every programme; the number of blocks. A second call publishes none.

    ``now``: aware. ``progress``: called with the share done, 0 to 1. Memory grows with the people of
    a programme times the days that are due. Raises BadFloor or a StoreError; what was not published
    then is caught up later.
    """
    count, names = 0, programmes(store)
    for k, name in enumerate(names):
        part = None if progress is None else _part_of(progress, k, len(names))
        count += _publish(store, now, name, agreed_since(store, name), progress=part)
    return count


def _part_of(progress: Progress, number: int, parts: int) -> Progress:
    """What tells the share of one of so many parts."""
    return lambda share: progress((number + share) / parts)


def publish_invented(
    store: Store, now: datetime, programme: str, since: date, invented: Iterable[int]
) -> int:
    """The same for the ``invented`` of a programme, as if they had agreed before ``since``; without
    noise, because nobody is there to be hidden and everybody shall read the same.

    Whoever else is in that programme does not count in it.
    """
    begun = datetime(since.year, since.month, since.day)  # noqa: DTZ001 - UTC, as it is stored
    people = dict.fromkeys(agreed_since(store, programme).keys() & set(invented), begun)
    return _publish(store, now, programme, people, blurred=False)


def behaviours() -> list[str]:
    """What a release tells of: the library's behaviours, so that no row comes or goes with people."""
    found = {same(b.name): b.name for role in roles() for area in areas(role) for b in area.leading}
    return sorted(found.values())


def _publish(
    store: Store,
    now: datetime,
    programme: str,
    people: Mapping[int, datetime],
    *,
    blurred: bool = True,
    progress: Progress | None = None,
) -> int:
    there = readings_of(store, programme)
    due = _due(there, people, now)
    if not due:
        return 0
    pairs = _pairs_by_name(store, now, people, due, progress)
    known: dict[str, list[Reading | None]] = {
        name: [block.get(name) for block in there.values()] for name in behaviours()
    }
    releases = []
    for number, first_day in enumerate(due):
        for name in behaviours():
            shares = {
                p: pair.block(number)
                for p, pair in pairs[same(name)].items()
                if people[p].date() < first_day
            }
            shares = {p: share for p, share in shares.items() if counts(share)}
            noise = _noise(store, (programme, name, first_day), shares) if blurred else 0.0
            reading = read_block(
                [*shares.values()], first_day=first_day, noise=noise, floor=fewest_people()
            )
            known[name].append(reading)
            releases.append(Release(name, first_day, words(known[name])[-1], reading, (*shares,)))
        if progress is not None:
            progress(READING + (1 - READING) * (number + 1) / len(due))
    keep(store, programme, releases, now)
    return len(due)


def _due(there: Collection[date], people: Mapping[int, datetime], now: datetime) -> list[date]:
    """The first days of the blocks that are due after those that are there."""
    begun = [max(there) + timedelta(days=1)] if there else [s.date() for s in people.values()]
    if not begun:
        return []
    return list(due_blocks(max(min(begun), FIRST_BLOCK), now.astimezone(UTC).date()))


def _pairs_by_name(
    store: Store,
    now: datetime,
    people: Collection[int],
    due: Sequence[date],
    progress: Progress | None,
) -> dict[str, dict[int, _Pair]]:
    """By what tells names of behaviours apart: the pairs of everybody who has it."""
    found: dict[str, dict[int, _Pair]] = defaultdict(dict)
    for done, person_id in enumerate(people, start=1):
        for name, pair in _pairs_of(Visit.open(store, person_id, now), due[0], len(due)).items():
            found[name][person_id] = pair
        if progress is not None:
            progress(READING * done / len(people))
    return found


def _pairs_of(visit: Visit, first_day: date, blocks: int) -> dict[str, _Pair]:
    """The behaviours of one person with their result, by what tells names apart."""
    plan = plan_of(visit)
    if plan.lagging is None or plan.lagging.period is not Period.DAY:
        return {}
    wanted = [i.indicator_id for i in (*plan.leading, plan.lagging)]
    series = series_of(visit, wanted, annotations_of(visit))
    days = {i: _days(s, first_day, blocks * BLOCK_DAYS) for i, s in series.items()}
    return {
        same(i.name): _Pair(
            days[i.indicator_id],
            days[plan.lagging.indicator_id],
            i.expected_lag or None,
            helpful_way(plan.lagging, plan.aim(i.indicator_id, visit.today)),
        )
        for i in plan.leading
    }


def _days(series: Series, first_day: date, count: int) -> Floats:
    """The values of so many days, nan where nothing is known."""
    out = np.full(count, np.nan)
    start = (first_day - series.first_day).days
    there = series.values[max(start, 0) : max(start + count, 0)]
    out[max(-start, 0) : max(-start, 0) + there.size] = there
    return out


def _noise(store: Store, key: Iterable[object], shares: Mapping[int, Contribution]) -> float:
    """A draw that only the key of the store can make: for the same days always the same one.

    Computed again from a backup the noise must not average out; and where a day differs it must not
    cancel out either.
    """
    digest = hashlib.sha256("|".join(map(str, key)).encode())
    for person_id, share in sorted(shares.items()):
        digest.update(f"|{person_id}|{share.lag}|{share.direction}|".encode())
        digest.update(np.asarray(share.leading).tobytes() + np.asarray(share.lagging).tobytes())
    drawn = int.from_bytes(store.keyed(digest.digest())[:8], "big")
    return NormalDist().inv_cdf((drawn + 0.5) / 2**64)
