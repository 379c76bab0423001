"""Proportions pooled as counts: a binomial likelihood, with or without a normal spread of the logits.

The model with a spread is the binomial-normal one of Stijnen, Hamza and Ozdemir (Statistics in Medicine
2010;29:3046), by maximum likelihood over Gauss-Hermite nodes. No continuity correction is needed, so cohorts
with no or only responders may take part.
"""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.contrasts import Counts
from bempeg_kg.evidence.stats.estimate import Estimate
from bempeg_kg.evidence.stats.intervals import Interval, clopper_pearson, normal_quantile
from bempeg_kg.evidence.stats.shrinkage import logit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_NODES = 61
_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class NormalSpread:
    """Mean logit with its interval, and the variance of logits between cohorts."""

    estimate: Estimate
    tau_squared: float


def common_rate(counts: Sequence[Counts], level: float = 95.0) -> Estimate:
    """One rate for all: the sums of n and N, with the exact interval, on the logit scale.

    Raises UsageError where nobody or everybody is counted.
    """
    n, total = sum(one.n for one in counts), sum(one.total for one in counts)
    if n in (0, total):
        raise UsageError(f"{n} of {total} in all: there is no logit to pool")
    exact = clopper_pearson(n, total, level)
    interval = Interval(logit(exact.lower), logit(exact.upper), level, "Clopper-Pearson of the sums")
    return Estimate(
        "common rate, sums of n and N", logit(n / total), (1 / n + 1 / (total - n)) ** 0.5, interval
    )


def normal_spread(counts: Sequence[Counts], level: float = 95.0) -> NormalSpread:
    """Binomial counts whose true logits spread normally between cohorts; maximum likelihood.

    Raises UsageError where nobody or everybody is counted in all cohorts together.
    """
    import numpy as np
    from scipy.optimize import minimize

    n = np.array([one.n for one in counts], dtype=float)
    total = np.array([one.total for one in counts], dtype=float)
    start = common_rate(counts, level).estimate
    fitted = minimize(
        _negative_log_likelihood,
        np.array([start, 0.5]),
        args=(n, total),
        method="L-BFGS-B",
        bounds=[(start - 10, start + 10), (0.0, 10.0)],
        options={"ftol": 1e-14, "gtol": 1e-9},
    )
    mean, tau = (float(value) for value in fitted.x)
    error = _standard_error(mean, tau, n, total)
    half = normal_quantile(level) * error
    interval = Interval(mean - half, mean + half, level, "Wald, logit scale")
    return NormalSpread(Estimate("binomial with normal spread", mean, error, interval), tau * tau)


def _negative_log_likelihood(parameters: Any, n: Any, total: Any) -> float:
    import numpy as np
    from scipy.special import log_expit, logsumexp, roots_hermite

    nodes, weights = roots_hermite(_NODES)
    logits = parameters[0] + parameters[1] * np.sqrt(2) * nodes
    terms = n[:, None] * log_expit(logits) + (total - n)[:, None] * log_expit(-logits)
    return -float(logsumexp(terms + np.log(weights / np.sqrt(np.pi)), axis=1).sum())


def _standard_error(mean: float, tau: float, n: Any, total: Any) -> float:
    """Of the mean, from the curvature of the likelihood in mean and spread (in the mean alone if none)."""
    import numpy as np

    def at(first: float, second: float) -> float:
        return _negative_log_likelihood(np.array([first, second]), n, total)

    h = _STEP
    here = at(mean, tau)
    curve = (at(mean + h, tau) - 2 * here + at(mean - h, tau)) / h**2
    if tau <= h:
        return float(curve**-0.5)
    own = (at(mean, tau + h) - 2 * here + at(mean, tau - h)) / h**2
    cross = at(mean + h, tau + h) - at(mean + h, tau - h) - at(mean - h, tau + h) + at(mean - h, tau - h)
    cross /= 4 * h**2
    return float((curve - cross**2 / own) ** -0.5)
