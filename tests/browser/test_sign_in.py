"""Sign-in with a real provider in a process of its own, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error
from websockets.exceptions import InvalidStatus

from coach_data.behaviours import add_leading
from coach_data.invitations import invite_from_outside
from coach_data.library import words
from coach_data.model import Role
from coach_data.outcomes import keep_outcome, new_outcome
from coach_data.people import enter
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from coach_data.sign_in import Identity
from pages.parts.browser import present
from tests.browser.conftest import Watch, settle
from tests.browser.line import XSRF, drawn, visiting
from tests.browser.provider import Provider, SignInServer, TwoProviders, only_sign_in, sign_in


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.stop()


@pytest.fixture
def code_and_server(tmp_path: Path, provider: Provider) -> Iterator[tuple[str, SignInServer]]:
    """A server with sign-in, and the code of its first administrator."""
    store = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key"))
    code = invite_from_outside(store, Role.ADMINISTRATOR, "own", present())
    known = invite_from_outside(store, Role.COACH, "own", present())
    elsewhere = Identity("https://elsewhere.example", "cleo", None, "")
    enter(store, known, "Cleo of elsewhere", present(), identity=elsewhere)
    store.close()
    server = SignInServer(tmp_path, provider)
    yield code, server
    server.stop()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[SignInServer]:
    """A server where Bo and Cleo, each with a behaviour, are known at the provider."""
    folder = tmp_path_factory.mktemp("known")
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    for name in ("Bo", "Cleo"):
        code = invite_from_outside(store, Role.COACHEE, "own", present())
        who = Identity(provider.issuer, name.lower(), None, "")
        person = enter(store, code, name, present(), identity=who)
        visit = Visit.open(store, person.person_id, present())
        outcome = keep_outcome(visit, replace(new_outcome(visit), goal="Calmer weeks"))
        walks = new_indicator(visit, f"Walks of {name}")
        add_leading(visit, replace(walks, outcome_id=outcome.outcome_id), None)
    store.close()
    server = SignInServer(folder, provider)
    yield server
    server.stop()


@pytest.mark.abuse(40, 41, 42, 44)
def test_from_the_button_to_the_end_of_it(
    code_and_server: tuple[str, SignInServer], context: Callable[..., BrowserContext]
) -> None:
    code, server = code_and_server
    mine = context()
    page = mine.new_page()
    page.goto(server.url)
    settle(page)
    assert only_sign_in(page)
    before = {c["name"]: c for c in mine.cookies(server.url)}
    sign_in(page, server)
    # unknown here: one field, and nothing of Cleo of elsewhere, who has the same address (42)
    after = {c["name"]: c for c in mine.cookies(server.url)}
    assert after["coach_device"]["value"] == before["coach_device"]["value"], "came back with it"
    assert after["coach_device"]["sameSite"] == "Lax"
    assert page.get_by_label("Code from your invitation").count() == 1
    assert "elsewhere" not in page.inner_text("body")
    page.get_by_label("Code from your invitation").fill(code)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Hello, Ada").wait_for()
    # a second tab of the same browser is in; after signing out here, it is out at its next run
    second = mine.new_page()
    second.goto(f"{server.url}/people")
    second.get_by_role("heading", name="People").wait_for()
    settle(second)
    stolen = [c for c in mine.cookies(server.url) if c["name"].startswith("_streamlit")]
    ours = [c for c in mine.cookies(server.url) if c["name"] == "coach_device"]
    assert stolen
    for part in (stolen, ours):  # 44: in another browser each of the two is worth nothing alone
        thief = context()
        thief.add_cookies(part)  # type: ignore[arg-type]
        other = thief.new_page()
        other.goto(server.url)
        settle(other)
        assert only_sign_in(other)
    settle(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/end_session?*")
    second.get_by_role("button", name="Invite a coach", exact=False).first.click()
    second.get_by_role("button", name="Sign in").wait_for()
    settle(second)
    assert only_sign_in(second)
    # 41, 40: both cookies put back as they were before signing out
    again = context()
    again.add_cookies([*stolen, *ours])  # type: ignore[arg-type]
    back = again.new_page()
    back.goto(server.url)
    settle(back)
    assert only_sign_in(back)


@pytest.mark.parametrize(
    "back", ["error=access_denied&state=x", pytest.param("code=x&state=x", marks=pytest.mark.slow)]
)
def test_a_return_that_fails_is_told(
    code_and_server: tuple[str, SignInServer], context: Callable[..., BrowserContext], back: str
) -> None:
    _, server = code_and_server
    page = context().new_page()
    page.goto(f"{server.url}/oauth2callback?{back}")
    settle(page)
    assert words("sign_in.failed") in page.inner_text("body")
    assert only_sign_in(page)
    page.goto(f"{server.url}/oauth2callback")  # as the provider leads back after signing out
    settle(page)
    assert words("sign_in.failed") not in page.inner_text("body")
    sign_in(page, server)
    assert words("sign_in.unknown") in page.inner_text("body")
    assert words("sign_in.failed") not in page.inner_text("body")


@pytest.mark.abuse(39, 40, 43)
def test_40_43_forged_cookies_and_headers_are_anonymous(
    known: SignInServer, context: Callable[..., BrowserContext]
) -> None:
    server = known
    mine = context()
    forged = {"coach_device": "t" * 43, "_streamlit_user": '2|1:0|10:1|{"is_logged_in": true}'}
    mine.add_cookies([{"name": n, "value": v, "url": server.url} for n, v in forged.items()])
    headers = {"X-User": "cleo", "X-Forwarded-User": "cleo", "Remote-User": "cleo"}
    mine.set_extra_http_headers(headers)
    page = mine.new_page()
    watch = Watch(page, server.url)
    page.goto(f"{server.url}/people?role=administrator&viewer_id=1")
    settle(page)
    assert only_sign_in(page)
    assert not watch.foreign


def test_the_name_of_the_server(known: SignInServer) -> None:
    server = known
    assert server.ask("/", Host="evil.example").status == 403
    cookie = server.ask("/", **{"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "Secure" not in server.ask("/").headers["Set-Cookie"]


@pytest.fixture(scope="module")
def bo(known: SignInServer, browser: Browser) -> dict[str, str]:
    """The cookies of the browser in which Bo is signed in, for another program to send."""
    mine = browser.new_context()
    sign_in(mine.new_page(), known, "bo")
    cookies = {c["name"]: c["value"] for c in mine.cookies(known.url)}
    mine.close()
    assert "Walks of Bo" in drawn(known, "compass", cookies=cookies), (
        "with a page named they are good"
    )
    return cookies


def is_anonymous(shown: str) -> bool:
    return "Sign in" in shown and not any(word in shown for word in ("Bo", "Cleo", "Walks"))


@pytest.mark.abuse(45)
def test_45_a_visit_that_names_no_page_is_anonymous(
    known: SignInServer, bo: dict[str, str]
) -> None:
    """Not a browser: it is let in as far as the sign-in screen, whatever cookies it brings."""
    assert is_anonymous(drawn(known, "compass", cookies=bo, origin=None))
    assert is_anonymous(drawn(known, "compass", cookies={**bo, XSRF: "-"}))
    for foreign in ("http://evil.example", "null", known.provider.issuer):
        with pytest.raises(InvalidStatus, match="403"):
            drawn(known, "compass", cookies=bo, origin=foreign)


USERS = {"X-User": "cleo", "X-Forwarded-User": "cleo", "Remote-User": "cleo", "sub": "cleo"}


@pytest.mark.abuse(43)
def test_43_a_header_says_nothing_of_who_somebody_is(
    known: SignInServer, bo: dict[str, str]
) -> None:
    assert is_anonymous(drawn(known, "compass", **USERS))
    shown = drawn(known, "compass", cookies=bo, **USERS)
    assert "Walks of Bo" in shown
    assert "Cleo" not in shown


@pytest.mark.abuse(44)
def test_44_the_id_of_a_visit_is_worth_nothing(known: SignInServer, bo: dict[str, str]) -> None:
    """Streamlit goes on with a visit whose line broke, for whoever knows its id; we ask again."""
    with visiting(known, "compass", cookies=bo) as visit:
        assert "Walks of Bo" in visit.text
    other = {"coach_device": "t" * 43, XSRF: bo[XSRF]}
    for cookies in ({}, other):
        assert is_anonymous(drawn(known, "compass", cookies=cookies, session_id=visit.session_id))


@pytest.mark.slow
@pytest.mark.abuse(49)
def test_49_after_sign_out_a_download_link_is_dead(
    known: SignInServer, context: Callable[..., BrowserContext]
) -> None:
    """The link of a file that was made before, and the button in a tab that stayed open."""
    browser = context()
    page, other = browser.new_page(), browser.new_page()
    sign_in(page, known, "bo")
    for tab in (page, other):
        tab.goto(f"{known.url}/compass")
        settle(tab)
        tab.get_by_role("button", name="How to read it, and more").click()
        tab.get_by_role("radio", name="Pictures").or_(
            tab.get_by_role("button", name="Pictures")
        ).first.click()
        tab.get_by_role("button", name="SVG").wait_for()
        settle(tab)
    page.bring_to_front()
    with page.expect_download() as made:
        page.get_by_role("button", name="SVG").click()
    link = made.value.url
    assert "Walks of Bo" in Path(made.value.path()).read_text(encoding="utf-8")
    assert "Walks of Bo" in browser.request.get(link).text()
    assert context().request.get(link).status == 404, "the link alone is worth nothing"
    page.goto(known.url)
    settle(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/end_session?*")
    answer = browser.request.get(link)
    assert answer.status == 404
    assert "Walks" not in answer.text()
    other.bring_to_front()
    with pytest.raises(Error), other.expect_download(timeout=3000):
        other.get_by_role("button", name="SVG").click()
    assert "NotAllowed" in known.said


@pytest.mark.slow
@pytest.mark.abuse(42)
def test_42_two_providers_know_two_people(
    tmp_path: Path, provider: Provider, context: Callable[..., BrowserContext]
) -> None:
    """The same address, the same subject, another issuer: somebody else."""
    second = Provider()
    store = open_store(Places(tmp_path / "c.duckdb", tmp_path / "key"))
    code = invite_from_outside(store, Role.ADMINISTRATOR, "own", present())
    enter(store, code, "Ada", present(), identity=Identity(provider.issuer, "cleo", None, ""))
    store.close()
    server = TwoProviders(tmp_path, {"one": provider, "two": second})
    try:
        page = context().new_page()
        sign_in(page, server, "cleo", "Sign in with one")
        page.get_by_role("heading", name="Hello, Ada").wait_for()
        page = context().new_page()
        sign_in(page, server, "cleo", "Sign in with two")
        assert page.get_by_label("Code from your invitation").count() == 1
        assert "Ada" not in page.inner_text("body")
    finally:
        server.stop()
        second.stop()
