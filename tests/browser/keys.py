"""Hands on the keyboard, none on the mouse: Tab, Enter, Space, arrows and what is typed."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import settle

MOST = 150
"""As often Tab is pressed before something counts as out of reach."""
FOCUSED = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return '';
    const named = (e.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
        .map(i => document.getElementById(i)?.innerText || '').join(' ');
    const inside = e.innerText && e.innerText.length < 400 ? e.innerText : '';  // not all of a screen
    return [e.getAttribute('aria-label'), named, e.labels?.[0]?.innerText, inside, e.placeholder]
        .filter(Boolean).join(' | ') + ' [' + (e.getAttribute('role') || e.tagName.toLowerCase()) + ']'
}"""


def reach(page: Page, words: str, kind: str = "", back: bool = False) -> None:
    """Press Tab until what holds those words, and is of that kind, has the focus."""
    seen = []
    for _ in range(MOST):
        focused = str(page.evaluate(FOCUSED))
        if words in focused and (not kind or f"[{kind}]" in focused):
            return
        seen.append(focused[:60])
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{words!r} is out of reach; on the way: {list(dict.fromkeys(seen))}")


def press(page: Page, words: str, kind: str = "", key: str = "Enter") -> None:
    """Reach it and press it."""
    reach(page, words, kind)
    page.keyboard.press(key)
    settle(page)


def choose(page: Page, group: str, option: str) -> None:
    """One of a row of buttons, which is reached by its group or by itself; then by the arrows."""
    for _ in range(MOST):
        focused = str(page.evaluate(FOCUSED))
        if option in focused and ("[radio]" in focused or "[button]" in focused):
            break
        if "[radio]" in focused and group in group_of(page):
            page.keyboard.press("ArrowRight")
        else:
            page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{option!r} is out of reach")
    page.keyboard.press("Space")
    settle(page)


def group_of(page: Page) -> str:
    """The name of the row of buttons in which the focus is."""
    return str(
        page.evaluate(
            """() => { const g = document.activeElement.closest('[role=radiogroup], [role=group]');
            return g ? (g.getAttribute('aria-label') || g.innerText) : '' }"""
        )
    )


def write(page: Page, label: str, text: str, *, leave: bool = True) -> None:
    """Words into a field."""
    reach(page, label)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    if leave:
        page.keyboard.press("Tab")
    settle(page)
