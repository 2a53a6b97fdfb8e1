"""How fast it is, as ratios that hold on another machine too: ``python -m tests.bench``.

One table: what was measured now, and how it stands against the last run (``last.json`` beside this
file, not in the repository). Needs Chromium. Nothing else should run meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, Page, sync_playwright

from coach_data.dates import stamp
from coach_data.devices import remember_device
from coach_data.places import Places
from coach_data.privacy import open_store
from coach_data.store import Store
from sample_data.load import load
from tests.bench.pairs import pairs
from tests.bench.privacy import privacy
from tests.bench.visits import crowd, saves
from tests.browser.conftest import FLAGS, WIDE, chromium, enter_sample, settle
from tests.browser.server import Server

LAST = Path(__file__).with_name("last.json")
VISITS = 100
COACHEES = ("Amara", "Bruno", "Chen", "Dalia", "Emil", "Fatima", "Grace", "Hiro", "Ines", "Jakub")


def part(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def first_paint(
    browser: Browser, start: Callable[[], Server], ready: str, path: str, cookie: str = ""
) -> float:
    """Seconds from starting the server to that selector, in a browser without a cache."""
    began = time.perf_counter()
    server = start()
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    if cookie:
        context.add_cookies([{"name": "coach_device", "value": cookie, "url": server.url}])
    page = context.new_page()
    page.goto(server.url + path)
    page.wait_for_selector(ready, timeout=60_000)
    seconds = time.perf_counter() - began
    context.close()
    server.stop()
    return seconds


WATCH = """charts => {
  window.drawn = new Promise(tell => addEventListener('click', () => {
    const began = performance.now()
    const look = new MutationObserver(() => {
      if (document.querySelectorAll(
        '[data-testid="stVegaLiteChart"] :is(canvas, svg.marks)').length < charts) return
      look.disconnect()
      requestAnimationFrame(() => tell(performance.now() - began))
    })
    look.observe(document.body, {childList: true, subtree: true})
  }, {capture: true, once: true}))
}"""


def clicks(page: Page, to: str, charts: int, count: int = 12) -> list[float]:
    """Seconds from a click on that screen until as many charts are drawn, by the browser's clock."""
    spent = []
    for _ in range(count):
        page.get_by_role("link", name="Today", exact=True).first.click()
        page.get_by_role("heading", name="Today").wait_for()
        settle(page)
        page.evaluate(WATCH, charts)
        page.get_by_role("link", name=to, exact=True).first.click()
        spent.append(page.evaluate("window.drawn") / 1000)
        settle(page)
    return spent


def commits(folder: Path, count: int = 60) -> tuple[float, float]:
    """Seconds of one small commit: the app's encrypted store, and a plain file of the same engine."""
    now = datetime.now(UTC)
    store = open_store(Places(folder / "commits.duckdb", folder / "key"))
    cursor = store.cursor()
    plain = duckdb.connect(str(folder / "plain.duckdb"))
    plain.execute("CREATE TABLE device (token VARCHAR, person_id BIGINT, recorded_at TIMESTAMP)")
    names = ("token_sha256", "person_id", "recorded_at")
    hidden, bare = [], []
    for number in range(count):
        row = (f"t{number}", number, stamp(now))
        began = time.perf_counter()
        with store.writing(cursor):
            store.append(cursor, "device", names, [row])
        hidden.append(time.perf_counter() - began)
        began = time.perf_counter()
        plain.execute("BEGIN")
        plain.execute("INSERT INTO device VALUES (?, ?, ?)", list(row))
        plain.execute("COMMIT")
        bare.append(time.perf_counter() - began)
    store.close()
    plain.close()
    return statistics.median(hidden), statistics.median(bare)


def sample(folder: Path, count: int) -> tuple[Store, int]:
    """The sample programme with that many browsers, of all its coachees in turn."""
    store = open_store(Places(folder / "c.duckdb", folder / "key"))
    now = datetime.now(UTC)
    people = load(store, now)
    coachees = [people[name] for name in COACHEES]
    for number in range(count):
        remember_device(store, f"bench-{number}", coachees[number % len(coachees)], now)
    return store, coachees[0]


def measure(folder: Path) -> dict[str, float]:
    """All the figures: seconds, and ratios under names with a stroke."""
    found: dict[str, float] = {}
    tokens = [f"bench-{number}" for number in range(VISITS)]
    store, person = sample(folder, VISITS)
    (folder / "cookie").mkdir()
    seed = Server(folder / "cookie")
    token = SimpleCookie(seed.ask("/").headers["Set-Cookie"])["coach_device"].value
    seed.stop()
    remember_device(store, token, person, datetime.now(UTC))
    store.close()
    found["encrypted commit"], found["plain commit"] = commits(folder)

    hello = folder / "hello"
    hello.mkdir()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        app, demo = [], []
        for _ in range(3):  # in turn, so that both meet the same machine
            app.append(
                first_paint(
                    browser, lambda: Server(folder), 'button:has-text("Save")', "/today", token
                )
            )
            demo.append(
                first_paint(
                    browser,
                    lambda: Server(hello, command=("hello",)),
                    '[data-testid="stMain"] h1',
                    "/",
                )
            )
        found["cold start to Today"] = statistics.median(app)
        found["cold start of streamlit hello"] = statistics.median(demo)
        server = Server(folder)
        page = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
        enter_sample(page, server.url, "coachee")
        found["click to drawn compass, p50"] = statistics.median(clicks(page, "Compass", 6))
        found["click to four charts, p50"] = statistics.median(clicks(page, "Does it matter?", 4))
        browser.close()
    found["save, p50"] = statistics.median(asyncio.run(saves(server.port, token, 40)))
    for name in ("today", "compass"):
        spent = asyncio.run(crowd(server.port, name, tokens))
        found[f"{VISITS} visits on {name}, p50"] = part(spent, 0.5)
        found[f"{VISITS} visits on {name}, p95"] = part(spent, 0.95)
    server.stop()
    found["Today / streamlit hello"] = (
        found["cold start to Today"] / found["cold start of streamlit hello"]
    )
    found |= pairs()
    found |= privacy()
    found["encrypted / plain commit"] = found["encrypted commit"] / found["plain commit"]
    return found


def table(now: dict[str, float], before: dict[str, float]) -> str:
    lines = [f"{'':34}{'now':>12}{'last':>12}{'now / last':>12}"]
    for name, value in now.items():
        ratio = " / " in name
        old = before.get(name)
        shown = [
            f"{v:.2f}" if ratio else f"{1000 * v:.1f} ms" for v in (value, old) if v is not None
        ]
        lines.append(
            f"{name:34}{shown[0]:>12}{shown[1] if old else '–':>12}"
            f"{f'{value / old:.2f}' if old else '–':>12}"
        )
    return "\n".join(lines)


def main() -> None:
    if chromium() is None:
        raise SystemExit("Chromium is not installed: install it, or name it in CHROMIUM")
    before = json.loads(LAST.read_text(encoding="utf-8")) if LAST.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        now = measure(Path(folder))
    print(table(now, before))
    LAST.write_text(json.dumps(now, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
