"""What a lead reads: the latest half-year of words, and the names of those without any."""

from __future__ import annotations

from datetime import timedelta

from coach_data.model import Person
from coach_data.privacy import Visit
from coach_data.publish import behaviours, publish
from coach_data.releases import BLOCK, Release, keep, published_on
from coach_data.statistics.release import Reading, Word
from coach_data.store import Store
from coach_data.team import SHOWN, Block, programme_of
from tests.publish.group import BEFORE, DUE, FIRST, NAME, Group


def test_what_a_lead_reads(group: Group, lead: Person) -> None:
    empty = programme_of(group.visit(lead, BEFORE))
    assert (empty.blocks, empty.rows, empty.silent) == ((), (), ())
    publish(group.store, DUE + 2 * BLOCK)
    seen = programme_of(group.visit(lead, DUE + 2 * BLOCK))
    assert [b.first_day for b in seen.blocks] == [FIRST, FIRST + BLOCK, FIRST + 2 * BLOCK]
    assert [row.behaviour for row in seen.rows] == [NAME]
    assert len(seen.rows[0].words) == 3
    assert set(seen.silent) == set(behaviours()) - {NAME}
    assert seen.next_day == published_on(FIRST + 3 * BLOCK)


def test_only_the_latest_half_year_is_shown(store: Store, lead: Person) -> None:
    visit = Visit.open(store, lead.person_id, DUE)
    known = Reading(1.5, 0.5)
    told = [
        Release(NAME, FIRST + k * BLOCK, Word.TOGETHER if k else Word.APART, known, ())
        for k in range(SHOWN + 1)
    ]
    told.append(Release("Walking", FIRST, Word.TOGETHER, known, ()))
    told.append(Release("Reading", FIRST + BLOCK, Word.TOGETHER, known, ()))
    keep(store, "own", told, DUE)
    seen = programme_of(visit)
    assert len(seen.blocks) == SHOWN
    first = FIRST + BLOCK
    assert seen.blocks[0] == Block(first, first + BLOCK - timedelta(days=1))
    assert [(row.behaviour, row.words) for row in seen.rows] == [
        (NAME, (Word.TOGETHER,) * SHOWN),
        ("Reading", (Word.TOGETHER, *[Word.NOTHING] * (SHOWN - 1))),
    ]
    assert seen.silent == ("Walking",), "its only word is older"


def test_a_lead_reads_their_own_programme_alone(store: Store, lead: Person) -> None:
    keep(store, "elsewhere", [Release(NAME, FIRST, Word.NOTHING, None, ())], DUE)
    seen = programme_of(Visit.open(store, lead.person_id, DUE))
    assert (seen.blocks, seen.rows, seen.silent) == ((), (), ())
