"""Score and exact intervals of two groups, against published values and against brute force."""

from __future__ import annotations

from itertools import product
from math import comb, inf, log

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.evidence.stats.contrasts import Comparison, Counts
from bempeg_kg.evidence.stats.exact import (
    difference_by_score,
    exact_odds_ratio,
    ratio_by_score,
    score_and_exact,
)

Z2 = 1.959963984540054**2


def limits(made: Comparison) -> tuple[float, float]:
    assert made.interval is not None
    return made.interval.lower, made.interval.upper


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Newcombe, Statistics in Medicine 1998;17:873, table II, method 6 (Miettinen-Nurminen)
        ((56, 70), (48, 80), (0.0528, 0.3382)),
        ((9, 10), (3, 10), (0.1700, 0.8406)),
        ((5, 56), (0, 29), (-0.0326, 0.1933)),
    ],
)
def test_the_difference_is_that_of_the_published_table(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert limits(difference_by_score(Counts(*first), Counts(*second))) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Fagerland and Newcombe, Statistics in Medicine 2013;32:2823, as pinned in the tests of R's ratesci
        ((24, 73), (53, 65), (0.280, 0.560)),
        ((29, 55), (11, 11), (0.397, 0.742)),
        ((7, 18), (1, 18), (1.296, 42.544)),
    ],
)
def test_the_ratio_is_that_of_the_published_table(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float]
) -> None:
    made = limits(ratio_by_score(Counts(*first), Counts(*second)))
    assert [round(limit, 3) for limit in made] == list(expected)


@pytest.mark.parametrize(
    ("mid_p", "lower", "upper"), [(True, 1.105796, 21.10137), (False, 0.9465292, 25.72015)]
)
def test_the_odds_ratio_is_that_of_epitools(mid_p: bool, lower: float, upper: float) -> None:
    # oddsratio.midp and oddsratio.fisher of R's epitools on 12, 6 / 5, 12
    made = exact_odds_ratio(Counts(12, 18), Counts(5, 17), mid_p=mid_p)
    assert made.estimate == pytest.approx(4.568253, abs=2e-6)
    # epitools finds its limits to some five digits
    assert limits(made) == pytest.approx((lower, upper), rel=2e-4)


def likelihood(first: Counts, second: Counts, p1: float, p2: float) -> float:
    def part(n: int, p: float) -> float:
        return 0.0 if n == 0 else n * log(p) if p > 0 else -inf

    return (
        part(first.n, p1)
        + part(first.total - first.n, 1 - p1)
        + part(second.n, p2)
        + part(second.total - second.n, 1 - p2)
    )


@pytest.mark.parametrize(("first", "second"), product([(7, 20), (15, 40), (3, 12)], [(1, 20), (30, 41)]))
def test_at_its_limits_the_score_is_the_critical_value(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one, two = Counts(*first), Counts(*second)
    factor = (one.total + two.total) / (one.total + two.total - 1)
    steps = [place / 20_000 for place in range(1, 20_000)]
    for delta in limits(difference_by_score(one, two)):
        p2 = max((p for p in steps if 0 < p + delta < 1), key=lambda p: likelihood(one, two, p + delta, p))
        p1 = p2 + delta
        spread = (p1 * (1 - p1) / one.total + p2 * (1 - p2) / two.total) * factor
        assert (one.rate - two.rate - delta) ** 2 / spread == pytest.approx(Z2, rel=5e-3)
    for ratio in limits(ratio_by_score(one, two)):
        p2 = max((p for p in steps if 0 < p * ratio < 1), key=lambda p: likelihood(one, two, p * ratio, p))
        p1 = p2 * ratio
        spread = (p1 * (1 - p1) / one.total + ratio**2 * p2 * (1 - p2) / two.total) * factor
        assert (one.rate - ratio * two.rate) ** 2 / spread == pytest.approx(Z2, rel=5e-3)


@pytest.mark.parametrize("mid_p", [False, True])
@pytest.mark.parametrize(("first", "second"), [((7, 20), (1, 20)), ((15, 40), (30, 41)), ((0, 10), (3, 12))])
def test_at_its_limits_each_tail_of_the_odds_ratio_is_half_of_alpha(
    first: tuple[int, int], second: tuple[int, int], mid_p: bool
) -> None:
    one, two = Counts(*first), Counts(*second)
    drawn = one.n + two.n
    possible = range(max(0, drawn - two.total), min(one.total, drawn) + 1)
    part = 0.5 if mid_p else 1.0
    lower, upper = limits(exact_odds_ratio(one, two, mid_p=mid_p))
    for odds, beyond in (
        (lower, [n for n in possible if n > one.n]),
        (upper, [n for n in possible if n < one.n]),
    ):
        if odds in (0, inf):
            assert one.n in (possible[0], possible[-1])
            continue
        weights = {n: comb(one.total, n) * comb(two.total, drawn - n) * odds**n for n in possible}
        tail = sum(weights[n] for n in beyond) + part * weights[one.n]
        assert tail / sum(weights.values()) == pytest.approx(0.025, rel=1e-6)


def test_full_and_empty_groups_have_a_width() -> None:
    full = ratio_by_score(Counts(10, 10), Counts(10, 10))
    lower, upper = limits(full)
    assert (full.estimate, lower < 0.75, upper > 1.3) == (1.0, True, True)
    none = ratio_by_score(Counts(0, 10), Counts(3, 12))
    assert (none.estimate, limits(none)[0]) == (0.0, 0.0)
    assert 1 < limits(none)[1] < 2
    only = ratio_by_score(Counts(5, 10), Counts(0, 10))
    assert limits(only)[1] == inf
    assert limits(only)[0] > 1
    assert ratio_by_score(Counts(0, 10), Counts(0, 12)).interval is None
    assert score_and_exact(Counts(0, 10), Counts(0, 12))[0].interval is not None


def test_the_question_shows_each_method_by_its_name(kg: KnowledgeGraph) -> None:
    table = kg.ask("compare-groups")
    methods = {row["method"] for row in table}
    assert {
        "Newcombe score",
        "Miettinen-Nurminen score",
        "exact, conditional",
        "mid-P, conditional",
    } <= methods
