"""Loading the sample programme: through the doors, in one click, and seen only by whom it concerns."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach_data.compass import Reading, compass_of
from coach_data.devices import people_on_this_device
from coach_data.imports import Choices, Handling, preview_of
from coach_data.model import Entry, EntryNote, Kind, NotAllowed, Role
from coach_data.outcomes import vagueness
from coach_data.people import coachees_of, join, roles_of
from coach_data.plan import plan_of
from coach_data.privacy import Visit, open_store
from sample_data import load as loader
from sample_data.load import WHO, load
from sample_data.programme import generate
from tests.cluster import places_at

FOLDER = Path(__file__).parents[1] / "sample_data"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One store with the programme, for tests that change nothing in it."""
    place = tmp_path_factory.mktemp("sample")
    opened = open_store(places_at(place))
    yield opened
    opened.close()


@pytest.fixture
def empty(tmp_path):
    opened = open_store(places_at(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def ids(store, now):
    return load(store, now)  # the first call writes, the others find it there


def readings(visit):
    return [row.reading for row in compass_of(visit).rows]


def test_it_is_quick_and_tells_how_far_it_is(empty, now):
    told = []
    start = time.process_time()
    load(empty, now, told.append)
    assert time.process_time() - start < 3  # of work, however busy the machine is
    assert told == sorted(told)
    assert told[-1] == 1


def test_the_first_is_the_honest_lever_and_all_are_in_the_sample_programme(store, ids):
    assert next(iter(ids)) == "Amara"
    assert len(ids) == 13
    here = people_on_this_device(store)
    assert {(name, programme) for _, name, programme in here} == {(n, "sample") for n in ids}


def test_everything_arrives(store, now, ids):
    made = {p.name: p for p in generate(now.date() - timedelta(days=1))}
    for name, person in made.items():
        visit = Visit.open(store, ids[name], now)
        assert roles_of(visit) == set(person.roles)
        assert len(visit.records(Entry)) == sum(len(i.entries) for i in person.logged)
        assert len(visit.records(EntryNote)) == sum(
            bool(e.note) for i in person.logged for e in i.entries
        )
        plan = plan_of(visit)
        assert [i.name for i in plan.leading] == [i.name for i in person.leading]
        watched = {i.indicator_id: i.name for i in plan.leading}
        assert {(g.name, watched[g.guard_of]) for g in plan.guards} == {
            (g.name, g.guard_of) for g in person.guards
        }


def test_every_outcome_is_concrete(store, now, ids):
    for name in ids.keys() - WHO.keys():
        plan = plan_of(Visit.open(store, ids[name], now))
        assert vagueness(plan.outcome, plan.lagging) == [], name


def test_the_last_day_is_yesterday_where_the_person_is(empty):
    late = datetime(2026, 5, 31, 23, tzinfo=UTC)
    ids = load(empty, late, zone="Asia/Tokyo")
    visit = Visit.open(empty, ids["Jakub"], late)
    assert visit.today == late.date() + timedelta(days=1)
    assert max(e.day for e in visit.records(Entry)) == visit.today - timedelta(days=1)


def test_loading_twice_changes_nothing(store, now, ids):
    def saved():
        visits = [Visit.open(store, person_id, now) for person_id in ids.values()]
        return [v.read("SELECT count(*), max(recorded_at) FROM entry_history") for v in visits]

    before = saved()
    assert load(store, now + timedelta(days=3)) == ids
    assert saved() == before


def test_a_load_that_was_cut_off_is_completed_and_a_namesake_left_alone(empty, now):
    own = join(empty, "Amara", now)

    def cut(share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(empty, now, cut)
    ids = load(empty, now)
    assert len(people_on_this_device(empty)) == 1 + len(ids) == 14
    for name in ids.keys() - WHO.keys():
        assert Visit.open(empty, ids[name], now).records(Entry), name
    assert ids["Amara"] != own.person_id
    assert Visit.open(empty, own.person_id, now).records(Entry) == []


def test_it_uses_no_door_but_the_ones_of_a_screen():
    text = Path(loader.__file__).read_text(encoding="utf-8")
    for word in ("INSERT", "app.raw", "store.append", "store.delete", "execute("):
        assert word not in text, word


def test_the_stories_show_on_the_compass(store, now, ids):
    amara = readings(Visit.open(store, ids["Amara"], now))
    assert amara == [
        Reading.TOWARDS,
        Reading.USUAL,
        Reading.USUAL,
        Reading.USUAL,
        Reading.AWAY,
    ]
    assert readings(Visit.open(store, ids["Emil"], now))[0] is Reading.TOWARDS
    assert readings(Visit.open(store, ids["Fatima"], now))[0] is Reading.AWAY
    assert set(readings(Visit.open(store, ids["Grace"], now))) == {Reading.LEARNING}


@pytest.mark.parametrize("coach", ["Noor", "Samuel"])
def test_a_coach_sees_only_their_own_coachees(store, now, ids, coach):
    own = {p.name for p in generate(now.date()) if p.coach == coach}
    visit = Visit.open(store, ids[coach], now)
    assert len(own) == 5
    assert {c.name for c in coachees_of(visit)} == own
    seen = {person_id for (person_id,) in visit.read("SELECT DISTINCT person_id FROM entry")}
    assert seen == {ids[name] for name in own - {"Hiro"}}
    for name in ids.keys() - own - {coach}:
        with pytest.raises(NotAllowed):
            Visit.open(store, ids[coach], now, ids[name])


def test_without_a_consent_the_coach_sees_no_entry(store, now, ids):
    hiro = Visit.open(store, ids["Samuel"], now, ids["Hiro"])
    assert hiro.records(Entry) == []
    assert len(plan_of(hiro).leading) == 3
    assert set(readings(hiro)) == {Reading.NOTHING}
    assert set(readings(Visit.open(store, ids["Hiro"], now))) == {Reading.USUAL}


def test_notes_need_a_consent_of_their_own(store, now, ids):
    def notes(viewer, about):
        return Visit.open(store, ids[viewer], now, ids[about]).records(EntryNote)

    assert notes("Noor", "Amara")
    assert notes("Chen", "Chen")
    assert notes("Noor", "Chen") == []


def test_the_lead_sees_nobody(store, now, ids):
    visit = Visit.open(store, ids["Wanda"], now)
    assert roles_of(visit) == {Role.LEAD}
    assert coachees_of(visit) == []
    assert visit.read("SELECT count(*) FROM entry") == [(0,)]
    assert visit.read("SELECT person_id FROM person") == [(ids["Wanda"],)]
    with pytest.raises(NotAllowed):
        Visit.open(store, ids["Wanda"], now, ids["Amara"])


@pytest.mark.parametrize(
    "name", ["honest_lever_wide.csv", "fixation_long.csv", "weekly_outcome_wide.csv"]
)
def test_a_file_of_the_sample_can_be_brought_in(empty, name):
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    visit = Visit.open(empty, join(empty, "Robin", noon).person_id, noon)
    content = (FOLDER / name).read_bytes()
    preview = preview_of(visit, content, name)
    chosen = {f.name: Handling.NEW for f in preview.indicators}
    preview = preview_of(visit, content, name, Choices(mapping=chosen))
    assert preview.ready, (preview.questions, preview.refusals)
    assert preview.entries > 500
    assert preview.last_day <= datetime(2026, 11, 22, tzinfo=UTC).date()
    assert {i.indicator.kind for i in preview.indicators if i.indicator} <= {Kind.LEADING}
