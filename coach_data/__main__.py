"""The command line beside the screens: ``python -m coach_data --help``.

A new command is one function that takes the parsed arguments and returns an exit code, and one line
in ``COMMANDS``.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach_data.model import CoachError
from coach_data.places import NoKey, Places, places

if TYPE_CHECKING:  # what opens the store or reads a file is loaded when it is needed
    from coach_data.privacy import Visit
    from coach_data.sheet import Progress
    from coach_data.store import Store

DONE, REFUSED = 0, 1
ABOUT = """\
Coach Compass on the command line. The data file and its key are found as the app finds them:
COACH_DATABASE, COACH_KEY_FILE and COACH_KEY name other ones. Stop the app first: one process at a
time can hold the data file.

There is no sign-in here: whoever can read the data file and its key can act as anybody in it, so
--person chooses whose data are meant and proves nothing."""
EXIT_CODES = """\
exit codes:
  0  done
  1  refused, or something went wrong; the message says what, and nothing was saved
  2  the command was not understood
  3  check only: no verdict yet (too early), or nothing varies"""


class Problem(CoachError):
    """That could not be done."""


def import_file(given: Namespace) -> int:
    """Show what a file would bring in and, if nothing is in the way, bring it in."""
    from coach_data.formats.everything import everything_in
    from coach_data.import_command import bring_back, choices, in_the_way, lines, saved
    from coach_data.imports import bring_in, preview_of

    content = _content(given.file)
    with _store(given) as store:
        visit = _visit(store, given.person)
        everything = everything_in(content, given.file.name)
        if everything is not None:
            print("\n".join(bring_back(visit, everything, given)))
            return DONE
        with progress_bar("Reading") as bar:
            preview = preview_of(visit, content, given.file.name, choices(given), bar)
        print("\n".join(lines(preview)))
        if not preview.ready:
            raise Problem(in_the_way(preview))
        if given.dry_run:
            print("This was a dry run: nothing was saved.")
            return DONE
        with progress_bar("Saving") as bar:
            imported = bring_in(visit, preview, bar)
    print(saved(imported))
    return DONE


def export(given: Namespace) -> int:
    """Write everything that is kept of a person into one ZIP file, which is not encrypted."""
    from coach_data.takeout import export_of

    with _store(given) as store:
        content = export_of(_visit(store, given.person))
    try:
        with given.file.open("xb") as file:  # for this user only, as the data file is
            file.write(content)
    except FileExistsError:
        raise Problem(f"{given.file} exists already; choose a new name.") from None
    print(f"{given.file} holds everything that is kept of {given.person}, readable by anybody.")
    return DONE


def erase(given: Namespace) -> int:
    """Take a person out of the data file for good: it is written anew without them."""
    from coach_data.erasure import erase as leave_out

    with _store(given) as store:
        visit = _visit(store, given.person)
        if not given.for_good:
            raise Problem("This cannot be undone; say --for-good to do it. Nothing was erased.")
        erased = leave_out(visit, visit.about.name)
    print(f"{given.person} is not in the data file any more. Backups, wherever they are, stay.")
    for copy in erased.copies:
        print(f"{copy} was put aside by a restore and still holds everything: delete it.")
    return DONE


def check(given: Namespace) -> int:
    """Ask of two columns of a CSV file whether the one moves with the other, some days later."""
    from coach_data.check_command import GIVEN, NO_VERDICT
    from coach_data.check_command import check as answer

    code, said = answer(given, _content(given.file), now().date())
    print(said, file=sys.stdout if code in (GIVEN, NO_VERDICT) else sys.stderr)
    return code


def people(given: Namespace) -> int:
    """List who is in the data file."""
    from coach_data.privacy import people_on_this_device

    with _store(given) as store:
        for _, name, programme in people_on_this_device(store):
            print(f"{name} ({programme})")
    return DONE


def invite(given: Namespace) -> int:
    """Print a one-time code with which somebody comes in: the way of the first administrator."""
    from coach_data.invitations import invite_from_outside
    from coach_data.model import Role
    from coach_data.privacy import open_store

    store = open_store(places())  # a new server has no data file yet
    try:
        print(invite_from_outside(store, Role(given.role), given.programme, now()))
    finally:
        store.close()
    return DONE


def publish(given: Namespace) -> int:
    """Publish the words for leads of every block of four weeks that has closed and is due."""
    from coach_data.publish import publish as publish_due

    with _store(given) as store:
        count = publish_due(store, now())
    blocks = "block was" if count == 1 else "blocks were"
    print(f"{count} {blocks} published." if count else "Nothing is due; nothing was published.")
    return DONE


def digest(given: Namespace) -> int:
    """Print today's line of everybody who wants one and has something open; once a day."""
    from coach_data import outside_commands as outside
    from coach_data.privacy import open_store

    where = _with_data()
    lines = outside.digest(lambda: open_store(where), given.app, where.key(), now())
    if said := outside.printed(lines, as_json=given.json):
        print(said)
    return DONE


def token(given: Namespace) -> int:
    """Make, list or revoke the tokens with which something outside logs or reads a calendar."""
    from coach_data.outside_commands import tokens

    with _store(given) as store:
        if said := tokens(_visit(store, given.person), given):
            print(said)
    return DONE


