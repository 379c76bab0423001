"""The likelihood of the signal model: rates of pairs, their true logits integrated out by Laplace's method.

See `bempeg_kg.evidence.stats.signal_model` for the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Parameters of the model, in their order; s, sigma and tau are standard deviations.
NAMES = ("m", "log s", "mu", "gamma", "log sigma", "alpha", "beta", "log tau")
_NEWTON_STEPS = 12


@dataclass(frozen=True, slots=True)
class Rate:
    """A response rate: fraction, with counts where known, else the standard error of its logit."""

    value: float
    n: float | None = None
    total: float | None = None
    standard_error: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 1:
            raise UsageError(f"a rate of {100 * self.value:g} percent is not possible")
        if self.total is None and not (0 < self.value < 1 and (self.standard_error or 0) > 0):
            raise UsageError(
                "a rate without counts needs a standard error and lies between 0 and 100 percent"
            )

    @property
    def logit(self) -> float:
        """Logit of the rate; that of n + 1/2 over N + 1 where there are counts, so that it is finite."""
        from math import log

        if self.n is None or self.total is None:
            return log(self.value / (1 - self.value))
        return log((self.n + 0.5) / (self.total - self.n + 0.5))


@dataclass(frozen=True, slots=True)
class Triple:
    """The three rates of a pair; `group` holds together what is left out at once."""

    early: Rate
    late: Rate
    control: Rate
    group: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """Observations as arrays (pair, end); ends are control, early, late."""

    n: Any
    total: Any
    logit: Any
    precision: Any

    @classmethod
    def of(cls, triples: Sequence[Triple]) -> Data:
        """The arrays of some pairs."""
        import numpy as np

        rates = [[triple.control, triple.early, triple.late] for triple in triples]
        counted = [[rate.total is not None and rate.n is not None for rate in row] for row in rates]
        n = [[rate.n or 0.0 for rate in row] for row in rates]
        total = [[rate.total if has else 0.0 for rate, has in zip(row, flags, strict=True)]
                 for row, flags in zip(rates, counted, strict=True)]  # fmt: skip
        logit = [[rate.logit for rate in row] for row in rates]
        precision = [[0.0 if has else 1 / float(rate.standard_error or 1) ** 2
                      for rate, has in zip(row, flags, strict=True)]
                     for row, flags in zip(rates, counted, strict=True)]  # fmt: skip
        return cls(*(np.array(one, dtype=float) for one in (n, total, logit, precision)))

    def likelihood(self, x: Any) -> tuple[Any, Any, Any]:
        """Log likelihood of true logits without constants; its first and negative second derivative."""
        import numpy as np

        rate = 1 / (1 + np.exp(-x))
        gap = x - self.logit
        value = self.n * x - self.total * np.logaddexp(0, x) - self.precision * gap**2 / 2
        slope = self.n - self.total * rate - self.precision * gap
        return value, slope, self.total * rate * (1 - rate) + self.precision


def marginals(points: Any, data: Data) -> Any:
    """Log marginal likelihood (point, pair), without constants, by Laplace's method."""
    import numpy as np

    mean, root = moments(points)
    shape = (len(points), len(data.n), 3)
    z = np.zeros(shape)
    for _ in range(_NEWTON_STEPS):
        _, slope, curve = data.likelihood(mean[:, None] + np.einsum("pij,pkj->pki", root, z))
        gradient = np.einsum("pij,pki->pkj", root, slope) - z
        hessian = np.eye(3) + np.einsum("pia,pki,pib->pkab", root, curve, root)
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        size = np.sqrt((step**2).sum(axis=-1, keepdims=True))
        z += step * np.minimum(1, 2 / np.maximum(size, 1e-12))
        if float(size.max()) < 1e-7:
            break
    value, _, curve = data.likelihood(mean[:, None] + np.einsum("pij,pkj->pki", root, z))
    hessian = np.eye(3) + np.einsum("pia,pki,pib->pkab", root, curve, root)
    return value.sum(axis=-1) - (z**2).sum(axis=-1) / 2 - np.linalg.slogdet(hessian)[1] / 2


def moments(points: Any) -> tuple[Any, Any]:
    """Means (point, end) and lower roots of the covariance (point, end, end) of the true logits."""
    import numpy as np

    m, log_s, mu, gamma, log_sigma, alpha, beta, log_tau = points.T
    s, sigma, tau = np.exp(log_s), np.exp(log_sigma), np.exp(log_tau)
    zero = np.zeros_like(m)
    mean = np.stack([m, m + mu, m + alpha + beta * mu], axis=-1)
    rows = [
        [s, zero, zero],
        [s + gamma * s, sigma, zero],
        [s + beta * gamma * s, beta * sigma, tau],
    ]
    return mean, np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
