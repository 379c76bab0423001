"""Two groups of patients compared: risk difference, risk ratio, odds ratio, each with its interval.

Formulas: the difference by Newcombe's score method without continuity correction (Statistics in Medicine
1998;17:873, method 10); the ratios on the log scale (Katz, Biometrics 1978;34:469, and Woolf, Annals of
Human Genetics 1955;19:251) by `scipy.stats.contingency`.

Groups that were not randomised against each other are compared only when asked, and the answer says
"naive comparison" wherever it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.intervals import Interval, check_counts, check_level, proportion_interval

#: What a comparison of groups that were not randomised against each other is called.
NAIVE = "naive comparison"
RANDOMISED = "randomised comparison"


@dataclass(frozen=True, slots=True)
class Counts:
    """n of total patients in a group."""

    n: int
    total: int

    def __post_init__(self) -> None:
        check_counts(self.n, self.total)

    @property
    def rate(self) -> float:
        """Fraction of the group."""
        return self.n / self.total

    def __str__(self) -> str:
        return f"{self.n}/{self.total}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An estimate of one measure for a first group against a second; None where it does not exist."""

    measure: str
    first: Counts
    second: Counts
    estimate: float | None
    interval: Interval | None
    kind: str
    note: str = ""


def compare(
    first: Counts, second: Counts, *, randomised: bool, naive: bool = False, level: float = 95.0
) -> list[Comparison]:
    """Risk difference, risk ratio and odds ratio of the first group against the second.

    >>> for made in compare(Counts(56, 70), Counts(48, 80), randomised=True):
    ...     print(made.measure, round(made.estimate, 3), made.interval.level)
    risk difference 0.2 95.0
    risk ratio 1.333 95.0
    odds ratio 2.667 95.0

    Raises UsageError for groups that were not randomised against each other unless `naive` is set.
    """
    if not randomised and not naive:
        raise UsageError(
            "these groups were not randomised against each other, so the difference is no treatment effect",
            cure="Ask for a naive comparison if you want one all the same.",
        )
    kind = RANDOMISED if randomised else NAIVE
    check_level(level)
    return [
        risk_difference(first, second, level, kind),
        risk_ratio(first, second, level, kind),
        odds_ratio(first, second, level, kind),
    ]


def risk_difference(first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED) -> Comparison:
    """Difference of the rates (fractions), Newcombe's interval from the two Wilson intervals."""
    low1, low2 = (proportion_interval(group.n, group.total, level, "Wilson") for group in (first, second))
    difference = first.rate - second.rate
    below = ((first.rate - low1.lower) ** 2 + (low2.upper - second.rate) ** 2) ** 0.5
    above = ((low1.upper - first.rate) ** 2 + (second.rate - low2.lower) ** 2) ** 0.5
    interval = Interval(difference - below, difference + above, level, "Newcombe score")
    return Comparison("risk difference", first, second, difference, interval, kind)


def risk_ratio(first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED) -> Comparison:
    """Ratio of the rates, interval by Katz; no number where one of the groups counts nobody.

    >>> made = risk_ratio(Counts(10, 10), Counts(10, 10))
    >>> made.estimate, made.interval, made.note
    (1.0, None, 'both groups are full, where this interval would have no width')
    """
    if 0 in (first.n, second.n):
        return Comparison("risk ratio", first, second, None, None, kind, "a group counts nobody")
    if (first.n, second.n) == (first.total, second.total):
        note = "both groups are full, where this interval would have no width"
        return Comparison("risk ratio", first, second, 1.0, None, kind, note)
    from scipy.stats.contingency import relative_risk

    ratio = relative_risk(first.n, first.total, second.n, second.total)
    limits = ratio.confidence_interval(level / 100)
    interval = Interval(float(limits.low), float(limits.high), level, "Katz, log scale")
    return Comparison("risk ratio", first, second, float(ratio.relative_risk), interval, kind)


def odds_ratio(first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED) -> Comparison:
    """Ratio of the odds, interval by Woolf; no number where a cell of the table is empty."""
    table = [[first.n, first.total - first.n], [second.n, second.total - second.n]]
    if any(0 in row for row in table):
        return Comparison("odds ratio", first, second, None, None, kind, "a cell of the table is empty")
    from scipy.stats import contingency

    ratio = contingency.odds_ratio(table, kind="sample")
    limits = ratio.confidence_interval(level / 100)
    interval = Interval(float(limits.low), float(limits.high), level, "Woolf, log scale")
    return Comparison("odds ratio", first, second, float(ratio.statistic), interval, kind)
