"""Exact and mid-P intervals of risk difference and risk ratio, without conditioning on the margins.

Both one-sided score tests are inverted (Chan and Zhang, Biometrics 1999;55:1202): a limit is where the
largest chance, over the rate that is not of interest, of a score statistic at least as large as the observed
one passes half of alpha. The exact interval covers at least as often as its level says; mid-P counts half of
the chance of an equal statistic (Lancaster 1961), is shorter, and covers about as often. The largest chance
is sought on a grid of rates.
"""

from __future__ import annotations

from math import exp, inf, log, pi

from bempeg_kg.evidence.stats.contrasts import RANDOMISED, Comparison, Counts
from bempeg_kg.evidence.stats.exact import difference_by_score, ratio_by_score
from bempeg_kg.evidence.stats.intervals import Interval, check_level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    Array = NDArray[Any]

#: More pairs of counts than this take too long; then there is no interval, and the note says so.
MOST_TABLES = 10_000
_RATES = 201
_EQUAL = 1e-9
_HALVINGS = 20
#: First step outwards from the score limit, on the scale of the measure (of its logarithm for ratios).
_STEP = 0.02


def unconditional(
    first: Counts, second: Counts, level: float = 95.0, kind: str = RANDOMISED, *, mid_p: bool = False
) -> list[Comparison]:
    """Risk difference and risk ratio with exact, or mid-P, unconditional intervals.

    >>> for one in unconditional(Counts(24, 61), Counts(10, 35)):
    ...     print(f"{one.measure} {one.interval.lower:.3g} {one.interval.upper:.3g}")
    risk difference -0.0992 0.295
    risk ratio 0.766 3
    """
    check_level(level)
    method = f"{'mid-P' if mid_p else 'exact'}, unconditional (Chan-Zhang)"
    score = [difference_by_score(first, second, level, kind), ratio_by_score(first, second, level, kind)]
    if (first.total + 1) * (second.total + 1) > MOST_TABLES:
        why = f"left out above {MOST_TABLES:,} pairs of counts, where the score interval is near it"
        return [Comparison(one.measure, first, second, one.estimate, None, kind, why) for one in score]
    alpha = (1 - level / 100) / 2
    comparisons = []
    for comparison, limits in zip(score, (_difference_limits, _ratio_limits), strict=True):
        if comparison.interval is None:
            comparisons.append(
                Comparison(
                    comparison.measure, first, second, comparison.estimate, None, kind, comparison.note
                )
            )
            continue
        interval = Interval(*limits(first, second, comparison.interval, alpha, mid_p), level, method)
        comparisons.append(Comparison(comparison.measure, first, second, comparison.estimate, interval, kind))
    return comparisons


def largest_tail(first: Counts, second: Counts, null: float, *, ratio: bool, mid_p: bool = False) -> float:
    """Largest chance, over the second rate, of a score statistic at least as large as the observed one.

    `null` is the difference, or with `ratio` the ratio, that is taken as true.
    """
    import numpy as np

    n1, n2 = np.arange(first.total + 1)[:, None], np.arange(second.total + 1)[None, :]
    scores = (_ratio_scores if ratio else _difference_scores)(n1, n2, first.total, second.total, null)
    observed = scores[first.n, second.n]
    weights = (scores > observed + _EQUAL) + (np.abs(scores - observed) <= _EQUAL) * (0.5 if mid_p else 1.0)
    low, high = (0.0, min(1.0, 1 / null)) if ratio else (max(0.0, -null), min(1.0, 1.0 - null))
    rates = np.linspace(low, high, _RATES)
    ours = np.clip(rates * null if ratio else rates + null, 0.0, 1.0)
    return float(((_chances(first.total, ours) @ weights) * _chances(second.total, rates)).sum(axis=1).max())


def _chances(total: int, rates: Array) -> Array:
    """Binomial chances of each count (columns) at each rate (rows)."""
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    counts = np.arange(total + 1)
    ways = gammaln(total + 1) - gammaln(counts + 1) - gammaln(total - counts + 1)
    chances: Array = np.exp(ways + xlogy(counts, rates[:, None]) + xlog1py(total - counts, -rates[:, None]))
    return chances


