"""How much of an early response rate survives: a hierarchical model over pairs of early and later trials.

For the pair i, on the logit scale, c is the true rate of the later trial's control, e the true rate of the
early group, l that of the later group with the tested drug::

    c ~ N(m, s^2)
    e = c + d       with  d ~ N(mu + gamma (c - m), sigma^2)    the early excess over that control
    l = c + g       with  g ~ N(alpha + beta d, tau^2)          what the later trial shows of it

Counts are binomial; a rate that was printed with an interval and without counts is normal on the logit scale.
The three true rates of a pair are integrated out by Laplace's method. The eight parameters are where the
marginal likelihood times weak normal priors is largest, and their uncertainty is that of the inverse Hessian
there (Gelman et al., Bayesian Data Analysis, chapters 5 and 13). tau is the spread between programmes.
Nothing random is drawn, so an answer is the same each time.

The leave-one-out figures take one Newton step from the fit to all pairs for each early trial left out (the
infinitesimal jackknife), instead of fitting anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, sqrt

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.signal_likelihood import NAMES, Data, Rate, Triple, marginals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Fewer pairs than this are not fitted.
MINIMUM = 10
#: Means and standard deviations of the weak priors of the parameters, in the order of `NAMES`.
_PRIOR_MEAN = (-1.0, 0.0, 0.5, 0.0, -0.5, 0.0, 0.5, -0.7)
_PRIOR_SD = (2.0, 1.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0)
#: Points of the grid over the early excess, and how many standard deviations it spans to each side.
_GRID, _SPAN = 401, 6.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters in the order of `NAMES`, their covariance, and the pairs that they rest on."""

    parameters: Any
    covariance: Any
    triples: tuple[Triple, ...]

    def __getitem__(self, name: str) -> float:
        """One parameter by name; `s`, `sigma` and `tau` on their own scale."""
        if name in NAMES:
            return float(self.parameters[NAMES.index(name)])
        return exp(float(self.parameters[NAMES.index(f"log {name}")]))

    def error(self, name: str) -> float:
        """Standard error of one parameter."""
        place = NAMES.index(name)
        return sqrt(float(self.covariance[place, place]))


@dataclass(frozen=True, slots=True)
class Predicted:
    """Belief about the later logit: points of equal meaning with weights, each with a normal spread."""

    means: Any
    weights: Any
    deviation: float

    def below(self, logit: float) -> float:
        """Chance that the later logit is at or below this one."""
        from scipy.special import ndtr

        return float((self.weights * ndtr((logit - self.means) / self.deviation)).sum())

    def quantile(self, share: float) -> float:
        """The later rate (fraction) below which this share of the belief lies."""
        from scipy.optimize import brentq

        low, high = float(self.means.min()), float(self.means.max())
        reach = 12 * self.deviation
        logit = brentq(lambda x: self.below(x) - share, low - reach, high + reach)
        return 1 / (1 + exp(-logit))


def fit(triples: Sequence[Triple], start: Any = None) -> Fit:
    """The model fitted to pairs. Raises UsageError for fewer than `MINIMUM`."""
    import numpy as np
    from scipy.optimize import minimize

    if len(triples) < MINIMUM:
        raise UsageError(f"{len(triples)} pairs are too few for a fit; it takes {MINIMUM}")
    data = Data.of(triples)

    def loss(point: Any) -> tuple[float, Any]:
        """Minus the log posterior at a point, and its gradient by central differences."""
        values = _posterior(_around(point, 1e-4), data)
        return -float(values[0]), -(values[1::2] - values[2::2]) / 2e-4

    first = np.array(_PRIOR_MEAN if start is None else start, dtype=float)
    minimum = minimize(loss, first, jac=True, method="BFGS", options={"gtol": 1e-3})
    covariance = np.linalg.inv(_information(minimum.x, data))
    return Fit(minimum.x, covariance, tuple(triples))


def predict(
    fitted: Fit, early: Rate, control: float, patients: float | None = None, at: Any = None
) -> Predicted:
    """What the later trial would show after this early rate, over a control whose rate is given as a logit.

    With `patients` the sampling error of a group of that size is in it, so that it is about an observed
    rate; else it is about the true one. `at` takes the place of the parameters, as `left_out` gives them.
    """
    import numpy as np

    point = fitted.parameters if at is None else at
    means, weights = _early_belief(point, early, control)
    mean = float((weights * means).sum())
    slopes = np.array(
        [(_mean(up, early, control) - _mean(down, early, control)) / 2e-3 for up, down in _steps(point)]
    )
    variance = float(np.exp(2 * point[7]) + slopes @ fitted.covariance @ slopes)
    if patients is not None:
        rate = 1 / (1 + np.exp(-mean))
        variance += 1 / (patients * rate * (1 - rate))
    return Predicted(means, weights, variance**0.5)


