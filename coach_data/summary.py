"""The summary of a session to hand over: shared notes, commitment, next date. Never a notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape

from coach_data.commitments import commitment_in
from coach_data.library import session_parts, words
from coach_data.model import Indicator, Session
from coach_data.privacy import Visit
from coach_data.session_notes import notes_of
from coach_data.sessions import partners_of

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$#])|^(\s*)([+\-=]|\d+(?=[.)]))", re.MULTILINE)

PRINT_STYLE = """
:root { color-scheme: light }
body { font: 11pt/1.5 "Source Sans 3", "Liberation Sans", Arial, sans-serif; color: #1F2933;
  background: #FFFFFF; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.4rem 0 .2rem }
p { margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
footer { margin-top: 2rem; color: #52606D }
@page { margin: 2cm }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } }
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What both may read of a session. ``sections``: headings in our words, texts as typed."""

    title: str
    between: str
    sections: tuple[tuple[str, str], ...]


def summary_of(visit: Visit, session: Session) -> Summary:
    """The summary of a session, running or ended, as far as anything was written down."""
    notes = notes_of(visit, session)
    sections = [
        (part.name, notes[number])
        for number, part in enumerate(session_parts(), start=1)
        if number in notes
    ]
    commitment = commitment_in(visit, session)
    if commitment is not None:
        sections.append((words("session.summary.commitment"), commitment.text))
        names = {i.indicator_id: i.name for i in visit.records(Indicator)}
        tracked = [names.get(commitment.indicator_id or 0, ""), commitment.tracked]
        sections.append((words("session.summary.tracked"), "\n".join(filter(None, tracked))))
        sections.append((words("session.summary.support"), commitment.support))
    if session.next_day is not None:
        sections.append((words("session.summary.next"), day_words(session.next_day)))
    named = {p.coach_id: p.name for p in partners_of(visit)}
    coach = named.get(session.coach_id, "") if session.coach_id != session.person_id else ""
    between = visit.about.name + (f", {coach}" if coach else "")
    title = words("session.summary.title", day=day_words(session.day))
    return Summary(title, between, tuple((head, text) for head, text in sections if text))


def day_words(day: date) -> str:
    """A day as it is read aloud: "Monday, 4 May 2026"."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def as_markdown(summary: Summary) -> str:
    """The summary as a Markdown file; what somebody typed stays what it was, also when rendered."""
    lines = [f"# {summary.title}", "", _literal(summary.between), ""]
    for head, text in summary.sections:
        lines += [f"## {head}", "", _literal(text), ""]
    return "\n".join([*lines, words("session.summary.foot"), ""])


def _literal(text: str) -> str:
    escaped = _MARKUP.sub(lambda m: f"{m[2] or ''}\\{m[1] or m[3]}" if m[1] or not m[3].isdigit()
                          else f"{m[2]}{m[3]}\\", text)  # fmt: skip
    return escaped.replace("&", "&amp;").replace("\n", "  \n")


def body_html(summary: Summary) -> str:
    """The sections as HTML, every word escaped."""
    return "".join(
        f"<h2>{escape(head)}</h2><p>{escape(text)}</p>" for head, text in summary.sections
    )


def as_html(summary: Summary) -> str:
    """A page that needs nothing else, to keep, send or print."""
    title = escape(summary.title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
        " style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{PRINT_STYLE}</style></head><body><main>"
        f"<h1>{title}</h1><p>{escape(summary.between)}</p>{body_html(summary)}</main>"
        f"<footer>{escape(words('session.summary.foot'))}</footer></body></html>\n"
    )
