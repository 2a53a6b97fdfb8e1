"""A group's reading of a block: against a second way to compute it, and against two attackers.

``COACH_WORLDS`` sets how many invented programmes the attackers try (20, which is seconds).
"""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats
from scipy.signal import lfilter

from coach_data.statistics import release
from coach_data.statistics.innovations import innovations
from coach_data.statistics.release import (
    BLOCK_DAYS,
    CLEAR,
    MIN_PAIRS,
    NOISE,
    Contribution,
    Reading,
    Word,
    counts,
    read_block,
    words,
)

MONDAY = date(2026, 1, 26)
WORLDS = int(os.environ.get("COACH_WORLDS", "20"))
T, U, A, N = Word.TOGETHER, Word.UNCLEAR, Word.APART, Word.NOTHING


def person(rng: np.random.Generator, r: float, *, weekends: bool = True) -> Contribution:
    """Somebody whose result follows their behaviour by three days, with a correlation of ``r``."""
    noise = lfilter([1], [1, -0.4], rng.standard_normal((2, 60)), axis=1)[:, -31:]
    x, own = noise / 1.09
    y = r * x[:28] + np.sqrt(1 - r * r) * own[3:]
    x = x[3:].copy()
    for values, lost in ((x, 0.08), (y, 0.05)):
        values[rng.random(28) < lost] = np.nan
        if not weekends:
            values[np.arange(28) % 7 >= 5] = np.nan
    return Contribution(x, y, 3)


def excess(people: list[Contribution]) -> Reading:
    found = read_block(people, first_day=MONDAY, noise=0.0)
    assert found is not None
    return found


# --- against a second way to compute it ---


def together(people: list[Contribution]) -> np.ndarray:
    """Everybody with everybody, in one go."""
    return release._together(*release._new_each_day(people, MONDAY))


def bits_again(people: list[Contribution]) -> np.ndarray:
    """Person by person and pair by pair, with scipy's ranks and numpy's correlation."""

    def new(rows: list[np.ndarray]) -> np.ndarray:
        return innovations(np.array([(v - np.nanmean(v)) / np.nanstd(v) for v in rows]), MONDAY)

    ahead = new([np.asarray(p.leading) for p in people])
    behind = new([np.asarray(p.lagging) for p in people])
    out = np.zeros((len(people), len(people)))
    for i, p in enumerate(people):
        moved = np.full(28, np.nan)
        for day in range(28):
            if p.lag is not None and day >= p.lag:
                moved[day] = ahead[i, day - p.lag]
            elif p.lag is None:
                week = ahead[i, max(day - 7, 0) : day]
                if 2 * np.isfinite(week).sum() >= 7:
                    moved[day] = np.nanmean(week)
        moved *= p.direction
        x = stats.rankdata(moved, nan_policy="omit")
        for j in range(len(people)):
            y = stats.rankdata(behind[j], nan_policy="omit")
            both = np.isfinite(x) & np.isfinite(y)
            if both.sum() >= MIN_PAIRS:
                r = np.corrcoef(x[both], y[both])[0, 1]
                out[i, j] = r * np.sqrt(both.sum() - 1) > CLEAR
    return out


@pytest.mark.parametrize("seed", range(4))
def test_who_moves_with_whom_as_computed_pair_by_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [person(rng, 0.5, weekends=k % 2 == 0) for k in range(7)]
    lags = [3, 1, None, 7, 3, 2, None]
    people = [
        Contribution(p.leading, p.lagging, lag, 1 - 2 * (k % 2))
        for k, (p, lag) in enumerate(zip(people, lags, strict=True))
    ]
    np.testing.assert_array_equal(together(people), bits_again(people))


def test_label_swap_is_that_of_all_deals() -> None:
    people = [person(np.random.default_rng([1, k]), 0.6) for k in range(6)]
    bits = bits_again(people)
    deals = np.array([bits[np.arange(6), deal].sum() for deal in permutations(range(6))])
    found = excess(people)
    assert found.excess == pytest.approx(np.trace(bits) - deals.mean())
    assert found.spread == pytest.approx(np.sqrt(deals.var() + NOISE**2))


def test_the_noise_is_added_and_nothing_else_changes() -> None:
    people = [person(np.random.default_rng([2, k]), 0.3) for k in range(8)]
    plain = excess(people)
    noisy = read_block(people, first_day=MONDAY, noise=-1.25)
    assert noisy is not None
    assert noisy.excess == pytest.approx(plain.excess - 1.25 * NOISE)
    assert noisy.spread == plain.spread


def test_groups_of_64_add_up() -> None:
    people = [person(np.random.default_rng([3, k]), 0.4) for k in range(70)]
    bits = together(people)
    parts = [bits[:35, :35], bits[35:, 35:]]
    found = excess(people)
    assert found.excess == pytest.approx(sum(np.trace(b) - 35 * b.mean() for b in parts))


# --- who counts ---


