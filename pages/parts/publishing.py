"""While a server runs: what is due for leads is published, in a thread of its own."""

from __future__ import annotations

import sys
import time

from coach_data.model import CoachError
from coach_data.store import Store

AFTER = 30.0
"""Seconds after the start: the first pages come before."""
EVERY = 6 * 3600.0


def keep_publishing(store: Store) -> None:
    """Publish whenever a block is due, as long as the store is open. Does not return before."""
    time.sleep(AFTER)
    while publish_now(store):
        time.sleep(EVERY)


def publish_now(store: Store) -> bool:
    """Publish what is due. False where it went wrong; then a start, or the command, catches it up."""
    from coach_data.publish import publish
    from pages.parts.browser import present

    try:
        publish(store, present())
    except CoachError as error:
        print(f"\n  Not published for leads: {error}\n", file=sys.stderr)
        return False
    return True
