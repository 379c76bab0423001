"""Score and exact intervals for two groups of counts, which hold where a cell is empty or a group is full.

Risk difference and risk ratio by the score test of Miettinen and Nurminen (Stat Med 1985;4:213), with the
variance at the constrained estimate and the factor N / (N - 1). Odds ratio from the conditional
distribution given both margins: exact (Cornfield 1956, each tail at least half of alpha) and mid-P (half of
the observed point counts; Lancaster 1961).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log2, sqrt

from bempeg_kg.evidence.stats.contrasts import RANDOMISED, Comparison, Counts
from bempeg_kg.evidence.stats.intervals import Interval, check_level, normal_quantile

_NEAR = 1e-10


def score_and_exact(
    first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED
) -> list[Comparison]:
    """Risk difference and ratio by score, odds ratio exact and mid-P, of the first group against the second.

    >>> for made in score_and_exact(Counts(10, 10), Counts(10, 10))[:2]:
    ...     print(made.measure, made.estimate, round(made.interval.lower, 2), round(made.interval.upper, 2))
    risk difference 0.0 -0.29 0.29
    risk ratio 1.0 0.71 1.4
    """
    check_level(level)
    return [
        difference_by_score(first, second, level, kind),
        ratio_by_score(first, second, level, kind),
        exact_odds_ratio(first, second, level, kind),
        exact_odds_ratio(first, second, level, kind, mid_p=True),
    ]


def difference_by_score(
    first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED
) -> Comparison:
    """Difference of the rates (fractions) with the interval of Miettinen and Nurminen."""
    estimate = first.rate - second.rate

    def chi(delta: float) -> float:
        """Score chi-squared of a risk difference."""
        p1, p2 = _constrained_difference(first, second, delta)
        spread = p1 * (1 - p1) / first.total + p2 * (1 - p2) / second.total
        return _over((estimate - delta) ** 2, spread * _factor(first, second))

    lower = _limit(chi, estimate, -1.0, level)
    upper = _limit(chi, estimate, 1.0, level)
    interval = Interval(lower, upper, level, "Miettinen-Nurminen score")
    return Comparison("risk difference", first, second, estimate, interval, kind)


def ratio_by_score(first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED) -> Comparison:
    """Ratio of the rates, interval of Miettinen and Nurminen; open where the second group has none."""
    if first.n == 0 and second.n == 0:
        return Comparison("risk ratio", first, second, None, None, kind, "neither group counts anybody")
    estimate = first.rate / second.rate if second.n else inf

    def chi(ratio: float) -> float:
        """Score chi-squared of a risk ratio."""
        p2 = _constrained_ratio(first, second, ratio)
        p1 = min(ratio * p2, 1.0)
        spread = p1 * (1 - p1) / first.total + ratio**2 * p2 * (1 - p2) / second.total
        return _over((first.rate - ratio * second.rate) ** 2, spread * _factor(first, second))

    from scipy.optimize import brentq

    critical = normal_quantile(level) ** 2

    def beyond(log_ratio: float) -> float:
        """Positive where the interval leaves a ratio (its logarithm to base 2) out."""
        return chi(2.0**log_ratio) - critical

    middle = 0.0 if estimate in (0, inf) else log2(estimate)
    lower, upper = 0.0, inf
    if estimate > 0 and beyond(-60) > 0:
        lower = 2.0 ** brentq(beyond, -60, 60 if estimate == inf else middle)
    if estimate < inf and beyond(60) > 0:
        upper = 2.0 ** brentq(beyond, -60 if estimate == 0 else middle, 60)
    interval = Interval(lower, upper, level, "Miettinen-Nurminen score")
    return Comparison("risk ratio", first, second, estimate, interval, kind)


def exact_odds_ratio(
    first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED, *, mid_p: bool = False
) -> Comparison:
    """Conditional odds ratio with its exact or mid-P interval; open where a cell of the table is empty."""
    from scipy.optimize import brentq
    from scipy.stats import nchypergeom_fisher
    from scipy.stats.contingency import odds_ratio

    drawn, whole = first.n + second.n, first.total + second.total
    if drawn in (0, whole):
        return Comparison("odds ratio", first, second, None, None, kind, "both groups are alike in full")
    table = [[first.n, first.total - first.n], [second.n, second.total - second.n]]
    estimate = float(odds_ratio(table, kind="conditional").statistic)
    alpha = (1 - level / 100) / 2
    part = 0.5 if mid_p else 1.0

    def tail(log_odds: float, upper: bool) -> float:
        """Probability beyond the count under these odds (logarithm to base 2), less alpha."""
        law = nchypergeom_fisher(whole, drawn, first.total, 2.0**log_odds)
        beyond = law.sf(first.n) if upper else law.cdf(first.n - 1)
        return float(beyond + part * law.pmf(first.n)) - alpha

    least, most = max(0, drawn - second.total), min(first.total, drawn)
    lower = 2.0 ** brentq(tail, -40, 40, args=(True,)) if first.n > least else 0.0
    upper = 2.0 ** brentq(tail, -40, 40, args=(False,)) if first.n < most else inf
    method = "mid-P, conditional" if mid_p else "exact, conditional"
    return Comparison("odds ratio", first, second, estimate, Interval(lower, upper, level, method), kind)


def _factor(first: Counts, second: Counts) -> float:
    whole = first.total + second.total
    return whole / (whole - 1)


def _over(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return 0.0 if numerator < _NEAR else inf


def _limit(chi: Callable[[float], float], estimate: float, end: float, level: float) -> float:
    """Where the statistic reaches the critical value between the estimate and an end of the scale."""
    from scipy.optimize import brentq

    critical = normal_quantile(level) ** 2
    nearly = end - (_NEAR if end > 0 else -_NEAR)
    if abs(estimate - end) < 1e-9 or chi(nearly) < critical:
        return end
    return float(brentq(lambda delta: chi(delta) - critical, estimate, nearly))


def _constrained_difference(first: Counts, second: Counts, delta: float) -> tuple[float, float]:
    """Rates of highest likelihood whose difference is `delta`; the slope falls, so it has one root."""
    from scipy.optimize import brentq

    lowest, highest = max(0.0, -delta), min(1.0, 1.0 - delta)
    low, high = lowest + _NEAR, highest - _NEAR
    if low >= high:
        middle = (lowest + highest) / 2
        return middle + delta, middle

    def slope(p2: float) -> float:
        """Derivative of the log likelihood in the second rate, with the difference held."""
        p1 = p2 + delta
        of_first = first.n / p1 - (first.total - first.n) / (1 - p1)
        return of_first + second.n / p2 - (second.total - second.n) / (1 - p2)

    if slope(low) <= 0:
        p2 = lowest
    elif slope(high) >= 0:
        p2 = highest
    else:
        p2 = float(brentq(slope, low, high, xtol=1e-14))
    return p2 + delta, p2


def _constrained_ratio(first: Counts, second: Counts, ratio: float) -> float:
    """The second group's rate of highest likelihood where the first's is `ratio` times it: a quadratic."""
    a = (first.total + second.total) * ratio
    b = -(ratio * (first.total + second.n) + second.total + first.n)
    c = first.n + second.n
    # the smaller root, written so that it loses no digits where the ratio is large
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    return min(2 * c / (-b + root), 1.0) if root - b else 0.0
