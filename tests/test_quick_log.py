"""Values from outside: what is taken, what is refused, and that nothing is told in return."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from coach_data import quick_log
from coach_data.behaviours import add_leading, park
from coach_data.entries import Logged, day_of, history_of, log_day
from coach_data.model import (
    Entry,
    EntryState,
    Indicator,
    Measure,
    NotAllowed,
    Person,
    Request,
    Status,
    Token,
    TokenFor,
)
from coach_data.plan import new_indicator, plan_of
from coach_data.privacy import Visit, open_store
from coach_data.quick_log import (
    MOST_ENTRIES,
    NoSuchIndicator,
    NotUnderstood,
    Refused,
    RefusedDay,
    RefusedNote,
    RefusedValue,
    RequestIdTaken,
    SaidTwice,
    TwoOfThatName,
    take,
)
from coach_data.sprints import new_rating
from coach_data.store import Busy, Store
from coach_data.tokens import make_token, revoke, tokens_of, visit_with
from tests.cluster import places_at
from tests.stored import before_insert

SUNDAY = date(2026, 5, 31)
ONLY = frozenset({TokenFor.QUICK_LOG})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole file: every test makes its own people."""
    folder = tmp_path_factory.mktemp("quick")
    opened = open_store(places_at(folder))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Phone:
    """Ann's telephone: calls are counted, sleep is a number, walks are a yes or no."""

    store: Store
    now: datetime
    ann: Person
    secret: str

    @property
    def visit(self) -> Visit:
        return Visit.open(self.store, self.ann.person_id, self.now)

    def indicator(self, name: str) -> Indicator:
        return next(i for i in self.visit.records(Indicator) if i.name == name)

    def send(self, body: object) -> None:
        """As the route does it: the token opens a visit, and the body is taken."""
        found = visit_with(self.store, self.secret, ONLY, self.now)
        if found is None:
            raise NotAllowed
        take(*found, body if isinstance(body, bytes) else json.dumps(body).encode())

    def values(self, day: date = SUNDAY) -> dict[str, float | str]:
        """What is known of the day by name; a skip as its word."""
        names = {i.indicator_id: i.name for i in self.visit.records(Indicator)}
        found = self.visit.records(Entry, day, day)
        return {names[e.indicator_id]: e.value if e.value is not None else e.state for e in found}  # type: ignore[misc]

    def told(self, day: date = SUNDAY) -> list[tuple[str, str]]:
        """The history of a day, latest first: what, and from where."""
        return [(c.known.told(c.indicator), c.known.source) for c in history_of(self.visit, day)]


@pytest.fixture
def phone(store: Store, person: Callable[..., Person], now: datetime) -> Phone:
    ann = person("Ann")
    visit = Visit.open(store, ann.person_id, now)
    for name, measure in (("Calls", "count"), ("Sleep", "number"), ("Walk", "yes/no")):
        add_leading(visit, replace(new_indicator(visit, name), measure=Measure(measure)), None)
    return Phone(store, now, ann, make_token(visit, TokenFor.QUICK_LOG, "Phone"))


def test_one_value_by_name_for_the_persons_own_day(phone: Phone) -> None:
    phone.send({"indicator": "calls", "value": 3})
    assert phone.values() == {"Calls": 3}
    assert phone.told() == [("3", "quick log")]
    assert {c.by for c in history_of(phone.visit, SUNDAY)} == {"Ann"}


def test_the_day_is_the_persons_local_one(phone: Phone) -> None:
    phone.visit.save(replace(phone.ann, time_zone="Pacific/Kiritimati", day_ends=0))
    phone.send({"indicator": "Calls", "value": 3})
    assert phone.values(SUNDAY + timedelta(days=1)) == {"Calls": 3}
    assert phone.values() == {}


@pytest.mark.parametrize("as_text", [True, False])
def test_an_indicator_by_its_id(phone: Phone, as_text: bool) -> None:
    found = phone.indicator("Sleep").indicator_id
    phone.send({"indicator": str(found) if as_text else found, "value": 7.5})
    assert phone.values() == {"Sleep": 7.5}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Calls", "3", 3),
        ("Calls", 0, 0),
        ("Sleep", "7.5", 7.5),
        ("Sleep", -2, -2),
        ("Walk", True, 1),
        ("Walk", False, 0),
        ("Walk", "yes", 1),
        ("Walk", 1, 1),
        ("Calls", "skip", EntryState.SKIPPED),
        ("Walk", "Skipped", EntryState.SKIPPED),
    ],
)
def test_what_a_value_may_be(phone: Phone, name: str, value: object, kept: object) -> None:
    phone.send({"indicator": name, "value": value})
    assert phone.values() == {name: kept}


