"""The words of ``python -m coach_data import``: its answers as choices, a preview as lines of text."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from coach_data import bring_back as bring_backs
from coach_data.formats.everything import Everything
from coach_data.imports import (
    Choices,
    DayOrder,
    DecimalMark,
    Duplicates,
    Found,
    Handling,
    Imported,
    Match,
    Preview,
    Question,
    Topic,
    Units,
)
from coach_data.library import words
from coach_data.privacy import Visit


def choices(given: Namespace) -> Choices:
    """What was answered on the command line."""
    mapping = {
        name: handling
        for names, handling in (
            (given.new, Handling.NEW),
            (given.lagging, Handling.LAGGING),
            (given.ignore, Handling.IGNORE),
        )
        for name in names
    }
    return Choices(
        decimal=DecimalMark(given.decimal) if given.decimal else None,
        day_order=DayOrder(given.day_order) if given.day_order else None,
        duplicates=Duplicates(given.duplicates) if given.duplicates else None,
        mapping=mapping,
        units={
            **dict.fromkeys(given.convert, Units.CONVERT),
            **dict.fromkeys(given.as_they_are, Units.AS_THEY_ARE),
        },
        only_good_rows=given.only_good_rows,
    )


def bring_back(visit: Visit, everything: Everything, given: Namespace) -> Iterator[str]:
    """Bring one of our own exports back, unless it is a dry run, and say what it holds."""
    seen = bring_backs.seen_of(visit, everything, given.file.name)
    yield words("bring_back.what", day=seen.made_at)
    for kind, count in seen.new.items():
        yield f"  {words(f'bring_back.kinds.{kind}')}: {count:,}"
    yield words("bring_back.same", count=f"{seen.same:,}")
    yield words("bring_back.other", count=f"{seen.other:,}")
    yield words("bring_back.not_brought")
    if given.dry_run:
        yield "This was a dry run: nothing was saved."
        return
    yield words("bring_back.done", count=f"{bring_backs.bring_back(visit, seen):,}")


def lines(preview: Preview) -> Iterator[str]:
    """The preview as it is printed."""
    yield f"{preview.name}: {preview.origin}, {preview.rows:,} rows"
    for found in preview.indicators:
        yield f"  {found.name}: {found.values:,} values{_what(found)}"
    changes = preview.changes
    if changes and preview.first_day:
        yield (
            f"{preview.entries:,} entries from {preview.first_day} to {preview.last_day}: "
            f"{changes.new:,} new, {changes.changed:,} changed, {changes.unchanged:,} unchanged; "
            f"{changes.notes:,} notes"
        )
    yield from preview.remarks
    if preview.refused:
        yield f"Refused: {preview.refused:,}"
    for r in preview.refusals:
        yield f"  line {r.line:,}, {r.column or 'row'}: “{r.what}”: {r.why}"


def _what(found: Found) -> str:
    """What that name in the file is, where it is not simply the indicator of that name."""
    i = found.indicator
    if i is None:
        return ", left out"
    if found.match is Match.ASKED:
        return ", not known here"
    if found.match is Match.NEW:
        unit = f", in {i.unit}" if i.unit else ""
        return f", new: “{i.name}” ({i.kind}, {i.measure}{unit}, {i.status})"
    return "" if i.name == found.name else f", as “{i.name}”"


_ANSWERS = {
    "decimal": "--decimal comma or --decimal point",
    "day_order": "--day-order dmy or --day-order mdy",
    "duplicates": "--duplicates first or --duplicates last",
}


def _answers(question: Question) -> str:
    """The arguments that answer a question."""
    if question.topic == Topic.UNITS:
        return f"--convert “{question.name}” or --as-they-are “{question.name}”"
    if question.topic != Topic.MAPPING:
        return _ANSWERS[question.topic]
    possible = [o for o, _ in question.options if isinstance(o, Handling)]
    return " or ".join(f"--{option} “{question.name}”" for option in possible)


def in_the_way(preview: Preview) -> str:
    """What keeps the file out, and what to say about it."""
    todo = [f"{q.text} Say {_answers(q)}." for q in preview.questions]
    if preview.refused and not preview.choices.only_good_rows:
        todo.append("Change what is refused, or say --only-good-rows to leave it out.")
    return "\n".join([*todo, "Nothing was saved."])


def saved(imported: Imported) -> str:
    """What was saved."""
    changes, made = imported.changes, len(imported.indicators)
    return (
        f"Saved: {changes.new:,} new and {changes.changed:,} changed entries, "
        f"{changes.notes:,} notes, {made:,} new indicators. {changes.unchanged:,} entries were "
        f"here already" + (f", {imported.left_out:,} left out." if imported.left_out else ".")
    )
