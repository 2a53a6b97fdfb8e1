"""The quick log and the calendar feed of a served app, asked as a telephone, a calendar, a thief or a
page elsewhere would ask. Of an answer only its fixed texts may come back: no name, no value."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import vobject

from coach_data.behaviours import add_leading
from coach_data.habits import keep_habit
from coach_data.model import Habit, Indicator, Measure, TokenFor
from coach_data.people import join
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from coach_data.quick_log import Refused
from coach_data.store import Store
from coach_data.tokens import make_token, revoke, tokens_of
from pages.parts.api import SAVED, TEXTS
from pages.parts.browser import present
from tests.browser.server import ForkedServer, Server
from tests.cluster import places_at

SIGN_IN = {
    "COACH_SIGN_IN_ADDRESS": "https://coach.example.org",
    "COACH_SIGN_IN_PROVIDER": "http://127.0.0.1:9/.well-known/openid-configuration",
    "COACH_SIGN_IN_CLIENT": "c",
    "COACH_SIGN_IN_CLIENT_SECRET": "s",
    "COACH_SIGN_IN_COOKIE_SECRET": "x" * 40,
}
FIXED = [SAVED]
FIXED += [{"error": code, "text": text} for code, (_, text) in TEXTS.items()]
FIXED += [
    {"error": kind.code, "text": (kind.__doc__ or "").strip()} for kind in Refused.__subclasses__()
]
"""All that can be answered to a quick log."""


@dataclass
class House:
    """A server, and people made before it was started."""

    folder: Path
    server: Server
    secrets: dict[str, str]

    def post(
        self, body: object, token: str | None = "", path: str = "/api/entries", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, Any]:
        """Status, headers and what was answered, which is one of the fixed texts."""
        own = {"Content-Type": "application/json", "Connection": "close"}
        if token is not None:
            own["Authorization"] = f"Bearer {token or self.secrets['phone']}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        sent = own | {k.replace("_", "-"): v for k, v in headers.items()}
        link.request("POST", path, content, {k: v for k, v in sent.items() if v})
        answer = link.getresponse()
        said = answer.read()
        link.close()
        assert answer.headers["Set-Cookie"] is None
        assert answer.headers["Access-Control-Allow-Origin"] is None
        if path == "/api/entries":
            assert answer.headers["Cache-Control"] == "no-store"
            assert json.loads(said) in FIXED
        return answer.status, answer.headers, json.loads(said)

    def entries(self) -> list[tuple[Any, ...]]:
        """What the stopped server has left: all rows, oldest first."""
        store = opened(self.folder)
        sql = "SELECT value, source FROM app.raw.entry ORDER BY recorded_at"
        found = store.cursor().execute(sql).fetchall()
        store.close()
        return found


def opened(folder: Path) -> Store:
    return open_store(places_at(folder))


def someone(store: Store, name: str, behaviour: str) -> Visit:
    visit = Visit.open(store, join(store, name, present()).person_id, present())
    made = replace(new_indicator(visit, behaviour), measure=Measure.COUNT)
    add_leading(visit, made, None)
    return visit


def prepared(folder: Path) -> dict[str, str]:
    """Ann with a telephone, a lost one and two calendars; Bob with an indicator."""
    store = opened(folder)
    ann, bob = someone(store, "Ann Aardvark", "Calls"), someone(store, "Bob", "Bobs secret")
    secrets = {
        "phone": make_token(ann, TokenFor.QUICK_LOG, "Phone"),
        "lost": make_token(ann, TokenFor.QUICK_LOG, "Lost"),
        "calendar": make_token(ann, TokenFor.CALENDAR, "Calendar"),
        "words": make_token(ann, TokenFor.CALENDAR_IN_WORDS, "Calendar in words"),
        "his": str(bob.records(Indicator)[0].indicator_id),
    }
    revoke(ann, next(t.token_id for t in tokens_of(ann) if t.name == "Lost"))
    calls = ann.records(Indicator)[0].indicator_id
    cue = {"cue": "I open my diary", "routine": "call one customer", "at_minute": 540}
    keep_habit(ann, Habit(person_id=ann.viewer_id, indicator_id=calls, **cue))  # type: ignore[arg-type]
    store.close()
    return secrets


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    secrets = prepared(tmp_path)
    made = House(tmp_path, ForkedServer(tmp_path), secrets)
    yield made
    made.server.stop()


CALL = {"indicator": "Calls", "value": 3}


def test_what_is_sent_is_saved_and_nothing_comes_back(house: House) -> None:
    assert house.post(CALL)[0] == 200
    assert house.post([{**CALL, "value": 4, "note": "a long one"}])[2] == SAVED
    house.server.stop()
    assert house.entries() == [(3, "quick log"), (4, "quick log")]


def test_misuse(house: House) -> None:
    """Each with the status it must have; `post` holds that the answer is one of the fixed texts."""
    lost, calendar = house.secrets["lost"], house.secrets["calendar"]
    refusals = [house.post(CALL, token) for token in ("wrong", lost, calendar, None)]
    assert [status for status, _, _ in refusals] == [401] * 4
    assert len({json.dumps(said) for _, _, said in refusals}) == 1, "which of them is not told"
    assert {headers["WWW-Authenticate"] for _, headers, _ in refusals} == {"Bearer"}
    others = [house.post({**CALL, "indicator": who}) for who in ("Bobs secret", "Nobodys")]
    others.append(house.post({**CALL, "indicator": house.secrets["his"]}))
    assert [status for status, _, _ in others] == [404] * 3
    assert len({json.dumps(said) for _, _, said in others}) == 1
    for body, status in (
        (b"{", 400),
        ({**CALL, "value": -1}, 400),
        ({**CALL, "day": "2999-01-01"}, 400),
        ({**CALL, "note": "x" * 2001}, 400),
        ({**CALL, "note": "x" * 20_000}, 413),
        (b" " * 500_000, 413),
    ):
        assert house.post(body)[0] == status
    with suppress(ConnectionError):  # hung up on, or told
        assert house.post(b" " * 8_000_000)[0] == 413
    for sort in ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert house.post(CALL, Content_Type=sort)[0] == 415
    assert house.post(CALL, Content_Type="Application/JSON; charset=utf-8")[0] == 200
    house.server.stop()
    assert len(house.entries()) == 1


def test_only_post_and_no_cookie_and_no_page_elsewhere(house: House) -> None:
    for path in ("/api/entries", "/api/digest"):
        assert house.server.ask(path).status == 405
    link = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=20)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        link.request(method, "/api/entries", headers={"Origin": "https://evil.example"})
        answer = link.getresponse()
        answer.read()
        assert answer.status == 405, "a browser that asks beforehand is not let"
        assert answer.headers["Access-Control-Allow-Origin"] is None
    link.close()
    cookie = f"coach_device={house.secrets['phone']}; Authorization={house.secrets['phone']}"
    form = {"Origin": "https://evil.example", "Content_Type": "text/plain"}
    assert house.post(CALL, None, Cookie=cookie, **form)[0] == 401
    assert house.post(CALL, None, path=f"/api/entries?token={house.secrets['phone']}")[0] == 401
    status, _, _ = house.post(CALL, None, Authorization=f"Basic {house.secrets['phone']}")
    assert status == 401
    house.server.stop()
    assert house.entries() == []


def test_under_another_name_nothing_is_taken(house: House) -> None:
    link = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=20)
    headers = {"Host": "evil.example", "Authorization": f"Bearer {house.secrets['phone']}"}
    link.request("POST", "/api/entries", json.dumps(CALL), headers)
    assert link.getresponse().status == 403
    link.close()
    house.server.stop()
    assert house.entries() == []


def test_a_replay_saves_once_also_all_at_the_same_moment(house: House) -> None:
    body = {**CALL, "request_id": "morning"}
    assert house.post(body)[2] == house.post(body)[2] == SAVED
    assert house.post({**body, "value": 4})[0] == 409
    ready, seen = threading.Barrier(12), []

    def replayed() -> None:
        ready.wait()
        seen.append(house.post({**CALL, "value": 5, "request_id": "noon"})[0])

    threads = [threading.Thread(target=replayed) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 12
    house.server.stop()
    assert house.entries() == [(3, "quick log"), (5, "quick log")]


def test_a_burst_is_held_up_and_the_rest_goes_on(house: House) -> None:
    """Three hundred at once with a token, and three hundred guesses: most are told to wait."""
    assert house.post(CALL)[0] == 200
    told: dict[str, list[int]] = {"phone": [], "guess": []}
    waits: list[int] = []

    def burst(who: str, first: int) -> None:
        for k in range(first, 300, 10):
            token = house.secrets["phone"] if who == "phone" else f"guess-{k}"
            status, headers, _ = house.post({**CALL, "value": 10 + k}, token)  # never what is there
            told[who].append(status)
            if status == 429:
                waits.append(int(headers["Retry-After"]))

    for who in told:
        threads = [threading.Thread(target=burst, args=(who, k)) for k in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told["phone"]) == len(told["guess"]) == 300
    assert set(told["phone"]) == {200, 429}
    assert set(told["guess"]) == {401, 429}
    assert told["phone"].count(200) < 120, "sixty at once, and one a second"
    assert told["guess"].count(401) < 40, "twenty at once, and ten a minute"
    assert min(waits) >= 1
    assert house.server.ask("/_stcore/health").status == 200
    saved = told["phone"].count(200)
    house.server.stop()
    assert len(house.entries()) == 1 + saved


def test_behind_a_proxy_guesses_count_for_who_makes_them(house: House) -> None:
    """The proxy is on this machine and says for whom it asks; the others go on."""
    guesses = [house.post(CALL, "guess", X_Forwarded_For="203.0.113.7")[0] for _ in range(30)]
    assert guesses[0] == 401
    assert guesses[-1] == 429
    assert house.post(CALL, X_Forwarded_For="203.0.113.8")[0] == 200
    assert house.post(CALL, X_Forwarded_For="203.0.113.7")[0] == 200, "known by now"


# --- the calendar ---


def test_the_feed_is_read_by_another_library(house: House) -> None:
    for which, summary in (
        ("calendar", "Time for a habit"),
        ("words", "When I open my diary, I will call one customer."),
    ):
        answer = house.server.ask(f"/api/calendar/{house.secrets[which]}.ics")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Set-Cookie"] is None
        read = vobject.readOne(answer.body.decode())  # type: ignore[attr-defined]
        assert [e.summary.value for e in read.vevent_list] == [summary]
        assert "Aardvark" not in str(read)


def test_a_feed_that_is_none(house: House) -> None:
    bodies = set()
    for secret in ("wrong", house.secrets["phone"], "../../entries", "%2e%2e"):
        answer = house.server.ask(f"/api/calendar/{secret}.ics")
        assert answer.status == 404 or b"BEGIN" not in answer.body  # type: ignore[attr-defined]
        if secret in ("wrong", house.secrets["phone"]):
            bodies.add((answer.status, answer.body))  # type: ignore[attr-defined]
    assert bodies == {(404, b"There is no such calendar.")}
    for k in range(60):
        answer = house.server.ask(f"/api/calendar/guess-{k}.ics")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"] or 0) >= 1
    good = house.server.ask(f"/api/calendar/{house.secrets['calendar']}.ics")
    assert good.status == 429, "first seen now, from an address that guesses"


def test_a_calendar_that_is_known_goes_on_while_somebody_guesses(house: House) -> None:
    path = f"/api/calendar/{house.secrets['calendar']}.ics"
    assert house.server.ask(path).status == 200
    for k in range(40):
        house.server.ask(f"/api/calendar/guess-{k}.ics")
    assert house.server.ask(path).status == 200


# --- where people sign in ---


def test_where_people_sign_in_a_telephone_needs_no_cookie(tmp_path: Path) -> None:
    secrets = prepared(tmp_path)
    server = ForkedServer(tmp_path, **SIGN_IN)
    house = House(tmp_path, server, secrets)
    try:
        assert house.post(CALL, Host="coach.example.org")[0] == 200
        assert house.post(CALL, "wrong", Host="coach.example.org")[0] == 401
    finally:
        server.stop()
    assert house.entries() == [(3, "quick log")]