def left_out(fitted: Fit) -> list[tuple[Triple, Any]]:
    """Each pair with the parameters that the pairs of other early trials give, by one Newton step."""
    import numpy as np

    data = Data.of(fitted.triples)
    values = marginals(_around(fitted.parameters, 1e-4), data)
    scores = (values[1::2] - values[2::2]).T / 2e-4
    groups = np.array([one.group or str(place) for place, one in enumerate(fitted.triples)])
    return [
        (one, fitted.parameters - fitted.covariance @ scores[groups == groups[place]].sum(axis=0))
        for place, one in enumerate(fitted.triples)
    ]


def best_of(early: Rate, cohorts: int) -> Rate:
    """The early rate as it would be expected if it was the highest of several cohorts of one true rate.

    Its logit is lowered by the mean of the largest of that many standard normal numbers, times its standard
    error; a sensitivity, as the number of cohorts and their true rates are seldom known.
    """
    import numpy as np
    from scipy.special import ndtr

    if cohorts < 1:
        raise UsageError("a signal comes from one cohort at least")
    nodes = np.linspace(-8, 8, 4001)
    density = ndtr(nodes) ** (cohorts - 1) * np.exp(-(nodes**2) / 2)
    excess = float((nodes * density).sum() / density.sum())
    if early.n is None or early.total is None:
        error = early.standard_error or 0.0
    else:
        error = sqrt(1 / (early.n + 0.5) + 1 / (early.total - early.n + 0.5))
    rate = 1 / (1 + exp(-(early.logit - excess * error)))
    return replace(early, value=rate, n=None if early.total is None else rate * early.total)


def _around(point: Any, step: float) -> Any:
    """The point, and for each parameter the points one step above and below it."""
    import numpy as np

    moved = [point]
    for place in range(len(NAMES)):
        shift = np.zeros(len(NAMES))
        shift[place] = step
        moved += [point + shift, point - shift]
    return np.array(moved)


def _steps(point: Any) -> Any:
    moved = _around(point, 1e-3)
    return zip(moved[1::2], moved[2::2], strict=True)


def _posterior(points: Any, data: Data) -> Any:
    """Log of marginal likelihood times priors at each point."""
    import numpy as np

    scaled = (points - np.array(_PRIOR_MEAN)) / np.array(_PRIOR_SD)
    return marginals(points, data).sum(axis=1) - (scaled**2).sum(axis=1) / 2


def _information(point: Any, data: Data) -> Any:
    """Negative second derivatives of the log posterior, by central differences."""
    import numpy as np

    step, size = 1e-3, len(NAMES)
    shifts = step * np.eye(size)
    corners = [
        point + a * shifts[i] + b * shifts[j]
        for i in range(size) for j in range(i, size) for a in (1, -1) for b in (1, -1)
    ]  # fmt: skip
    values = iter(_posterior(np.array(corners), data).reshape(-1, 4))
    information = np.zeros((size, size))
    for i in range(size):
        for j in range(i, size):
            both, first, second, none = next(values)
            information[i, j] = information[j, i] = -(both - first - second + none) / (4 * step**2)
    return information


def _early_belief(point: Any, early: Rate, control: float) -> tuple[Any, Any]:
    """Means of the later logit over a grid of the early excess, and the weights of the grid."""
    import numpy as np

    m, _, mu, gamma, log_sigma, alpha, beta, _ = point
    sigma = np.exp(log_sigma)
    centre = mu + gamma * (control - m)
    excess = centre + sigma * np.linspace(-_SPAN, _SPAN, _GRID)
    x = control + excess
    if early.n is not None and early.total is not None:
        log = early.n * x - early.total * np.logaddexp(0, x)
    else:
        log = -((x - early.logit) ** 2) / (2 * float(early.standard_error or 1) ** 2)
    log = log - ((excess - centre) / sigma) ** 2 / 2
    weights = np.exp(log - log.max())
    return control + alpha + beta * excess, weights / weights.sum()


def _mean(point: Any, early: Rate, control: float) -> float:
    means, weights = _early_belief(point, early, control)
    return float((weights * means).sum())
