"""Codes: who may make one, what it brings, and that nobody gives themselves a role or a coach."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from coach_data.__main__ import main
from coach_data.invitations import (
    LENGTH,
    LETTERS,
    KnownAlready,
    MayNotInvite,
    OtherProgramme,
    OwnCode,
    WrongCode,
    accept,
    invite,
    invite_from_outside,
    open_invitations,
    withdraw,
)
from coach_data.model import Membership, NotAllowed, Pairing, Person, Role
from coach_data.people import NoName, coachees_of, enter, join, pair, programme_of_mine, roles_of
from coach_data.places import Places
from coach_data.privacy import Visit, open_store
from coach_data.sign_in import Identity, person_of

WHO = Identity("https://one.example", "ann", None, "p")
DAY = timedelta(days=1)


def rows(store, table):
    return store.cursor().execute(f"SELECT * FROM app.raw.{table}").fetchall()


@pytest.fixture
def at(store, now):
    """``at(person)``: their visit now; ``at(person, days=8)``: later."""

    def made(person: Person, **later: float) -> Visit:
        return Visit.open(store, person.person_id, now + timedelta(**later))

    return made


@pytest.fixture
def cleo(person):
    return person("Cleo", roles=(Role.COACH,))


def test_a_coachee_comes_in_with_the_code_of_the_coach(store, at, cleo, now) -> None:
    code = invite(at(cleo), Role.COACHEE)
    ann = enter(store, code, "Ann", now, identity=WHO)
    assert roles_of(at(ann)) == {Role.COACHEE}
    assert [c.name for c in coachees_of(at(cleo))] == ["Ann"]
    assert person_of(store, WHO) == ann.person_id


def test_the_code_is_kept_nowhere_and_cannot_be_guessed(store, at, cleo) -> None:
    code = invite(at(cleo), Role.COACHEE)
    letters = code.replace("-", "")
    assert len(letters) == LENGTH
    assert set(letters) <= set(LETTERS)
    assert len(LETTERS) ** LENGTH >= 2**80
    assert letters not in str(rows(store, "invitation"))
    assert code not in str(rows(store, "invitation"))


def test_a_code_can_be_typed_in_any_way(store, at, cleo, now) -> None:
    code = invite(at(cleo), Role.COACHEE)
    enter(store, f"  {code.lower().replace('-', ' ')}\n", "Ann", now)


def test_a_code_is_good_once(store, at, cleo, now, person) -> None:
    code = invite(at(cleo), Role.COACHEE)
    enter(store, code, "Ann", now)
    before = [rows(store, t) for t in ("person", "pairing", "membership", "invitation")]
    with pytest.raises(WrongCode):
        enter(store, code, "Eve", now)
    with pytest.raises(WrongCode):
        accept(at(person("Bo")), code)
    assert rows(store, "pairing") == before[1]
    assert rows(store, "invitation") == before[3]


@pytest.mark.parametrize(("days", "good"), [(6.99, True), (7.0, False)])
def test_a_code_is_good_for_seven_days(store, at, cleo, now, days, good) -> None:
    code = invite(at(cleo), Role.COACHEE)
    if good:
        enter(store, code, "Ann", now + days * DAY)
    else:
        with pytest.raises(WrongCode):
            enter(store, code, "Ann", now + days * DAY)
        assert not open_invitations(at(cleo, days=days))


@pytest.mark.parametrize("code", ["", "-", "AAAA-AAAA-AAAA-AAAA", "' OR 1=1 --", "x" * 100_000])
def test_a_code_that_nobody_made(store, now, code) -> None:
    with pytest.raises(WrongCode):
        enter(store, code, "Ann", now)
    assert not rows(store, "person")


def test_a_code_without_a_name_is_still_good(store, at, cleo, now) -> None:
    code = invite(at(cleo), Role.COACHEE)
    with pytest.raises(NoName):
        enter(store, code, " \u200b", now)
    enter(store, code, "Ann", now)


def test_a_code_can_be_taken_back_by_whoever_made_it(store, at, cleo, now, person) -> None:
    code = invite(at(cleo), Role.COACHEE)
    (made,) = open_invitations(at(cleo))
    assert made.role is Role.COACHEE
    assert made.expires - made.made == 7 * DAY
    other = person("Dora", roles=(Role.COACH,))
    assert not open_invitations(at(other))
    with pytest.raises(WrongCode):
        withdraw(at(other), made.invitation_id)
    withdraw(at(cleo), made.invitation_id)
    assert not open_invitations(at(cleo))
    with pytest.raises(WrongCode):
        enter(store, code, "Ann", now)


@pytest.mark.parametrize("role", [Role.COACH, Role.LEAD, Role.ADMINISTRATOR])
def test_a_coach_invites_coachees_only(at, cleo, role) -> None:
    with pytest.raises(MayNotInvite):
        invite(at(cleo), role)


@pytest.mark.parametrize("own", [Role.COACHEE, Role.LEAD])
@pytest.mark.parametrize("role", list(Role))
def test_others_invite_nobody(store, at, person, own, role) -> None:
    with pytest.raises(MayNotInvite):
        invite(at(person("Ann", roles=(own,))), role)
    assert not rows(store, "invitation")


def test_the_first_administrator_and_everybody_after_them(store, at, now) -> None:
    first = invite_from_outside(store, Role.ADMINISTRATOR, "north", now)
    ada = enter(store, first, "Ada", now)
    assert (ada.programme, roles_of(at(ada))) == ("north", {Role.ADMINISTRATOR})
    cleo = enter(store, invite(at(ada), Role.COACH), "Cleo", now)
    enter(store, invite(at(ada), Role.LEAD), "Lea", now)
    enter(store, invite(at(cleo), Role.COACHEE), "Ann", now)
    members = programme_of_mine(at(ada))
    assert [(m.name, *m.roles) for m in members] == [
        ("Ada", "administrator"),
        ("Ann", "coachee"),
        ("Cleo", "coach"),
        ("Lea", "lead"),
    ]
    assert not coachees_of(at(ada)), "an administrator coaches nobody by inviting"
    assert not programme_of_mine(at(cleo))


def test_an_administrator_sees_their_own_programme_only(store, at, now, person) -> None:
    person("Bo")
    ada = enter(store, invite_from_outside(store, Role.ADMINISTRATOR, "north", now), "Ada", now)
    assert [m.name for m in programme_of_mine(at(ada))] == ["Ada"]


def test_somebody_who_is_here_begins_to_be_coached(at, cleo, person) -> None:
    ann = person("Ann")
    accept(at(ann), invite(at(cleo), Role.COACHEE))
    assert [c.name for c in coachees_of(at(cleo))] == ["Ann"]


def test_a_code_of_somebody_who_coaches_no_more(store, at, cleo, now) -> None:
    code = invite(at(cleo), Role.COACHEE)
    row = [cleo.person_id, store.stamp(now)]
    ended = "INSERT INTO app.raw.membership VALUES (?, 'coach', false, ?, NULL)"
    store.cursor().execute(ended, row)
    with pytest.raises(WrongCode):
        enter(store, code, "Ann", now)


@pytest.mark.parametrize("role", list(Role))
def test_no_code_of_another_programme_brings_a_role(store, at, now, person, role) -> None:
    """Or an administrator of one would make somebody the administrator of another."""
    bo = person("Bo")
    code = invite_from_outside(store, role, "north", now)
    with pytest.raises(OtherProgramme, match="another programme"):
        accept(at(bo), code)
    assert roles_of(at(bo)) == {Role.COACHEE}
    assert not programme_of_mine(at(bo))
    assert enter(store, code, "Eve", now).programme == "north", "it is still good for somebody new"


def test_nobody_uses_their_own_code(at, cleo) -> None:
    with pytest.raises(OwnCode):
        accept(at(cleo), invite(at(cleo), Role.COACHEE))
    assert not at(cleo).coachees


def test_a_known_identity_is_not_given_to_a_second_person(store, at, cleo, now) -> None:
    ann = enter(store, invite(at(cleo), Role.COACHEE), "Ann", now, identity=WHO)
    with pytest.raises(KnownAlready):
        enter(store, invite(at(cleo), Role.COACHEE), "Ann again", now, identity=WHO)
    assert person_of(store, WHO) == ann.person_id


# --- nobody gives themselves anything ---


@pytest.mark.abuse(39)
@pytest.mark.parametrize("role", list(Role))
def test_39_nobody_gives_themselves_a_role(at, person, role) -> None:
    ann = person("Ann")
    with pytest.raises(NotAllowed):
        at(ann).save(Membership(person_id=ann.person_id, role=role))
    assert roles_of(at(ann)) == {Role.COACHEE}


def test_nobody_pairs_with_whom_they_like(at, cleo, person) -> None:
    ann = person("Ann")
    begun = Pairing(person_id=ann.person_id, coach_id=cleo.person_id)
    ended = Pairing(person_id=ann.person_id, coach_id=cleo.person_id, active=False)
    for attempt in ((begun,), (ended, begun), (begun, ended)):
        with pytest.raises(NotAllowed):
            at(ann).save(*attempt)
    assert not at(cleo).coachees
    pair(at(ann), cleo.person_id)
    at(ann).save(Pairing(person_id=ann.person_id, coach_id=cleo.person_id, cadence_days=7))
    at(ann).save(ended)
    with pytest.raises(NotAllowed):
        at(ann).save(begun)
    assert not at(cleo).coachees


def test_nobody_moves_to_another_programme(at, person) -> None:
    ann = person("Ann")
    moved = Person(person_id=ann.person_id, name="Ann", programme="north")
    with pytest.raises(NotAllowed):
        at(ann).save(moved)


def test_only_the_door_for_invitations_admits() -> None:
    root = Path(__file__).parents[1]
    found = {
        path.relative_to(root).as_posix()
        for place in ("coach_data", "pages", "sample_data")
        for path in (root / place).rglob("*.py")
        if re.search(r"\.admit\(", path.read_text(encoding="utf-8"))
    }
    assert found == {"coach_data/invitations.py"}


def test_no_screen_holds_both_sides_of_a_pairing() -> None:
    for path in (Path(__file__).parents[1] / "pages").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"from coach_data.people import [^\n]*\bpair\b", text):
            for line in re.findall(r".*(?<![\w.])pair\(.*", text):
                assert "active=False" in line, path


@pytest.mark.parametrize("role", [r.value for r in Role])
def test_the_command_line_invites(tmp_path, monkeypatch, capsys, role, now) -> None:
    monkeypatch.setenv("COACH_DATABASE", str(tmp_path / "new" / "c.duckdb"))
    monkeypatch.setenv("COACH_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("COACH_NOW", now.isoformat())
    monkeypatch.delenv("COACH_KEY", raising=False)
    assert main(["invite", "--role", role, "--programme", "north"]) == 0
    code = capsys.readouterr().out.strip()
    store = open_store(Places(tmp_path / "new" / "c.duckdb", tmp_path / "key"))
    ada = enter(store, code, "Ada", now)
    assert roles_of(Visit.open(store, ada.person_id, now)) == {Role(role)}
    assert ada.programme == "north"
    store.close()


def test_a_local_beginning_still_chooses_what_one_is(store, at, now) -> None:
    both = join(store, "Ann", now, roles=(Role.COACHEE, Role.COACH))
    assert roles_of(at(both)) == {Role.COACHEE, Role.COACH}
