"""False alarms of the forensics on sound published tables, and how often a wrong level is found.

    python benchmarks/forensics_false_alarms.py                 # 300 tables a method, some seconds
    python benchmarks/forensics_false_alarms.py --tables 20000  # what docs/forensics.md prints

A table is made from patients: counts of two arms, or survival times that a Cox model is fitted to. What a
careful source would print of it, rounded, is judged. Prints, for each method of the source, stated and not,
how many of 10,000 tables raise an alarm. The last lines print the share of intervals of 97 percent called
95 percent that are found.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from math import exp, log
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr
from scipy.stats import chi2

from bempeg_kg.evidence.forensics.interval_methods import ALL_METHODS, limits_by
from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.recover import p_values_of_counts
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.printed import show
from bempeg_kg.evidence.stats.intervals import normal_quantile

BAD = (IMPOSSIBLE, INCONSISTENT)
#: How sources name the tests of two counts.
NAMED = {
    "Pearson": "chi-squared test",
    "with continuity correction": "prop.test with continuity correction",
    "Fisher": "Fisher exact",
    "Wald": "z-test, unpooled",
    "Wald with correction": "Wald with continuity correction",
}


class Fit(NamedTuple):
    """A Cox model of two arms: log hazard ratio, its standard error, z of the log-rank test, events."""

    beta: float
    error: float
    rank: float
    events: int


def survival(rng: np.random.Generator, strata: int, ratio: float) -> Fit:
    """Times of two arms in some strata, and a Cox model (stratified if there are several) fitted to them."""
    beta_true = rng.normal(-0.25, 0.35)
    parts = []
    for _ in range(strata):
        size = int(rng.choice([40, 80, 150, 300, 600]))
        arm = (rng.random(size) < ratio).astype(float)
        rate = rng.uniform(0.5, 2)
        time = rng.exponential(1 / (rate * np.exp(beta_true * arm)))
        end = rng.uniform(0.3, 3, size)
        order = np.argsort(np.minimum(time, end))
        parts.append((arm[order], (time <= end)[order].astype(float)))
    return fitted(parts)


def fitted(parts: list[tuple[np.ndarray, np.ndarray]]) -> Fit:
    """Newton's method on the partial likelihood, summed over strata; its score at 0 is the log-rank test."""
    beta, score0, information0 = 0.0, 0.0, 0.0
    for step in range(30):
        score = information = 0.0
        for arm, event in parts:
            weight = np.exp(beta * arm)
            all_at_risk = np.cumsum(weight[::-1])[::-1]
            share = np.cumsum((weight * arm)[::-1])[::-1] / all_at_risk
            score += float((event * (arm - share)).sum())
            information += float((event * share * (1 - share)).sum())
        if step == 0:
            score0, information0 = score, information
        change = score / max(information, 1e-9)
        beta += float(np.clip(change, -1, 1))
        if abs(change) < 1e-9:
            break
    events = int(sum(event.sum() for _, event in parts))
    return Fit(beta, max(information, 1e-9) ** -0.5, score0 / max(information0, 1e-9) ** 0.5, events)


def printed_p(p: float) -> str:
    """A p-value as journals print it."""
    return "<0.001" if p < 0.001 else show(p, 4 if p < 0.1 else 2)


def ratio_table(fit: Fit, p: float, level: float = 95.0, shown_level: float = 95.0) -> Contrast | None:
    """What is printed of a hazard ratio; None for one that no source would print with two decimals."""
    if fit.error > 1 or abs(fit.beta) > 5:
        return None
    z = normal_quantile(level)
    texts = [show(exp(fit.beta + side * z * fit.error), 2) for side in (0, -1, 1)]
    if float(texts[1]) <= 0:
        return None
    return Contrast(
        "c", measure="hazard-ratio", printed=texts[0], lower=texts[1], upper=texts[2], level=shown_level,
        p=printed_p(p), events=fit.events,
    )  # fmt: skip


def alarms(evidence: Evidence) -> bool:
    """Whether any number of a table is called impossible or inconsistent."""
    return any(one.verdict in BAD for one in examine(evidence))


def hazard_ratios(rng: np.random.Generator, tables: int) -> None:
    """Wald and log-rank tests, in arms of one size and of two to one, stratified and not; stated and not."""
    for name, strata, ratio, method in (
        ("hazard ratio, Wald p", 1, 0.5, "Cox"),
        ("hazard ratio, log-rank p", 1, 0.5, "log-rank"),
        ("hazard ratio, log-rank p, two to one", 1, 2 / 3, "log-rank"),
        ("stratified hazard ratio, stratified log-rank p", 3, 0.5, "stratified log-rank"),
    ):
        stated = silent = made = 0
        for _ in range(tables):
            fit = survival(rng, strata, ratio)
            z = fit.beta / fit.error if method == "Cox" else fit.rank
            table = ratio_table(fit, float(2 * ndtr(-abs(z))))
            if table is None:
                continue
            made += 1
            stated += alarms(Evidence(contrasts={"c": replace(table, method=method)}))
            silent += alarms(Evidence(contrasts={"c": table}))
        line(f"{name}, stated", made, stated)
        line(f"{name}, not stated", made, silent)


def one_sided(rng: np.random.Generator, tables: int) -> None:
    """One-sided p-values of Wald and log-rank tests, in either tail, of which the source does not say so."""
    for name, in_tail in (("in the expected tail", 1), ("in the other tail", -1)):
        false = made = 0
        for number in range(tables):
            fit = survival(rng, 1, 0.5)
            z = fit.rank if number % 2 else fit.beta / fit.error
            table = ratio_table(fit, float(ndtr(-in_tail * abs(z))))
            if table is not None:
                made += 1
                false += alarms(Evidence(contrasts={"c": table}))
        line(f"hazard ratio, one-sided p {name}, not stated", made, false)


