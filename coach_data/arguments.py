"""What can be said to each command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Argument = tuple[tuple[str, ...], dict[str, Any]]


def argument(*flags: str, **options: Any) -> Argument:
    """One argument of a command, as ``ArgumentParser.add_argument`` takes it."""
    return flags, options


FILE = argument("file", metavar="FILE", type=Path)


PERSON = argument("--person", metavar="NAME", required=True, help="whose data; see “people”")


FOR_GOOD = argument("--for-good", action="store_true", help="without it nothing is erased")


DECIMAL = argument("--decimal", choices=("comma", "point"), help="what separates whole and part")


DAY_ORDER = argument("--day-order", choices=("dmy", "mdy"), help="how to read 01/02/2026")


DUPLICATES = argument(
    "--duplicates",
    choices=("first", "last"),
    help="what counts where the file says two things about one day",
)


ONLY_GOOD = argument("--only-good-rows", action="store_true", help="leave out what is refused")


IMPORT = (
    FILE,
    PERSON,
    DECIMAL,
    DAY_ORDER,
    DUPLICATES,
    argument("--ignore", metavar="NAME", action="append", default=[], help="leave this one out"),
    argument(
        "--new",
        metavar="NAME",
        action="append",
        default=[],
        help="make it a new behaviour; beyond five it is parked",
    ),
    argument(
        "--lagging",
        metavar="NAME",
        action="append",
        default=[],
        help="make it the result of the present outcome",
    ),
    argument(
        "--convert",
        metavar="NAME",
        action="append",
        default=[],
        help="convert its numbers from the unit of the file",
    ),
    argument(
        "--as-they-are",
        metavar="NAME",
        action="append",
        default=[],
        help="its numbers are in the unit that it has here, whatever the file says",
    ),
    ONLY_GOOD,
    argument("--dry-run", action="store_true", help="show what would happen, save nothing"),
)


CHECK = (
    FILE,
    argument("--leading", metavar="NAME", required=True, help="the column of the behaviour"),
    argument("--lagging", metavar="NAME", required=True, help="the column of the result"),
    argument("--lag", type=int, metavar="N", help="the delay expected beforehand: days, or weeks"),
    argument("--window", type=int, choices=(7,), help="the previous seven days, instead of a lag"),
    argument("--weekly", action="store_true", help="the result is known once a week"),
    argument(
        "--direction",
        choices=("up", "down"),
        default="up",
        help="how a helpful effect would show in the result (up)",
    ),
    argument(
        "--lags", type=int, choices=range(1, 61), default=14, metavar="N", help="days searched (14)"
    ),
    argument(
        "--level",
        type=float,
        choices=(0.05, 0.01),
        default=0.05,
        help="0.05 at the first look, 0.01 at every later one",
    ),
    argument("--json", action="store_true", help="all figures; null where there is none"),
    DECIMAL,
    DAY_ORDER,
    DUPLICATES,
    ONLY_GOOD,
)


INVITE = (
    argument(
        "--role",
        required=True,
        choices=("administrator", "coach", "lead", "coachee"),
        help="what they will be",
    ),
    argument("--programme", metavar="NAME", default="own", help="which programme (own)"),
)


DIGEST = (
    argument("--app", metavar="URL", help="ask this app where it runs: http://127.0.0.1:8501"),
    argument("--json", action="store_true", help="id, name and line, to be read by a program"),
)


TOKEN = (
    argument("action", choices=("make", "list", "revoke")),
    PERSON,
    argument("--name", metavar="TOKEN", help="of the token, as in “Phone”"),
    argument(
        "--for",
        dest="purpose",
        choices=("quick log", "calendar", "calendar in my words"),
        default="quick log",
        help="what it opens (quick log); a calendar reads /api/calendar/SECRET.ics",
    ),
)
MOVE = (
    argument("source", metavar="FROM", help="a data file, or postgresql://user@host:port/name"),
    argument("target", metavar="TO", help="the other kind, with nothing in it"),
)
