"""The library as it is read: sections of cards, searched by words, shown with few elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st

from coach_data.library import (
    ethics,
    experiments,
    growth,
    questions,
    reading,
    roles,
    session_parts,
    traps,
)

STYLE = (
    "<style>.guide{display:grid;gap:1.75rem 3rem;max-width:84rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(26rem,100%),1fr))}"
    ".guide h3{font-size:1.15rem;margin:0 0 .25rem;padding:0}"
    ".guide h4{font-size:1rem;margin:.75rem 0 .25rem;padding:0}"
    ".guide p{margin:0 0 .5rem}.guide ul{margin:0 0 .5rem;padding-left:1.25rem}"
    ".guide li{margin:.25rem 0}</style>"
)


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to read: its name, what it is about, and lists of lines below a heading each."""

    name: str
    about: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def text(self) -> str:
        """All of it, for the search."""
        listed = (line for _, lines in self.lists for line in lines)
        return "\n".join((self.name, *self.about, *listed)).casefold()


def _questions() -> list[Card]:
    parts = [
        Card(
            f"{part.name}, {part.minutes} minutes",
            (part.purpose,),
            (("Questions", part.questions), ("How to use this part", part.guide)),
        )
        for part in session_parts()
    ]
    for trap in traps():
        group = questions(trap.key)
        parts.append(Card(group.name, (group.purpose,), (("Questions", group.questions),)))
    return parts


def _traps() -> list[Card]:
    return [
        Card(
            trap.name,
            (trap.summary,),
            (
                ("How it shows", trap.signs),
                ("Ways back", trap.recovery),
                ("Questions to open with", trap.questions),
            ),
        )
        for trap in traps()
    ]


def _experiments() -> list[Card]:
    return [
        Card(
            f"{found.name} ({role})",
            (found.hypothesis,),
            (
                ("Two weeks long", (found.behaviour,)),
                ("Measure, and what counts as worked", (found.measure.name, found.success_rule)),
                ("Watch", (found.watch,)),
            ),
        )
        for role in roles()
        for found in experiments(role)
    ]


def _growth() -> list[Card]:
    return [Card(p.say, (f"Instead of: {p.instead_of}", p.why)) for p in growth()]


def _ethics() -> list[Card]:
    return [Card(line.name, (line.text,)) for line in ethics()]


def _reading() -> list[Card]:
    return [
        Card(
            work.title,
            (f"{work.author}, {f'{work.source}, ' if work.source else ''}{work.year}", work.why),
        )
        for work in reading()
    ]


SECTIONS: dict[str, Callable[[], list[Card]]] = {
    "Questions": _questions,
    "Traps": _traps,
    "Experiments": _experiments,
    "Wording": _growth,
    "Ethics": _ethics,
    "Reading": _reading,
}


def found(search: str) -> dict[str, list[Card]]:
    """The cards, by section, that hold every one of the words searched for."""
    wanted = search.casefold().split()
    hits = {
        name: [card for card in cards() if all(word in card.text for word in wanted)]
        for name, cards in SECTIONS.items()
    }
    return {name: cards for name, cards in hits.items() if cards}


def draw_section(name: str, cards: list[Card]) -> None:
    """A heading and all its cards as one element."""
    st.header(name, anchor=False)
    st.html(STYLE + f"<div class='guide'>{''.join(_html(card) for card in cards)}</div>")


def _html(card: Card) -> str:
    about = "".join(f"<p>{escape(line)}</p>" for line in card.about)
    lists = "".join(
        f"<h4>{escape(name)}</h4><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for name, lines in card.lists
    )
    return f"<section><h3>{escape(card.name)}</h3>{about}{lists}</section>"
