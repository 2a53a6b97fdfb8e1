"""The section Phone and calendar, and what a telephone has logged on a Today that is open already."""

from __future__ import annotations

import json
import re
import shlex

from coach_data.digest import wish_of
from coach_data.entries import Logged, history_of, log_day
from coach_data.model import Entry, TokenFor
from coach_data.privacy import Visit
from coach_data.quick_log import take
from coach_data.tokens import make_token, tokens_of, visit_with
from pages.parts.browser import present

LOG, READ = TokenFor.QUICK_LOG, {TokenFor.CALENDAR, TokenFor.CALENDAR_IN_WORDS}


def look(store, person) -> Visit:
    return Visit.open(store, person.person_id, present())


def phone(tab, person):
    mine = tab(person).open("my_data")
    mine.at.button_group[0].set_value("Phone and calendar").run()
    mine.sound()
    return mine


def codes(mine) -> list[str]:
    return [c.value for c in mine.at.code]


def opens(store, secret, purposes) -> bool:
    return visit_with(store, secret, frozenset(purposes), present()) is not None


def send(store, secret, **entry) -> None:
    found = visit_with(store, secret, frozenset({LOG}), present())
    take(*found, json.dumps(entry).encode())


def pressed(mine, key) -> None:
    next(b for b in mine.at.button if b.key and re.match(key, b.key)).click().run()
    mine.sound()


def test_a_token_is_shown_once_and_revoked(store, ann, tab) -> None:
    mine = phone(tab, ann)
    assert "No token yet" in mine.words
    assert "this computer alone" in mine.words
    mine.press("Make a token")
    secret, address, line, whole = codes(mine)
    assert address in line
    assert secret in line
    assert json.loads(whole)["value"] == "skip"
    assert opens(store, secret, {LOG})
    assert not opens(store, secret, READ)
    assert "Phone: not used yet" in mine.words
    mine.at.run()
    assert codes(mine) == [], "shown once"
    assert secret not in mine.words
    mine.press("Make a token")
    assert "of that name already" in mine.words
    pressed(mine, "revoke_")
    assert not opens(store, secret, {LOG})
    assert "No token yet" in mine.words


def test_an_address_for_a_calendar_with_and_without_words(store, ann, tab) -> None:
    mine = phone(tab, ann)
    assert "Google, Apple or Microsoft" in mine.words
    mine.press("Make an address")
    (url,) = codes(mine)
    secret = re.fullmatch(r"http://.*/api/calendar/([\w-]{43})\.ics", url)[1]
    assert opens(store, secret, {TokenFor.CALENDAR})
    assert "Calendar: without your sentences, not used yet" in mine.words
    pressed(mine, "renew_")
    (url,) = codes(mine)
    renewed = re.search(r"([\w-]{43})\.ics", url)[1]
    assert renewed != secret
    assert not opens(store, secret, READ)
    assert opens(store, renewed, {TokenFor.CALENDAR})
    pressed(mine, "revoke_")
    assert not opens(store, renewed, READ)
    mine.at.checkbox[0].check()
    mine.press("Make an address")
    assert [t.purpose for t in tokens_of(look(store, ann))] == [TokenFor.CALENDAR_IN_WORDS]
    assert "with your sentences" in mine.words


def test_the_line_for_the_shell_holds_any_name(store, ann, tab, plan) -> None:
    name = 'It\'s $(rm) "walk" `é` \\ now'
    plan(ann, name)
    mine = phone(tab, ann)
    mine.press("Make a token")
    command = shlex.split(codes(mine)[2])
    assert json.loads(command[command.index("-d") + 1]) == {"indicator": name, "value": 3}


def test_the_line_a_day_is_asked_for_and_left(store, ann, tab) -> None:
    mine = phone(tab, ann)
    assert "You do not get it." in mine.words
    mine.press("Yes, send it")
    assert wish_of(look(store, ann)).wanted
    assert "You get the line." in mine.words
    mine.press("No more")
    assert not wish_of(look(store, ann)).wanted


# --- Today, while it is open ---


def label(today, name) -> str:
    """Of that field, as it is read."""
    return today.field("number_input", name).label.replace("\\", "")


def test_what_a_phone_logs_is_on_the_open_page_after_its_next_run(store, ann, tab, plan) -> None:
    plan(ann, "Calls", "Walk")
    secret = make_token(look(store, ann), LOG, "Phone")
    today = tab(ann).open("today")
    send(store, secret, indicator="Calls", value=7)
    today.at.run()
    today.sound()
    assert "now: 7 (quick log)" in label(today, "Calls")
    assert today.field("number_input", "Calls").value is None, "somebody may be typing there"
    assert "now:" not in label(today, "Walk")

    today.field("number_input", "Walk").set_value(2)
    today.press("Save")
    today.press("Save")
    known = {e.indicator_id: (e.value, e.source) for e in look(store, ann).records(Entry)}
    assert sorted(known.values()) == [(2, "screen"), (7, "quick log")], "it is not taken back"
    assert "now: 7 (quick log)" in label(today, "Calls")
    assert "now:" not in label(today, "Walk")

    fresh = tab(ann).open("today")
    assert fresh.field("number_input", "Calls").value == 7
    assert "now:" not in label(fresh, "Calls")


def test_typing_over_it_is_told_once_and_the_history_keeps_both(store, ann, tab, plan) -> None:
    plan(ann, "Calls")
    secret = make_token(look(store, ann), LOG, "Phone")
    today = tab(ann).open("today")
    today.field("number_input", "Calls").set_value(4)
    send(store, secret, indicator="Calls", value=7)
    today.press("Save")
    assert "changed in another tab or on another device" in today.words
    assert "Calls: 7" in today.words
    assert [e.value for e in look(store, ann).records(Entry)] == [7]
    today.press("Save")
    visit = look(store, ann)
    told = [(c.known.value, c.known.source) for c in history_of(visit, visit.today)]
    assert told == [(4, "screen"), (7, "quick log")]
    assert "now:" not in label(tab(ann).open("today"), "Calls")


def test_a_skip_and_a_value_taken_back_elsewhere_are_told_too(store, ann, tab, plan) -> None:
    _, walk = plan(ann, "Calls", "Walk")
    visit = look(store, ann)
    log_day(visit, visit.today, [Logged(walk, value=1)])
    today = tab(ann).open("today")
    send(store, make_token(visit, LOG, "Phone"), indicator="Calls", value="skip")
    stamp = visit.read("SELECT recorded_at FROM entry WHERE indicator_id = ?", [walk.indicator_id])[
        0
    ][0]
    log_day(look(store, ann), visit.today, [Logged(walk, cleared=True, seen=stamp)])
    today.at.run()
    assert "now: skipped (quick log)" in label(today, "Calls")
    assert "now: taken back (another window)" in label(today, "Walk")
