"""How likely a randomised design is to find a difference: power at a true one, assurance over a prior.

Response rates: normal approximation of the test of two proportions with the variance pooled under no
difference (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 2003, chapter 4), as R's
`power.prop.test`. Hazard ratios: Schoenfeld (Biometrics 1983;39:499), from the number of events. Assurance
is the power averaged over what is believed of the true rates (O'Hagan, Stevens and Campbell, Pharmaceutical
Statistics 2005;4:187). All are the chance of a significant result in favour of the first arm.
"""

from __future__ import annotations

from math import log, log2, sqrt

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.intervals import normal_quantile
from bempeg_kg.evidence.stats.shrinkage import Benchmark, Prior, beta_points, logit_nodes, moved_rates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def power_of_rates(first: float, second: float, sizes: tuple[int, int], alpha: float) -> float:
    """Chance of a significant difference in favour of the first arm, at true rates (fractions).

    `alpha` is two-sided.

    >>> round(power_of_rates(0.75, 0.5, (50, 50), 0.05), 3)
    0.74

    Raises UsageError for rates outside 0 to 1, an empty arm or an alpha that is none.
    """
    if not (0 < first < 1 and 0 < second < 1):
        raise UsageError(
            f"{first:g} and {second:g} are not two true rates",
            cure="Rates are fractions above 0 and below 1.",
        )
    _check(sizes, alpha)
    return float(_power(first, second, sizes, alpha))


def assurance_of_rates(belief: Prior, benchmark: Benchmark, sizes: tuple[int, int], alpha: float) -> float:
    """Power averaged over the belief in the first arm's rate and over what the comparator may show.

    As in `predict_difference`, the first arm's rate is moved by the spread between trials, and the control's
    has the benchmark's error and spread.
    """
    _check(sizes, alpha)
    first, shares = moved_rates(beta_points(belief), benchmark.spread)
    second, weights = logit_nodes(benchmark.rate, benchmark.total_error)
    return float(shares @ _power(first[:, None], second[None, :], sizes, alpha) @ weights)


def power_of_hazards(ratio: float, events: float, alpha: float, share: float = 0.5) -> float:
    """Chance that a two-sided log-rank test finds a true hazard ratio below 1 significant.

    `share` is that of the patients in the first arm.

    >>> round(power_of_hazards(0.75, 508, 0.05), 2)
    0.9

    Raises UsageError for a ratio or a number of events that is not above 0.
    """
    if ratio <= 0 or events <= 0 or not 0 < share < 1:
        raise UsageError("a hazard ratio, its events and the share of an arm are above 0")
    _check((1, 1), alpha)
    from scipy.special import ndtr

    critical = normal_quantile(100 * (1 - alpha))
    return float(ndtr(-sqrt(events * share * (1 - share)) * log(ratio) - critical))


def bits(chance: float) -> float:
    """Surprise of an event in bits, log2 of one over its chance (Greenland, Am Stat 2019;73(S1):106).

    >>> bits(0.125)
    3.0

    Raises UsageError for a chance that is not above 0 and at most 1.
    """
    if not 0 < chance <= 1:
        raise UsageError(f"{chance:g} is no chance", cure="Chances are above 0 and at most 1.")
    return -log2(chance)


def _power(first: Any, second: Any, sizes: tuple[int, int], alpha: float) -> Any:
    import numpy as np
    from scipy.special import ndtr

    n1, n2 = sizes
    pooled = (n1 * first + n2 * second) / (n1 + n2)
    under_none = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    under_true = np.sqrt(first * (1 - first) / n1 + second * (1 - second) / n2)
    critical = normal_quantile(100 * (1 - alpha))
    return ndtr((first - second - critical * under_none) / under_true)


def _check(sizes: tuple[int, int], alpha: float) -> None:
    if min(sizes) < 1:
        raise UsageError("an arm has at least one patient")
    if not 0 < alpha < 1:
        raise UsageError(
            f"alpha {alpha:g} is no significance level", cure="Give a fraction between 0 and 1, such as 0.05."
        )
