"""How surprising an early response count is, if the true rate is that of a benchmark.

Binomial tail of the exact kind: no model of selection is in it. That a cohort was picked because it was the
best of several is a second calculation, `best_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.intervals import check_counts
from bempeg_kg.evidence.stats.shrinkage import logit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Steps of a sum over the spread between trials.
_SPREADS = 200


@dataclass(frozen=True, slots=True)
class Surprise:
    """Chance (fraction) of at least n of total responses at a true rate (fraction)."""

    rate: float
    tail: float
    label: str = ""


def upper_tail(n: int, total: int, rate: float) -> float:
    """P(X >= n) for X binomial of `total` at a true `rate` (fraction).

    >>> round(upper_tail(20, 38, 0.337), 4)
    0.0124

    Raises UsageError for impossible counts or a rate outside 0 to 1.
    """
    check_counts(n, total)
    if not 0 <= rate <= 1:
        raise UsageError(f"{rate:g} is not a rate", cure="Rates are fractions from 0 to 1.")
    if n == 0:
        return 1.0
    from scipy.special import bdtrc

    return float(bdtrc(n - 1, total, rate))


def uncertain_tail(n: int, total: int, rate: float, error: float) -> float:
    """P(X >= n) where the logit of the true rate is normal around that of `rate`.

    `error` is its standard deviation: the sampling error of the benchmark and the spread between trials.
    Gauss-Hermite quadrature over the logit; `error` 0 gives `upper_tail`.

    >>> round(uncertain_tail(20, 38, 0.337, 0.0), 4), round(uncertain_tail(20, 38, 0.337, 0.3216), 3)
    (0.0124, 0.055)

    Raises UsageError as `upper_tail`, and for a rate of 0 or 1.
    """
    if error == 0:
        return upper_tail(n, total, rate)
    check_counts(n, total)
    import numpy as np
    from scipy.special import bdtrc, expit

    nodes, weights = _nodes()
    rates = expit(logit(rate) + error * nodes)
    tails = bdtrc(n - 1, total, rates) if n else np.ones_like(rates)
    return float(weights @ tails / weights.sum())


@cache
def _nodes() -> tuple[Any, Any]:
    """Gauss-Hermite nodes and weights; finding them costs more than all sums over them."""
    import numpy as np

    return np.polynomial.hermite_e.hermegauss(80)


def averaged_tail(n: int, total: int, benchmarks: Sequence[tuple[float, float]], scale: float) -> float:
    """P(X >= n) where the true rate is that of a new trial of a normal random-effects model of benchmarks.

    `benchmarks` are rates (fractions) with the standard errors of their logits. The mean has a flat prior and
    the spread between trials a half-normal one of this `scale` (Roever et al., Research Synthesis Methods
    2021;12:448); both are integrated out, so that the answer carries that the spread is hardly known.

    >>> round(averaged_tail(20, 38, [(0.337, 0.116), (0.437, 0.113)], 0.5), 2)
    0.18

    Raises UsageError as `uncertain_tail`, and for a scale that is not above 0.
    """
    if scale <= 0:
        raise UsageError(f"{scale:g} is no scale of a prior", cure="Scales are above 0.")
    import numpy as np

    logits = np.array([logit(rate) for rate, _ in benchmarks])
    errors = np.array([error for _, error in benchmarks])
    spreads = (np.arange(_SPREADS) + 0.5) * (4 * scale / _SPREADS)
    weights = 1 / (errors**2 + spreads[:, None] ** 2)
    whole = weights.sum(axis=1)
    means = (weights * logits).sum(axis=1) / whole
    misfit = (weights * (logits - means[:, None]) ** 2).sum(axis=1)
    likelihood = np.exp(-misfit / 2) * np.sqrt(weights.prod(axis=1) / whole)
    belief = likelihood * np.exp(-(spreads**2) / (2 * scale**2))
    tails = [
        uncertain_tail(n, total, 1 / (1 + exp(-mean)), (1 / part + spread**2) ** 0.5)
        for mean, part, spread in zip(means.tolist(), whole.tolist(), spreads.tolist(), strict=True)
    ]
    return float(belief @ np.array(tails) / belief.sum())


def curve(n: int, total: int, rates: Sequence[float]) -> list[Surprise]:
    """The upper tail at each of several true rates."""
    return [Surprise(rate, upper_tail(n, total, rate)) for rate in rates]


def best_of(tail: float, cohorts: int) -> float:
    """Chance that at least one of several independent cohorts does as well, each with this tail probability.

    >>> round(best_of(0.05, 5), 3)
    0.226

    It takes the cohorts as equal in size and true rate, which they are not: a yardstick, not a correction.
    Raises UsageError for fewer than one cohort.
    """
    if cohorts < 1:
        raise UsageError(f"{cohorts} cohorts: at least 1 is needed")
    return 1 - (1 - tail) ** cohorts
