"""Who is at a browser, where there is no sign-in: only its token says so, and only by its hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from coach_data.devices import device_person, people_on_this_device, remember_device
from coach_data.model import Person
from coach_data.privacy import Visit
from coach_data.store import Store

TOKEN = "t" * 43


def test_a_browser_goes_on_as_the_one_it_was_told_last(
    store: Store, person: Callable[..., Person], now: datetime
) -> None:
    ann, bo = person("Ann"), person("Bo")
    assert device_person(store, TOKEN) is None
    remember_device(store, TOKEN, ann.person_id, now)
    assert device_person(store, TOKEN) == ann.person_id
    remember_device(store, TOKEN, bo.person_id, now - timedelta(days=3))
    assert device_person(store, TOKEN) == bo.person_id, "though the clock was set back"
    assert device_person(store, TOKEN + "x") is None


def test_as_nobody_is_an_answer_that_counts(
    store: Store, person: Callable[..., Person], now: datetime
) -> None:
    remember_device(store, TOKEN, person("Ann").person_id, now)
    remember_device(store, TOKEN, None, now)
    assert device_person(store, TOKEN) is None


def test_the_token_itself_is_kept_nowhere(store: Store, now: datetime) -> None:
    remember_device(store, TOKEN, 1, now)
    (row,) = store.cursor().execute("SELECT token_sha256 FROM app.raw.device").fetchall()
    assert TOKEN not in row[0]
    assert len(row[0]) == 64


def test_everybody_is_listed_once_by_the_present_name(
    store: Store, person: Callable[..., Person], now: datetime
) -> None:
    assert people_on_this_device(store) == []
    zoe, ann = person("Zoe"), person("Ann", programme="elsewhere")
    visit = Visit.open(store, zoe.person_id, now)
    visit.save(replace(zoe, name="Abe"))
    assert people_on_this_device(store) == [
        (zoe.person_id, "Abe", "own"),
        (ann.person_id, "Ann", "elsewhere"),
    ]
