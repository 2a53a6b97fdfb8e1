"""What each command does: it takes the parsed arguments, prints, and returns an exit code.

What opens the store or reads a file is imported when it is needed: ``--help`` needs none of it.
"""

from __future__ import annotations

import sys
from argparse import Namespace

from coach_data.places import NoKey, data_at, places
from coach_data.surroundings import (
    Problem,
    content_of,
    now,
    opened,
    progress_bar,
    visit_of,
    with_data,
)

DONE, REFUSED = 0, 1


def import_file(given: Namespace) -> int:
    """Show what a file would bring in and, if nothing is in the way, bring it in."""
    from coach_data.formats.everything import everything_in
    from coach_data.import_command import bring_back, choices, in_the_way, lines, saved
    from coach_data.imports import bring_in, preview_of

    content = content_of(given.file)
    with opened() as store:
        visit = visit_of(store, given.person)
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

    with opened() as store:
        content = export_of(visit_of(store, given.person))
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

    with opened() as store:
        visit = visit_of(store, given.person)
        if not given.for_good:
            raise Problem("This cannot be undone; say --for-good to do it. Nothing was erased.")
        erased = leave_out(visit, visit.about.name)
    print(f"{given.person} is not in the data file any more. Backups, wherever they are, stay.")
    if erased.leaves:
        print(erased.leaves)
    for copy in erased.copies:
        print(f"{copy} was put aside by a restore and still holds everything: delete it.")
    return DONE


def check(given: Namespace) -> int:
    """Ask of two columns of a CSV file whether the one moves with the other, some days later."""
    from coach_data.check_command import GIVEN, NO_VERDICT
    from coach_data.check_command import check as answer

    code, said = answer(given, content_of(given.file), now().date())
    print(said, file=sys.stdout if code in (GIVEN, NO_VERDICT) else sys.stderr)
    return code


def people(given: Namespace) -> int:
    """List who is in the data file."""
    from coach_data.devices import people_on_this_device

    with opened() as store:
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

    with opened() as store, progress_bar("Publishing") as bar:
        count = publish_due(store, now(), bar)
    blocks = "block was" if count == 1 else "blocks were"
    print(f"{count} {blocks} published." if count else "Nothing is due; nothing was published.")
    return DONE


def digest(given: Namespace) -> int:
    """Print today's line of everybody who wants one and has something open; once a day."""
    from coach_data import outside_commands as outside
    from coach_data.privacy import open_store

    where = with_data()
    lines = outside.digest(lambda: open_store(where), given.app, where.key(), now())
    if said := outside.printed(lines, as_json=given.json):
        print(said)
    return DONE


def token(given: Namespace) -> int:
    """Make, list or revoke the tokens with which something outside logs or reads a calendar."""
    from coach_data.outside_commands import tokens

    with opened() as store:
        if said := tokens(visit_of(store, given.person), given):
            print(said)
    return DONE


def verify(given: Namespace) -> int:
    """Check that nobody changed the record of who looked at whose data."""
    from coach_data.access_log import verify_access_log
    from coach_data.devices import people_on_this_device

    with opened() as store:
        broken = verify_access_log(store)
        names = {person_id: name for person_id, name, _ in people_on_this_device(store)}
    if broken:
        about = ", ".join(names.get(person_id, "somebody who is gone") for person_id in broken)
        raise Problem(f"Lines were changed, added or taken out in the record about: {about}.")
    print("No line of the record was changed, and none was taken out between others.")
    return DONE


def backup(given: Namespace) -> int:
    """Copy the data file into a new encrypted one with the same key."""
    from coach_data.backups import backup as copy

    where = with_data()
    count = copy(where.file, where.key(), given.file)
    print(f"{given.file} holds {count:,} entries. It opens with the same key; keep a copy of both.")
    return DONE


def restore(given: Namespace) -> int:
    """Put a backup in the place of the data file; the old file is kept beside it."""
    from coach_data.backups import restore as put_back

    where = places()
    if where.key_file is not None and not where.key_file.exists():
        raise NoKey(f"The backup needs the key that it was made with; {where.key_file} is missing.")
    count, aside = put_back(given.file, where.file, where.key(), now())
    kept = f" The file that was there before is now {aside}." if aside else ""
    print(f"{where.data} holds {count:,} entries from {given.file}.{kept}")
    return DONE


def move(given: Namespace) -> int:
    """Copy everything from a data file into an empty PostgreSQL database, or back into a new file."""
    from coach_data.move import move as copy_all

    source, target = data_at(given.source), data_at(given.target)
    rows = copy_all(source, target, places().key(), lambda table, n: print(f"{table}: {n:,}"))
    print(
        f"{target} holds all {rows:,} rows of {source}, compared with it; both have the same key."
    )
    print(f"{source} stays as it is; COACH_DATABASE says which of the two is used.")
    return DONE
