"""How likely the later design was to find what the early rate promised, and how surprising its outcome is."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.answers.shrinkage import asked_priors, benchmark_of, later_arms, priors
from bempeg_kg.evidence.answers.surprise import denominators
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.model import Contrast
from bempeg_kg.evidence.printed import number, usable_level
from bempeg_kg.evidence.rounding import chance, fixed, percent, written
from bempeg_kg.evidence.stats.design import assurance_of_rates, bits, power_of_hazards, power_of_rates
from bempeg_kg.evidence.stats.intervals import normal_quantile
from bempeg_kg.evidence.stats.shrinkage import Benchmark, Prior, predict_difference
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_COLUMNS = ["part", "what", "chance", "true_effect", "true_control", "unit", "sizes", "alpha", "alpha_from"]
_COLUMNS += ["bits", "statement", "source", "basis", "method"]
#: True gains over the benchmark (fractions) and true hazard ratios that the power is shown for.
_GAINS = (0.05, 0.10, 0.15, 0.20)
_RATIOS = (0.65, 0.70, 0.75, 0.80)
_USUAL_ALPHA = 0.05
_BINARY = "test of two proportions, variance pooled under no difference (Fleiss 2003), randomised sizes"
_AVERAGED = "that power averaged over the posterior and the benchmark's error and spread (O'Hagan 2005)"
_LOG_RANK = "Schoenfeld 1983, from the number of events"


def phase_3_power(
    kg: Graph,
    early: str,
    benchmark: str,
    comparator: str,
    late: str,
    alpha: Decimal | None = None,
    spread: Decimal | None = None,
    prior: str = "stated",
) -> Table:
    """Columns: part (power, assurance, predictive surprise), what, chance, true values, sizes, alpha ...

    Raises UsageError for an alpha that is none, and for a comparison whose arms have no known size.
    """
    facts = Facts.like(kg, early, [benchmark, late])
    result, contrast = facts.result(early), facts.evidence.contrasts.get(late)
    against = benchmark_of(facts, benchmark, comparator, spread, result)
    sizes, observed = later_arms(facts, late)
    if contrast is None or sizes is None:
        raise UsageError(
            f"{kg.names.shorten(late)} has no known number of patients in each arm",
            cure="Choose a randomised comparison whose arms have a size.",
        )
    design = _Design(facts, contrast, sizes, *_alpha(contrast, alpha))
    n, total, _ = denominators(facts, result)[0]
    beliefs = [*priors(against, None, None), *asked_priors(kg, prior, against, result)]
    rows = design.powers(against, n / total)
    rows += [design.assurance(belief, belief.update(n, total), against) for belief in beliefs]
    if observed is not None:
        rows += [design.surprise(belief, belief.update(n, total), against, observed) for belief in beliefs]
    rows += _hazards(facts, contrast)
    return Table.of(_COLUMNS, rows, names=kg.names)


class _Design:
    """The later comparison of response: its arms and its significance level."""

    def __init__(
        self, facts: Facts, contrast: Contrast, sizes: tuple[int, int], alpha: float, alpha_from: str
    ) -> None:
        self.facts, self.contrast, self.sizes, self.alpha, self.alpha_from = (
            facts,
            contrast,
            sizes,
            alpha,
            alpha_from,
        )

    def _row(
        self, kind: str, what: str, value: float, rates: tuple[float, float] | None, method: str
    ) -> list[object]:
        true = [percent(rate) for rate in rates] if rates else [None, None]
        seen = bits(value) if kind == "predictive surprise" and value > 0 else None
        level = [None, None] if kind == "predictive surprise" else [written(self.alpha), self.alpha_from]
        return [
            *(kind, what, chance(value), *true, "percent", "{} + {}".format(*self.sizes), *level),
            *(None if seen is None else fixed(seen, 1), named(self.contrast.iri)),
            *(named(self.contrast.sources[0] if self.contrast.sources else ""), "derived", method),
        ]

    def powers(self, against: Benchmark, early: float) -> list[list[object]]:
        """Power for the response rate if the early rate were true, and for some gains over the benchmark."""
        cases = [("the early rate at its word", early)]
        cases += [
            (f"{100 * gain:.0f} points above the benchmark", against.rate + gain)
            for gain in _GAINS
            if against.rate + gain < 1
        ]
        return [
            self._row(
                "power", what, power_of_rates(rate, against.rate, self.sizes, self.alpha),
                (rate, against.rate), _BINARY,
            )
            for what, rate in cases
            if 0 < rate < 1
        ]  # fmt: skip

    def assurance(self, before: Prior, after: Prior, against: Benchmark) -> list[object]:
        """The power averaged over what the early data leave open."""
        value = assurance_of_rates(after, against, self.sizes, self.alpha)
        return self._row(
            "assurance", f"prior {before.name}", value, (after.mean, against.rate), f"{_BINARY}; {_AVERAGED}"
        )

    def surprise(self, before: Prior, after: Prior, against: Benchmark, observed: float) -> list[object]:
        """The chance, after the early data, of a difference at or below the one that was observed."""
        below = predict_difference(after, against, self.sizes, observed).below or 0.0
        what = f"a difference of {100 * observed:+.1f} points or less, prior {before.name}"
        return self._row(
            "predictive surprise", what, below, None, "prior predictive; bits are -log2 of the chance"
        )


def _alpha(contrast: Contrast, asked: Decimal | None) -> tuple[float, str]:
    """The two-sided significance level and where it is from."""
    if asked is not None:
        return float(asked), "asked for"
    if contrast.alpha is not None:
        return contrast.alpha * (2 if contrast.alpha_sides == 1 else 1), "stated for the comparison"
    return _USUAL_ALPHA, "assumed: none is stated"


def _hazards(facts: Facts, like: Contrast) -> list[list[object]]:
    """Power of the same trial's hazard ratios whose alpha is stated, from events or what implies them."""
    rows = []
    for iri, contrast in sorted(facts.evidence.contrasts.items()):
        events = _events(contrast)
        if (
            (contrast.trial, contrast.measure) != (like.trial, "hazard-ratio")
            or contrast.alpha is None
            or events is None
        ):
            continue
        alpha, alpha_from = _alpha(contrast, None)
        name = facts.label(contrast.endpoint)
        how = "reported" if contrast.events else "implied by the interval, 4/SE^2"
        for ratio in _RATIOS:
            power = chance(power_of_hazards(ratio, events, alpha))
            what = f"{name}, a true hazard ratio of {ratio:.2f}"
            size = f"{events:.0f} events ({how})"
            source = named(contrast.sources[0] if contrast.sources else "")
            true = (fixed(ratio, 2), None, "hazard ratio")
            rows.append(
                [
                    "power",
                    what,
                    power,
                    *true,
                    size,
                    written(alpha),
                    alpha_from,
                    None,
                    named(iri),
                    source,
                    "derived",
                    _LOG_RANK,
                ]
            )
    return rows


def _events(contrast: Contrast) -> float | None:
    """Events of both arms: as reported, else 4 / SE^2 of the interval; None without either."""
    from math import log

    if contrast.events:
        return float(contrast.events)
    lower, upper = number(contrast.lower), number(contrast.upper)
    level = usable_level(contrast.level)
    if not lower or not upper or level is None or upper <= lower:
        return None
    error = log(upper / lower) / (2 * normal_quantile(level))
    return 4 / error**2
