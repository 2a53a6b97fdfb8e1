"""The screens where people sign in: the button, the field for the code, and who is let in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coach_data.devices import remember_device
from coach_data.invitations import invite, invite_from_outside
from coach_data.model import NotAllowed, Role
from coach_data.people import coachees_of, enter, roles_of
from coach_data.privacy import Visit
from coach_data.sign_in import Identity, person_of
from pages.parts.browser import go_on_as, present
from pages.parts.provider import SETTINGS, from_environment
from tests.screens.conftest import ROUTER, Screens

PAGES = sorted(Path(__file__).parents[2].joinpath("pages").glob("*.py"))
TOKEN = "t" * 43
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "c" * 32,
    "client_id": "x",
    "client_secret": "x",
    "server_metadata_url": "http://localhost:1/none",
}


class Signed(Screens):
    """A tab on a server with sign-in; the browser brings these claims and this token."""

    def __init__(self, claims=None, *, state=None, query=None) -> None:
        self.at = AppTest.from_file(str(ROUTER), default_timeout=30)
        self.at.secrets["auth"] = AUTH
        self.at.user = claims or {"is_logged_in": False}
        for key, value in (state or {}).items():
            self.at.session_state[key] = value
        for key, value in (query or {}).items():
            self.at.query_params[key] = value
        self.at.run()
        self.sound()


def claims(subject="ann", issuer="https://one.example", *, age=0.0, **more):
    return {
        "is_logged_in": True,
        "iss": issuer,
        "sub": subject,
        "email": "ann@example.org",
        "name": "Ann",
        "iat": (present() - timedelta(minutes=age)).timestamp(),
        "nonce": f"{issuer}{subject}{age}",
        **more,
    }


@pytest.fixture
def signed(store, monkeypatch):
    """``signed(claims())``: a tab of somebody; every tab is of one browser."""
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", {"coach_device": TOKEN})
    return Signed


@pytest.fixture
def cleo(store):
    """A coach who is known by an identity."""
    code = invite_from_outside(store, Role.COACH, "own", present())
    who = Identity("https://one.example", "cleo", None, "")
    return enter(store, code, "Cleo", present(), identity=who)


def asked_to_sign_in(tab) -> bool:
    labels = [b.label for b in tab.at.button]
    return labels == ["Sign in"] and not tab.at.text_input and not tab.alts


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_first_visitor_may_only_sign_in(page, ann, cleo, signed) -> None:
    tab = signed().open(page.stem)
    assert asked_to_sign_in(tab)
    assert "Cleo" not in tab.words


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_without_the_router_asks_too(page, ann, signed) -> None:
    alone = AppTest.from_file(str(page), default_timeout=30)
    alone.secrets["auth"] = AUTH
    alone.user = {"is_logged_in": False}
    alone.run()
    assert [b.label for b in alone.button] == ["Sign in"]


@pytest.mark.abuse(39, 40)
@pytest.mark.parametrize(
    "given",
    [
        {"state": {"viewer_id": 0}},
        {"query": {"viewer_id": "0", "role": "coach", "about_id": "0"}},
        {"claims": {"is_logged_in": True}},
        {"claims": {"is_logged_in": True, "sub": "cleo"}},
    ],
)
def test_39_40_nothing_but_a_sign_in_lets_in(given, cleo, signed) -> None:
    for part in ("state", "query"):
        if part in given:
            kind = int if part == "state" else str
            given = {part: {**given[part], "viewer_id": kind(cleo.person_id)}}
    assert asked_to_sign_in(signed(given.pop("claims", None), **given))


@pytest.mark.abuse(40)
def test_40_an_old_cookie_of_the_provider_is_anonymous(cleo, signed) -> None:
    assert asked_to_sign_in(signed(claims("cleo", age=6)))
    assert not asked_to_sign_in(signed(claims("cleo", age=4)))


@pytest.mark.abuse(40)
def test_40_without_our_own_token_nobody_is_in(cleo, signed, monkeypatch) -> None:
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", {})
    assert asked_to_sign_in(signed(claims("cleo")))


def test_what_this_device_chose_before_sign_in_lets_nobody_in(store, cleo, signed) -> None:
    remember_device(store, TOKEN, cleo.person_id, present())
    assert asked_to_sign_in(signed())


@pytest.mark.abuse(39)
def test_39_a_role_in_the_address_or_the_state_is_ignored(store, cleo, signed) -> None:
    tab = signed(
        claims("cleo"),
        query={"role": "administrator"},
        state={"role": "administrator", "roles": ["administrator"]},
    ).open("people")
    assert "Invite a coachee" in tab.words
    assert "Invite a lead" not in tab.words
    assert roles_of(Visit.open(store, cleo.person_id, present())) == {Role.COACH}


def test_somebody_unknown_gives_a_code_and_is_in(store, cleo, signed) -> None:
    tab = signed(claims()).open("compass")
    assert [w.label for w in tab.at.text_input] == ["Code from your invitation", "Your name"]
    assert "Cleo" not in tab.words
    tab.field("text_input", "Code").set_value("AAAA-AAAA-AAAA-AAAA")
    tab.press("Come in")
    assert "This code cannot be used" in tab.words
    code = invite(Visit.open(store, cleo.person_id, present()), Role.COACHEE)
    tab.field("text_input", "Code").set_value(code)
    tab.press("Come in")
    assert not [w for w in tab.at.text_input if "Code" in w.label]
    assert [c.name for c in coachees_of(Visit.open(store, cleo.person_id, present()))] == ["Ann"]
    assert "Hello, Ann" in tab.open("welcome").words


@pytest.mark.abuse(42)
def test_42_the_same_address_from_another_provider_is_unknown(store, cleo, signed) -> None:
    known = Identity("https://one.example", "cleo", None, "")
    assert person_of(store, known) == cleo.person_id
    tab = signed(claims("cleo", "https://two.example"))
    assert "not known here yet" in tab.words
    assert "Cleo" not in tab.words


@pytest.mark.abuse(41)
def test_41_after_signing_out_an_open_tab_is_out_at_its_next_run(cleo, signed) -> None:
    here, there = signed(claims("cleo")), signed(claims("cleo"))
    assert "Hello, Cleo" in there.words
    here.press("Sign out")
    there.at.run()
    there.sound()
    assert asked_to_sign_in(there)


@pytest.mark.abuse(40)
@pytest.mark.parametrize("minutes", [31, 12 * 60])
def test_40_a_tab_left_open_is_out(cleo, signed, monkeypatch, minutes) -> None:
    tab = signed(claims("cleo"))
    assert "Hello, Cleo" in tab.words
    later = present() + timedelta(minutes=minutes)
    monkeypatch.setenv("COACH_NOW", later.isoformat())
    tab.at.run()
    assert asked_to_sign_in(tab)


def test_nobody_chooses_who_they_are(store, ann, cleo, signed) -> None:
    tab = signed(claims("cleo"), state={"viewer_id": ann.person_id})
    assert "Hello, Cleo" in tab.words
    tab = signed()
    assert "Ann" not in tab.words
    assert "Begin" not in tab.words
    assert not tab.at.selectbox


def test_the_choice_of_this_device_does_not_exist(store, ann, monkeypatch) -> None:
    monkeypatch.setattr("pages.parts.browser.has_sign_in", lambda: True)
    with pytest.raises(NotAllowed):
        go_on_as(store, ann.person_id)


# --- People, where people sign in ---


def test_an_administrator_sees_names_and_signs_somebody_out(store, cleo, signed) -> None:
    code = invite_from_outside(store, Role.ADMINISTRATOR, "own", present())
    ada = Identity("https://one.example", "ada", None, "")
    enter(store, code, "Ada", present(), identity=ada)
    theirs = signed(claims("cleo"))
    screen = signed(claims("ada")).open("people")
    assert "Cleo: coach" in screen.words
    screen.field("selectbox", "Person").set_value(cleo.person_id)
    screen.press("Sign out everywhere")
    assert "signed out: 1" in screen.words
    theirs.at.run()
    assert asked_to_sign_in(theirs)


def test_what_the_provider_is_asked_to_show_can_be_said() -> None:
    given = dict.fromkeys(SETTINGS, "x")
    assert "client_kwargs" not in (from_environment(given) or {})["auth"]
    asked = from_environment({**given, "COACH_SIGN_IN_PROMPT": "login"}) or {}
    assert asked["auth"]["client_kwargs"] == {"prompt": "login"}
