"""Coach Compass. Start it with ``streamlit run app.py``.

The launcher around the screens: it refuses to serve another machine unless people sign in, answers
with security headers, and opens the store while the browser still loads.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pages.parts.api import ROUTES  # noqa: E402
from pages.parts.assets import Assets  # noqa: E402
from pages.parts.doorway import Doorway, is_loopback  # noqa: E402
from pages.parts.provider import from_environment, has_sign_in, require_sign_in  # noqa: E402


def get_ready() -> None:
    """While the first browser still loads: open the store, tell where the data are, load what the
    screen of every day needs; afterwards publish for leads whenever it is due."""
    from coach_data.access_log import verify_access_log
    from coach_data.model import CoachError
    from coach_data.places import places
    from pages.parts.browser import the_store
    from pages.parts.publishing import keep_publishing

    try:
        store = the_store()
    except CoachError as error:
        print(f"\n  {error}\n", file=sys.stderr)  # and each screen says it too
        return
    where = places()
    print(f"\n  Data: {where.data}\n  Key:  {where.key_file or 'COACH_KEY'}")
    kept = "  Without the key nobody can read the data: keep a copy of it apart from the file.\n"
    print(kept, flush=True)  # also where a log is written, which Python fills only now and then
    for name in ("coach_data.habits", "coach_data.sprints", "pages.parts.day_form"):
        import_module(name)
    if verify_access_log(store):
        told = "changed behind the app's back; “python -m coach_data verify” names whom it is about"
        print(f"  The record of who looked was {told}.\n", file=sys.stderr)
    keep_publishing(store)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Around the life of the server."""
    address = st.get_option("server.address")
    if has_sign_in():
        require_sign_in()
    elif not is_loopback(address):
        raise SystemExit(
            f"Without sign-in Coach Compass serves this machine only; it will not start on "
            f"{address or 'every address'}. Start it without --server.address, or set up sign-in "
            f"(README, “Sign-in”)."
        )
    threading.Thread(target=get_ready, name="get ready", daemon=True).start()
    yield {}


SCREENS = ROOT / "pages" / "parts" / "navigation.py"
AROUND: dict[str, Any] = {
    "secrets": from_environment(),
    "lifespan": lifespan,
    "routes": ROUTES,
    "middleware": [Middleware(Doorway), Middleware(Assets)],
}
"""What stands around the screens."""

app = st.App(SCREENS, **AROUND)  # Streamlit looks for this very call in the text of the script
