"""What the sentences of "Does it matter?" speak of: amounts, delays and days in words, the figures."""

from __future__ import annotations

from datetime import date

from coach_data.library import words
from coach_data.model import Indicator
from coach_data.parsing import shown
from coach_data.review import Review
from coach_data.statistics.association import Reason
from pages.parts.cards import number
from pages.parts.row_data import figure


def figures_of(review: Review) -> list[tuple[str, str]]:
    """All figures behind the verdict, each as what it is and its value; none that is not known."""
    found = review.association
    assert found is not None
    said, back = said_of(review), found.reverse
    known = {
        "r": _r(found.r),
        "interval": found.interval and f"{_r(found.interval[0])} to {_r(found.interval[1])}",
        "pairs": found.n_effective and f"{found.n_both}, worth {found.n_effective:.0f}",
        "declared": _p(found.p_declared),
        "scan": _p(found.p_scan),
        "reverse": _p(back.p),
        "level": f"at most {review.level:g}",
        "visible": found.smallest_visible_r and f"{found.smallest_visible_r:.2f}",
        "needed": str(found.days_needed),
        "effect": said.get("effect"),
    }
    spoken = review.declared if found.p_declared is not None else found.best_lag
    lags = {"r": spoken, "scan": found.best_lag, "reverse": back.lag}
    rows = [
        (
            words(f"matter.figures.{key}", **{**said, "lag": _span(review, lags.get(key))}),
            str(value),
        )
        for key, value in known.items()
        if value
    ]
    for look in (review.fixation.looks if review.fixation else ())[-2:]:
        if look.slope_before is not None and look.slope_lately is not None:
            slopes = f"{_r(look.slope_before)}, {_r(look.slope_lately)}"
            told = f"{slopes}, {100 * (look.aim_hit or 0):.0f} %"
            rows.append((words("matter.figures.look", day=_day(look.day)), told))
    return [*rows, (words("matter.figures.next_look"), str(said["next"]))]


def said_of(review: Review) -> dict[str, object]:
    """What the sentences may speak of."""
    found = review.association
    constant = review.leading
    if found is not None and Reason.LAGGING_CONSTANT in found.reasons:
        constant = review.lagging
    said: dict[str, object] = {
        "leading": review.leading.name,
        "lagging": review.lagging.name,
        "constant": constant.name,
        "later": later(review),
        "known": review.known,
        "needed": review.needed,
        "unit": unit_of(review),
        "units": units_of(review),
        "next": _day(review.next_look),
        "day": _day(review.looked_on),
        "cover": round(100 * (1 - review.level)),
    }
    if review.pairs is not None and found is not None:
        said |= {"n": review.pairs.lead.size, "count": len(found.lags)}
        visible = found.smallest_visible_r
        said["visible"] = "1" if visible is None else f"r = {visible:.2f}"
        if found.effect is not None and found.swing is not None:
            more = "more" if found.effect > 0 else "less"
            said["more"] = more
            said["effect"] = f"{_about(abs(found.effect), review.lagging)} {more}"
            said["swing"] = _about(found.swing, review.leading)
    return said


def unit_of(review: Review) -> str:
    """What one pair is: a day or a week."""
    return "week" if review.weekly else "day"


def units_of(review: Review) -> str:
    """More of them."""
    return f"{unit_of(review)}s"


def _span(review: Review, lag: int | None) -> str:
    """A lag in words: "3 days", "1 week", "the same week"."""
    if lag is None:
        return "–"
    if lag == 0:
        return f"the same {unit_of(review)}"
    return f"{lag} {unit_of(review)}{'' if lag == 1 else 's'}"


def later(review: Review) -> str:
    """The lag that the charts speak of: "3 days later"."""
    if review.lag == 0:
        return f"in the same {unit_of(review)}"
    return f"{_span(review, review.lag)} later"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "–"


def amount(value: float, indicator: Indicator) -> str:
    """A value with the indicator's unit."""
    return f"{number(value)} {indicator.unit}".strip()


def _about(value: float, indicator: Indicator) -> str:
    """An estimate, with no more digits than it is worth."""
    kept = value if abs(value) >= 100 else float(f"{value:.2g}")
    unit = "percentage points" if indicator.unit == "%" else indicator.unit
    return f"{figure(kept)} {unit}".strip()


def with_unit(indicator: Indicator) -> str:
    """The name for an axis, cut where it would be too long for a phone."""
    unit = f" ({shown(indicator.unit, 12)})" if indicator.unit else ""
    return shown(indicator.name, 44) + unit


def _r(value: float | None) -> str:
    return "" if value is None else f"{value:+.2f}".replace("-", "−")


def _p(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