def _difference_limits(
    first: Counts, second: Counts, near: Interval, alpha: float, mid_p: bool
) -> tuple[float, float]:
    def lower(one: Counts, other: Counts, start: float) -> float:
        """The lower limit of the difference of one rate less the other."""

        def tail(delta: float) -> float:
            """Largest tail probability under a difference."""
            return largest_tail(one, other, delta, ratio=False, mid_p=mid_p)

        return _crossing(tail, start, one.rate - other.rate, alpha, least=-1.0)

    return lower(first, second, near.lower), -lower(second, first, -near.upper)


def _ratio_limits(
    first: Counts, second: Counts, near: Interval, alpha: float, mid_p: bool
) -> tuple[float, float]:
    def lower(one: Counts, other: Counts, start: float) -> float:
        """The lower limit of the ratio of one rate to the other; 0 without events."""
        if one.n == 0:
            return 0.0

        def tail(log_ratio: float) -> float:
            """Largest tail probability under a ratio (its natural logarithm)."""
            return largest_tail(one, other, exp(log_ratio), ratio=True, mid_p=mid_p)

        estimate = log(one.rate / other.rate) if other.n else log(start) + 20
        return exp(_crossing(tail, log(start), estimate, alpha, least=-30.0))

    above = lower(second, first, 1 / near.upper if near.upper not in (0, inf) else 1e-9)
    return lower(first, second, max(near.lower, 1e-9)), 1 / above if above else inf


def _crossing(
    tail: Callable[[float], float], start: float, estimate: float, alpha: float, least: float
) -> float:
    """The smallest value, from outside, whose tail is above alpha: steps around `start`, then halving."""
    outside, step = min(start, estimate), _STEP
    while tail(outside) > alpha:
        if outside <= least:
            return least
        outside, step = max(least, outside - step), 1.5 * step
    inside, step = outside, _STEP / 4
    while tail(inside) <= alpha and inside < estimate:
        outside, inside, step = inside, min(estimate, inside + step), 1.5 * step
    for _ in range(_HALVINGS):
        middle = (outside + inside) / 2
        if tail(middle) > alpha:
            inside = middle
        else:
            outside = middle
    return inside


def _difference_scores(n1: Array, n2: Array, size1: int, size2: int, delta: float) -> Array:
    """Score statistics of all counts, the rates constrained to differ by delta (Farrington, Manning 1990)."""
    import numpy as np

    r1, r2, theta = n1 / size1, n2 / size2, size2 / size1
    a = 1 + theta
    b = -(a + r1 + theta * r2 + delta * (theta + 2))
    c = delta**2 + delta * (2 * r1 + a) + r1 + theta * r2
    d = -r1 * delta * (1 + delta)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = np.where(v < 0, -1, 1) * np.sqrt(np.maximum((b / (3 * a)) ** 2 - c / (3 * a), 0.0))
    cosine = np.divide(v, u**3, out=np.ones_like(v), where=np.abs(u) > 1e-12)
    angle = (pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    p1 = np.clip(2 * u * np.cos(angle) - b / (3 * a), max(0.0, delta), min(1.0, 1.0 + delta))
    p2 = np.clip(p1 - delta, 0.0, 1.0)
    return _scores(r1 - r2 - delta, p1 * (1 - p1) / size1 + p2 * (1 - p2) / size2)


def _ratio_scores(n1: Array, n2: Array, size1: int, size2: int, ratio: float) -> Array:
    """Score statistics of all counts, the first rate constrained to be `ratio` times the second."""
    import numpy as np

    a = (size1 + size2) * ratio
    b = -(ratio * (size1 + n2) + size2 + n1)
    c = n1 + n2
    p2 = np.clip(2 * c / (-b + np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))), 0.0, 1.0)
    p1 = np.clip(ratio * p2, 0.0, 1.0)
    spread = p1 * (1 - p1) / size1 + ratio**2 * p2 * (1 - p2) / size2
    return _scores(n1 / size1 - ratio * n2 / size2, spread)


def _scores(differences: Array, spreads: Array) -> Array:
    """Differences over their standard errors; 0 where both vanish."""
    import numpy as np

    errors = np.sqrt(np.maximum(spreads, 1e-18))
    return np.where(np.abs(differences) < 1e-12, 0.0, differences / errors)
