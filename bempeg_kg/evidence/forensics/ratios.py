"""A ratio, its interval with level, and its p-value against each other, by interval arithmetic.

Every printed number stands for a range, see `printed`. From the ranges of the limits comes the range of the
standard error, from limits and estimate together the range of the Wald statistic, and from the printed
p the range of |z| that it stands for. Only ranges that stay apart are called inconsistent.

Sources print the p-value of a log-rank test beside the interval of a Cox model. For the same data the two
statistics differ by about |z| beta^2 / 24, beta being the log ratio: the third-order term of the partial
likelihood of two arms of one size. Where a log-rank test is stated, this is allowed besides WALD_SLACK, where
no test is stated half of it; how seldom it is passed, `benchmarks/forensics_false_alarms.py` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from bempeg_kg.evidence.printed import Printed
from bempeg_kg.evidence.stats.intervals import normal_quantile

#: What a Wald and a log-rank statistic may differ by, in |z| or that share of it.
WALD_SLACK = 0.05
#: How far an estimate may be from the middle of its limits, in standard errors.
CENTRE_SLACK = 0.1
#: Levels that are tried to see whether an interval was given under the wrong one.
USUAL_LEVELS = (80.0, 90.0, 95.0, 97.0, 97.5, 98.0, 99.0, 99.5, 99.9)


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high, both included."""

    low: float
    high: float

    def gap(self, other: Range) -> float:
        """Distance between the two ranges; 0 if they meet."""
        return max(self.low - other.high, other.low - self.high, 0.0)

    def show(self, decimals: int = 3) -> str:
        """Both ends with fixed decimals."""
        return f"{self.low:.{decimals}f} to {self.high:.{decimals}f}"


def log_range(printed: Printed) -> Range:
    """Range of the logarithm of a printed positive number."""
    low = float(printed.low)
    return Range(log(low) if low > 0 else float("-inf"), log(float(printed.high)))


def standard_error_range(lower: Printed, upper: Printed, level: float) -> Range:
    """Range of the standard error of the log ratio, from its printed limits at their level (percent)."""
    low, high = log_range(lower), log_range(upper)
    twice = 2 * normal_quantile(level)
    return Range(max(high.low - low.high, 0.0) / twice, (high.high - low.low) / twice)


def wald_range(estimate: Printed, lower: Printed, upper: Printed, level: float) -> Range:
    """Range of |z| = |log estimate| / standard error.

    In a Wald interval the estimate is the middle of the limits on the log scale, so that |z| is
    z(level) |ln lower + ln upper| / (ln upper - ln lower), over all limits that print as given and whose
    middle prints as the estimate. If there are none, the interval is of another method, and estimate and
    standard error range apart from each other.
    """
    corners = _corners(log_range(estimate), log_range(lower), log_range(upper))
    if not corners:
        return loose_wald_range(estimate, standard_error_range(lower, upper, level))
    sums = [low + high for low, high in corners]
    shares = [abs(low + high) / (high - low) for low, high in corners]
    z = normal_quantile(level)
    return Range(0.0 if min(sums) <= 0 <= max(sums) else z * min(shares), z * max(shares))


def _corners(estimate: Range, lower: Range, upper: Range) -> list[tuple[float, float]]:
    """Corners of the area of all (ln lower, ln upper) whose middle lies in the range of the estimate.

    None where there is no such area, or where lower and upper may be equal.
    """
    if lower.high >= upper.low:
        return []
    ends = [(low, high) for low in (lower.low, lower.high) for high in (upper.low, upper.high)]
    corners = [end for end in ends if estimate.low <= sum(end) / 2 <= estimate.high]
    for twice in (2 * estimate.low, 2 * estimate.high):
        corners += [(low, twice - low) for low in (lower.low, lower.high)]
        corners += [(twice - high, high) for high in (upper.low, upper.high)]
    return [
        (low, high)
        for low, high in corners
        if lower.low <= low <= lower.high and upper.low <= high <= upper.high
    ]


def loose_wald_range(estimate: Printed, error: Range) -> Range:
    """Range of |z| where estimate and standard error are taken to range apart from each other."""
    logs = log_range(estimate)
    smallest = 0.0 if logs.low <= 0 <= logs.high else min(abs(logs.low), abs(logs.high))
    largest = max(abs(logs.low), abs(logs.high))
    return Range(
        smallest / error.high if error.high else 0.0, largest / error.low if error.low else float("inf")
    )


def p_range(p: Printed, sides: int = 2) -> Range:
    """Range of |z| that a printed p-value stands for."""
    from scipy.special import ndtri

    def quantile(value: float) -> float:
        """The standard normal quantile of a p-value of so many sides, not negative."""
        return float(-ndtri(min(max(value / sides, 1e-300), 0.5)))

    if p.bound == "<":
        return Range(quantile(float(p.value)), float("inf"))
    if p.bound == ">":
        return Range(0.0, quantile(float(p.value)))
    return Range(quantile(float(p.high)), quantile(float(p.low)))


def one_sided_ranges(p: Printed) -> tuple[Range, Range]:
    """Ranges of |z| of a printed p-value that is one-sided: in the expected tail, and in the other."""
    from scipy.special import ndtri

    def quantile(value: float) -> float:
        """The standard normal quantile of a one-sided p-value, not negative."""
        return float(-ndtri(min(max(value, 1e-300), 0.5)))

    return p_range(p, 1), Range(quantile(1 - float(p.low)), quantile(1 - float(p.high)))


def slack(statistic: Range, log_ratio: float = 0.0, part: float = 1.0) -> float:
    """What a Wald and a log-rank statistic of this size may differ by, given the log of the ratio.

    `part`: how much of the difference to allow for, 1 where a log-rank test is stated.
    """
    return WALD_SLACK * max(1.0, statistic.low) + part * third_order(statistic, log_ratio)


def third_order(statistic: Range, log_ratio: float) -> float:
    """What a Wald and a log-rank statistic of the same data differ by: |z| beta^2 / 24."""
    return min(statistic.low, 20.0) * min(log_ratio**2, 1.0) / 24


def p_of(statistic: float) -> float:
    """The two-sided p-value of a |z|."""
    from scipy.special import ndtr

    return float(2 * ndtr(-statistic))


def centre_range(lower: Printed, upper: Printed) -> Range:
    """Range of the middle of the limits on the log scale, where the estimate of a Wald interval lies."""
    low, high = log_range(lower), log_range(upper)
    return Range((low.low + high.low) / 2, (low.high + high.high) / 2)
