"""What an early response rate is worth beside a benchmark: beta-binomial shrinkage, and what it predicts.

The early count is binomial, its true rate has a beta prior, so the posterior is beta (Gelman et al., Bayesian
Data Analysis, chapter 2). The benchmark's rate in a new trial is logit-normal: its sampling error and the
spread between trials are both carried through. Nothing random is drawn: expectations are sums over midpoint
quantiles of the beta and over Gauss-Hermite nodes of the normal, so an answer is the same each time.

A difference between an early single-arm rate and a benchmark from another trial is an *excess over the
benchmark*. It is not a treatment effect and is never called one here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.intervals import Interval, check_counts, check_level, normal_quantile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Midpoint quantiles of a beta distribution, and Gauss-Hermite nodes of a normal one, in a sum.
_POINTS = 101
_NODES = 15


@dataclass(frozen=True, slots=True)
class Prior:
    """Beta(a, b) belief about a response rate before the early data."""

    a: float
    b: float
    name: str = ""

    def __post_init__(self) -> None:
        if not (self.a > 0 and self.b > 0):
            raise UsageError(
                f"Beta({self.a:g}, {self.b:g}) is not a prior", cure="Both numbers must be above 0."
            )

    @classmethod
    def centred(cls, rate: float, weight: float, name: str = "") -> Prior:
        """The prior with a mean (fraction) that weighs as much as `weight` patients.

        >>> Prior.centred(0.25, 20)
        Prior(a=5.0, b=15.0, name='')
        """
        if not 0 < rate < 1 or weight <= 0:
            raise UsageError("a prior's mean lies between 0 and 1 and its weight above 0")
        return cls(rate * weight, (1 - rate) * weight, name)

    @property
    def mean(self) -> float:
        """Mean as a fraction."""
        return self.a / (self.a + self.b)

    @property
    def weight(self) -> float:
        """How many patients the prior weighs."""
        return self.a + self.b

    def quantile(self, share: float) -> float:
        """The rate below which this share of the belief lies."""
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, share))

    def interval(self, level: float = 95.0) -> Interval:
        """Credible interval with equal tails."""
        tail = (1 - check_level(level) / 100) / 2
        return Interval(self.quantile(tail), self.quantile(1 - tail), level, "credible, equal tails")

    def density(self, rates: Sequence[float]) -> list[float]:
        """Density at each rate."""
        from math import exp, log

        from scipy.special import betaln

        whole = float(betaln(self.a, self.b))
        return [
            exp((self.a - 1) * log(rate) + (self.b - 1) * log(1 - rate) - whole) if 0 < rate < 1 else 0.0
            for rate in rates
        ]

    def update(self, n: int, total: int) -> Prior:
        """The posterior after n of total.

        >>> Prior(1, 1).update(20, 38)
        Prior(a=21, b=19, name='')
        """
        check_counts(n, total)
        return Prior(self.a + n, self.b + total - n, self.name)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Response rate of the comparator elsewhere: rate (fraction), its standard error and the spread between
    trials, both on the logit scale."""

    rate: float
    standard_error: float
    spread: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.rate < 1 or self.standard_error < 0 or self.spread < 0:
            raise UsageError("a benchmark needs a rate between 0 and 1 and no negative spread")

    @classmethod
    def of_counts(cls, n: int, total: int, spread: float = 0.0) -> Benchmark:
        """From n of total; n must be above 0 and below total."""
        check_counts(n, total)
        if n in (0, total):
            raise UsageError(f"{n} of {total} gives no standard error on the logit scale")
        return cls(n / total, (1 / n + 1 / (total - n)) ** 0.5, spread)

    @classmethod
    def of_interval(cls, rate: float, interval: Interval, spread: float = 0.0) -> Benchmark:
        """From a rate and its interval (fractions), read at the interval's own level on the logit scale.

        >>> made = Benchmark.of_interval(0.337, Interval(0.288, 0.389, 95))
        >>> round(made.standard_error, 3)
        0.116
        """
        width = logit(interval.upper) - logit(interval.lower)
        return cls(rate, width / (2 * normal_quantile(interval.level)), spread)

    @property
    def total_error(self) -> float:
        """Standard deviation of the comparator's logit rate in a new trial."""
        from math import hypot

        return hypot(self.standard_error, self.spread)


