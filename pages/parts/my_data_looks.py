"""Sections of the screen My data about others: with whom one works, who looked, what a coach sees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

import streamlit as st

from coach_data.library import words
from coach_data.looks import Look, count_looks_of, looks_are_whole, looks_of
from coach_data.model import CoachError, Purpose
from coach_data.pairings import Together, pairings_of, part
from coach_data.people import consents_of
from coach_data.privacy import Visit
from coach_data.sight import Seen, sight_of
from pages.parts.cards import plain

LOOKS = 50
"""As many looks are shown at first, and as many more with each click."""


def day_told(day: date) -> str:
    """A day as it is read: "4 May 2026"."""
    return f"{day.day} {day:%B %Y}"


def draw_pairings(visit: Visit) -> None:
    """The own coaches, and whom one coaches; either side can end it."""
    pairings = pairings_of(visit)
    mine = [p for p in pairings if p.person_id == visit.viewer_id]
    theirs = [p for p in pairings if p.coach_id == visit.viewer_id and p.until is None]
    st.header("My coaches", anchor=False)
    lasting = [p for p in mine if p.until is None]
    if not lasting:
        st.text(words("my_data.coaches_none"))
    for pairing in lasting:
        _pairing(visit, pairing, "coach")
    ended = [p for p in mine if p.until is not None]
    if ended:
        st.subheader("Ended", anchor=False)
        st.text("\n".join(_ended(p) for p in ended))
    if theirs:
        st.header("My coachees", anchor=False)
        for pairing in theirs:
            _pairing(visit, pairing, "coachee")


def _name(pairing: Together) -> str:
    return pairing.name or words("my_data.look_gone")


def _ended(pairing: Together) -> str:
    until = day_told(pairing.until) if pairing.until else ""
    name = _name(pairing)
    return words("my_data.coach_ended", name=name, since=day_told(pairing.since), until=until)


def _pairing(visit: Visit, pairing: Together, side: str) -> None:
    key = f"{pairing.person_id}_{pairing.coach_id}"
    with st.container(border=True):
        st.subheader(plain(_name(pairing)), anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(words(f"my_data.{side}_since", since=day_told(pairing.since)), width="stretch")
            with st.popover("End it", key=f"end_{key}"):
                st.text(words(f"my_data.{side}_end", name=_name(pairing)))
                if st.button("End the pairing", key=f"part_{key}", icon=":material/link_off:"):
                    try:
                        part(visit, pairing)
                    except CoachError as problem:
                        st.error(str(problem))
                    else:
                        st.rerun()


def draw_looks(visit: Visit) -> None:
    """Every look at one's data, newest first, and whether the list is whole."""
    st.text(words("my_data.looks", zone=visit.about.time_zone))
    wanted = st.session_state.get("looks_wanted", LOOKS)
    count, found = count_looks_of(visit), looks_of(visit, wanted)
    if not looks_are_whole(visit):
        st.error(words("my_data.looks_broken"), icon=":material/error:")
    elif found:
        st.text(words("my_data.looks_whole"))
    if not found:
        with st.container(border=True):
            st.text(words("my_data.looks_none"))
        return
    with st.container(border=True):
        st.html(looks_html(found))
    if count > len(found):
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Show older ones", icon=":material/expand_more:", key="older_looks"):
                st.session_state["looks_wanted"] = len(found) + LOOKS
                st.rerun()
            st.text(words("my_data.looks_shown", shown=len(found), count=count))


def looks_html(looks: list[Look]) -> str:
    """Looks by their days: what was typed by anybody is escaped."""
    parts, before = [_STYLE, '<div class="mine">'], None
    for look in looks:
        if look.at.date() != before:
            before = look.at.date()
            parts.append(f"<h2>{before:%A}, {day_told(before)}</h2>")
        name = look.name or words("my_data.look_gone")
        key = "look_allowed" if look.allowed else "look_denied"
        said = words(f"my_data.{key}", name=name, screen=look.screen)
        parts.append(f"<p>{look.at:%H:%M} &nbsp; {escape(said)}</p>")
    return "".join([*parts, "</div>"])


_STYLE = (
    "<style>.mine h2 { font-size: 1rem; margin: 0; padding: .7rem 0 .1rem }"
    ".mine h2:first-of-type { padding-top: 0 } .mine p { margin: 0; overflow-wrap: anywhere;"
    " display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }"
    " .mine .quiet { opacity: .8 }</style>"
)


def draw_seen(visit: Visit) -> None:
    """What a coach sees, read through the coach's own rules."""
    coaches = [p for p in pairings_of(visit) if p.person_id == visit.viewer_id and p.until is None]
    if not coaches:
        with st.container(border=True):
            st.text(words("my_data.seen_nobody"))
        return
    names = {p.coach_id: _name(p) for p in coaches}
    coach_id = coaches[0].coach_id
    if len(names) > 1:
        coach_id = st.selectbox(
            "Coach", list(names), format_func=names.__getitem__, key="seen_by", width=280
        )
    preview = visit.seen_by(coach_id)
    st.text(words("my_data.seen", name=names[coach_id]))
    titles = {c.purpose: c.wording.title for c in consents_of(visit)}
    with st.container(border=True):
        st.html(seen_html(sight_of(preview), titles))
    st.text(words("my_data.seen_never"))
    if st.toggle(words("my_data.seen_compass", name=plain(names[coach_id])), key="seen_compass"):
        _compass(preview)


def seen_html(sight: list[Seen], titles: Mapping[Purpose, str]) -> str:
    """Group by group how many there are and the latest of them; what was typed is escaped."""
    parts = [_STYLE, '<div class="mine">']
    for seen in sight:
        name = words(f"my_data.group.{seen.group}")
        count = f" · {seen.count:,}" if seen.count > 1 else ""
        parts.append(f"<h2>{escape(name)}{count}</h2>")
        lines = list(seen.examples)
        if not lines:
            quiet = words("my_data.seen_nothing")
            if seen.needs:
                quiet = words("my_data.seen_missing", title=titles[seen.needs[0]])
            parts.append(f'<p class="quiet">{escape(quiet)}</p>')
        parts += [f"<p>{escape(line)}</p>" for line in lines]
        if seen.count > len(lines):
            more = words("my_data.seen_more", count=f"{seen.count - len(lines):,}")
            parts.append(f'<p class="quiet">{escape(more)}</p>')
    return "".join([*parts, "</div>"])


def _compass(preview: Visit) -> None:
    from coach_data.compass import compass_of
    from pages.parts.compass_rows import rows_html

    compass = compass_of(preview)
    if compass.plan.leading:
        st.html(rows_html(compass))
    else:
        st.text(words("session.no_compass"))