def test_a_list_of_days_with_notes(phone: Phone) -> None:
    phone.send(
        [
            {"indicator": "Calls", "value": 3, "day": "2026-05-30", "note": "<b>long</b> day"},
            {"indicator": "Walk", "value": "yes", "day": "2026-05-30"},
            {"indicator": "Calls", "value": "skip"},
        ]
    )
    assert phone.values(SUNDAY - timedelta(days=1)) == {"Calls": 3, "Walk": 1}
    assert phone.values() == {"Calls": "skipped"}
    row = day_of(phone.visit, SUNDAY - timedelta(days=1), [(phone.indicator("Calls"), None)])[0]
    assert row.note == "<b>long</b> day"


GOOD = {"indicator": "Sleep", "value": 7}
REFUSED: list[tuple[object, type[Refused]]] = [
    (b"", NotUnderstood),
    (b"indicator=Calls&value=3", NotUnderstood),
    (b"\xff\xfe", NotUnderstood),
    (b'{"indicator": "Calls", "value": 3', NotUnderstood),
    (b"[" * 8000, NotUnderstood),
    (b'{"indicator": "Calls", "value": NaN}', NotUnderstood),
    (b'{"indicator": "Calls", "value": Infinity}', NotUnderstood),
    (b'{"indicator": "Calls", "value": ' + b"9" * 5000 + b"}", NotUnderstood),
    (b'{"indicator": "Calls", "value": 1, "value": 2}', NotUnderstood),
    ([], NotUnderstood),
    ([GOOD] * (MOST_ENTRIES + 1), NotUnderstood),
    ("Calls", NotUnderstood),
    (None, NotUnderstood),
    ({"indicator": "Calls"}, NotUnderstood),
    ({"value": 3}, NotUnderstood),
    ({"indicator": "Calls", "vlaue": 3, "value": 3}, NotUnderstood),
    ({"indicator": "Calls", "value": None}, NotUnderstood),
    ({"indicator": "Calls", "value": [3]}, NotUnderstood),
    ({"indicator": True, "value": 3}, NotUnderstood),
    ({"indicator": {"a": 1}, "value": 3}, NotUnderstood),
    ({"indicator": "Calls", "value": 3, "note": 5}, NotUnderstood),
    ({"indicator": "Calls", "value": 3, "request_id": ""}, NotUnderstood),
    ({"indicator": "Calls", "value": 3, "request_id": "x" * 201}, NotUnderstood),
    ({"indicator": "Nothing", "value": 3}, NoSuchIndicator),
    ({"indicator": "", "value": 3}, NoSuchIndicator),
    ({"indicator": "\ud800", "value": 3}, NoSuchIndicator),
    ({"indicator": "Calls", "value": -1}, RefusedValue),
    ({"indicator": "Calls", "value": 2.5}, RefusedValue),
    ({"indicator": "Calls", "value": 1e999}, NotUnderstood),
    (b'{"indicator": "Sleep", "value": 1e999}', RefusedValue),
    (b'{"indicator": "Sleep", "value": ' + b"9" * 400 + b"}", RefusedValue),
    ({"indicator": "Sleep", "value": "1,5"}, RefusedValue),
    ({"indicator": "Sleep", "value": "1_000"}, RefusedValue),
    ({"indicator": "Sleep", "value": "\u0661\u0662"}, RefusedValue),
    ({"indicator": "Sleep", "value": "lots"}, RefusedValue),
    ({"indicator": "Sleep", "value": ""}, RefusedValue),
    ({"indicator": "Sleep", "value": True}, RefusedValue),
    ({"indicator": "Walk", "value": 2}, RefusedValue),
    ({"indicator": "Sleep", "value": 7, "day": "2026-06-01"}, RefusedDay),
    ({"indicator": "Sleep", "value": 7, "day": "2026-02-30"}, RefusedDay),
    ({"indicator": "Sleep", "value": 7, "day": "01/02/2026"}, RefusedDay),
    ({"indicator": "Sleep", "value": 7, "day": "1999-12-31"}, RefusedDay),
    ({"indicator": "Sleep", "value": 7, "day": "infinity"}, RefusedDay),
    ({"indicator": "Sleep", "value": 7, "day": ""}, RefusedDay),
    ({"indicator": "Sleep", "value": 7, "note": "x" * 2001}, RefusedNote),
    ({"indicator": "Sleep", "value": 7, "note": "a\x00b"}, RefusedNote),
    ({"indicator": "Sleep", "value": 7, "note": "\ud800"}, RefusedNote),
    ([GOOD, GOOD], SaidTwice),
    ([GOOD, {"indicator": "sleep ", "value": 8}], SaidTwice),
    ([{**GOOD, "request_id": "1"}, {"indicator": "Calls", "value": 3, "request_id": "1"}],
     RequestIdTaken),
]  # fmt: skip