def two_counts(rng: np.random.Generator, tables: int) -> None:
    """Percentages with intervals, and p-values by each test, beside the odds ratio of the same counts."""
    for test, method in NAMED.items():
        stated = silent = made = 0
        for _ in range(tables):
            found = counts_table(rng, test)
            if found is None:
                continue
            made += 1
            silent += alarms(found)
            for iri, one in found.contrasts.items():
                found.contrasts[iri] = replace(one, method=method)
            stated += alarms(found)
        line(f"two counts, {test}, stated", made, stated)
        line(f"two counts, {test}, not stated", made, silent)


def counts_table(rng: np.random.Generator, test: str) -> Evidence | None:
    """Two arms: percentages with intervals by some method, a p-value, the odds ratio with its interval."""
    sizes = [int(one) for one in rng.integers(12, 400, 2)]
    rate = rng.uniform(0.1, 0.7, 2)
    counts = [int(one) for one in rng.binomial(sizes, rate)]
    if not all(0 < n < size for n, size in zip(counts, sizes, strict=True)):
        return None
    made = Evidence()
    for name, n, size in zip("ab", counts, sizes, strict=True):
        low, high = limits_by(n, size, 95.0, str(rng.choice(ALL_METHODS)))
        made.results[name] = Result(
            name, trial="t", group=name, analysis_set=name, endpoint="orr", statistic="proportion",
            unit="percent", printed=show(100 * n / size, 1), n=n, total=size,
            lower=show(100 * float(low), 1), upper=show(100 * float(high), 1), level=95.0,
        )  # fmt: skip
    (n1, n2), (size1, size2) = counts, sizes
    p = p_values_of_counts(n1, size1, n2, size2).get(test)
    if p is None:
        return None
    error = sum(1 / cell for cell in (n1, size1 - n1, n2, size2 - n2)) ** 0.5
    middle = log(n1 * (size2 - n2) / (n2 * (size1 - n1)))
    texts = [show(exp(middle + side * normal_quantile(95) * error), 2) for side in (0, -1, 1)]
    made.contrasts["p"] = Contrast("p", measure="not-stated", p=printed_p(p), compared="a", reference="b")
    if float(texts[1]) > 0:
        made.contrasts["or"] = Contrast(
            "or", measure="odds-ratio", printed=texts[0], lower=texts[1], upper=texts[2], level=95.0,
            p=printed_p(p), compared="a", reference="b",
        )  # fmt: skip
    return made


def cochran_mantel_haenszel(rng: np.random.Generator, tables: int) -> None:
    """The p-value of a stratified test beside the counts of all strata together."""
    false = made = 0
    for _ in range(tables):
        gap = variance = 0.0
        total = [0, 0, 0, 0]
        for _ in range(3):
            sizes = rng.integers(10, 120, 2)
            n1, n2 = rng.binomial(sizes, np.clip(rng.uniform(0.1, 0.6) + np.array([0.1, 0.0]), 0, 1))
            size1, size2 = (int(one) for one in sizes)
            both, every = int(n1 + n2), size1 + size2
            gap += n1 - size1 * both / every
            variance += size1 * size2 * both * (every - both) / (every**2 * (every - 1))
            total = [a + int(b) for a, b in zip(total, (n1, size1, n2, size2), strict=True)]
        if not variance:
            continue
        made += 1
        results = {
            name: Result(name, statistic="proportion", unit="percent", printed=show(100 * n / size, 1), n=n,
                         total=size, trial="t", group=name, endpoint="orr")
            for name, n, size in (("a", *total[:2]), ("b", *total[2:]))
        }  # fmt: skip
        p = float(chi2.sf(gap**2 / variance, 1))
        contrast = Contrast(
            "c", p=printed_p(p), method="Cochran-Mantel-Haenszel", compared="a", reference="b"
        )
        false += alarms(Evidence(results, {"c": contrast}))
    line("two counts, Cochran-Mantel-Haenszel, stated", made, false)


def wrong_level(rng: np.random.Generator, tables: int) -> None:
    """How often an interval of 97 percent called 95 percent is found, by what its p-value is."""
    for name, method in (("Wald p, stated", "Cox"), ("log-rank p, not stated", "")):
        found = made = 0
        for _ in range(tables):
            fit = survival(rng, 1, 0.5)
            z = fit.beta / fit.error if method else fit.rank
            table = ratio_table(fit, float(2 * ndtr(-abs(z))), 97.0)
            if table is not None and not table.p.startswith("<"):
                made += 1
                found += alarms(Evidence(contrasts={"c": replace(table, method=method, events=None)}))
        print(f"97 percent called 95, {name:<46} {made:>6}  {100 * found / max(made, 1):>6.1f} % found")


def line(name: str, made: int, false: int) -> None:
    """One line: method, tables, false alarms in 10,000."""
    print(f"{name:<68} {made:>6}  {1e4 * false / max(made, 1):>6.1f} in 10,000", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tables", type=int, default=300, help="tables a method (300)")
    parser.add_argument("--seed", type=int, default=2026)
    parts = {
        "ratios": hazard_ratios,
        "tails": one_sided,
        "counts": two_counts,
        "strata": cochran_mantel_haenszel,
        "level": wrong_level,
    }
    parser.add_argument("--part", choices=parts, help="one part alone")
    args = parser.parse_args()
    for name, run in parts.items():
        if args.part in (None, name):
            run(np.random.default_rng(args.seed), args.tables)


if __name__ == "__main__":
    main()
