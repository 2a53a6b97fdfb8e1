"""What stands beside each part of a session: what became of commitments, the compass, the check."""

from __future__ import annotations

from functools import partial

import streamlit as st

from coach_data.cockpit import Followed, look_back
from coach_data.commitments import carried, settle
from coach_data.compass import compass_of
from coach_data.library import words
from coach_data.matter import pairs_of, review_of
from coach_data.model import CoachError, Commitment, Measure, Session, Standing
from coach_data.privacy import Visit
from coach_data.statistics.comparison import Moved, Why
from pages.parts.cards import number
from pages.parts.compass_rows import rows_html
from pages.parts.palette import Theme
from pages.parts.review_parts import draw_charts, draw_question, draw_verdict
from pages.parts.session_clock import PROBLEM
from pages.parts.visit import fresh

# Beside the notes there is less room than on the compass itself: as much for words as for the chart.
_STYLE = """<style>@media (min-width: 641px) {
.st-key-session_beside .compass-rows { grid-template-columns: 1fr 1fr } }</style>"""


def draw_beside(visit: Visit, session: Session, part: int, theme: Theme, *, hidden: bool) -> None:
    """The chart for one of the parts 1 to 3."""
    if hidden:
        st.text(words("session.hidden"))
        return
    with st.container(key="session_beside"):
        st.html(_STYLE)
        _draw(visit, session, part, theme)


def _draw(visit: Visit, session: Session, part: int, theme: Theme) -> None:
    if part == 1:
        _look_back(visit, session)
    elif part == 2:
        compass = compass_of(visit)
        if compass.plan.leading:
            st.html(rows_html(compass))
        else:
            st.text(words("session.no_compass"))
    else:
        _check(visit, theme)


def _look_back(visit: Visit, session: Session) -> None:
    """Last session's commitments, each with what its indicator did since."""
    back = look_back(visit, carried(visit, session))
    if not back.followed:
        st.text(words("session.no_commitments"))
    for followed in back.followed:
        draw_commitment(visit, followed.commitment, said_of(followed))
    if back.compass is not None:
        st.html(rows_html(back.compass))


def said_of(followed: Followed) -> str:
    """What the indicator of a commitment did since, no more than the days can tell."""
    row, change = followed.row, followed.change
    if row is None or change is None:
        return words("session.no_indicator")
    told = {
        "known_before": change.known_before,
        "known": change.known_during,
        "days": followed.days,
    }
    if change.verdict is Moved.CANNOT_TELL or change.low is None or change.high is None:
        constant = Why.CONSTANT in change.why
        said = words("session.constant" if constant else "session.too_few", **told)
        return f"{row.indicator.name}: {said}"
    share = row.indicator.measure is Measure.YES_NO
    means = {
        "before": _amount(change.before or 0.0, share, row.indicator.unit),
        "since": _amount(change.during or 0.0, share, row.indicator.unit),
        "low": _amount(change.low, share, "" if share else row.indicator.unit),
        "high": _amount(change.high, share, "" if share else row.indicator.unit),
        "points": " percentage points" if share else "",
    }
    averages = words(
        "session.before_since_share" if share else "session.before_since", **told, **means
    )
    verdict = words(
        "session.moved" if change.verdict is Moved.MOVED else "session.not_moved", **means
    )
    return f"{row.indicator.name}: {averages} {verdict}"


def _amount(value: float, share: bool, unit: str) -> str:
    if share:
        return f"{100 * value:.0f}".replace("-", "−")
    rounded = float(f"{value:.2g}") if abs(value) < 100 else float(round(value))
    return number(rounded, unit).replace("-", "−")


def draw_commitment(visit: Visit, commitment: Commitment, said: str = "") -> None:
    """One commitment, and the buttons that say what became of it."""
    with st.container(border=True):
        lines = [commitment.text]
        lines += [f"Followed: {commitment.tracked}"] if commitment.tracked else []
        lines += [f"Support wanted: {commitment.support}"] if commitment.support else []
        st.text("\n".join([*lines, *([said] if said else [])]))
        with st.container(horizontal=True, vertical_alignment="center"):
            if commitment.standing is not Standing.OPEN:
                st.text(commitment.standing.value.capitalize())
                _mark(visit, commitment, Standing.OPEN, "Open it again")
            else:
                _mark(visit, commitment, Standing.KEPT, "Kept")
                _mark(visit, commitment, Standing.LET_GO, "Let go")


def _mark(visit: Visit, commitment: Commitment, standing: Standing, label: str) -> None:
    st.button(
        label,
        key=f"{standing.name}_{commitment.commitment_id}",
        on_click=partial(_settle, visit, commitment, standing),
    )


def _settle(visit: Visit, commitment: Commitment, standing: Standing) -> None:
    try:
        settle(fresh(visit), commitment, standing)
    except CoachError as problem:
        st.session_state[PROBLEM] = str(problem)


def _check(visit: Visit, theme: Theme) -> None:
    """Whether the keystone, or the first behaviour, moves with the result."""
    choices = pairs_of(visit)
    if not (choices.leading and choices.lagging):
        st.text(words("session.no_compass"))
        return
    leading = next((i for i in choices.leading if i.keystone), choices.leading[0])
    review = review_of(visit, choices, leading, choices.lagging[0])
    draw_verdict(review, own=visit.own)
    if review.pairs is not None:
        draw_question(review)
        draw_charts(review, theme)
    st.page_link("../matter.py", label="Look at another pair", icon=":material/arrow_forward:")
