"""Everything that is kept of a person, for that person to take along: one ZIP file.

A coach's file holds the coach's own notebook and nobody's else; a coachee's never holds the coach's.
It is read through the same views as the screens, so it cannot hold what its person may not see.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from coach_data.formats.everything import FORMAT, NAME, VERSION
from coach_data.library import words
from coach_data.model import RECORDS, CoachNote, Indicator, NotAllowed, Record, Request
from coach_data.privacy import Visit
from coach_data.records import columns
from coach_data.sessions import sessions_of
from coach_data.spreadsheets import LONG, as_csv, as_workbook, days_of, long_rows, wide_rows
from coach_data.sprints import Line, last_day, ledger_of, short_day
from coach_data.summary import Summary, as_markdown, day_words, summary_of

KINDS = tuple(kind for kind in RECORDS if kind is not Request)
"""All but the marks of requests that were done, which are hashes and say nothing to anybody."""


def export_of(visit: Visit) -> bytes:
    """The ZIP file with all that is the viewer's own. Raises NotAllowed in a visit to another."""
    if not visit.own:
        raise NotAllowed
    made, days = io.BytesIO(), days_of(visit)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("about.txt", f"{words('takeout.about', day=day_words(visit.today))}\n".encode()),
            (NAME, as_json(everything_of(visit))),
            ("entries.csv", as_csv([LONG, *long_rows(days)])),
            ("days.csv", as_csv(wide_rows(days))),
            ("entries.xlsx", as_workbook(days)),
            *_summaries(visit),
        ):
            part = zipfile.ZipInfo(name, visit.now.timetuple()[:6])
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(part, content)
    return made.getvalue()


def everything_of(visit: Visit) -> dict[str, Any]:
    """Every row that is the viewer's own, earlier ones too, by kind and from the earliest on.

    ``by`` says who wrote a row, ``recorded_at`` when, in UTC: of consents these are the receipts.
    """
    named = dict(visit.read("SELECT person_id, name FROM person"))
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": visit.now.isoformat(timespec="seconds"),
        "person_id": visit.viewer_id,
        "records": {kind.TABLE: _rows(visit, kind, named) for kind in KINDS},
        "looks": _looks(visit, named),
    }


def as_json(everything: dict[str, Any]) -> bytes:
    """One record a line, so that a person can read it too."""
    head = {k: v for k, v in everything.items() if not isinstance(v, dict | list)}
    lines = [f'"{key}": {_json(value)}' for key, value in head.items()]
    kinds = [f'"{kind}": {_list(rows)}' for kind, rows in everything["records"].items()]
    lines.append('"records": {\n' + ",\n".join(kinds) + "\n}")
    lines.append(f'"looks": {_list(everything["looks"])}')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _rows(visit: Visit, kind: type[Record], named: dict[int, str]) -> list[dict[str, Any]]:
    """``person_id`` is left out: it is the viewer, and of a notebook somebody who is not named.

    So is ``sha256``, the hash of a token: it is of use to nobody but who would guess the token.
    """
    whose = "coach_id" if kind is CoachNote else "person_id"
    names = [name for name in columns(kind) if name not in ("person_id", whose, "sha256")]
    wanted = ", ".join((*names, "recorded_at", "author"))
    sql = f"SELECT {wanted} FROM {kind.TABLE}_history WHERE {whose} = ? ORDER BY recorded_at"
    return [
        {
            **dict(zip(names, row, strict=False)),
            "recorded_at": row[-2],
            "by": _by(visit, row[-1], named),
        }
        for row in visit.read(sql, [visit.viewer_id])
    ]


def _looks(visit: Visit, named: dict[int, str]) -> list[dict[str, Any]]:
    rows = visit.read(
        "SELECT recorded_at, viewer_id, screen, allowed FROM access_log WHERE person_id = ?"
        " ORDER BY recorded_at",
        [visit.viewer_id],
    )
    return [
        {"recorded_at": at, "by": _by(visit, who, named), "screen": screen, "allowed": allowed}
        for at, who, screen, allowed in rows
    ]


def _by(visit: Visit, author: int, named: dict[int, str]) -> str:
    return "me" if author == visit.viewer_id else named.get(author, "somebody else")


def _list(rows: Sequence[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(map(_json, rows)) + "\n]" if rows else "[]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_moment)


def _moment(value: date | datetime) -> str:
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value.isoformat()


def _summaries(visit: Visit) -> list[tuple[str, bytes]]:
    """What was written down of each session and each sprint, as Markdown."""
    names = {i.indicator_id: i.name for i in visit.records(Indicator)}
    told = [("sessions", s.day, summary_of(visit, s)) for s in sessions_of(visit)]
    told += [
        ("sprints", x.sprint.first_day, sprint_summary(visit, x, names)) for x in ledger_of(visit)
    ]
    count: Counter[tuple[str, date]] = Counter()
    made = []
    for folder, day, summary in told:
        count[folder, day] += 1
        again = f"-{count[folder, day]}" if count[folder, day] > 1 else ""
        made.append((f"{folder}/{day}{again}.md", as_markdown(summary).encode()))
    return made


def sprint_summary(visit: Visit, line: Line, names: dict[int, str]) -> Summary:
    """A sprint as it was written beforehand, and what its retrospective says."""
    sprint, ended = line.sprint, line.retrospective
    told = {
        "hypothesis": sprint.hypothesis,
        "behaviour": sprint.behaviour,
        "measure": names.get(sprint.measure_id, ""),
        "rule": sprint.success_rule,
        "stage": line.stage.value,
    }
    if ended is not None:
        told |= {
            "tried": ended.tried,
            "surprised": ended.surprised,
            "learned": ended.learned,
            "weak_part": ended.weak_part.value if ended.weak_part else "",
            "decision": ended.decision.value,
        }
    days = f"{short_day(sprint.first_day)} – {short_day(last_day(sprint))} {last_day(sprint).year}"
    sections = tuple((words(f"takeout.sprint.{key}"), text) for key, text in told.items() if text)
    return Summary(words("takeout.sprint.title", days=days), visit.about.name, sections)
