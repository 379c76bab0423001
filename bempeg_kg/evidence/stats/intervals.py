"""Intervals that know their level and method.

Proportions are fractions of one here (0.526, not 52.6); levels are percent (95, 99.929). Sources of the
formulas: Clopper and Pearson, Biometrika 1934;26:404; Wilson, JASA 1927;22:209.
"""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Names of the interval methods for a proportion, best known first.
METHODS = ("Clopper-Pearson", "Wilson", "Wald", "Agresti-Coull", "Jeffreys")


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits with the level (percent) and the method that made them; two-sided, equal tails."""

    lower: float
    upper: float
    level: float
    method: str = ""

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    @property
    def width(self) -> float:
        """Upper less lower limit."""
        return self.upper - self.lower


def check_level(level: float) -> float:
    """The level itself if it is a two-sided confidence level in percent, from 50 to below 100.

    >>> check_level(99.929)
    99.929

    Raises UsageError for anything else: a level of 0.95 is a slip, not a very narrow interval.
    """
    if not 50 <= level < 100:
        raise UsageError(
            f"{level:g} is not a confidence level",
            cure="Levels are percent from 50 to below 100, such as 95.",
        )
    return float(level)


def check_counts(n: int, total: int) -> None:
    """Raises UsageError unless 0 <= n <= total and total is at least 1."""
    if total < 1 or not 0 <= n <= total:
        raise UsageError(f"{n} of {total} is not a count of patients")


def normal_quantile(level: float) -> float:
    """Standard normal quantile of a two-sided level in percent.

    >>> round(normal_quantile(95), 4), round(normal_quantile(99.929), 4)
    (1.96, 3.3857)
    """
    from scipy.special import ndtri

    return float(ndtri(0.5 + check_level(level) / 200))


def proportion_interval(n: int, total: int, level: float = 95.0, method: str = "Clopper-Pearson") -> Interval:
    """Interval of n of total, by one of METHODS.

    >>> exact = proportion_interval(20, 38)
    >>> round(100 * exact.lower, 1), round(100 * exact.upper, 1), exact.level, exact.method
    (35.8, 69.0, 95.0, 'Clopper-Pearson')

    Raises UsageError for impossible counts, an unknown method or level.
    """
    check_counts(n, total)
    lower, upper = proportion_limits(n, total, level, method)
    return Interval(float(lower), float(upper), float(level), method)


def clopper_pearson(n: int, total: int, level: float = 95.0) -> Interval:
    """Exact interval of n of total: covers at least as often as its level says."""
    return proportion_interval(n, total, level, "Clopper-Pearson")


def wilson(n: int, total: int, level: float = 95.0) -> Interval:
    """Score interval of n of total without continuity correction: covers about as often as its level says."""
    return proportion_interval(n, total, level, "Wilson")


def proportion_limits(n: Any, total: Any, level: float, method: str) -> tuple[Any, Any]:
    """Lower and upper limits for whole arrays of counts (or single ones) at once, as fractions."""
    import numpy as np

    check_level(level)
    count, size = np.asarray(n, dtype=float), np.asarray(total, dtype=float)
    if method in ("Clopper-Pearson", "Jeffreys"):
        return _beta_limits(count, size, 0.0 if method == "Clopper-Pearson" else 0.5, level)
    z = normal_quantile(level)
    if method == "Wald":
        rate = count / size
        half = z * np.sqrt(rate * (1 - rate) / size)
        return np.clip(rate - half, 0, 1), np.clip(rate + half, 0, 1)
    if method in ("Wilson", "Agresti-Coull"):
        centre = (count + z * z / 2) / (size + z * z)
        if method == "Wilson":
            half = z * np.sqrt(count * (size - count) / size + z * z / 4) / (size + z * z)
            # exactly 0 and 1 at the ends, which rounding would miss by a hair
            return np.where(count <= 0, 0.0, centre - half), np.where(count >= size, 1.0, centre + half)
        half = z * np.sqrt(centre * (1 - centre) / (size + z * z))
        return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    raise UsageError(f"there is no interval method '{method}'", cure=f"Known are {', '.join(METHODS)}.")


def _beta_limits(count: Any, size: Any, shift: float, level: float) -> tuple[Any, Any]:
    """Tail quantiles of beta distributions: exact limits at shift 0, those of the Jeffreys prior at 0.5.

    The lower limit is 0 where nobody is counted, the upper 1 where everybody is.
    """
    import numpy as np
    from scipy.special import betaincinv

    tail = (1 - level / 100) / 2
    whole = 1 - 2 * shift
    none, every = count <= 0, count >= size
    lower = betaincinv(np.where(none, 1, count + shift), size - count + shift + whole, tail)
    upper = betaincinv(count + shift + whole, np.where(every, 1, size - count + shift), 1 - tail)
    return np.where(none, 0.0, lower), np.where(every, 1.0, upper)


def log_standard_error(interval: Interval) -> float:
    """Standard error of the logarithm of a ratio, from its limits at the interval's own level.

    The interval is taken as made on the log scale, as hazard, risk and odds ratios are.

    >>> round(log_standard_error(Interval(0.88, 1.35, 97)), 4)
    0.0986

    Raises UsageError unless 0 < lower <= upper.
    """
    from math import log

    if not 0 < interval.lower <= interval.upper:
        raise UsageError(f"{interval.lower:g} to {interval.upper:g} is not an interval of a ratio")
    return (log(interval.upper) - log(interval.lower)) / (2 * normal_quantile(interval.level))


def at_level(interval: Interval, level: float, *, is_ratio: bool = True) -> Interval:
    """The interval at another level (percent): the one place where a level changes, and it says so.

    It keeps the middle, on the log scale for a ratio. Raises UsageError for limits that no ratio has.

    >>> made = at_level(Interval(0.59, 1.48, 99.929), 95)
    >>> round(made.lower, 2), round(made.upper, 2), made.method
    (0.72, 1.22, 'converted from 99.929 percent on the log scale')
    """
    from math import exp, log

    if not is_ratio:
        middle = (interval.lower + interval.upper) / 2
        half = (interval.upper - middle) * normal_quantile(level) / normal_quantile(interval.level)
        return Interval(
            middle - half, middle + half, float(level), f"converted from {interval.level:g} percent"
        )
    half = log_standard_error(interval) * normal_quantile(level)
    middle = (log(interval.lower) + log(interval.upper)) / 2
    note = f"converted from {interval.level:g} percent on the log scale"
    return Interval(exp(middle - half), exp(middle + half), float(level), note)
