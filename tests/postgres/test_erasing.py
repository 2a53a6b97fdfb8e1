"""Erasure on a server: nothing is left in the tables, and nothing of it in the files of the database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from coach_data.access_log import verify_access_log
from coach_data.erasure import erase
from coach_data.model import Role
from coach_data.people import join, rename
from coach_data.privacy import Visit
from coach_data.server import Server
from coach_data.store import Store
from tests.cluster import Cluster

MARKER = "Wortschatzkiste"


def hits(cluster: Cluster, server: Server) -> int:
    """How often the marker is in the files of that database."""
    cluster.run("CHECKPOINT")
    folder = cluster.folder / "data" / "base"
    return sum(p.read_bytes().count(MARKER.encode()) for p in folder.rglob("*") if p.is_file())


def test_no_word_of_theirs_is_left_in_the_tables(
    postgres: Cluster, server: Server, here: Store, now: datetime, tmp_path: Path
) -> None:
    ann = join(here, f"Ann {MARKER}", now, roles=(Role.COACHEE,))
    bob = join(here, "Bob", now)
    visit = Visit.open(here, ann.person_id, now)
    rename(visit, f"{MARKER} Ann")
    assert hits(postgres, server) >= 2, "the control: it is found where it was saved"
    erase(Visit.open(here, ann.person_id, now), f"{MARKER} Ann")
    assert hits(postgres, server) == 0
    assert Visit.open(here, bob.person_id, now).about.name == "Bob"
    assert verify_access_log(here) == []
