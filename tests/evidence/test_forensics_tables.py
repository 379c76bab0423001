"""Properties of the forensics, and random result tables without an error that must raise no alarm.

A table is made from counts first, then from what a careful source would print of them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from math import exp
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.percentages import judge_percentage
from bempeg_kg.evidence.forensics.recover import chi_squared, fisher, from_interval
from bempeg_kg.evidence.forensics.verdicts import CONSISTENT, IMPOSSIBLE, INCONSISTENT
from bempeg_kg.evidence.model import AnalysisSet, Claim, Contrast, Evidence, Result
from bempeg_kg.evidence.percent import counts_for
from bempeg_kg.evidence.printed import read
from bempeg_kg.evidence.stats.intervals import (
    METHODS,
    normal_quantile,
    proportion_interval,
    proportion_limits,
)

#: `benchmarks/forensics_false_alarms.py --tables 10000` looks at more.
TABLES = 2_000
BAD = (IMPOSSIBLE, INCONSISTENT)
_MODES = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)
_LEVELS = (90.0, 95.0, 97.0, 99.0, 99.929)


def rounded(value: object, decimals: int, mode: str = ROUND_HALF_UP) -> str:
    """A number as a source prints it."""
    return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), mode))


def share(n: int, total: int, decimals: int, mode: str = ROUND_HALF_UP) -> str:
    """n of total as a printed percentage, exactly."""
    return str((Decimal(100 * n) / Decimal(total)).quantize(Decimal(1).scaleb(-decimals), mode))


def random_table(random: Random) -> Evidence:
    """One trial of two arms with its sets, shares, intervals, a hazard ratio, a p-value and two claims."""
    sizes = {arm: random.randint(8, 260) for arm in ("a", "b")}
    evidence = Evidence()
    for one in _sets(sizes, random):
        evidence.sets[one.iri] = one
    for arm, size in sizes.items():
        for one in _figures(arm, size, evidence, random):
            evidence.results[one.iri] = one
    for contrast in (_hazard_ratio(random), _response_p(evidence, random)):
        evidence.contrasts[contrast.iri] = contrast
    for arm in sizes:
        result = evidence.results[f"orr-{arm}"]
        claim = Claim(
            f"claim-{arm}", printed=f"{result.printed}%", total=result.total, concerns=(result.iri,)
        )
        evidence.claims[claim.iri] = claim
    return evidence


def _sets(sizes: dict[str, int], random: Random) -> list[AnalysisSet]:
    arms = ("a", "b")
    made = [AnalysisSet("all", "all", "t", "all", arms, "randomised", sum(sizes.values()))]
    for arm, size in sizes.items():
        missing = random.randint(1, 6)
        other = "b" if arm == "a" else "a"
        made.append(
            AnalysisSet(
                *(arm, arm, "t", arm, (arm,), "randomised", size), subset_of=("all",), disjoint=(other,)
            )
        )
        made.append(
            AnalysisSet(
                *(f"{arm}-treated", arm, "t", arm, (arm,), "treated", size - missing), subset_of=(arm,)
            )
        )
        made.append(
            AnalysisSet(
                *(f"{arm}-not", arm, "t", arm, (arm,), "notTreated", missing),
                subset_of=(arm,),
                disjoint=(f"{arm}-treated",),
            )
        )
    return made


def _figures(arm: str, size: int, table: Evidence, random: Random) -> list[Result]:
    decimals, mode = random.choice((0, 1, 1, 1, 2)), random.choice(_MODES)
    treated = table.sets[f"{arm}-treated"].size or 1
    n, events = random.randint(0, size), random.randint(0, treated)
    level = random.choice(_LEVELS)
    low, high = (
        rounded(100 * float(limit), max(decimals, 1), mode)
        for limit in proportion_limits(n, size, level, random.choice(METHODS))
    )
    median = random.uniform(1, 40)
    told = random.random() < 0.7
    common = {"trial": "t", "group": arm, "statistic": "proportion", "unit": "percent"}
    return [
        Result(
            f"orr-{arm}",
            analysis_set=arm,
            endpoint="orr",
            printed=share(n, size, decimals, mode),
            n=n if told else None,
            total=size,
            lower=low,
            upper=high,
            level=level,
            **common,
        ),
        Result(
            f"event-{arm}",
            analysis_set=f"{arm}-treated",
            endpoint="adverse-event",
            printed=share(events, treated, decimals, mode),
            total=treated,
            **common,
        ),
        Result(
            f"curve-{arm}",
            analysis_set=arm,
            endpoint="os",
            printed=rounded(random.uniform(1, 99), 1),
            total=size,
            **{**common, "statistic": "kaplan-meier-rate"},
        ),
        Result(
            f"median-{arm}",
            analysis_set=arm,
            endpoint="pfs",
            printed=rounded(median, 1),
            lower=rounded(median * random.uniform(0.4, 1), 1),
            upper=rounded(median * random.uniform(1, 3), 1),
            level=95.0,
            **{**common, "statistic": "kaplan-meier-median", "unit": "month"},
        ),
    ]


def _hazard_ratio(random: Random) -> Contrast:
    from scipy.special import ndtr

    level, error = random.choice(_LEVELS), random.uniform(0.05, 0.5)
    log_ratio = random.gauss(0, 0.4)
    z = normal_quantile(level)
    # A log-rank statistic differs from the Wald statistic of the same data by |z| beta^2 / 24, see `ratios`.
    logrank = abs(log_ratio) / error * (1 + random.uniform(-1, 1) * min(log_ratio**2, 1) / 24)
    return Contrast(
        "hr",
        trial="t",
        endpoint="pfs",
        measure="hazard-ratio",
        printed=rounded(exp(log_ratio), 2),
        lower=rounded(exp(log_ratio - z * error), 2),
        upper=rounded(exp(log_ratio + z * error), 2),
        level=level,
        p=rounded(2 * ndtr(-abs(logrank)), 4),
    )


def _response_p(table: Evidence, random: Random) -> Contrast:
    first, second = table.results["orr-a"], table.results["orr-b"]
    counts = [
        number if number is not None else round(float(one.printed) * (one.total or 0) / 100)
        for one in (first, second)
        for number in (one.n, one.total)
    ]
    exact = random.random() < 0.1
    p = fisher(*counts) if exact else float(random.choice(chi_squared(*counts)))
    return Contrast(
        "orr", trial="t", measure="not-stated", p=rounded(p, 4), compared=first.iri, reference=second.iri
    )


@given(
    st.integers(1, 700).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    st.integers(0, 3),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN]),
)
def test_rounding_never_condemns_a_percentage_that_some_n_gives(counts, decimals, mode):
    n, total = counts
    printed = read(share(n, total, decimals, mode))
    assert n in counts_for(printed, total)
    assert judge_percentage(printed, total)[0] == CONSISTENT


@settings(max_examples=60, deadline=None)
@given(
    st.integers(5, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    st.integers(0, 2),
    st.sampled_from([80.0, 90.0, 95.0, 97.0, 99.0, 99.929]),
    st.sampled_from(["Clopper-Pearson", "Wilson"]),
)
def test_inverting_an_interval_that_we_made_returns_n_and_N(counts, decimals, level, method):
    n, total = counts
    interval = proportion_interval(n, total, level, method)
    low, high = (read(rounded(100 * limit, decimals)) for limit in (interval.lower, interval.upper))
    solutions = from_interval(read(share(n, total, decimals)), low, high, level, range(1, total + 20))
    assert (n, total, method) in {(one.n, one.total, one.method) for one in solutions}


@example((32, 32), 50.0, 1.25, "Wilson")
@given(
    st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    st.floats(50, 99.8),
    st.floats(0.1, 20),
    st.sampled_from(["Clopper-Pearson", "Wilson", "Jeffreys", "Agresti-Coull"]),
)
def test_a_wider_level_gives_a_wider_interval(counts, level, more, method):
    narrow = proportion_interval(*counts, level, method)
    wide = proportion_interval(*counts, min(level + more, 99.95), method)
    assert wide.lower <= narrow.lower
    assert wide.upper >= narrow.upper
    assert wide.width > narrow.width


@given(st.decimals(-1000, 1000, allow_nan=False, places=3))
def test_a_printed_number_holds_itself(value):
    printed = read(str(value))
    assert printed.holds(printed.value)
    assert printed.low <= printed.value <= printed.high


@pytest.mark.thorough
def test_no_false_alarm_in_random_consistent_tables(capsys):
    random = Random(20260101)
    alarms, judged = [], 0
    for _ in range(TABLES):
        verdicts = examine(random_table(random))
        judged += len(verdicts)
        alarms += [one for one in verdicts if one.verdict in BAD]
    with capsys.disabled():
        print(f"\n{TABLES} random consistent tables, {judged} verdicts, {len(alarms)} false alarms")
    assert alarms == []
