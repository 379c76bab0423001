"""What gain is plausible after shrinkage, and its curve."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.answers.surprise import denominators
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.printed import number, read, usable_level
from bempeg_kg.evidence.rounding import chance, fixed, percent, written
from bempeg_kg.evidence.signal_prior import prior_from_pairs
from bempeg_kg.evidence.stats.intervals import Interval
from bempeg_kg.evidence.stats.shrinkage import (
    Benchmark,
    Prediction,
    Prior,
    excess,
    predict_difference,
    spread_of_logits,
)
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

#: Weights, in patients, of the priors shown beside each other when none is asked for.
_WEIGHTS = (20.0, 38.0, 100.0)
_METHOD = "beta-binomial; benchmark logit-normal with its sampling error and the spread between trials"

_CURVE = ["true_rate", "prior", "prior_density", "posterior_density", "basis", "method"]


def plausible_gain(
    kg: Graph,
    early: str,
    benchmark: str,
    comparator: str,
    late: str,
    prior_mean: Decimal | None = None,
    prior_weight: Decimal | None = None,
    spread: Decimal | None = None,
    prior: str = "stated",
) -> Table:
    """Columns: n, denominator, set_kind, the prior, the posterior, excess, prediction; percentages."""
    facts = Facts.like(kg, early, [benchmark, late])
    against = benchmark_of(facts, benchmark, comparator, spread, facts.result(early))
    sizes, observed = later_arms(facts, late)
    rows = []
    beliefs = [
        *priors(against, prior_mean, prior_weight),
        *asked_priors(kg, prior, against, facts.result(early)),
    ]
    for belief in beliefs:
        for n, total, kind in denominators(facts, facts.result(early)):
            after = belief.update(n, total)
            interval, gain = after.interval(), excess(after, against)
            row: list[object] = [n, total, kind, belief.name, percent(belief.mean), fixed(belief.weight, 0)]
            row += [percent(after.mean), percent(interval.lower), percent(interval.upper)]
            row += [percent(gain.mean), percent(gain.interval.lower), percent(gain.interval.upper)]
            row.append(chance(gain.above_zero))
            row += _predicted(
                predict_difference(after, against, sizes, observed) if sizes else None, observed
            )
            row += [
                percent(against.rate),
                fixed(against.spread, 2),
                written(95),
                named(benchmark),
                "derived",
                _METHOD,
            ]
            rows.append(row)
    columns = ["n", "denominator", "set_kind", "prior", "prior_mean", "prior_weight", "posterior_mean"]
    columns += ["posterior_lower", "posterior_upper", "excess_mean", "excess_lower", "excess_upper"]
    columns += ["chance_of_excess", "predicted_difference", "predicted_lower", "predicted_upper"]
    columns += ["observed_difference", "chance_at_or_below_observed", "benchmark_rate", "trial_spread"]
    columns += ["level", "benchmark", "basis", "method"]
    return Table.of(columns, rows, names=kg.names)


def _predicted(prediction: object, observed: float | None) -> list[object]:
    if not isinstance(prediction, Prediction):
        return [None] * 5
    limits = (percent(prediction.interval.lower), percent(prediction.interval.upper))
    return [
        percent(prediction.mean),
        *limits,
        percent(observed),
        None if prediction.below is None else chance(prediction.below),
    ]


def shrinkage_curve(
    kg: Graph,
    early: str,
    benchmark: str,
    comparator: str,
    prior_mean: Decimal | None = None,
    prior_weight: Decimal | None = None,
    prior: str = "stated",
) -> Table:
    """How each prior is drawn towards the early count, over true rates.

    Columns: true_rate (percent), prior (its name), prior_density, posterior_density (a percentage
    point), basis, method. Raises UsageError for what is no count and for a prior that is not known.
    """
    facts = Facts.like(kg, early, [benchmark])
    result = facts.result(early)
    against = benchmark_of(facts, benchmark, comparator, None, result)
    n, total, _ = denominators(facts, result)[0]
    rates = [step / 100 for step in range(1, 100)]
    rows = [
        [fixed(100 * rate, 1), belief.name, fixed(before / 100, 5), fixed(after / 100, 5), "derived", _METHOD]
        for belief in [*priors(against, prior_mean, prior_weight), *asked_priors(kg, prior, against, result)]
        for rate, before, after in zip(
            rates, belief.density(rates), belief.update(n, total).density(rates), strict=True
        )
    ]
    return Table.of(_CURVE, rows, names=kg.names)


def priors(against: Benchmark, mean: Decimal | None, weight: Decimal | None) -> list[Prior]:
    """The prior asked for; else the uniform one and some centred on the benchmark, side by side."""
    centre = float(mean) / 100 if mean is not None else against.rate
    weights = [float(weight)] if weight is not None else list(_WEIGHTS)
    centre_name = "as asked" if mean is not None else "the benchmark"
    centred = [
        Prior.centred(centre, one, f"centred on {centre_name}, worth {one:g} patients") for one in weights
    ]
    return centred if weight is not None else [Prior(1, 1, "uniform"), *centred]


def asked_priors(kg: Graph, prior: str, against: Benchmark, result: Result) -> list[Prior]:
    """The prior from the signal pairs where it is asked for, without those of the early trial's drugs."""
    return [prior_from_pairs(kg, against.rate, result.trial)] if prior == "pairs" else []


