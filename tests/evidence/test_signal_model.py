"""The signal model against plain numpy: grids and simulation instead of Laplace's method and quadrature."""

from __future__ import annotations

import numpy as np
import pytest

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.signal_likelihood import Data, Rate, Triple, marginals
from bempeg_kg.evidence.stats.signal_model import best_of, fit, left_out, predict

#: m, log s, mu, gamma, log sigma, alpha, beta, log tau
TRUTH = np.array([-1.2, 0.0, 0.9, -0.2, np.log(0.6), 0.1, 0.6, np.log(0.4)])


def simulated(pairs: int, seed: int = 7) -> list[Triple]:
    """Pairs drawn from the model, with counts of usual sizes."""
    draw = np.random.default_rng(seed)
    m, s, mu, gamma = TRUTH[0], np.exp(TRUTH[1]), TRUTH[2], TRUTH[3]
    control = m + s * draw.standard_normal(pairs)
    excess = mu + gamma * (control - m) + np.exp(TRUTH[4]) * draw.standard_normal(pairs)
    gain = TRUTH[5] + TRUTH[6] * excess + np.exp(TRUTH[7]) * draw.standard_normal(pairs)

    def counted(logits: np.ndarray, sizes: np.ndarray) -> list[Rate]:
        counts = draw.binomial(sizes, 1 / (1 + np.exp(-logits)))
        return [Rate(n / total, float(n), float(total)) for n, total in zip(counts, sizes, strict=True)]

    early = counted(control + excess, draw.integers(20, 120, pairs))
    late = counted(control + gain, draw.integers(100, 400, pairs))
    other = counted(control, draw.integers(100, 400, pairs))
    return [
        Triple(e, one, c, str(place))
        for place, (e, one, c) in enumerate(zip(early, late, other, strict=True))
    ]


def by_grid(triple: Triple) -> float:
    """Log marginal likelihood of one pair at TRUTH: a sum over a grid of the three true logits."""
    points = np.linspace(-6, 6, 121)
    first, second, third = np.meshgrid(points, points, points, indexing="ij")
    control = TRUTH[0] + np.exp(TRUTH[1]) * first
    excess = TRUTH[2] + TRUTH[3] * np.exp(TRUTH[1]) * first + np.exp(TRUTH[4]) * second
    late = control + TRUTH[5] + TRUTH[6] * excess + np.exp(TRUTH[7]) * third
    log = -(first**2 + second**2 + third**2) / 2
    for rate, x in ((triple.control, control), (triple.early, control + excess), (triple.late, late)):
        if rate.total is None:
            log += -((x - np.log(rate.value / (1 - rate.value))) ** 2) / (2 * rate.standard_error**2)
        else:
            log += rate.n * x - rate.total * np.log1p(np.exp(x))
    cell = (points[1] - points[0]) ** 3 / (2 * np.pi) ** 1.5
    return float(log.max() + np.log(np.exp(log - log.max()).sum() * cell))


@pytest.mark.parametrize(
    "triple",
    [
        Triple(Rate(20 / 38, 20, 38), Rate(0.277, 27.7, 100), Rate(0.36, 36, 100)),
        Triple(Rate(1.0, 26, 26), Rate(0.83, 188, 226), Rate(0.72, 163, 226)),
        Triple(Rate(0.1, 1, 10), Rate(0.164, 50, 304), Rate(0.063, 19, 304)),
        Triple(Rate(0.35, standard_error=0.4), Rate(0.406, standard_error=0.12), Rate(0.0, 0, 90)),
    ],
)
def test_marginal_likelihood_is_that_of_a_grid(triple: Triple) -> None:
    made = marginals(TRUTH[None, :], Data.of([triple]))[0, 0]
    assert made == pytest.approx(by_grid(triple), abs=0.06)


def test_fit_finds_the_parameters_that_the_pairs_were_drawn_from() -> None:
    fitted = fit(simulated(300))
    errors = np.sqrt(np.diag(fitted.covariance))
    assert np.all(np.abs(fitted.parameters - TRUTH) < 3 * errors)
    assert errors[6] < 0.15


def test_intervals_hold_what_they_say_on_simulated_pairs() -> None:
    fitted = fit(simulated(300))
    chances = [
        predict(fitted, one.early, one.control.logit, one.late.total, point).below(one.late.logit)
        for one, point in left_out(fitted)
    ]
    inside = np.mean([0.05 <= chance <= 0.95 for chance in chances])
    half = np.mean([0.25 <= chance <= 0.75 for chance in chances])
    assert inside == pytest.approx(0.9, abs=0.05)
    assert half == pytest.approx(0.5, abs=0.08)


def test_prediction_is_that_of_weighted_draws() -> None:
    fitted = fit(simulated(300))
    m, _, mu, gamma, log_sigma, alpha, beta, log_tau = fitted.parameters
    control, draw = np.log(0.34 / 0.66), np.random.default_rng(3)
    excess = mu + gamma * (control - m) + np.exp(log_sigma) * draw.standard_normal(400_000)
    rate = 1 / (1 + np.exp(-(control + excess)))
    weights = rate**20 * (1 - rate) ** 18
    late = control + alpha + beta * excess + np.exp(log_tau) * draw.standard_normal(400_000)
    order = np.argsort(late)
    shares = np.cumsum(weights[order]) / weights.sum()
    belief = predict(fitted, Rate(20 / 38, 20, 38), control)
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        drawn = 1 / (1 + np.exp(-late[order][np.searchsorted(shares, share)]))
        assert belief.quantile(share) == pytest.approx(drawn, abs=0.012)


def test_one_newton_step_is_near_a_fit_without_the_pair() -> None:
    triples = simulated(40)
    fitted = fit(triples)
    for place in (0, 7, 19):
        one, point = left_out(fitted)[place]
        anew = fit(triples[:place] + triples[place + 1 :], fitted.parameters)
        quick = predict(fitted, one.early, one.control.logit, None, point).quantile(0.5)
        exact = predict(anew, one.early, one.control.logit).quantile(0.5)
        assert quick == pytest.approx(exact, abs=0.015)


def test_fit_is_the_same_each_time() -> None:
    triples = simulated(30)
    assert list(fit(triples).parameters) == list(fit(triples).parameters)


def test_best_of_lowers_a_rate_by_the_mean_of_the_largest() -> None:
    early = Rate(20 / 38, 20, 38)
    draw = np.random.default_rng(5).standard_normal((200_000, 4)).max(axis=1).mean()
    error = np.sqrt(1 / 20.5 + 1 / 18.5)
    logit = np.log(20.5 / 18.5) - draw * error
    assert best_of(early, 4).value == pytest.approx(1 / (1 + np.exp(-logit)), abs=0.002)
    assert best_of(early, 1).value == pytest.approx(20.5 / 39, abs=1e-6)


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(UsageError, match="9 pairs are too few"):
        fit(simulated(9))


@pytest.mark.parametrize(("value", "error"), [(1.2, 0.1), (0.0, 0.1), (0.5, None)])
def test_a_rate_that_cannot_be_is_refused(value: float, error: float | None) -> None:
    with pytest.raises(UsageError):
        Rate(value, standard_error=error)
