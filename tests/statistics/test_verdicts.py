"""The verdict on one pair: what it says, what it leaves open, and why it says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from coach_data.statistics.association import associate
from coach_data.statistics.noise import WHITE, Memory
from coach_data.statistics.question import WINDOW_7, Question
from coach_data.statistics.series import calendar_design
from coach_data.statistics.verdicts import Reason, Verdict, effective_n, judge
from tests.statistics.made import MONDAY, NAN


def test_effective_n_of_bartlett():
    assert effective_n(100, Memory(0.6, 1), Memory(0.6, 1)) == pytest.approx(47.059, abs=5e-4)
    assert effective_n(100, WHITE, Memory(0.6, 1)) == 100


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_the_band_and_the_verdict_agree(level):
    rng = np.random.default_rng(21)
    reach = []
    for _ in range(20):
        lead, result = rng.standard_normal((2, 90))
        found = associate(lead, result, first_day=MONDAY, level=level)
        inside = (np.abs(found.r_by_lag) <= 1.01 * found.band).all()
        assert inside or found.p_scan <= level * 1.2
        reach.append(found.band.mean())
    assert np.mean(reach) > (0.30 if level == 0.05 else 0.36)


def ask(leading, lagging, declared=3, direction=1, enough=30):
    lags = tuple(range(1, 15))
    question = Question(leading, lagging, lags, declared, direction, 199, 1, 0.05)
    return judge(question, calendar_design(MONDAY, leading.size), enough=enough)


def follows(n=90, lag=3):
    rng = np.random.default_rng(2)
    lead = rng.standard_normal(n)
    return lead, np.roll(lead, lag) + 0.5 * rng.standard_normal(n)


def test_where_both_directions_hit_the_clearer_one_speaks():
    lead, result = follows()
    forward = ask(lead, result)
    assert forward.verdict is Verdict.TOGETHER
    backward = ask(result, lead)
    assert backward.verdict is Verdict.REVERSE
    assert backward.reverse.lag == 3


@pytest.mark.parametrize(
    ("declared", "direction", "verdict"),
    [
        (3, 1, Verdict.TOGETHER),
        (None, 1, Verdict.POSSIBLE),
        (3, -1, Verdict.POSSIBLE),
        (9, 1, Verdict.POSSIBLE),
        (WINDOW_7, 1, Verdict.TOGETHER),
    ],
)
def test_only_what_was_declared_beforehand_is_more_than_possible(declared, direction, verdict):
    found = ask(*follows(), declared=declared, direction=direction)
    assert found.verdict is verdict
    assert (Reason.NOT_DECLARED in found.reasons) == (declared is None)
    assert (found.p_declared is None) == (declared is None)


def test_of_too_few_days_it_says_how_many_are_needed_and_no_figure():
    found = ask(*follows(32), enough=30)
    assert (found.verdict, found.reasons) == (Verdict.TOO_EARLY, (Reason.TOO_FEW,))
    assert (found.n_both, found.days_needed) == (29, 30)
    assert np.isnan(found.r_by_lag).all()
    assert (found.r, found.p_scan, found.interval, found.memory) == (None,) * 4


def test_what_does_not_vary_is_named():
    lead, result = follows()
    still = np.full(90, 2.0)
    assert ask(still, result).reasons == (Reason.LEADING_CONSTANT,)
    assert ask(lead, still, declared=None).reasons == (
        Reason.LAGGING_CONSTANT,
        Reason.NOT_DECLARED,
    )
    assert ask(still, still).verdict is Verdict.NO_VARIATION


def test_a_declared_lag_of_which_too_little_is_known_leaves_the_scan():
    lead, result = follows(60)
    found = ask(lead, result, declared=50, enough=5)
    assert Reason.DECLARED_UNKNOWN in found.reasons
    assert found.p_declared is None
    assert found.verdict is Verdict.POSSIBLE


def test_what_could_be_seen_with_so_many_days():
    found = ask(*follows())
    spare = found.n_both - 8 - 3
    assert found.smallest_visible_r == pytest.approx(2.5 / np.sqrt(spare))
    assert found.days_needed == int(np.ceil((2.5 / 0.3) ** 2)) + 11
    undeclared = ask(*follows(), declared=None)
    assert undeclared.smallest_visible_r > found.smallest_visible_r


def test_the_effect_is_in_the_unit_of_the_result():
    lead, result = follows()
    one, other = ask(lead, result), ask(lead, 60 * result)
    assert other.effect == pytest.approx(60 * one.effect)
    assert other.r == pytest.approx(one.r)
    gone = ask(np.where(np.arange(90) < 5, NAN, lead), result)
    assert gone.n_both == one.n_both - 5
