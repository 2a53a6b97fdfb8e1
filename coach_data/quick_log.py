"""Values from outside the screens: what a telephone or a script sends for one person.

    {"indicator": "Calls", "value": 3}

``indicator`` is its name or its id, ``value`` a number, yes or no as the indicator is measured, or
``"skip"``. May be left out: ``day`` (the person's own local day), ``note``, and ``request_id``: an
entry that carries one is saved once, however often it is sent. A list of entries is saved as a whole
or not at all. What an indicator may be is what Today asks for.

Whoever holds the token can write and learn nothing: every refusal here is one of a few fixed texts,
without a name, a value or a range in it, and a value that was there already is answered as a new one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from coach_data.entries import BadDay, Logged, log_unseen
from coach_data.model import CoachError, Indicator, Measure, NotAllowed, Request, Token
from coach_data.parsing import Unreadable, day, is_skip, number, yes_no
from coach_data.plan import plan_of
from coach_data.privacy import Visit
from coach_data.text import BadText, same, sha256
from coach_data.tokens import in_force, used
from coach_data.values import BadValue

SOURCE = "quick log"
MOST_ENTRIES = 50
FIELDS = frozenset({"indicator", "value", "day", "note", "request_id"})
LONGEST_ID = 200
"""Characters of a request_id."""


class Refused(CoachError):
    """Nothing was saved. The docstring is the answer's text, ``code`` says the same to a program and
    ``status`` to HTTP."""

    code: ClassVar[str]
    status: ClassVar[int] = 400


class NotUnderstood(Refused):
    """The body is not JSON of the form that the README shows. Nothing was saved."""

    code = "not_understood"


class NoSuchIndicator(Refused):
    """There is no such indicator. Nothing was saved."""

    code = "no_such_indicator"
    status = 404


class TwoOfThatName(Refused):
    """Two indicators have that name: send the id. Nothing was saved."""

    code = "two_of_that_name"
    status = 409


class RefusedValue(Refused):
    """The value is not one that this indicator can have. Nothing was saved."""

    code = "refused_value"


class RefusedDay(Refused):
    """The day is none, has not come yet, or lies before 2000. Nothing was saved."""

    code = "refused_day"


class RefusedNote(Refused):
    """The note cannot be kept. Nothing was saved."""

    code = "refused_note"


class RequestIdTaken(Refused):
    """That request_id was used for something else. Nothing was saved."""

    code = "request_id_taken"
    status = 409


class SaidTwice(Refused):
    """The list names one indicator twice for one day. Nothing was saved."""

    code = "said_twice"


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry as it was sent, its form checked and nothing else."""

    indicator: int | str
    value: float | str | bool
    day: str | None
    note: str | None
    request: Request | None


def take(visit: Visit, token: Token, content: bytes) -> None:
    """Save what was sent, all or nothing; what was saved under the same request_id is passed over.

    Raises one of the Refused, NotAllowed or a StoreError; then nothing was saved.
    """
    sent = sent_in(content, visit.about.person_id)
    with visit.alone():
        now = in_force(visit, token.token_id)
        if (
            now is None or now.sha256 != token.sha256
        ):  # revoked or renewed while this was on its way
            raise NotAllowed
        new = _not_done(visit, sent)
        requests = [s.request for s in new if s.request is not None]
        days = _logged(visit, new)
        try:
            log_unseen(visit, days, SOURCE, [*requests, *used(visit, now)])
        except BadDay:
            raise RefusedDay from None
        except BadValue:
            raise RefusedValue from None
        except BadText:
            raise RefusedNote from None


