"""Signed-in browsers: how a session begins, goes on and ends, with the clock in the test's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coach_data.invitations import invite, invite_from_outside
from coach_data.model import Role
from coach_data.people import enter, join
from coach_data.privacy import Visit
from coach_data.sign_in import (
    NotAnAdministrator,
    end_sessions,
    forget_old,
    identity_of,
    person_of,
    sign_out,
    signed_in,
)

T0 = datetime(2026, 5, 31, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLAIMS = {
    "is_logged_in": True,
    "iss": "https://one.example",
    "sub": "ann",
    "email": "ann@example.org",
    "iat": T0.timestamp(),
    "nonce": "n1",
}
TOKEN, OTHER = "t" * 43, "o" * 43


def who(**changed):
    found = identity_of({**CLAIMS, **changed})
    assert found is not None
    return found


def count(store):
    return store.cursor().execute("SELECT count(*) FROM app.raw.sign_in").fetchone()[0]


@pytest.mark.abuse(40)
@pytest.mark.parametrize(
    "changed",
    [
        {"is_logged_in": False},
        {"is_logged_in": "yes"},
        {"iss": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": ["ann"]},
    ],
)
def test_40_half_an_identity_is_nobody(changed) -> None:
    assert identity_of({**CLAIMS, **changed}) is None
    assert identity_of({}) is None


def test_a_session_begins_with_a_fresh_token_only(store) -> None:
    assert signed_in(store, TOKEN, who(), T0 + 5 * MINUTE)
    for late in (5.1 * MINUTE, timedelta(days=29), -2 * MINUTE):
        assert signed_in(store, OTHER, who(nonce=str(late)), T0 + late) is None
    for never in (None, True, "yesterday", float("nan"), 1e300):
        assert signed_in(store, OTHER, who(iat=never, nonce="x"), T0) is None


@pytest.mark.abuse(40)
def test_40_it_ends_after_half_an_hour_without_a_run(store) -> None:
    assert signed_in(store, TOKEN, who(), T0)
    assert signed_in(store, TOKEN, who(), T0 + 29 * MINUTE)
    assert signed_in(store, TOKEN, who(), T0 + 58 * MINUTE)
    assert signed_in(store, TOKEN, who(), T0 + 88 * MINUTE) is None
    assert signed_in(store, TOKEN, who(), T0 + 88 * MINUTE) is None


@pytest.mark.abuse(40)
def test_40_it_ends_after_twelve_hours_in_any_case(store) -> None:
    assert signed_in(store, TOKEN, who(), T0)
    for quarter in range(1, 48):
        assert signed_in(store, TOKEN, who(), T0 + quarter * 15 * MINUTE), quarter
    assert signed_in(store, TOKEN, who(), T0 + timedelta(hours=12)) is None


def test_last_seen_is_written_once_a_minute(store) -> None:
    for second in range(0, 180, 5):
        assert signed_in(store, TOKEN, who(), T0 + timedelta(seconds=second))
    assert count(store) == 3


@pytest.mark.abuse(41)
def test_41_after_signing_out_no_tab_goes_on(store) -> None:
    assert signed_in(store, TOKEN, who(), T0)
    sign_out(store, TOKEN, who(), T0 + MINUTE)
    assert signed_in(store, TOKEN, who(), T0 + MINUTE) is None, "the token is still fresh"
    assert signed_in(store, OTHER, who(), T0 + MINUTE) is None
    again = who(iat=(T0 + 2 * MINUTE).timestamp(), nonce="n2")
    assert signed_in(store, TOKEN, again, T0 + 2 * MINUTE)


@pytest.mark.abuse(41)
def test_41_signing_out_of_one_browser_leaves_the_other(store) -> None:
    assert signed_in(store, TOKEN, who(), T0)
    assert signed_in(store, OTHER, who(nonce="n2"), T0)
    sign_out(store, TOKEN, who(), T0)
    assert signed_in(store, OTHER, who(nonce="n2"), T0 + MINUTE)


@pytest.mark.abuse(44)
def test_44_either_cookie_alone_is_worth_nothing(store) -> None:
    """The provider's cookie in another browser, or our token under another identity."""
    assert signed_in(store, TOKEN, who(), T0)
    assert signed_in(store, OTHER, who(), T0 + MINUTE) is None
    old = (T0 - timedelta(days=1)).timestamp()
    assert signed_in(store, TOKEN, who(sub="eve", iat=old), T0 + MINUTE) is None
    assert TOKEN not in str(store.cursor().execute("FROM app.raw.sign_in").fetchall())


@pytest.mark.abuse(42)
def test_42_the_same_address_from_another_provider_is_another_person(store) -> None:
    code = invite_from_outside(store, Role.COACH, "own", T0)
    ann = enter(store, code, "Ann", T0, identity=who())
    assert person_of(store, who()) == ann.person_id
    for other in ({"iss": "https://two.example"}, {"sub": "ann2"}, {"iss": "https://one.example/"}):
        assert person_of(store, who(**other)) is None
    found = signed_in(store, TOKEN, who(iss="https://two.example"), T0)
    assert found is not None
    assert found.person_id is None
    changed = who(email="new@example.org", name="Annie", nonce="n3")
    assert person_of(store, changed) == ann.person_id, "a new address changes nobody"


@pytest.fixture
def programme(store):
    """Ada, administrator; Cleo, coach, signed in with two browsers; Bo, of another programme."""
    ada = enter(store, invite_from_outside(store, Role.ADMINISTRATOR, "north", T0), "Ada", T0)
    visit = Visit.open(store, ada.person_id, T0)
    cleo = enter(store, invite(visit, Role.COACH), "Cleo", T0, identity=who())
    assert signed_in(store, TOKEN, who(), T0)
    assert signed_in(store, OTHER, who(nonce="n2"), T0)
    return visit, cleo


def test_an_administrator_ends_every_session_of_a_person(store, programme) -> None:
    visit, cleo = programme
    assert end_sessions(visit, cleo.person_id) == 2
    assert signed_in(store, TOKEN, who(), T0 + MINUTE) is None
    assert signed_in(store, OTHER, who(nonce="n2"), T0 + MINUTE) is None
    assert end_sessions(visit, cleo.person_id) == 0


def test_nobody_else_ends_a_session_of_others(store, programme) -> None:
    visit, cleo = programme
    bo = join(store, "Bo", T0)
    with pytest.raises(NotAnAdministrator):
        end_sessions(Visit.open(store, bo.person_id, T0), cleo.person_id)
    with pytest.raises(NotAnAdministrator):
        end_sessions(visit, bo.person_id)
    assert signed_in(store, TOKEN, who(), T0 + MINUTE)
    assert end_sessions(Visit.open(store, cleo.person_id, T0), cleo.person_id) == 2, "one's own"


def test_old_rows_are_taken_out_and_open_nothing(store) -> None:
    assert signed_in(store, TOKEN, who(), T0)
    forget_old(store, T0 + timedelta(hours=23))
    assert count(store) == 1
    forget_old(store, T0 + timedelta(hours=25))
    assert count(store) == 0
    assert signed_in(store, TOKEN, who(), T0 + timedelta(hours=25)) is None


def test_what_is_kept_names_no_token(store) -> None:
    identity = replace(who(), name="Ann")
    assert signed_in(store, TOKEN, identity, T0)
    kept = str(store.cursor().execute("FROM app.raw.sign_in").fetchall())
    assert "ann@example.org" not in kept
    assert "n1" not in kept
