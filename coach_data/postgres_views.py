"""The views of ``privacy.sql`` in a form whose filters reach PostgreSQL and its indexes.

What is compared with a constant the engine hands on, what is looked up in a list it does not: then
the server would send the whole table. So a view that asks whether somebody is in a list is made of
text, in which the list of the cursor stands as constants each time it is read. It says the same.

Planning a text costs as much as a way to the server. Most people coach nobody: for them the views
stand first without the lists, and with them once more in a schema of its own.
"""

from __future__ import annotations

import re

TO_SETTLE = {"coaches": "coach"}
"""Lists beyond those of every engine, each with its view: a subquery is no constant."""

LISTED = "listed"
"""The schema of the views with lists; in the first one everybody sees their own only."""

_OWN = "person_id = getvariable('viewer')"
_COACHES = "person_id IN (FROM coach)"
_IN_LIST = r"list_contains\(getvariable\('\w+'\), person_id\)"
_TERM = f"(?:{re.escape(_OWN)}|{re.escape(_COACHES)}|{_IN_LIST})"
_TERMS = re.compile(rf"{_TERM}(?:\s+OR {_TERM})*")
_NAME = re.compile(r"getvariable\('(\w+)'\)|FROM (coach)\b")
_VIEW = re.compile(r"CREATE VIEW (\w+) AS\s+(.*?);", re.S)
_CUT = "\x00"


def pushed(sql: str) -> str:
    """``sql`` without lists and, in ``LISTED``, with every list made so that it is handed on."""
    own = re.sub(_IN_LIST, "false", re.sub(rf"\s+OR {_IN_LIST}", "", sql))
    there = f"CREATE SCHEMA {LISTED};\nUSE memory.{LISTED};"
    return f"{_texts(own)}\n{there}\n{_texts(sql)}\nUSE memory.main;"


def _texts(sql: str) -> str:
    return _VIEW.sub(lambda view: _made(view[1], view[2]), sql)


def _made(name: str, body: str) -> str:
    """The view as text and, by turns, the expressions that become lists of constants in it."""
    if "list_contains(" not in body and _COACHES not in body:
        return f"CREATE VIEW {name} AS\n{body};"
    parts = _TERMS.sub(_constants, body).split(_CUT)
    texts = parts[::2]
    if any("list_contains(" in text or _COACHES in text for text in texts):
        raise ValueError(f"The view {name} has a list that is not handed on.")
    parts[::2] = ["'" + text.replace("'", "''") + "'" for text in texts]
    return f"CREATE VIEW {name} AS FROM query({' || '.join(parts)});"


def _constants(found: re.Match[str]) -> str:
    """The terms, as an expression whose value is ``person_id IN (1, 2)``, or false for nobody."""
    if found[0] == _OWN:
        return found[0]  # a constant anyway
    names = [variable or "coaches" for variable, _ in _NAME.findall(found[0])]
    ids = f"nullif(concat_ws(', ', {', '.join(map(_ids, names))}), '')"
    return f"{_CUT}coalesce('person_id IN (' || {ids} || ')', 'false'){_CUT}"


def _ids(name: str) -> str:
    """A variable as text: whole numbers with commas, NULL where it is unset or empty."""
    if name == "viewer":
        return "getvariable('viewer')::BIGINT::VARCHAR"
    return f"nullif(trim(getvariable('{name}')::BIGINT[]::VARCHAR, '[]'), '')"
