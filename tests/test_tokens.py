"""Tokens: shown once, kept as a hash, good for one thing and one person, revocable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from coach_data.invitations import invite_from_outside
from coach_data.model import NotAllowed, Person, Role, Token, TokenFor
from coach_data.people import enter, pair
from coach_data.privacy import Visit
from coach_data.sign_in import NotAnAdministrator
from coach_data.store import Store
from coach_data.text import BadText, sha256
from coach_data.tokens import (
    MOST,
    NoToken,
    NoTokenName,
    TakenName,
    TooManyTokens,
    lock_out,
    make_token,
    renew,
    revoke,
    tokens_of,
    visit_with,
)

LOG, CALENDAR = frozenset({TokenFor.QUICK_LOG}), frozenset({TokenFor.CALENDAR})


@pytest.fixture
def ann(store: Store, person: Callable[..., Person], now: datetime) -> Visit:
    return Visit.open(store, person("Ann").person_id, now)


def test_it_opens_its_thing_for_its_person_and_no_other(ann: Visit) -> None:
    secret = make_token(ann, TokenFor.QUICK_LOG, "Phone")
    found = visit_with(ann.store, secret, LOG, ann.now)
    assert found is not None
    assert found[0].viewer_id == found[0].about.person_id == ann.viewer_id
    assert visit_with(ann.store, secret, CALENDAR, ann.now) is None
    assert visit_with(ann.store, secret[:-1], LOG, ann.now) is None
    assert visit_with(ann.store, "", LOG, ann.now) is None
    assert visit_with(ann.store, sha256(secret), LOG, ann.now) is None, "the hash opens nothing"


def test_it_is_long_new_each_time_and_nowhere_in_the_store(ann: Visit) -> None:
    made = [make_token(ann, TokenFor.QUICK_LOG, name) for name in ("Phone", "Watch")]
    assert len(set(made)) == 2
    assert all(len(secret) == 43 for secret in made), "256 bits, six a letter"
    kept = str(ann.store.cursor().execute("FROM app.raw.token").fetchall())
    assert not any(secret in kept for secret in made)
    assert all(sha256(secret) in kept for secret in made)


def test_revoked_is_as_wrong_as_never_made(ann: Visit) -> None:
    secret = make_token(ann, TokenFor.QUICK_LOG, "Phone")
    other = make_token(ann, TokenFor.QUICK_LOG, "Watch")
    token_id = next(t.token_id for t in tokens_of(ann) if t.name == "Phone")
    for _ in range(2):
        revoke(ann, token_id)
    assert visit_with(ann.store, secret, LOG, ann.now) is None
    assert visit_with(ann.store, other, LOG, ann.now) is not None
    assert [t.name for t in tokens_of(ann)] == ["Watch"]
    assert len(ann.read("FROM token_history")) == 3, "revoked once"
    make_token(ann, TokenFor.QUICK_LOG, "Phone")  # the name is free again


def test_names_and_how_many(ann: Visit) -> None:
    make_token(ann, TokenFor.QUICK_LOG, "Phone")
    for name, problem in (("  ", NoTokenName), ("phone ", TakenName), ("x" * 81, BadText)):
        with pytest.raises(problem):
            make_token(ann, TokenFor.QUICK_LOG, name)
    for k in range(MOST - 1):
        make_token(ann, TokenFor.CALENDAR, f"Calendar {k}")
    with pytest.raises(TooManyTokens):
        make_token(ann, TokenFor.QUICK_LOG, "One more")
    assert len(tokens_of(ann)) == MOST
    assert [t.name for t in tokens_of(ann, TokenFor.QUICK_LOG)] == ["Phone"]


def test_nobody_sees_or_revokes_anothers(
    ann: Visit, store: Store, person: Callable[..., Person], now: datetime
) -> None:
    make_token(ann, TokenFor.QUICK_LOG, "Phone")
    token = tokens_of(ann)[0]
    coach = person("Cleo", roles=(Role.COACH,))
    pair(ann, coach.person_id)
    about = Visit.open(store, coach.person_id, now, ann.viewer_id)
    assert tokens_of(about) == []
    assert about.read("FROM token") == []
    revoke(about, token.token_id)
    assert tokens_of(ann) == [token]
    with pytest.raises(NotAllowed):
        about.save(token)
    assert len(ann.records(Token)) == 1


def test_the_same_hash_saved_by_another_draws_nothing_away(
    ann: Visit, store: Store, person: Callable[..., Person], now: datetime
) -> None:
    secret = make_token(ann, TokenFor.QUICK_LOG, "Phone")
    bob = Visit.open(store, person("Bob").person_id, now)
    bob.save(replace(tokens_of(ann)[0], person_id=bob.viewer_id))
    found = visit_with(store, secret, LOG, now)
    assert found is not None
    assert found[0].viewer_id == ann.viewer_id
    revoke(ann, found[1].token_id)
    assert visit_with(store, secret, LOG, now) is None


def test_renewed_the_old_secret_opens_nothing(ann: Visit) -> None:
    old = make_token(ann, TokenFor.CALENDAR, "Calendar")
    token_id = tokens_of(ann)[0].token_id
    new = renew(ann, token_id)
    assert visit_with(ann.store, old, CALENDAR, ann.now) is None
    assert visit_with(ann.store, new, CALENDAR, ann.now) is not None
    assert [t.name for t in tokens_of(ann)] == ["Calendar"]
    revoke(ann, token_id)
    with pytest.raises(NoToken):
        renew(ann, token_id)


def test_an_administrator_locks_out_a_lost_telephone(
    store: Store, ann: Visit, person: Callable[..., Person], now: datetime
) -> None:
    code = invite_from_outside(store, Role.ADMINISTRATOR, ann.about.programme, now)
    ada = Visit.open(store, enter(store, code, "Ada", now).person_id, now)
    bo = Visit.open(store, person("Bo").person_id, now)
    secrets = [make_token(ann, p, p.value) for p in (TokenFor.QUICK_LOG, TokenFor.CALENDAR)]
    kept = make_token(bo, TokenFor.QUICK_LOG, "Phone")
    with pytest.raises(NotAnAdministrator):
        lock_out(bo, ann.viewer_id)
    assert all(visit_with(store, s, LOG | CALENDAR, now) for s in secrets)
    assert lock_out(ada, ann.viewer_id) == (0, 2)
    assert not any(visit_with(store, s, LOG | CALENDAR, now) for s in secrets)
    assert visit_with(store, kept, LOG, now), "nobody else's"
    assert tokens_of(ann) == []
    by = ann.read("SELECT DISTINCT author FROM token_history WHERE revoked")
    assert by == [(ada.viewer_id,)], "the history says who did it"
    assert lock_out(ada, ann.viewer_id) == (0, 0)
    make_token(ann, TokenFor.QUICK_LOG, "New phone")
    assert lock_out(ann, ann.viewer_id) == (0, 1), "oneself"
