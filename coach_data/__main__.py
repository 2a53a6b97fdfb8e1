"""The command line beside the screens: ``python -m coach_data --help``.

A new command is a function in ``commands`` and a line in ``COMMANDS``; what it takes is in ``arguments``.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Any

from coach_data.arguments import (
    CHECK,
    DIGEST,
    FILE,
    FOR_GOOD,
    IMPORT,
    INVITE,
    MOVE,
    PERSON,
    TOKEN,
    Argument,
)
from coach_data.commands import (
    REFUSED,
    backup,
    check,
    digest,
    erase,
    export,
    import_file,
    invite,
    move,
    people,
    publish,
    restore,
    token,
    verify,
)
from coach_data.model import CoachError

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
    "move": (move, MOVE),
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


if __name__ == "__main__":
    raise SystemExit(main())
