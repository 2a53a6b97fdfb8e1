"""The router: names the screens. It guards nothing; each screen opens its own visit."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from coach_data.library import words  # noqa: E402
from coach_data.server_faults import NoServer  # noqa: E402
from coach_data.store import StoreError  # noqa: E402
from pages.parts.browser import SHARING  # noqa: E402
from pages.parts.palette import PAGE_STYLE  # noqa: E402
from pages.parts.turns import turn  # noqa: E402
from pages.parts.warm_up import warm_up  # noqa: E402

# Without icons: the browser would fetch them from another host for its tab.
SCREENS = [
    st.Page("../welcome.py", title="Start", default=True),
    st.Page("../today.py", title="Today"),
    st.Page("../compass.py", title="Compass"),
    st.Page("../matter.py", title="Does it matter?"),
    st.Page("../programme.py", title="Programme"),
    st.Page("../session.py", title="Session"),
    st.Page("../outcome.py", title="Outcome"),
    st.Page("../sprints.py", title="Sprints"),
    st.Page("../people.py", title="People"),
    st.Page("../my_data.py", title="My data"),
    st.Page("../guide.py", title="Guide"),
    st.Page("../bring_in.py", title="Import"),
]

sharing = bool(st.session_state.get(SHARING))
screen = st.navigation(SCREENS, position="hidden" if sharing else "top")
st.set_page_config(
    page_title=f"{screen.title} · Coach Compass",
    layout="wide",
)
st.html(PAGE_STYLE)
try:
    with turn():
        screen.run()
except NoServer:  # in the middle of a screen: the next run waits, and what was typed is kept
    st.rerun()
except StoreError as problem:
    st.error(str(problem), title=words("server.unread"))
finally:
    warm_up()