@pytest.mark.parametrize(("body", "refusal"), REFUSED, ids=[str(b)[:40] for b, _ in REFUSED])
def test_what_is_refused_saves_nothing_and_tells_nothing(
    phone: Phone, body: object, refusal: type[Refused]
) -> None:
    with pytest.raises(Refused) as told:
        phone.send(body)
    assert type(told.value) is refusal
    assert str(told.value) == (refusal.__doc__ or "").strip()
    assert phone.values() == {}
    assert not phone.visit.records(Request)
    for word in ("Calls", "Sleep", "Walk", "Ann"):
        assert word not in str(told.value)


def test_one_bad_entry_of_a_list_saves_none(phone: Phone) -> None:
    with pytest.raises(RefusedValue):
        phone.send([{"indicator": "Sleep", "value": 7}, {"indicator": "Calls", "value": -1}])
    assert phone.values() == {}


def test_every_refusal_has_a_code_of_its_own_and_a_status() -> None:
    kinds = Refused.__subclasses__()
    assert len(kinds) >= 8
    assert len({k.code for k in kinds}) == len(kinds)
    assert {k.status for k in kinds} == {400, 404, 409}


def test_anothers_indicator_is_as_unknown_as_none(
    phone: Phone, person: Callable[..., Person]
) -> None:
    bob = Visit.open(phone.store, person("Bob").person_id, phone.now)
    his = new_indicator(bob, "Bob's secret")
    add_leading(bob, his, None)
    for named in ("Bob's secret", his.indicator_id, str(his.indicator_id)):
        with pytest.raises(NoSuchIndicator):
            phone.send({"indicator": named, "value": 1})
    assert bob.records(Entry) == []


def test_what_today_does_not_ask_for_is_not_taken(phone: Phone) -> None:
    park(phone.visit, phone.indicator("Calls"))
    with pytest.raises(NoSuchIndicator):
        phone.send({"indicator": "Calls", "value": 1})
    phone.visit.save(replace(phone.indicator("Sleep"), status=Status.CLOSED))
    with pytest.raises(NoSuchIndicator):
        phone.send({"indicator": "Sleep", "value": 1})


def test_the_rating_of_a_sprint_and_two_of_one_name(phone: Phone) -> None:
    phone.visit.save(new_rating(phone.visit, "Ease"))
    phone.send({"indicator": "Ease", "value": 4})
    assert phone.values() == {"Ease": 4}
    phone.visit.save(new_rating(phone.visit, "ease"))
    with pytest.raises(TwoOfThatName):
        phone.send({"indicator": "Ease", "value": 5})
    phone.send({"indicator": str(phone.indicator("Ease").indicator_id), "value": 5})
    assert phone.values()["Ease"] == 5


# --- beside what was typed ---


def test_the_latest_counts_and_the_history_keeps_both(phone: Phone) -> None:
    calls = phone.indicator("Calls")
    phone.send({"indicator": "Calls", "value": 3})
    row = day_of(phone.visit, SUNDAY, [(calls, None)])[0]
    assert row.known is not None
    assert row.known.source == "quick log"
    log_day(phone.visit, SUNDAY, [Logged(calls, value=4, seen=row.known.recorded_at)])
    phone.send({"indicator": "Calls", "value": 5})
    assert phone.told() == [("5", "quick log"), ("4", "screen"), ("3", "quick log")]
    assert phone.values() == {"Calls": 5}


def test_the_same_value_again_is_no_new_row(phone: Phone) -> None:
    for _ in range(2):
        phone.send({"indicator": "Calls", "value": 3})
    assert phone.told() == [("3", "quick log")]


# --- request_id ---


def test_a_request_sent_again_changes_nothing(phone: Phone) -> None:
    body = {"indicator": "Calls", "value": 3, "request_id": "morning"}
    phone.send(body)
    phone.send({"indicator": "Calls", "value": 4})
    phone.send(body)
    assert phone.values() == {"Calls": 4}
    assert len(phone.told()) == 2
    kept = str(phone.visit.records(Request))
    assert "morning" not in kept
    assert "Calls" not in kept


