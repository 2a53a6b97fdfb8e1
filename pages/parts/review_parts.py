"""The parts of the screen "Does it matter?": the choice, the verdict, the question, charts, figures."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import numpy as np
import streamlit as st

from coach_data.drift import Concern
from coach_data.library import word_list, words
from coach_data.matter import Choices
from coach_data.model import Indicator
from coach_data.review import WINDOW_DAYS, WINDOW_WEEKS, Finding, Review
from coach_data.statistics.association import Reason
from coach_data.statistics.bunching import Bunched
from coach_data.statistics.pairs import Values
from pages.parts.association_charts import (
    Trend,
    histogram_chart,
    lag_chart,
    rolling_chart,
    scatter_chart,
)
from pages.parts.cards import empty_state, number, plain
from pages.parts.chart_style import Spec
from pages.parts.palette import Theme
from pages.parts.review_words import (
    amount,
    figures_of,
    later,
    said_of,
    unit_of,
    units_of,
    with_unit,
)

H2 = "font-size:1.35rem;font-weight:600;line-height:1.35;margin:0;padding:0 0 .4rem"
H3 = "font-size:1rem;font-weight:600;margin:0;padding:0"
CLEAR = frozenset({Finding.TOGETHER, Finding.APART})
"""Findings that colour the charts."""


def choose(choices: Choices) -> tuple[Indicator, Indicator]:
    """The behaviour and the result to look at; the declared pair stands first."""
    with st.container(horizontal=True):
        leading = _chosen("Behaviour", choices.leading)
        return leading, _chosen("Result", choices.lagging)


def _chosen(label: str, options: tuple[Indicator, ...]) -> Indicator:
    known = {i.indicator_id: i for i in options}
    picked = st.selectbox(
        label,
        list(known),
        format_func=lambda key: known[key].name if key in known else "",
        key=f"matter_{label}",
        persist_state="session",
        width=440,
    )
    return known.get(picked, options[0])


def draw_verdict(review: Review, *, own: bool) -> None:
    """The verdict in a sentence, and what to do next."""
    said = said_of(review)
    if review.finding is Finding.NOTHING:
        if own:
            empty_state(words("matter.next.nothing"), "../today.py", "Log a day")
        else:
            st.text(words("matter.nothing_shared"))
        return
    lines = [words(f"matter.next.{_next(review)}", **said)]
    if review.pairs is not None:
        lines.append(words("matter.looked", **said))
    if review.association is not None and review.declared is None:
        lines.append(
            words("matter.no_lag" if review.leading.expected_lag is None else "matter.same_day")
        )
    verdict = words(f"matter.verdict.{review.finding}", **said)
    st.html(
        f'<h2 style="{H2}">{escape(verdict)}</h2><p style="margin:0">{escape(" ".join(lines))}</p>'
    )


def _next(review: Review) -> str:
    found = review.association
    if found is not None and Reason.LAGGING_CONSTANT in found.reasons:
        return "no_variation_result"
    return review.finding.value


def draw_question(review: Review) -> None:
    """Whether the behaviour is still the best way: why it is asked, and three ways to go on."""
    if not review.concerns:
        return
    why = [words(f"matter.question.{c}", **_why(review, c)) for c in review.concerns]
    steps = word_list("matter.question.steps")
    ask, intro = words("matter.question.ask"), words("matter.question.steps_intro")
    listed = "".join(f"<li>{escape(step)}</li>" for step in steps)
    with st.container(border=True):
        st.html(
            f'<h3 style="{H3}">{escape(ask)}</h3><p>{escape(" ".join(why))}</p>'
            f"<p>{escape(intro)}</p><ul>{listed}</ul>"
        )


def _why(review: Review, concern: Concern) -> dict[str, object]:
    if concern is Concern.DRIFTED and review.fixation is not None:
        hit = review.fixation.looks[-1].aim_hit or 0.0
        return {"hit": round(100 * hit)}
    if concern is Concern.BUNCHED and (b := review.bunching) is not None:
        return {
            "at": b.at_after,
            "n": b.at_after + b.near_after,
            "before": b.at_before,
            "earlier": b.at_before + b.near_before,
        }
    return {"guard": review.guard.name if review.guard else ""}


def draw_charts(review: Review, theme: Theme) -> None:
    """Four charts in two rows of two, one below the other on a phone."""
    drawn = [_scatter(review, theme), _lags(review, theme), _rolling(review, theme),
             _values(review, theme)]  # fmt: skip
    with st.container(key="matter_charts"):  # a grid of CSS: columns cost the server more
        for title, sentence, chart, key in drawn:
            st.html(
                f'<h3 style="{H3}">{escape(title)}</h3><p style="margin:0">{escape(sentence)}</p>'
            )
            if chart is None:
                st.html("<span></span>")
            else:
                st.vega_lite_chart(
                    *chart, theme=None, alt=f"{title}. {sentence}", key=f"matter_{key}"
                )


Drawn = tuple[str, str, tuple[object, Spec] | None, str]


def _scatter(review: Review, theme: Theme) -> Drawn:
    assert review.pairs is not None
    said, line = said_of(review), review.line
    sentence = f"{words('matter.shown.scatter', **said)} {words(f'matter.line.{review.finding}')}"
    unit = f" ({review.lagging.unit})" if review.lagging.unit else ""
    chart = scatter_chart(
        review.pairs.lead,
        review.pairs.result,
        x_title=with_unit(review.leading),
        y_title=f"Result {later(review)}{unit}",
        theme=theme,
        trend=Trend(line.at, line.fitted, line.low, line.high) if line else None,
    )
    return words(f"matter.scatter.{review.finding}", **said), sentence, chart, "scatter"


def _lags(review: Review, theme: Theme) -> Drawn:
    assert review.association is not None
    said, found = said_of(review), review.association
    sentence = words("matter.shown.lag", **said)
    if review.lag == review.declared:
        sentence += " " + words("matter.shown.lag_declared")
    chart = lag_chart(
        found.lags,
        found.r_by_lag,
        found.band,
        x_title=f"{units_of(review).capitalize()} between the two",
        y_title="Strength of the pattern",
        theme=theme,
        marked=review.lag,
        clear=review.finding in CLEAR,
        band_label="inside the grey: what chance alone gives",
        unit=unit_of(review),
    )
    return words(f"matter.lag.{review.finding}", **said), sentence, chart, "lag"


def _rolling(review: Review, theme: Theme) -> Drawn:
    moved, first = review.moved_on, review.first_day
    title = words(f"matter.rolling.{review.finding}")
    if moved is None or first is None or not np.isfinite(moved.r).any():
        return title, words("matter.shown.rolling_later", **said_of(review)), None, "rolling"
    shown = np.flatnonzero(np.isfinite(moved.r))
    kept = slice(int(shown[0]), int(shown[-1]) + 1)
    agreed = []
    if review.aim is not None:
        label = words("matter.aim_agreed", amount=number(review.aim.amount))
        agreed = [(review.aim.since, label)]
    window = f"{WINDOW_WEEKS} weeks" if review.weekly else f"{WINDOW_DAYS // 7} weeks"
    chart = rolling_chart(
        [first + timedelta(days=int(k)) for k in moved.days[kept]],
        moved.r[kept],
        moved.low[kept],
        moved.high[kept],
        y_title="Strength of the pattern",
        theme=theme,
        aims=agreed,
        clear=review.finding in CLEAR,
    )
    return title, words("matter.shown.rolling", window=window), chart, "rolling"


def _values(review: Review, theme: Theme) -> Drawn:
    values, aim = review.values, review.aim
    assert values is not None
    bunched = review.bunching is not None and review.bunching.verdict is Bunched.BUNCHED
    which = "no_aim" if aim is None else "bunched" if bunched else review.finding
    by_week = aim is not None and review.by_week
    chart = histogram_chart(
        values.edges,
        values.counts,
        values.expected,
        x_title=with_unit(review.leading) + (" in a week" if by_week else ""),
        y_title="Weeks" if by_week else "Days",
        theme=theme,
        aim=None if aim is None else aim.amount,
        clear=review.finding is Finding.APART,
    )
    return words(f"matter.values.{which}"), _values_sentence(review, values), chart, "values"


def _values_sentence(review: Review, values: Values) -> str:
    n = int(values.counts.sum())
    if review.aim is None:
        return words("matter.shown.values_no_aim", n=n)
    units = "weeks" if review.by_week else "days"
    said = {
        "n": n,
        "at": review.at_aim,
        "units": units,
        "aim": amount(review.aim.amount, review.leading),
    }
    compared = "values_alone" if values.expected is None else "values_before"
    return f"{words('matter.shown.values', **said)} {words(f'matter.shown.{compared}', **said)}"


def draw_figures(review: Review) -> None:
    """The figures behind the verdict, made when somebody opens them."""
    opened = st.expander("Figures", on_change="rerun", key="matter_figures")
    if not opened.open:
        return
    rows = "\n".join(f"| {plain(name)} | {plain(value)} |" for name, value in figures_of(review))
    opened.markdown(f"| Figure | Value |\n|---|---|\n{rows}")