def sent_in(content: bytes, person_id: int) -> list[Sent]:
    """The entries in a body. Raises NotUnderstood, or RequestIdTaken for one id twice in it."""
    try:
        # RecursionError: nested deeper than any entry; ValueError: also a number of 5,000 digits
        read = json.loads(content, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NotUnderstood from None
    entries = read if isinstance(read, list) else [read]
    if not 0 < len(entries) <= MOST_ENTRIES:
        raise NotUnderstood
    sent = [_sent(entry, person_id) for entry in entries]
    ids = [s.request.request for s in sent if s.request is not None]
    if len(set(ids)) != len(ids):
        raise RequestIdTaken
    return sent


def _refuse(constant: str) -> float:
    raise ValueError("NaN and infinity are no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name twice")
    return found


def _sent(entry: object, person_id: int) -> Sent:
    if not isinstance(entry, dict) or not {"indicator", "value"} <= set(entry) <= FIELDS:
        raise NotUnderstood
    indicator, value, on = entry["indicator"], entry["value"], entry.get("day")
    note, request_id = entry.get("note"), entry.get("request_id")
    named = isinstance(indicator, str | int) and not isinstance(indicator, bool)
    texts = all(t is None or isinstance(t, str) for t in (on, note, request_id))
    if not (named and texts and isinstance(value, str | int | float)):
        raise NotUnderstood
    request = None
    if request_id is not None:
        if not 0 < len(request_id) <= LONGEST_ID:
            raise NotUnderstood
        said = json.dumps(entry, sort_keys=True)
        request = Request(person_id=person_id, request=sha256(request_id), content=sha256(said))
    return Sent(indicator, value, on, note, request)


def _not_done(visit: Visit, sent: Sequence[Sent]) -> list[Sent]:
    """Without what was saved before under the same request_id. Raises RequestIdTaken."""
    asked = [s.request.request for s in sent if s.request is not None]
    if not asked:
        return list(sent)
    marks = ", ".join("?" * len(asked))
    rows = visit.read(
        f"SELECT request, content FROM request WHERE person_id = ? AND request IN ({marks})",
        [visit.about.person_id, *asked],
    )
    done = dict(rows)
    new = []
    for one in sent:
        if one.request is None or one.request.request not in done:
            new.append(one)
        elif done[one.request.request] != one.request.content:
            raise RequestIdTaken
    return new


def _logged(visit: Visit, sent: Sequence[Sent]) -> dict[date, list[Logged]]:
    """What was sent, by day. Raises one of the Refused."""
    plan = plan_of(visit)
    known = (*plan.logged, *plan.made)
    days: dict[date, list[Logged]] = defaultdict(list)
    for one in sent:
        indicator, on = _indicator(known, one.indicator), _day(visit, one.day)
        if any(g.indicator == indicator for g in days[on]):
            raise SaidTwice
        days[on].append(_given(indicator, one))
    return days


def _indicator(known: Sequence[Indicator], named: int | str) -> Indicator:
    text = str(named).strip()
    found = [i for i in known if str(i.indicator_id) == text]
    found = found or [i for i in known if same(i.name) == same(text)]
    if not found:
        raise NoSuchIndicator
    if len(found) > 1:
        raise TwoOfThatName
    return found[0]


def _day(visit: Visit, text: str | None) -> date:
    if text is None:
        return visit.today
    try:
        return day(text, visit.today)
    except Unreadable:
        raise RefusedDay from None


def _given(indicator: Indicator, one: Sent) -> Logged:
    if isinstance(one.value, str) and is_skip(one.value):
        return Logged(indicator, skipped=True, note=one.note)
    return Logged(indicator, value=_value(indicator, one.value), note=one.note)


def _value(indicator: Indicator, value: float | str | bool) -> float:
    """The number that was meant: as a text it is read by the rules of an import."""
    yes_or_no = indicator.measure is Measure.YES_NO
    if isinstance(value, bool):
        if not yes_or_no:
            raise RefusedValue
        return float(value)
    if not isinstance(value, str):
        try:
            return float(value)
        except OverflowError:
            raise RefusedValue from None
    found = yes_no(value) if yes_or_no else None
    try:
        return number(value) if found is None else found
    except Unreadable:
        raise RefusedValue from None
