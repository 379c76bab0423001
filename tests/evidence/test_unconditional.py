"""Exact unconditional intervals against published values, another implementation and brute force."""

from __future__ import annotations

from math import comb, inf

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.evidence.stats.contrasts import Comparison, Counts
from bempeg_kg.evidence.stats.unconditional import largest_tail, unconditional

Pair = tuple[int, int]


def limits(comparison: Comparison) -> tuple[float, float]:
    assert comparison.interval is not None
    return comparison.interval.lower, comparison.interval.upper


@pytest.mark.parametrize(
    ("first", "second", "difference", "ratio"),
    [
        # SAS PROC FREQ with method=score, as R's exact2x2 pins it in its tests
        ((24, 61), (10, 35), (-0.0992, 0.2949), (0.7663, 3.0005)),
        ((9, 11), (4, 12), (0.0616, 0.7968), (1.0964, 10.8647)),
        # StatXact 11, from the same tests
        ((6, 13), (2, 7), (-0.3108, 0.5787), None),
        ((13, 13), (0, 7), (0.5904, 1.0), None),
        ((11, 13), (2, 7), None, (1.078, 29.1)),
    ],
)
def test_the_limits_are_those_of_sas_and_statxact(
    first: Pair, second: Pair, difference: tuple[float, float] | None, ratio: tuple[float, float] | None
) -> None:
    by_difference, by_ratio = unconditional(Counts(*first), Counts(*second))
    if difference:
        assert limits(by_difference) == pytest.approx(difference, abs=1.5e-4)
    if ratio:
        assert limits(by_ratio) == pytest.approx(ratio, rel=3e-4)


@pytest.mark.parametrize(("first", "second"), [((24, 61), (10, 35)), ((9, 11), (4, 12)), ((5, 9), (0, 6))])
def test_no_difference_is_tested_as_scipy_does(first: Pair, second: Pair) -> None:
    from scipy.stats import barnard_exact

    (n1, size1), (n2, size2) = first, second
    table = [[n1, n2], [size1 - n1, size2 - n2]]
    expected = barnard_exact(table, alternative="greater", n=256).pvalue
    for null, ratio in ((0.0, False), (1.0, True)):
        tail = largest_tail(Counts(*first), Counts(*second), null, ratio=ratio)
        assert tail == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize(("null", "ratio"), [(0.2, False), (-0.3, False), (1.5, True)])
def test_a_true_value_is_rejected_no_more_often_than_alpha(null: float, ratio: bool) -> None:
    tails = {
        (n1, n2): largest_tail(Counts(n1, 6), Counts(n2, 7), null, ratio=ratio)
        for n1 in range(7)
        for n2 in range(8)
    }
    for p2 in (0.05, 0.2, 0.35, 0.5, 0.62):
        p1 = p2 * null if ratio else p2 + null
        if not 0 <= p1 <= 1:
            continue
        rejected = sum(
            comb(6, n1) * p1**n1 * (1 - p1) ** (6 - n1) * comb(7, n2) * p2**n2 * (1 - p2) ** (7 - n2)
            for (n1, n2), tail in tails.items()
            if tail <= 0.025
        )
        assert rejected <= 0.025 + 1e-9


def test_mid_p_is_never_wider_and_swapping_mirrors() -> None:
    one, two = Counts(9, 11), Counts(4, 12)
    for exact, middle, swapped in zip(
        unconditional(one, two), unconditional(one, two, mid_p=True), unconditional(two, one), strict=True
    ):
        (lower, upper), (lower_mid, upper_mid) = limits(exact), limits(middle)
        assert lower <= lower_mid < upper_mid <= upper
        ratio = exact.measure == "risk ratio"
        mirrored = (1 / upper, 1 / lower) if ratio else (-upper, -lower)
        assert limits(swapped) == pytest.approx(mirrored, rel=1e-6)


def test_full_and_empty_groups_have_limits() -> None:
    difference, ratio = unconditional(Counts(10, 10), Counts(10, 10))
    assert limits(difference)[0] < 0 < limits(difference)[1]
    assert limits(ratio)[0] < 0.75
    assert limits(unconditional(Counts(0, 10), Counts(3, 12))[1])[0] == 0.0
    assert limits(unconditional(Counts(5, 10), Counts(0, 10))[1])[1] == inf
    assert unconditional(Counts(0, 10), Counts(0, 12))[1].interval is None


def test_large_groups_say_why_there_is_none(kg: KnowledgeGraph) -> None:
    notes = {row["note"] for row in kg.ask("compare-groups") if row["method"] is None}
    assert notes == {"left out above 10,000 pairs of counts, where the score interval is near it"}


def test_the_question_shows_both(kg: KnowledgeGraph) -> None:
    table = kg.ask(
        "compare-groups",
        first="result:pivot-02-melanoma-orr",
        second="result:pivot-02-renal-orr",
        naive=True,
    )
    rows = [(row["measure"], row["method"]) for row in table if "unconditional" in str(row["method"])]
    assert rows == [
        (measure, f"{name}, unconditional (Chan-Zhang)")
        for name in ("exact", "mid-P")
        for measure in ("risk difference", "risk ratio")
    ]
