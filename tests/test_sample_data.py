"""The sample programme: the same for the same seed, and written as its people would write it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from coach_data.compass import Reading, compass_of
from coach_data.imports import Choices, Handling, preview_of
from coach_data.model import Kind, Role
from coach_data.people import coachees_of, roles_of
from coach_data.privacy import Visit
from coach_data.values import checked
from sample_data.files import LAST_DAY, write
from sample_data.load import load
from sample_data.programme import generate

FOLDER = Path(__file__).parents[1] / "sample_data"


def test_it_is_the_same_for_the_same_day_and_moves_with_it():
    assert generate(LAST_DAY) == generate(LAST_DAY)
    later = generate(LAST_DAY + timedelta(weeks=1))
    first = generate(LAST_DAY)[0].leading[0].entries[0]
    assert later[0].leading[0].entries[0].day == first.day + timedelta(weeks=1)
    assert later[0].leading[0].entries[0].value == first.value


def test_the_files_are_what_the_script_writes(tmp_path):
    for path in write(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name


def test_ten_coachees_two_coaches_one_lead():
    people = generate(LAST_DAY)
    count = {role: sum(role in p.roles for p in people) for role in Role}
    assert count == {Role.COACHEE: 10, Role.COACH: 2, Role.LEAD: 1}


def test_the_stories_show_on_the_compass(store, now):
    ids = load(store, now)
    amara = compass_of(Visit.open(store, ids["Amara"], now))
    assert len(amara.rows) == 5
    assert amara.rows[0].reading is Reading.TOWARDS
    emil = compass_of(Visit.open(store, ids["Emil"], now))
    assert emil.rows[0].reading in {Reading.TOWARDS, Reading.LEANING_TOWARDS}
    fatima = compass_of(Visit.open(store, ids["Fatima"], now))
    assert Reading.AWAY in {r.reading for r in fatima.rows}
    grace = compass_of(Visit.open(store, ids["Grace"], now))
    assert {r.reading for r in grace.rows} <= {Reading.TRIAL, Reading.LEARNING, Reading.NO_AIM}


def test_every_value_can_be_one_of_its_indicators(store, now):
    ids = load(store, now)
    for name in ("Amara", "Bruno", "Dalia", "Jakub"):
        visit = Visit.open(store, ids[name], now)
        rows = compass_of(visit, weeks=26)
        for row in (*rows.rows, rows.result):
            for value in row.values[row.values == row.values]:
                checked(row.indicator, float(value))


def test_loading_twice_changes_nothing(store, now):
    first = load(store, now)
    assert load(store, now) == first


@pytest.mark.parametrize(("coach", "count"), [("Noor", 5), ("Samuel", 5)])
def test_a_coach_sees_their_own_coachees(store, now, coach, count):
    visit = Visit.open(store, load(store, now)[coach], now)
    assert len(coachees_of(visit)) == count


def test_without_a_consent_the_coach_sees_no_entry(store, now):
    ids = load(store, now)
    hiro = compass_of(Visit.open(store, ids["Samuel"], now, ids["Hiro"]))
    assert hiro.plan.leading
    assert all(row.reading is Reading.NOTHING for row in hiro.rows)
    own = compass_of(Visit.open(store, ids["Hiro"], now))
    assert any(row.reading is not Reading.NOTHING for row in own.rows)


def test_the_lead_sees_nobody(store, now):
    visit = Visit.open(store, load(store, now)["Wanda"], now)
    assert roles_of(visit) == {Role.LEAD}
    assert coachees_of(visit) == []
    assert visit.read("SELECT count(*) FROM entry") == [(0,)]


@pytest.mark.parametrize("name", ["honest_lever_wide.csv", "fixation_long.csv"])
def test_a_file_of_the_sample_can_be_brought_in(store, person, name):
    visit = Visit.open(store, person("Robin").person_id, datetime(2026, 11, 23, 12, tzinfo=UTC))
    content = (FOLDER / name).read_bytes()
    preview = preview_of(visit, content, name)
    chosen = {f.name: Handling.NEW for f in preview.indicators}
    preview = preview_of(visit, content, name, Choices(mapping=chosen))
    assert preview.ready, (preview.questions, preview.refusals)
    assert preview.entries > 500
    assert preview.last_day <= date(2026, 11, 22)
    assert {i.indicator.kind for i in preview.indicators if i.indicator} <= {Kind.LEADING}
