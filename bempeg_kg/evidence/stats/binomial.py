"""Proportions pooled as counts: a binomial likelihood, with or without a normal spread of the logits.

The model with a spread is the binomial-normal one of Stijnen, Hamza and Ozdemir (Statistics in Medicine
2010;29:3046), by maximum likelihood. Each cohort's likelihood is integrated by Gauss-Hermite quadrature
around its own mode and scaled by its own curvature (Liu and Pierce, Biometrika 1994;81:624), since fixed
nodes miss a likelihood that is narrow beside the spread: with N of some hundreds they put the spread at 0.
No continuity correction is needed, so cohorts with no or only responders may take part. The interval of the
spread is that of the profile likelihood: the spreads whose best fit is not worse than the best of all by more
than half a chi-squared quantile with one degree of freedom.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.contrasts import Counts
from bempeg_kg.evidence.stats.estimate import Estimate
from bempeg_kg.evidence.stats.intervals import Interval, clopper_pearson, normal_quantile
from bempeg_kg.evidence.stats.shrinkage import logit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_NODES = 41
_STEP = 1e-3
#: Spreads of logits at which the search for the likeliest one starts.
_STARTS = (0.05, 0.2, 0.6, 1.5, 3.0)
#: A spread of logits at which the search for the upper limit ends: rates of 0 and 1 in turn.
_WIDEST = 50.0
#: Steps of Newton's method to a cohort's mode, and the longest step.
_TO_MODE = 60


@dataclass(frozen=True, slots=True)
class NormalSpread:
    """Mean logit with its interval, and the variance of logits between cohorts with its interval."""

    estimate: Estimate
    tau_squared: float
    tau_interval: Interval


def common_rate(counts: Sequence[Counts], level: float = 95.0) -> Estimate:
    """One rate for all: the sums of n and N, with the exact interval, on the logit scale.

    Raises UsageError where nobody or everybody is counted.
    """
    n, total = sum(count.n for count in counts), sum(count.total for count in counts)
    if n in (0, total):
        raise UsageError(f"{n} of {total} in all: there is no logit to pool")
    exact = clopper_pearson(n, total, level)
    interval = Interval(logit(exact.lower), logit(exact.upper), level, "Clopper-Pearson of the sums")
    return Estimate(
        "common rate, sums of n and N", logit(n / total), (1 / n + 1 / (total - n)) ** 0.5, interval
    )


def normal_spread(counts: Sequence[Counts], level: float = 95.0) -> NormalSpread:
    """Binomial counts whose true logits spread normally between cohorts; maximum likelihood.

    The search starts at several spreads, and the common rate (a spread of 0) counts as one of the candidates.
    Raises UsageError where nobody or everybody is counted in all cohorts together.
    """
    import numpy as np
    from scipy.optimize import minimize

    n = np.array([count.n for count in counts], dtype=float)
    total = np.array([count.total for count in counts], dtype=float)
    common = common_rate(counts, level).estimate
    candidates = [(_negative_log_likelihood((common, 0.0), n, total), common, 0.0)]
    for start in _STARTS:
        fitted = minimize(
            _negative_log_likelihood,
            np.array([common, start]),
            args=(n, total),
            method="L-BFGS-B",
            bounds=[(common - 20, common + 20), (0.0, 20.0)],
            options={"ftol": 1e-14, "gtol": 1e-8},
        )
        candidates.append((float(fitted.fun), float(fitted.x[0]), float(fitted.x[1])))
    best = min(candidates)
    # a spread that gains nothing over none is none
    _, mean, tau = candidates[0] if candidates[0][0] - best[0] < 1e-9 else best
    error = _standard_error(mean, tau, n, total)
    half = normal_quantile(level) * error
    interval = Interval(mean - half, mean + half, level, "Wald, logit scale")
    estimate = Estimate("binomial with normal spread", mean, error, interval)
    return NormalSpread(estimate, tau * tau, _tau_interval(mean, tau, n, total, level))


def by_t(spread: NormalSpread, cohorts: int, level: float = 95.0) -> Estimate:
    """The same mean with limits from t with `cohorts` - 1 degrees of freedom, for few cohorts.

    Maximum likelihood takes the spread for known and puts it too low; ``test="t"`` of rma.glmm.
    """
    from scipy.special import stdtrit

    estimate = spread.estimate
    half = float(stdtrit(cohorts - 1, 0.5 + level / 200)) * estimate.standard_error
    interval = Interval(
        estimate.estimate - half, estimate.estimate + half, level, "t with k - 1, logit scale"
    )
    return Estimate(f"{estimate.model}, t with k - 1", estimate.estimate, estimate.standard_error, interval)


def _tau_interval(mean: float, tau: float, n: Any, total: Any, level: float) -> Interval:
    """Interval of tau squared by the profile likelihood; 0 is its lower end where no spread fits as well."""
    from scipy.optimize import brentq, minimize_scalar

    limit = _negative_log_likelihood((mean, tau), n, total) + normal_quantile(level) ** 2 / 2

    def beyond(spread: float) -> float:
        """By how much minus the log likelihood at a spread, with its best mean, is above the limit."""
        bounds = (mean - 5 - 2 * spread, mean + 5 + 2 * spread)
        best = minimize_scalar(
            lambda at: _negative_log_likelihood((at, spread), n, total),
            bounds=bounds,
            method="bounded",
            options={"xatol": 1e-5},
        )
        return float(best.fun) - limit

    top = 2 * tau + 0.5
    while beyond(top) < 0 and top < _WIDEST:
        top *= 2
    upper = float(brentq(beyond, tau, top, xtol=1e-5)) if top < _WIDEST else inf
    lower = float(brentq(beyond, 0.0, tau, xtol=1e-5)) if tau and beyond(0.0) > 0 else 0.0
    return Interval(lower**2, upper**2, level, "profile likelihood")


def _negative_log_likelihood(parameters: Any, n: Any, total: Any) -> float:
    """Minus the log likelihood of mean and spread of the logits, without the binomial coefficients."""
    import numpy as np
    from scipy.special import log_expit

    mean, tau = float(parameters[0]), float(parameters[1])
    if tau == 0:
        return -float((n * log_expit(mean) + (total - n) * log_expit(-mean)).sum())
    modes, scales = _modes(mean, tau, n, total)
    nodes, log_weights = _hermite()
    z = modes[:, None] + np.sqrt(2) * scales[:, None] * nodes
    logits = mean + tau * z
    terms = n[:, None] * log_expit(logits) + (total - n)[:, None] * log_expit(-logits) - z**2 / 2
    terms = terms + nodes**2 + log_weights
    top = terms.max(axis=1)
    logs = np.log(np.exp(terms - top[:, None]).sum(axis=1)) + top
    return -float((logs + np.log(scales) - np.log(np.pi) / 2).sum())


@cache
def _hermite() -> tuple[Any, Any]:
    """Nodes of Gauss-Hermite quadrature and the logarithms of their weights."""
    import numpy as np
    from scipy.special import roots_hermite

    nodes, weights = roots_hermite(_NODES)
    return nodes, np.log(weights)


def _modes(mean: float, tau: float, n: Any, total: Any) -> tuple[Any, Any]:
    """For each cohort the standardised logit at which its integrand peaks, and the width of the peak."""
    import numpy as np
    from scipy.special import expit

    def curvature(z: Any) -> Any:
        """Minus the second derivative of the log integrand."""
        rate = expit(mean + tau * z)
        return 1 + tau**2 * total * rate * (1 - rate)

    z = np.zeros_like(n)
    for _ in range(_TO_MODE):
        slope = tau * (n - total * expit(mean + tau * z)) - z
        step = np.minimum(np.maximum(slope / curvature(z), -1), 1)
        z = z + step
        if np.abs(step).max() < 1e-10:
            break
    return z, curvature(z) ** -0.5


def _standard_error(mean: float, tau: float, n: Any, total: Any) -> float:
    """Of the mean, from the curvature of the likelihood in mean and spread (in the mean alone if none)."""
    import numpy as np

    def at(first: float, second: float) -> float:
        """Minus the log likelihood at a mean and a spread."""
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
