"""One line for each sprint that runs or waits for its retrospective; nothing where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

import streamlit as st

from coach_data.library import words
from coach_data.sprints import Running
from pages.parts.cards import plain

LONGEST = 90
"""Characters of a behaviour; the whole of it stands on its own screen."""


def draw_strip(running: Sequence[Running]) -> None:
    """The day of 14 with the behaviour; it leads to the sprint. Of those that wait, only one."""
    waiting = [sprint for sprint in running if sprint.over]
    for sprint in (*(s for s in running if not s.over), *waiting[:1]):
        many = "_many" if len(waiting) > 1 else ""
        key = f"sprints.strip_waiting{many}" if sprint.over else "sprints.strip"
        behaviour = shorten(sprint.behaviour, LONGEST, placeholder=" …")
        st.page_link(
            "../sprints.py",
            label=words(key, day=sprint.day, behaviour=plain(behaviour), count=len(waiting) - 1),
            query_params={"sprint": str(sprint.sprint_id)},
        )