def test_leads_3_six_people_of_twelve_days_and_never_fewer() -> None:
    people = [person(np.random.default_rng([4, k]), 0.4) for k in range(6)]
    assert read_block(people, first_day=MONDAY, noise=0.0)
    assert read_block(people[:5], first_day=MONDAY, noise=0.0) is None
    assert read_block(people, first_day=MONDAY, noise=0.0, floor=7) is None
    with pytest.raises(ValueError, match="at least 6"):
        read_block(people, first_day=MONDAY, noise=0.0, floor=5)
    days = np.arange(28.0) % 5
    few = np.where(np.arange(28) < 11, days, np.nan)
    enough = np.where(np.arange(28) < 12, days, np.nan)
    assert not counts(Contribution(few, days))
    assert counts(Contribution(enough, days))
    assert not counts(Contribution(enough, np.full(28, 3.0)))
    assert not counts(Contribution(np.full(28, np.nan), days))


def test_leads_3_everybody_counts_equally() -> None:
    """More days or larger numbers weigh no more: one person is one."""
    people = [person(np.random.default_rng([5, k]), 0.5) for k in range(9)]
    scaled = [
        Contribution(1e6 * np.asarray(p.leading) + 7, 1e-6 * np.asarray(p.lagging) - 3, p.lag)
        for p in people
    ]
    assert excess(scaled).excess == pytest.approx(excess(people).excess)


@settings(max_examples=40, deadline=None)
@given(
    some.lists(
        some.one_of(some.just(float("nan")), some.floats(-1e6, 1e6, allow_subnormal=False)),
        min_size=BLOCK_DAYS,
        max_size=BLOCK_DAYS,
    ),
    some.integers(0, 5),
)
def test_one_pair_is_worth_one_person_at_most(values: list[float], place: int) -> None:
    """Whatever somebody logged, their own pair adds nothing or one."""
    people = [person(np.random.default_rng([6, k]), 0.5) for k in range(6)]
    people[place] = Contribution(values, people[place].lagging, 3)
    bits = together(people) if counts(people[place]) else np.eye(6)
    assert set(np.unique(bits)) <= {0.0, 1.0}


# --- the words ---


def readings(*values: float | None) -> list[Reading | None]:
    return [None if v is None else Reading(v, 5.0) for v in values]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), ()),
        ((None,), (N,)),
        ((12,), (T,)),
        ((11,), (U,)),
        ((9, 9), (U, T)),  # two blocks say what one does not
        ((12, 0), (T, T)),  # kept for less than it began with
        ((None, 12, None, 12), (N, T, N, T)),
        ((12, 12, 12, 0, -1), (T, T, T, T, A)),
        ((0, 0, 0, -9), (U, U, U, U)),  # what never moved together cannot drift apart
        ((12, 12, 12, 0, 0, 5), (T, T, T, T, A, A)),
        ((12, 12, 12, 5, 2), (T, T, T, T, U)),
        ((9, 9, None, None, 2), (U, T, N, N, U)),
        ((12, 12, 0, 0, 12, 12), (T, T, T, A, U, T)),
    ],
)
def test_words(values: tuple[float | None, ...], expected: tuple[Word, ...]) -> None:
    assert words(readings(*values)) == expected


def test_a_word_does_not_change_when_later_blocks_come() -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        drawn = readings(*rng.normal(4, 7, 12))
        whole = words(drawn)
        assert all(words(drawn[:k]) == whole[:k] for k in range(13))


def shares(size: int, by_block: list[float], worlds: int, seed: int) -> dict[Word, np.ndarray]:
    """How often each word was said in each block, over invented programmes."""
    rng = np.random.default_rng([seed, size])
    said = []
    for _ in range(worlds):
        drawn = [
            read_block(
                [person(rng, r) for _ in range(size)],
                first_day=MONDAY,
                noise=rng.standard_normal(),
            )
            for r in by_block
        ]
        said.append(words(drawn))
    return {word: np.mean([[w is word for w in row] for row in said], axis=0) for word in Word}


def test_unrelated_numbers_are_seldom_called_together() -> None:
    """.013 of the blocks, and .09 of the behaviours within a year; here 240 blocks of 8 people."""
    found = shares(8, [0.0] * 6, WORLDS, 1)
    assert found[T].mean() < 0.05
    assert found[A].mean() < 0.05