def test_also_on_the_next_day(phone: Phone) -> None:
    body = {"indicator": "Calls", "value": 3, "request_id": "late"}
    phone.send(body)
    replace(phone, now=phone.now + timedelta(days=1)).send(body)
    assert phone.values(SUNDAY + timedelta(days=1)) == {}


def test_a_request_id_for_something_else_is_refused(phone: Phone) -> None:
    phone.send({"indicator": "Calls", "value": 3, "request_id": "1"})
    with pytest.raises(RequestIdTaken):
        phone.send({"indicator": "Calls", "value": 4, "request_id": "1"})
    assert phone.values() == {"Calls": 3}


def test_of_a_list_only_what_is_new_is_saved(phone: Phone) -> None:
    first = {"indicator": "Calls", "value": 3, "request_id": "1"}
    phone.send(first)
    phone.send([first, {"indicator": "Sleep", "value": 7, "request_id": "2"}])
    assert phone.values() == {"Calls": 3, "Sleep": 7}
    assert len(phone.told()) == 2


def test_the_ids_of_two_people_are_apart(phone: Phone, person: Callable[..., Person]) -> None:
    bob = Visit.open(phone.store, person("Bob").person_id, phone.now)
    add_leading(bob, replace(new_indicator(bob, "Runs"), measure=Measure.COUNT), None)
    his = replace(phone, ann=bob.about, secret=make_token(bob, TokenFor.QUICK_LOG, "Watch"))
    phone.send({"indicator": "Calls", "value": 3, "request_id": "1"})
    his.send({"indicator": "Runs", "value": 1, "request_id": "1"})
    assert his.values() == {"Runs": 1}


def test_what_could_not_be_saved_can_be_sent_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id and the entries are one transaction: none without the other."""
    body = {"indicator": "Calls", "value": 3, "request_id": "1"}
    brought: list[str] = []

    def failing(table: str) -> None:
        if brought:
            raise Busy
        brought.append(table)

    before_insert(monkeypatch, failing)
    with pytest.raises(Busy):
        phone.send(body)
    assert phone.values() == {}
    monkeypatch.undo()
    phone.send(body)
    assert phone.values() == {"Calls": 3}


def test_replays_at_the_same_moment_save_once(phone: Phone) -> None:
    ready = threading.Barrier(8)
    problems: list[Exception] = []

    def replayed(k: int) -> None:
        ready.wait()
        try:
            phone.send({"indicator": "Calls", "value": 3, "request_id": "1"})
            phone.send({"indicator": "Sleep", "value": k, "request_id": f"own {k}"})
        except Exception as problem:  # noqa: BLE001 - told by the main thread
            problems.append(problem)

    threads = [threading.Thread(target=replayed, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    rows = phone.visit.read("SELECT count(*) FROM request_history")
    assert rows == [(9,)]
    calls = phone.indicator("Calls").indicator_id
    sql = "SELECT count(*) FROM entry_history WHERE indicator_id = ?"
    assert phone.visit.read(sql, [calls]) == [(1,)]


# --- the token ---


def test_the_last_day_of_use_is_kept_once_a_day(phone: Phone) -> None:
    assert [t.last_used for t in tokens_of(phone.visit)] == [None]
    for value in (1, 2, 3):
        phone.send({"indicator": "Calls", "value": value})
    assert [t.last_used for t in tokens_of(phone.visit)] == [SUNDAY]
    assert phone.visit.read("SELECT count(*) FROM token_history") == [(2,)]


def test_a_token_revoked_on_the_way_saves_nothing_and_stays_revoked(phone: Phone) -> None:
    found = visit_with(phone.store, phone.secret, ONLY, phone.now)
    assert found is not None
    revoke(phone.visit, found[1].token_id)
    with pytest.raises(NotAllowed):
        take(*found, b'{"indicator": "Calls", "value": 3}')
    assert phone.values() == {}
    assert tokens_of(phone.visit) == []
    assert visit_with(phone.store, phone.secret, ONLY, phone.now) is None


def test_nobody_revokes_between_the_look_and_the_save(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, token = quick_log.plan_of, tokens_of(phone.visit)[0]
    other = threading.Thread(target=lambda: revoke(phone.visit, token.token_id))

    def slow(visit: Visit) -> Any:
        other.start()
        other.join(0.3)  # it would be done by now, if it could go on
        return plain(visit)

    monkeypatch.setattr(quick_log, "plan_of", slow)
    phone.send({"indicator": "Calls", "value": 3})
    other.join()
    assert phone.values() == {"Calls": 3}
    assert phone.visit.records(Token)[0].revoked
    assert plan_of(phone.visit).leading
