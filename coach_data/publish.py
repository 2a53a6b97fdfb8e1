"""Publishing: on a fixed day the closed blocks of every programme become words, once and for all.

It reads each person as that person, through the same views as their own compass, and hands on only
what ``statistics.release`` makes of everybody together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True)
class _Pair:
    """One behaviour and the result of one person, on all their days."""

    leading: Series
    lagging: Series
    lag: int | None
    direction: int

    def block(self, first_day: date) -> Contribution:
        lead, result = (_days(s, first_day) for s in (self.leading, self.lagging))
        return Contribution(lead, result, self.lag, self.direction)


def publish(store: Store, now: datetime) -> int:
    """Publish what is due in every programme; the number of blocks. A second call publishes none.

    ``now``: aware. Raises BadFloor or a StoreError; what was not published then is caught up later.
    """
    return sum(_publish(store, now, p, agreed_since(store, p)) for p in programmes(store))


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
) -> int:
    there = readings_of(store, programme)
    begun = [max(there) + timedelta(days=1)] if there else [s.date() for s in people.values()]
    if not begun:
        return 0
    due = list(due_blocks(max(min(begun), FIRST_BLOCK), now.astimezone(UTC).date()))
    if not due:
        return 0
    pairs = {p: _pairs_of(Visit.open(store, p, now)) for p in people}
    known: dict[str, list[Reading | None]] = {
        name: [block.get(name) for block in there.values()] for name in behaviours()
    }
    releases = []
    for first_day in due:
        able = [p for p, since in people.items() if since.date() < first_day]
        for name in behaviours():
            shares = {
                p: pairs[p][same(name)].block(first_day) for p in able if same(name) in pairs[p]
            }
            shares = {p: share for p, share in shares.items() if counts(share)}
            noise = _noise(store, (programme, name, first_day), shares) if blurred else 0.0
            reading = read_block(
                [*shares.values()], first_day=first_day, noise=noise, floor=fewest_people()
            )
            known[name].append(reading)
            releases.append(Release(name, first_day, words(known[name])[-1], reading, (*shares,)))
    keep(store, programme, releases, now)
    return len(due)


def _pairs_of(visit: Visit) -> dict[str, _Pair]:
    """The behaviours of one person with their result, by what tells names apart."""
    plan = plan_of(visit)
    if plan.lagging is None or plan.lagging.period is not Period.DAY:
        return {}
    wanted = [i.indicator_id for i in (*plan.leading, plan.lagging)]
    series = series_of(visit, wanted, annotations_of(visit))
    return {
        same(i.name): _Pair(
            series[i.indicator_id],
            series[plan.lagging.indicator_id],
            i.expected_lag or None,
            helpful_way(plan.lagging, plan.aim(i.indicator_id, visit.today)),
        )
        for i in plan.leading
    }


def _days(series: Series, first_day: date) -> Floats:
    """The values of one block, nan where nothing is known."""
    out = np.full(BLOCK_DAYS, np.nan)
    start = (first_day - series.first_day).days
    there = series.values[max(start, 0) : max(start + BLOCK_DAYS, 0)]
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
