"""Inverse-variance meta-analysis: one common effect, or effects that spread normally between studies.

Sources: DerSimonian and Laird (Controlled Clinical Trials 1986;7:177) for the moment estimate of the variance
between studies; restricted maximum likelihood by Fisher scoring as in Viechtbauer (J Educ Behav Stat
2005;30:261); Hartung and Knapp (Stat Med 2001;20:3875) for the interval on t with k - 1 degrees of freedom;
Viechtbauer (Stat Med 2007;26:37) for the interval of the variance by the Q profile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bempeg_kg.evidence.stats.estimate import Estimate
from bempeg_kg.evidence.stats.intervals import Interval, normal_quantile

_STEPS = 200
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How far studies differ: Cochran's Q, its p-value, I squared (percent), tau squared, its interval."""

    q: float
    q_p: float
    i_squared: float
    tau_squared: float
    tau_interval: Interval


def pooled(y: Sequence[float], v: Sequence[float], level: float) -> tuple[list[Estimate], Heterogeneity]:
    """The models side by side for effects ``y`` with sampling variances ``v``, and the heterogeneity.

    The models are: common effect; random effects by DerSimonian-Laird; by REML; REML with the interval of
    Hartung and Knapp.

    >>> models, spread = pooled([0.0, 0.0], [1.0, 1.0], 95.0)
    >>> models[0].estimate, round(models[0].standard_error, 4), spread.tau_squared
    (0.0, 0.7071, 0.0)
    """
    reml = reml_variance(y, v)
    models = [
        _wald("common effect", y, v, 0.0, level),
        _wald("random effects, DerSimonian-Laird", y, v, moment_variance(y, v), level),
        _wald("random effects, REML", y, v, reml, level),
        _hartung_knapp("random effects, REML with Knapp-Hartung", y, v, reml, level),
    ]
    return models, _heterogeneity(y, v, reml, level)


def weighted(y: Sequence[float], v: Sequence[float], tau_squared: float) -> tuple[float, float]:
    """The weighted mean of the effects, and the sum of the weights."""
    weights = [1 / (one + tau_squared) for one in v]
    total = sum(weights)
    return sum(w * one for w, one in zip(weights, y, strict=True)) / total, total


def q_statistic(y: Sequence[float], v: Sequence[float], tau_squared: float = 0.0) -> float:
    """The weighted sum of squares around the weighted mean."""
    mean, _ = weighted(y, v, tau_squared)
    return sum((one - mean) ** 2 / (variance + tau_squared) for one, variance in zip(y, v, strict=True))


def moment_variance(y: Sequence[float], v: Sequence[float]) -> float:
    """Tau squared by the method of moments of DerSimonian and Laird; 0 where it would be below."""
    weights = [1 / one for one in v]
    spread = sum(weights) - sum(w * w for w in weights) / sum(weights)
    return max(0.0, (q_statistic(y, v) - (len(y) - 1)) / spread)


def reml_variance(y: Sequence[float], v: Sequence[float]) -> float:
    """Tau squared by restricted maximum likelihood; 0 where the likelihood falls from there on."""
    tau_squared = moment_variance(y, v)
    for _ in range(_STEPS):
        mean, total = weighted(y, v, tau_squared)
        w = [1 / (one + tau_squared) for one in v]
        squares = sum(a * a for a in w)
        residuals = sum(a * a * (one - mean) ** 2 for a, one in zip(w, y, strict=True))
        score = residuals - total + squares / total
        information = squares - 2 * sum(a**3 for a in w) / total + (squares / total) ** 2
        moved = max(0.0, tau_squared + score / information)
        if abs(moved - tau_squared) < _CLOSE * (1 + tau_squared):
            return moved
        tau_squared = moved
    return tau_squared


def _wald(model: str, y: Sequence[float], v: Sequence[float], tau_squared: float, level: float) -> Estimate:
    from scipy.special import ndtr

    mean, total = weighted(y, v, tau_squared)
    error = total**-0.5
    half = normal_quantile(level) * error
    p = 2 * float(ndtr(-abs(mean / error)))
    return Estimate(model, mean, error, Interval(mean - half, mean + half, level), p)


def _hartung_knapp(
    model: str, y: Sequence[float], v: Sequence[float], tau_squared: float, level: float
) -> Estimate:
    from scipy.special import stdtr, stdtrit

    mean, total = weighted(y, v, tau_squared)
    freedom = len(y) - 1
    error = (q_statistic(y, v, tau_squared) / freedom / total) ** 0.5
    half = float(stdtrit(freedom, 0.5 + level / 200)) * error
    p = 2 * float(stdtr(freedom, -abs(mean / error))) if error else None
    return Estimate(model, mean, error, Interval(mean - half, mean + half, level), p)


def _heterogeneity(y: Sequence[float], v: Sequence[float], tau_squared: float, level: float) -> Heterogeneity:
    from scipy.special import chdtrc

    freedom = len(y) - 1
    q = q_statistic(y, v)
    i_squared = max(0.0, 100 * (q - freedom) / q) if q else 0.0
    interval = tau_interval(y, v, level)
    return Heterogeneity(q, float(chdtrc(freedom, q)), i_squared, tau_squared, interval)


def tau_interval(y: Sequence[float], v: Sequence[float], level: float) -> Interval:
    """The interval of tau squared by the Q profile."""
    from scipy.special import chdtri

    freedom, outside = len(y) - 1, (1 - level / 100) / 2
    low, high = (float(chdtri(freedom, share)) for share in (outside, 1 - outside))
    return Interval(
        _variance_at(lambda t: q_statistic(y, v, t), low),
        _variance_at(lambda t: q_statistic(y, v, t), high),
        level,
        "Q profile",
    )


def _variance_at(profile: Callable[[float], float], wanted: float) -> float:
    """The tau squared at which a falling profile reaches a value; 0 where it is below that from the start."""
    from scipy.optimize import brentq

    if profile(0.0) <= wanted:
        return 0.0
    top = 1e-6
    while profile(top) > wanted:
        top *= 2
    return float(brentq(lambda tau_squared: profile(tau_squared) - wanted, 0.0, top, xtol=1e-14))