def test_a_relation_and_its_end_are_seen_with_thirty_people() -> None:
    """r .45: .97 together by the second block, .9 apart in the second block after the end."""
    found = shares(30, [0.45] * 3 + [0.0] * 2, WORLDS // 2, 2)
    assert found[T][1:3].min() > 0.8
    assert found[A][4] > 0.6


# --- line 2: guessing one person's secret ---

SECRET = 0.8
BLOCKS, DRAWS, NOISES = 12, 4, 25


def auc(score: np.ndarray, truth: np.ndarray) -> float:
    yes, no = score[truth == 1], score[truth == 0]
    return float(stats.mannwhitneyu(yes, no).statistic / (yes.size * no.size))


@cache
def worlds(size: int, others: float, count: int) -> np.ndarray:
    """Noise-free excess and spread, shape (worlds, blocks, secret, draws, 2).

    In each block the others' days are the same for both secrets (a correlation of 0 or .8); the
    person's own days are drawn anew.
    """
    rng = np.random.default_rng([size, int(10 * others)])
    out = np.empty((count, BLOCKS, 2, DRAWS, 2))
    for world in range(count):
        for block in range(BLOCKS):
            rest = [person(rng, others) for _ in range(size - 1)]
            for secret in (0, 1):
                for draw in range(DRAWS):
                    found = excess([*rest, person(rng, SECRET * secret)])
                    out[world, block, secret, draw] = found.excess, found.spread
    return out


def noisy(made: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What is released of the first draws, shape (trials, blocks), and the secret of each trial."""
    rng = np.random.default_rng(seed)
    truth = np.tile([0, 1], made.shape[0] * NOISES)
    world = np.repeat(np.arange(made.shape[0]), 2 * NOISES)
    plain = made[world, :, truth, 0, 0]
    return plain + NOISE * rng.standard_normal(plain.shape), truth


SLOW = pytest.mark.slow
PROGRAMMES = [(6, 0.5), pytest.param(6, 0.0, marks=SLOW), pytest.param(8, 0.5, marks=SLOW)]


@pytest.mark.parametrize(("size", "others"), PROGRAMMES)
def test_leads_6_whoever_knows_everybody_elses_days(size: int, others: float) -> None:
    """And the rules, and even the noisy numbers that no view shows: the bar holds for them.

    Their best guess is the likelihood ratio, with the person's own draws averaged over. The trials
    of one world share its days, so the standard error is about .1 / root(worlds): the tolerance.
    """
    made = worlds(size, others, WORLDS)
    seen, truth = noisy(made, 8)
    world = np.repeat(np.arange(WORLDS), 2 * NOISES)
    likely = [
        np.exp(-0.5 * ((seen[..., None] - made[world][:, :, s, 1:, 0]) / NOISE) ** 2).mean(axis=2)
        for s in (0, 1)
    ]
    score = np.log(likely[1]) - np.log(likely[0])
    one, twelve = auc(score.ravel(), np.repeat(truth, BLOCKS)), auc(score.sum(axis=1), truth)
    print(f"\nfigures n={size} others={others} worlds={WORLDS}: one {one:.3f}, twelve {twelve:.3f}")
    tolerance = 0.2 / np.sqrt(WORLDS)
    assert one <= 0.65
    assert twelve <= 0.70 + tolerance
    assert twelve > 0.55, "an attacker that learns nothing would prove nothing"


@pytest.mark.parametrize(("size", "others"), PROGRAMMES)
def test_leads_6_whoever_knows_the_rules_and_reads_the_words(size: int, others: float) -> None:
    """The words of twelve blocks, weighed as they came about in half of the worlds, in the other."""
    made = worlds(size, others, WORLDS)
    seen, truth = noisy(made, 9)
    spread = np.repeat(made[:, :, 0, 0, 1], 2 * NOISES, axis=0)
    said = [
        words([Reading(*pair) for pair in zip(*row, strict=True)])
        for row in zip(seen, spread, strict=True)
    ]
    learning = np.repeat(np.arange(WORLDS) % 2 == 0, 2 * NOISES)
    first = np.array([row[0] is T for row in said])
    kinds = np.array([(row.count(T), row.count(A) > 0) for row in said]) @ [2, 1]
    one = auc(weighed(first.astype(int), truth, learning), truth[~learning])
    twelve = auc(weighed(kinds, truth, learning), truth[~learning])
    print(f"\nwords n={size} others={others} worlds={WORLDS}: one {one:.3f}, twelve {twelve:.3f}")
    tolerance = 0.2 / np.sqrt(WORLDS)
    assert one <= 0.65
    assert twelve <= 0.70 + tolerance


def weighed(kind: np.ndarray, truth: np.ndarray, learning: np.ndarray) -> np.ndarray:
    """For the trials not learned from: the log odds of the secret among those of the same kind."""
    tally = np.full((2, kind.max() + 1), 0.5)
    np.add.at(tally, (truth[learning], kind[learning]), 1)
    odds: np.ndarray = np.log(tally[1] / tally[0])[kind[~learning]]
    return odds


def test_leads_6_without_the_noise_the_secret_is_out() -> None:
    """The same attacker on the plain numbers: this is what the noise is for."""
    made = worlds(8, 0.5, WORLDS)
    score = (made[:, :, :, 0, 0] - made[:, :, :, 1:, 0].mean(axis=(2, 3))[:, :, None]).sum(axis=1)
    truth = np.tile([0, 1], WORLDS)
    assert auc(score.ravel(), truth) > 0.9
