"""Publishing: which blocks are due, who counts, and that what was published stays as it is."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest

from coach_data import commands
from coach_data import publish as publishing
from coach_data.__main__ import main
from coach_data.model import (
    Annotation,
    Entry,
    EntryState,
    Event,
    Indicator,
    Kind,
    Purpose,
    Role,
    Status,
    new_id,
)
from coach_data.people import consent, join
from coach_data.places import Places
from coach_data.publish import behaviours, publish, publish_invented
from coach_data.releases import (
    BLOCK,
    BadFloor,
    readings_of,
)
from coach_data.statistics.release import Word
from coach_data.store import Store
from coach_data.surroundings import progress_bar
from pages.parts.publishing import AFTER, EVERY, keep_publishing
from tests.publish.group import BEFORE, DAYS, DUE, FIRST, NAME, Group, noon
from tests.stored import before_insert


def test_nothing_is_published_before_its_day_and_once_on_it(group: Group) -> None:
    assert publish(group.store, DUE - timedelta(days=1)) == 0
    assert group.rows() == []
    assert publish(group.store, DUE) == 1
    first = group.rows()
    assert {row[1:5] for row in first} == {
        ("own", name, FIRST, FIRST + BLOCK - timedelta(days=1)) for name in behaviours()
    }
    assert publish(group.store, DUE + timedelta(days=20)) == 0
    assert group.rows() == first


def test_missed_blocks_are_caught_up_together(group: Group) -> None:
    assert publish(group.store, DUE + 2 * BLOCK) == 3
    assert group.counted() == [True, True, True]
    assert len(group.rows()) == 3 * len(behaviours())


def test_caught_up_or_one_by_one_gives_the_same_words(group: Group) -> None:
    for k in range(3):
        publish(group.store, DUE + k * BLOCK)
    one_by_one = sorted(row[1:8] for row in group.rows())
    group.store.delete("release", "true", [])
    publish(group.store, DUE + 2 * BLOCK)
    assert sorted(row[1:8] for row in group.rows()) == one_by_one


def test_a_failure_half_way_publishes_nothing(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(table: str) -> None:
        if table == "release_part":
            raise RuntimeError("stopped")

    before_insert(monkeypatch, fails)
    with pytest.raises(RuntimeError):
        publish(group.store, DUE)
    monkeypatch.undo()
    assert group.rows() == []
    assert publish(group.store, DUE) == 1


# --- who counts ---


def test_leads_1_a_person_counts_with_the_pair_of_their_own(group: Group) -> None:
    publish(group.store, DUE)
    assert group.parts() == {p.person_id for p in group.people}
    assert group.counted() == [True]


@pytest.mark.parametrize(
    "given",
    [
        {"agreed": None},
        {"agreed": noon(FIRST + timedelta(days=1))},
        {"roles": (Role.COACHEE, Role.LEAD)},
        {"roles": (Role.COACH,)},
        {"behaviour": "Something of my own"},
        {"days": DAYS[:11]},
    ],
    ids=["not agreed", "agreed within the block", "a lead", "no coachee", "another", "11 days"],
)
def test_leads_3_who_does_not_count(group: Group, given: dict[str, Any]) -> None:
    other = group.add("Other", 99, **given)
    publish(group.store, DUE)
    assert other.person_id not in group.parts()
    assert group.counted() == [True]


def test_twelve_days_are_enough_and_the_name_is_read_as_a_reader_does(group: Group) -> None:
    other = group.add("Other", 99, days=DAYS[:12], behaviour=f" {NAME.upper()}\u200b")
    publish(group.store, DUE)
    assert other.person_id in group.parts()


def test_days_of_a_leave_and_skips_do_not_count(group: Group) -> None:
    off = group.people[0]
    visit = group.visit(off, BEFORE)
    visit.save(
        Annotation(
            person_id=off.person_id,
            annotation_id=new_id(),
            first_day=FIRST,
            last_day=FIRST + timedelta(days=16),
            event=Event.LEAVE,
            text="away",
        )
    )
    skipper = group.people[1]
    behaviour = group.indicators(skipper)[0]
    group.visit(skipper).save(
        *(
            Entry(
                person_id=skipper.person_id,
                indicator_id=behaviour.indicator_id,
                day=day,
                state=EntryState.SKIPPED,
            )
            for day in DAYS[:17]
        )
    )
    publish(group.store, DUE)
    assert group.parts() == {p.person_id for p in group.people[2:]}


def test_withdrawn_before_the_publication_does_not_count_and_given_again_begins_anew(
    group: Group,
) -> None:
    left, back = group.people[:2]
    for person in (left, back):
        day = noon(FIRST + timedelta(days=30))
        consent(group.visit(person, day), Purpose.PATTERN, given=False)
    consent(group.visit(back, noon(FIRST + timedelta(days=31))), Purpose.PATTERN, given=True)
    publish(group.store, DUE)
    assert group.parts() == {p.person_id for p in group.people[2:]}
    publish(group.store, DUE + 2 * BLOCK)
    third = FIRST + 2 * BLOCK
    sql = (
        "SELECT person_id FROM app.raw.release_part WHERE release_id IN"
        " (SELECT release_id FROM app.raw.release WHERE first_day = ?)"
    )
    counted = {p for (p,) in group.store.cursor().execute(sql, [third]).fetchall()}
    assert back.person_id in counted
    assert left.person_id not in counted


def test_leads_3_five_are_too_few_and_six_enough(store: Store) -> None:
    group = Group(store, 5)
    publish(store, DUE)
    assert group.counted() == [False]
    assert group.parts() == set()
    assert {row[5] for row in group.rows()} == {Word.NOTHING.value}
    group.add("Sixth", 6)  # whose consent is kept at the publication's time, in the second block
    publish(store, DUE + 2 * BLOCK)
    assert group.counted() == [False, False, True]


def test_leads_3_the_threshold_can_be_raised_and_never_lowered(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ("5", "0", "-7", "six", "", "6.5"):
        monkeypatch.setenv("COACH_FEWEST_PEOPLE", wrong)
        with pytest.raises(BadFloor):
            publish(group.store, DUE)
    assert group.rows() == []
    monkeypatch.setenv("COACH_FEWEST_PEOPLE", "9")
    publish(group.store, DUE)
    assert group.counted() == [False]


def test_another_programme_is_another_group(group: Group, store: Store) -> None:
    outsider = join(store, "Else", BEFORE, roles=(Role.LEAD,), programme="elsewhere")
    publish(store, DUE)
    assert group.visit(outsider).read("FROM release") == []
    assert publishing.programmes(store) == ["elsewhere", "own"]


# --- it stands ---


def change_everything(group: Group) -> None:
    for k, person in enumerate(group.people):
        visit = group.visit(person, DUE + timedelta(days=1))
        for indicator in visit.records(Indicator):
            visit.save(
                *(
                    Entry(
                        person_id=person.person_id,
                        indicator_id=indicator.indicator_id,
                        day=day,
                        value=float((7 * k + d) % 5),
                    )
                    for d, day in enumerate(DAYS[:28])
                )
            )
        consent(visit, Purpose.PATTERN, given=False)


def test_leads_5_late_edits_and_withdrawals_change_no_byte(group: Group) -> None:
    publish(group.store, DUE)
    before = repr(group.rows()).encode(), repr(group.rows("release_part")).encode()
    change_everything(group)
    assert publish(group.store, DUE + timedelta(days=2)) == 0
    assert (repr(group.rows()).encode(), repr(group.rows("release_part")).encode()) == before
    publish(group.store, DUE + BLOCK)
    first = [row for row in group.rows() if row[3] == FIRST]
    assert repr(first).encode() == before[0]
    assert group.counted() == [True, False]


def test_leads_5_computed_again_it_is_the_same_and_with_another_day_the_noise_is_another(
    group: Group,
) -> None:
    def excess() -> float:
        group.store.delete("release", "true", [])
        publish(group.store, DUE)
        reading = readings_of(group.store, "own")[FIRST][NAME]
        assert reading is not None
        return reading.excess

    first = excess()
    assert excess() == first
    person = group.people[0]
    behaviour = group.indicators(person)[0]
    entry = group.visit(person).records(Entry, FIRST, FIRST)[0]
    assert entry.value is not None
    group.visit(person).save(replace(entry, value=entry.value + 0.001))
    assert behaviour.indicator_id
    assert abs(excess() - first) > 1e-6


def test_the_noise_is_standard_normal_and_another_stores_is_another(store: Store) -> None:
    drawn = [publishing._noise(store, ("p", k), {}) for k in range(4000)]
    assert abs(np.mean(drawn)) < 0.06
    assert abs(np.std(drawn) - 1) < 0.05
    assert store.keyed(b"a") != store.keyed(b"b")
    assert len(store.keyed(b"a")) == 32


# --- the command, and a server that runs ---


def test_the_command_publishes_what_is_due_once(
    group: Group, where: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group.store.close()
    monkeypatch.setenv("COACH_DATABASE", str(where.data))
    monkeypatch.setenv("COACH_KEY_FILE", str(where.key_file))
    monkeypatch.delenv("COACH_KEY", raising=False)
    monkeypatch.setenv("COACH_NOW", (DUE + BLOCK).isoformat())
    assert main(["publish"]) == 0
    assert capsys.readouterr().out == "2 blocks were published.\n"
    assert main(["publish"]) == 0
    assert "Nothing is due" in capsys.readouterr().out
    monkeypatch.setenv("COACH_FEWEST_PEOPLE", "3")
    monkeypatch.setenv("COACH_NOW", (DUE + 2 * BLOCK).isoformat())
    assert main(["publish"]) == 1
    assert "at least 6" in capsys.readouterr().err


def test_the_command_shows_how_far_it_is(
    group: Group, where: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group.store.close()
    monkeypatch.setenv("COACH_DATABASE", str(where.data))
    monkeypatch.setenv("COACH_KEY_FILE", str(where.key_file))
    monkeypatch.delenv("COACH_KEY", raising=False)
    monkeypatch.setenv("COACH_NOW", DUE.isoformat())
    monkeypatch.setattr(commands, "progress_bar", partial(progress_bar, after=0.0))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["publish"]) == 0
    drawn = capsys.readouterr().err
    assert "Publishing [###" in drawn
    assert " 10%" in drawn, "one of eight people is read"
    assert "100%" in drawn


def test_progress_is_told_by_person_and_block(group: Group) -> None:
    told: list[float] = []
    assert publish(group.store, DUE + BLOCK, told.append) == 2
    assert told[:8] == [pytest.approx(0.8 * k / 8) for k in range(1, 9)]
    assert told[8:] == [pytest.approx(0.9), pytest.approx(1.0)]


def test_a_server_publishes_when_due_until_its_store_is_closed(
    group: Group, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            assert group.counted() == [True]
            group.store.close()

    monkeypatch.setattr("time.sleep", sleep)
    monkeypatch.setenv("COACH_NOW", DUE.isoformat())
    keep_publishing(group.store)
    assert slept == [AFTER, EVERY, EVERY]
    assert "Not published for leads" in capsys.readouterr().err


# --- the sample ---


def test_invented_people_count_before_they_were_made(store: Store) -> None:
    group = Group(store, 8, agreed=DUE)
    publish(store, DUE + BLOCK)
    assert group.rows() == []
    since, ids = FIRST - timedelta(days=1), [p.person_id for p in group.people]
    assert publish_invented(store, DUE + BLOCK, "own", since, ids) == 2
    assert group.counted() == [True, True]


def test_a_real_person_among_invented_ones_does_not_count(store: Store) -> None:
    group = Group(store, 8, agreed=DUE)
    since, ids = FIRST - timedelta(days=1), [p.person_id for p in group.people]
    assert publish_invented(store, DUE + BLOCK, "own", since, ids[:5]) == 2
    assert group.counted() == [False, False]


def test_a_parked_behaviour_and_a_weekly_result_do_not_count(group: Group) -> None:
    parked, weekly = group.people[:2]
    lead, _ = sorted(group.indicators(parked), key=lambda i: i.kind is Kind.LAGGING)
    group.visit(parked).save(replace(lead, status=Status.PARKED))
    result = next(i for i in group.indicators(weekly) if i.kind is Kind.LAGGING)
    group.visit(weekly).save(replace(result, period="week"))
    publish(group.store, DUE)
    assert group.parts() == {p.person_id for p in group.people[2:]}
