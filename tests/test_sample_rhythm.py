"""How the people of the sample live with their behaviours: habits, sprints, sessions."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from coach_data.habits import habits_of, plan_sentence
from coach_data.model import (
    CoachNote,
    Commitment,
    Decision,
    OwnNote,
    Retrospective,
    Session,
    SessionNote,
    Sprint,
    Standing,
)
from coach_data.plan import plan_of
from coach_data.privacy import Visit, open_store
from coach_data.records import row_of
from sample_data.load import WHO, load
from sample_data.programme import generate
from sample_data.rhythm import PARTS, SPRINT_DAYS, own_records, rhythms, session_records
from tests.cluster import places_at

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
UNTIL = date(2026, 5, 30)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    place = tmp_path_factory.mktemp("rhythm")
    store = open_store(places_at(place))
    yield store, load(store, NOW)
    store.close()


@pytest.fixture
def visits(loaded):
    """``visits(name)`` to oneself, ``visits(coach, name)`` to a coachee."""
    store, ids = loaded

    def opened(name, about=None):
        return Visit.open(store, ids[name], NOW, ids[about] if about else None)

    return opened


def coachees(loaded):
    return [name for name in loaded[1] if name not in WHO]


def test_everybody_has_a_habit_for_the_keystone(loaded, visits):
    for name in coachees(loaded):
        visit = visits(name)
        habits = habits_of(visit)
        keystone = next(i for i in plan_of(visit).leading if i.keystone)
        if name != "Grace":  # began nine days ago, with the smallest one
            assert keystone.indicator_id in habits, name
        assert habits
        for habit in habits.values():
            said = plan_sentence(habit)
            assert said.endswith(".")
            assert ", I will " in said
            assert len(said) < 130


def test_sprints_show_every_way_to_end_one_that_runs_and_one_that_waits(loaded, visits):
    decided, running, waiting = set(), [], []
    for name in coachees(loaded):
        visit = visits(name)
        ended = {r.sprint_id: r for r in visit.records(Retrospective)}
        for sprint in visit.records(Sprint):
            over = sprint.first_day + timedelta(days=SPRINT_DAYS) <= visit.today
            if sprint.sprint_id in ended:
                assert over
                assert ended[sprint.sprint_id].day <= visit.today
                decided.add(ended[sprint.sprint_id].decision)
            else:
                (waiting if over else running).append(name)
    assert decided == set(Decision)
    assert running == ["Amara"]
    assert waiting == ["Bruno"]


def test_no_two_sprints_of_a_person_overlap(loaded, visits):
    for name in coachees(loaded):
        days = sorted(s.first_day for s in visits(name).records(Sprint))
        assert all(b - a >= timedelta(days=SPRINT_DAYS) for a, b in pairwise(days)), name


def test_an_adapted_sprint_knows_where_it_came_from(visits):
    sprints = {s.sprint_id: s for s in visits("Bruno").records(Sprint)}
    ended = {r.sprint_id: r.decision for r in visits("Bruno").records(Retrospective)}
    (adapted,) = [s for s in sprints.values() if s.adapted_from]
    assert ended[adapted.adapted_from] is Decision.ADAPT
    assert sprints[adapted.adapted_from].first_day < adapted.first_day


def test_sessions_come_every_second_week_on_working_days(loaded, visits):
    held = [sorted(visits(n).records(Session), key=lambda s: s.day) for n in coachees(loaded)]
    assert sum(bool(sessions) for sessions in held) >= 3
    for sessions in held:
        assert all(s.ended and s.day < NOW.date() and s.day.weekday() < 5 for s in sessions)
        for before, after in pairwise(sessions):
            assert before.next_day == after.day
            assert after.day - before.day == timedelta(days=14)
        assert not sessions or sessions[-1].next_day >= UNTIL


def test_each_session_has_notes_and_one_commitment(loaded, visits):
    standings = set()
    for name in coachees(loaded):
        visit = visits(name)
        sessions = {s.session_id for s in visit.records(Session)}
        assert {c.session_id for c in visit.records(Commitment)} == sessions
        notes = visit.records(SessionNote)
        assert {n.session_id for n in notes} == sessions
        assert all(1 <= n.part <= PARTS for n in notes)
        standings |= {c.standing for c in visit.records(Commitment)}
    assert standings == set(Standing)


def test_the_notebooks_are_each_for_their_writer(visits):
    assert visits("Noor", "Amara").records(CoachNote)
    assert visits("Amara").records(OwnNote)
    assert visits("Amara").records(CoachNote) == []
    assert visits("Noor", "Amara").records(OwnNote) == []


def test_the_coach_wrote_the_sessions(loaded, visits):
    _, ids = loaded
    for table in ("session", "session_note", "commitment"):
        authors = visits("Amara").read(f"SELECT DISTINCT author FROM {table}_history")
        assert authors == [(ids["Noor"],)]


@pytest.mark.parametrize("until", [UNTIL + timedelta(days=k) for k in range(7)])
def test_every_text_fits_and_every_name_is_one_of_the_person(until):
    for person in generate(until):
        if person.outcome is None:
            continue
        ids = {i.name: k for k, i in enumerate(person.logged, start=1)}
        rhythm = rhythms()[person.name]
        records = own_records(1, rhythm, ids, until)
        by_coach, own = session_records(1, 2, rhythm, ids, until)
        for record in (*records, *by_coach, *own):
            row_of(record)  # texts and days as a column can hold them


def test_an_earlier_sample_gets_its_sessions_and_a_cut_off_one_is_completed(tmp_path, monkeypatch):
    store = open_store(places_at(tmp_path))
    monkeypatch.setattr("sample_data.load._hold_sessions", lambda *_: None)
    ids = load(store, NOW)
    amara = Visit.open(store, ids["Amara"], NOW)
    assert amara.records(Session) == []
    monkeypatch.undo()
    assert load(store, NOW + timedelta(minutes=5)) == ids
    held = amara.records(Session)
    assert len(held) == 5
    load(store, NOW + timedelta(minutes=9))
    assert amara.records(Session) == held
    store.close()