@dataclass(frozen=True, slots=True)
class Excess:
    """Excess of an early rate over a benchmark (fractions): mean, interval, chance that it is above zero."""

    mean: float
    interval: Interval
    above_zero: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The difference between two arms that the early data would lead one to expect (fractions).

    `below` is the chance of a difference at or below the observed one; None if none was given.
    """

    mean: float
    interval: Interval
    below: float | None


def logit(rate: float) -> float:
    """Logarithm of the odds of a rate strictly between 0 and 1."""
    from math import log

    if not 0 < rate < 1:
        raise UsageError(f"{rate:g} has no logit")
    return log(rate) - log(1 - rate)


def spread_of_logits(rates: Sequence[float]) -> float:
    """Sample standard deviation of the logits of rates (fractions): a crude spread between trials.

    >>> round(spread_of_logits([0.337, 0.437]), 2)
    0.3

    Raises UsageError for fewer than two rates.
    """
    from statistics import stdev

    if len(rates) < 2:
        raise UsageError("one rate shows no spread between trials")
    return stdev([logit(rate) for rate in rates])


def excess(posterior: Prior, benchmark: Benchmark, level: float = 95.0) -> Excess:
    """Excess of the early rate over what the comparator would show in a new trial."""
    from scipy.optimize import brentq
    from scipy.special import betainc

    against, weights = logit_nodes(benchmark.rate, benchmark.total_error)

    def below(limit: float) -> float:
        """Probability that the difference of rates is below a limit."""
        shares = (limit + against).clip(0, 1)
        return float((weights * betainc(posterior.a, posterior.b, shares)).sum())

    tail = (1 - check_level(level) / 100) / 2
    low, high = (float(brentq(lambda d, s=share: below(d) - s, -1, 1)) for share in (tail, 1 - tail))
    interval = Interval(low, high, level, "credible, equal tails")
    mean = posterior.mean - float((weights * against).sum())
    return Excess(mean, interval, 1 - below(0.0))


def predict_difference(
    posterior: Prior,
    benchmark: Benchmark,
    sizes: tuple[int, int],
    observed: float | None = None,
    level: float = 95.0,
) -> Prediction:
    """The difference (experimental less control, fractions) in a new randomised trial of these arm sizes.

    The experimental rate is the early one moved by the spread between trials, the control's the benchmark's;
    the sampling error of both arms is added (normal, variance p(1 - p)/n).
    """
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import ndtr

    if min(sizes) < 1:
        raise UsageError("an arm has at least one patient")
    early, shares = moved_rates(beta_points(posterior), benchmark.spread)
    control, weights = logit_nodes(benchmark.rate, benchmark.total_error)
    both = shares[:, None] * weights[None, :]
    gap = early[:, None] - control[None, :]
    noise = np.sqrt((early * (1 - early) / sizes[0])[:, None] + (control * (1 - control) / sizes[1])[None, :])

    def below(limit: float) -> float:
        """Probability that the observed difference is below a limit."""
        return float((both * ndtr((limit - gap) / noise)).sum())

    tail = (1 - check_level(level) / 100) / 2
    low, high = (float(brentq(lambda d, s=share: below(d) - s, -1.5, 1.5)) for share in (tail, 1 - tail))
    interval = Interval(low, high, level, "predictive, equal tails")
    return Prediction(float((both * gap).sum()), interval, None if observed is None else below(observed))


def beta_points(belief: Prior) -> Any:
    """Midpoint quantiles of a beta distribution, of equal weight."""
    import numpy as np
    from scipy.special import betaincinv

    return betaincinv(belief.a, belief.b, (np.arange(_POINTS) + 0.5) / _POINTS)


@cache
def _normal_nodes() -> tuple[Any, Any]:
    """Nodes of the standard normal, and their weights."""
    from scipy.special import roots_hermitenorm

    nodes, weights = roots_hermitenorm(_NODES)
    return nodes, weights / weights.sum()


def logit_nodes(rate: float, error: float) -> tuple[Any, Any]:
    """Rates whose logits are normal around that of a rate, and their weights."""
    from scipy.special import expit

    nodes, weights = _normal_nodes()
    return expit(logit(rate) + error * nodes), weights


def moved_rates(rates: Any, spread: float) -> tuple[Any, Any]:
    """Rates of equal weight, each moved on the logit scale by a normal spread between trials; weights."""
    import numpy as np
    from scipy.special import expit
    from scipy.special import logit as logits

    nodes, weights = _normal_nodes()
    moved = expit(logits(rates)[:, None] + spread * nodes[None, :])
    return moved.ravel(), np.tile(weights / len(rates), len(rates))