def benchmark_of(facts: Facts, iri: str, comparator: str, spread: Decimal | None, like: Result) -> Benchmark:
    """The benchmark with its own error, and the spread between the outside benchmarks of the comparator.

    Raises UsageError for a result without an interval with level and without counts.
    """
    result = facts.result(iri)
    ours, theirs = (facts.population(one.trial, one.group) for one in (like, result))
    if ours != theirs:
        others = ", ".join(
            facts.kg.names.shorten(one.iri) for one, _ in facts.outside_rates(like, {comparator})
        )
        raise UsageError(
            f"{facts.kg.names.shorten(iri)} is of {theirs or 'a population not stated'}, and the early "
            f"result of {ours or 'a population not stated'}: it is no benchmark for it",
            cure=f"Benchmarks of this disease are: {others}."
            if others
            else f"The graph holds no outside benchmark of {facts.label(comparator)} alone for this disease.",
        )
    outside = [rate for _, rate in facts.outside_rates(like, {comparator})]
    between = float(spread) if spread is not None else spread_of_logits(outside) if len(outside) > 1 else 0.0
    printed, counts = read(result.printed), facts.counts(result)
    lower, upper = number(result.lower), number(result.upper)
    level = usable_level(result.level)
    if printed is not None and lower is not None and upper is not None and level is not None:
        interval = Interval(lower / 100, upper / 100, level)
        return Benchmark.of_interval(float(printed.value) / 100, interval, between)
    if counts is not None:
        return Benchmark.of_counts(*counts, between)
    raise UsageError(
        f"{facts.kg.names.shorten(iri)} has neither an interval with its level nor n of N",
        cure="Choose a benchmark whose own uncertainty is known.",
    )


def later_arms(facts: Facts, contrast: str) -> tuple[tuple[int, int] | None, float | None]:
    """Sizes of the randomised arms of a comparison, and its observed difference of percentages (fraction)."""
    comparison = facts.evidence.contrasts.get(contrast)
    if comparison is None:
        raise UsageError(f"{facts.kg.names.shorten(contrast)} is not a comparison")
    first, second = facts.result(comparison.compared), facts.result(comparison.reference)
    sizes = (facts.evidence.largest(first), facts.evidence.largest(second))
    values = [number(one.printed) for one in (first, second)]
    observed = None if None in values else ((values[0] or 0) - (values[1] or 0)) / 100
    return (sizes[0], sizes[1]) if sizes[0] and sizes[1] else None, observed