def verify(given: Namespace) -> int:
    """Check that nobody changed the record of who looked at whose data."""
    from coach_data.privacy import people_on_this_device, verify_access_log

    with _store(given) as store:
        broken = verify_access_log(store)
        names = {person_id: name for person_id, name, _ in people_on_this_device(store)}
    if broken:
        about = ", ".join(names.get(person_id, "somebody who is gone") for person_id in broken)
        raise Problem(f"Lines were changed, added or taken out in the record about: {about}.")
    print("No line of the record was changed, and none was taken out between others.")
    return DONE


def backup(given: Namespace) -> int:
    """Copy the data file into a new encrypted one with the same key."""
    from coach_data.store import backup as copy

    where = _with_data()
    count = copy(where.data, where.key(), given.file)
    print(f"{given.file} holds {count:,} entries. It opens with the same key; keep a copy of both.")
    return DONE


def restore(given: Namespace) -> int:
    """Put a backup in the place of the data file; the old file is kept beside it."""
    from coach_data.store import restore as put_back

    where = places()
    if where.key_file is not None and not where.key_file.exists():
        raise NoKey(f"The backup needs the key that it was made with; {where.key_file} is missing.")
    count, aside = put_back(given.file, where.data, where.key(), now())
    kept = f" The file that was there before is now {aside}." if aside else ""
    print(f"{where.data} holds {count:,} entries from {given.file}.{kept}")
    return DONE


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
COMMANDS: dict[str, tuple[Callable[[Namespace], int], tuple[Argument, ...]]] = {
    "import": (import_file, IMPORT),
    "export": (export, (FILE, PERSON)),
    "erase": (erase, (PERSON, FOR_GOOD)),
    "check": (check, CHECK),
    "people": (people, ()),
    "invite": (invite, INVITE),
    "publish": (publish, ()),
    "digest": (digest, DIGEST),
    "token": (token, TOKEN),
    "verify": (verify, ()),
    "backup": (backup, (FILE,)),
    "restore": (restore, (FILE,)),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a letter is no reason to stop
            stream.reconfigure(errors="backslashreplace")
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except CoachError as error:
        print(f"coach_data: {error}", file=sys.stderr)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"coach_data: {where}{error.strerror or 'the file was refused'}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\ncoach_data: Stopped before it was done.", file=sys.stderr)
    return REFUSED


def parser() -> ArgumentParser:
    """All commands and their arguments."""
    style: dict[str, Any] = {"formatter_class": RawDescriptionHelpFormatter, "epilog": EXIT_CODES}
    top = ArgumentParser(prog="python -m coach_data", description=ABOUT, **style)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name, (run, wanted) in COMMANDS.items():
        about = (run.__doc__ or "").strip()
        command = commands.add_parser(name, help=about, description=about, **style)
        command.set_defaults(run=run)
        for flags, options in wanted:
            command.add_argument(*flags, **options)
    return top


def now() -> datetime:
    """The time; COACH_NOW (ISO 8601) sets another one, as for the app."""
    given = os.environ.get("COACH_NOW")
    try:
        return datetime.fromisoformat(given).astimezone(UTC) if given else datetime.now(UTC)
    except ValueError:
        raise Problem("COACH_NOW is not a time like 2026-05-31T12:00:00+00:00.") from None


@contextmanager
def progress_bar(label: str, after: float = 1.0) -> Iterator[Progress]:
    """A bar on stderr, from ``after`` seconds on; none where stderr is no terminal."""
    begun, drawn = time.monotonic(), False

    def draw(share: float) -> None:
        nonlocal drawn
        if sys.stderr.isatty() and time.monotonic() - begun >= after:
            drawn = True
            done = "#" * round(30 * share)
            sys.stderr.write(f"\r{label} [{done:<30}] {share:4.0%}")
            sys.stderr.flush()

    try:
        yield draw
    finally:
        if drawn:
            sys.stderr.write("\n")


def _with_data() -> Places:
    where = places()
    if not where.data.exists():
        raise Problem(f"There is no data file at {where.data}; COACH_DATABASE names another one.")
    return where


@contextmanager
def _store(given: Namespace) -> Iterator[Store]:
    """The open data file of this machine; one that is not there is not made."""
    from coach_data.privacy import open_store

    store = open_store(_with_data())
    try:
        yield store
    finally:
        store.close()


def _visit(store: Store, name: str) -> Visit:
    """A visit of the person of that name to their own data."""
    from coach_data.privacy import Visit, people_on_this_device

    everybody = people_on_this_device(store)
    wanted = " ".join(name.split()).casefold()
    found = [person_id for person_id, known, _ in everybody if known.casefold() == wanted]
    if not found:
        raise Problem(f"Nobody here is called {name}. “python -m coach_data people” lists who is.")
    if len(found) > 1:
        raise Problem(f"{len(found)} people here are called {name}. Rename one of them in the app.")
    return Visit.open(store, found[0], now())


def _content(path: Path) -> bytes:
    """The bytes of a file, no more of them than are needed to see that it is too large."""
    from coach_data.files import MOST_BYTES

    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


if __name__ == "__main__":
    raise SystemExit(main())
