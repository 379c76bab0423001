"""How surprising an early response count is, and its curve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, hypot

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.facts import Facts, named, spaced
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.printed import number, usable_level
from bempeg_kg.evidence.rounding import chance, fixed
from bempeg_kg.evidence.stats.intervals import Interval
from bempeg_kg.evidence.stats.shrinkage import Benchmark, logit, spread_of_logits
from bempeg_kg.evidence.stats.surprise import averaged_tail, best_of, uncertain_tail, upper_tail
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.timecut import span
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_GRID = tuple(range(20, 61, 5))
_METHOD = "binomial upper tail"
#: Spreads of logits between trials that are shown where the spread itself is uncertain.
_SPREADS = (0.0, 0.15, 0.3, 0.45, 0.6)
#: Scale of the half-normal prior of the spread where it is averaged over.
_SCALE = 0.5
#: In the label of a disease that stands for any tumour.
ANY_TUMOUR = "solid tumour"
_COLUMNS = ["assumption", "true_rate", "what", "n", "denominator", "set_kind", "chance", "larger_denominator"]
_COLUMNS += ["larger_set_kind", "larger_chance", "firstPublic", "result", "source", "basis", "method"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """What the true rate is taken to be: a rate (fraction) whose logit has a normal error.

    `cohorts` above 1 asks for the best of so many, alike and independent; `averaged` holds (rate, error) of
    benchmarks where the spread between trials is averaged over.
    """

    kind: str
    what: str
    rate: float
    error: float = 0.0
    about: Result | None = None
    cohorts: int = 1
    averaged: tuple[tuple[float, float], ...] = ()

    def tail(self, n: int, total: int) -> float:
        """The chance of at least n of total."""
        if self.averaged:
            return best_of(averaged_tail(n, total, self.averaged, _SCALE), self.cohorts)
        return best_of(uncertain_tail(n, total, self.rate, self.error), self.cohorts)

    @property
    def method(self) -> str:
        """In words, with the formula for the best of several."""
        description = _METHOD
        if self.averaged:
            description += (
                f", rate and spread averaged over, half-normal prior of scale {_SCALE:g} for the spread"
            )
        elif self.error:
            description += " over a logit-normal rate"
        return description + (", 1 - (1 - p)^k" if self.cohorts > 1 else "")


def how_surprising(kg: Graph, early: str, comparator: str, rate: Decimal | None = None) -> Table:
    """Columns: assumption, true_rate, what, n, denominator, chance, the same over the largest set, source ...

    Raises UsageError for a rate outside 0 to 100 percent.
    """
    if rate is not None and not 0 <= rate <= 100:
        raise UsageError(f"a rate of {rate} percent is not possible", cure="Give --rate from 0 to 100.")
    facts = Facts.like(kg, early)
    result = facts.result(early)
    own, *larger = denominators(facts, result)
    rows = []
    for assumption in [*uncertain(facts, result, comparator), *_exact(facts, result, comparator, rate)]:
        largest = (
            [larger[-1][1], larger[-1][2], chance(assumption.tail(*larger[-1][:2]))] if larger else [None] * 3
        )
        about = assumption.about
        rows.append(
            [
                assumption.kind,
                fixed(100 * assumption.rate, 1),
                assumption.what,
                *own,
                chance(assumption.tail(*own[:2])),
                *largest,
                about.first_public or None if about else None,
                named(about.iri if about else ""),
                named(about.sources[0] if about and about.sources else ""),
                about.basis if about else "derived",
                assumption.method,
            ]
        )
    return Table.of(_COLUMNS, rows, names=kg.names)


def uncertain(facts: Facts, result: Result, comparator: str) -> list[Assumption]:
    """Assumptions that do not take a benchmark as exact: each with its own error and the spread between
    trials, the mean of all, the best of several cohorts, and the same over other spreads."""
    outside = facts.outside_rates(result, {comparator})
    sure = _with_errors(facts, result, outside)
    if len(outside) < 2:
        return _over_spreads(facts, sure)
    spread = spread_of_logits([rate for _, rate in outside])
    spread_name = f"the spread between trials, {spread:.2f}"
    assumptions = [
        replace(one, what=f"{one.what} and {spread_name}", error=hypot(one.error, spread)) for one in sure
    ]
    middle = sum(logit(rate) for _, rate in outside) / len(outside)
    trials = " and ".join(f"{facts.trial_name(one.trial)} ({one.printed} %)" for one, _ in outside)
    error = hypot(spread / len(outside) ** 0.5, spread)
    assumptions.append(
        Assumption("mean", f"mean of {trials}, with {spread_name}", 1 / (1 + exp(-middle)), error)
    )
    cohorts = named_cohorts(facts, result.trial)
    if cohorts > 1:
        best = f"the best of {cohorts} cohorts, alike and independent"
        assumptions += [
            replace(assumption, kind="best of", what=f"{best}: {assumption.what}", cohorts=cohorts)
            for assumption in assumptions
        ]
    return assumptions + _over_spreads(facts, sure)


def _with_errors(facts: Facts, early: Result, outside: list[tuple[Result, float]]) -> list[Assumption]:
    """Benchmarks whose own error is known, those with a printed interval first."""
    ranked = []
    for benchmark, rate in outside:
        lower, upper = number(benchmark.lower), number(benchmark.upper)
        name = _named(facts, benchmark, early)
        counts = facts.counts_over_set(benchmark)
        level = usable_level(benchmark.level)
        if lower is not None and upper is not None and level is not None:
            interval = Interval(lower / 100, upper / 100, level)
            error, place = Benchmark.of_interval(rate, interval).standard_error, 0
        elif counts and 0 < counts[0] < counts[1]:
            error, place = Benchmark.of_counts(*counts[:2]).standard_error, 1
            name += (
                f" ({counts[0]} of {counts[1]}, {counts[2].partition(':')[0]})" if "set" in counts[2] else ""
            )
        else:
            continue
        ranked.append(
            (place, Assumption("error and spread", f"{name}, with its error", rate, error, benchmark))
        )
    return [one for _, one in sorted(ranked, key=lambda case: case[0])]


def _over_spreads(facts: Facts, sure: list[Assumption]) -> list[Assumption]:
    """Each benchmark over some spreads between trials, and all of them averaged over the spread."""
    assumptions = [
        replace(
            one,
            kind="assumed spread",
            what=f"{one.what} and a spread between trials of {spread:g}",
            error=hypot(one.error, spread),
        )
        for one in sure
        for spread in _SPREADS
    ]
    if len(sure) > 1:
        trials = " and ".join(facts.trial_name(one.about.trial) for one in sure if one.about)
        rate = 1 / (1 + exp(-sum(logit(one.rate) for one in sure) / len(sure)))
        what = f"{trials} with their errors, averaged over the spread between trials"
        cases = tuple((one.rate, one.error) for one in sure)
        assumptions.append(Assumption("averaged spread", what, rate, averaged=cases))
    return assumptions


def named_cohorts(facts: Facts, trial: str) -> int:
    """Number of cohorts of a trial that are for one named tumour."""
    asked = facts.kg.ask("cohorts", trial=trial)
    cohorts = [str(cohort) for cohort in asked.column("cohort")]
    return sum(
        cohorts.count(cohort) == 1 and ANY_TUMOUR not in str(disease)
        for cohort, disease in zip(cohorts, asked.column("disease"), strict=True)
    )


def _named(facts: Facts, rate: Result, early: Result) -> str:
    """Group and trial of a benchmark; whether it was published only after the early result."""
    name = f"{facts.group_name(rate.group)}, {facts.trial_name(rate.trial)}"
    later = rate.first_public and early.first_public
    if later and span(rate.first_public)[0] > span(early.first_public)[1]:
        return f"{name} (published later)"
    return name


def denominators(facts: Facts, result: Result) -> list[tuple[int, int, str]]:
    """(n, N, kind) of a result over its own set, and over the larger sets that hold it, where those left out
    count as without response. Raises UsageError for a result without counts."""
    counts = facts.counts(result)
    if counts is None:
        raise UsageError(
            f"{facts.kg.names.shorten(result.iri)} has no n of N", cure="Choose a count of patients."
        )
    own = facts.evidence.sets.get(result.analysis_set)
    counted = [(*counts, spaced(own.kind) if own else "as given")]
    counted += [(counts[0], holder.size or 0, spaced(holder.kind)) for holder in facts.holders(result)]
    return counted


def _exact(facts: Facts, result: Result, comparator: str, rate: Decimal | None) -> list[Assumption]:
    """Rates taken as exact: the one asked for, benchmarks, their limits, and a range."""
    assumptions = [Assumption("asked for", "rate asked for", float(rate) / 100)] if rate is not None else []
    for benchmark, kind in facts.benchmarks(result, {comparator}):
        value = number(benchmark.printed)
        if value is None:
            continue
        exact = "taken as exact" if kind == "benchmark" else "post hoc"
        name = _named(facts, benchmark, result)
        what = f"{name}, taken as exact" if kind == "benchmark" else f"{name}, {kind}"
        assumptions.append(Assumption(exact, what, value / 100, about=benchmark))
        if benchmark.lower and benchmark.upper and benchmark.level is not None:
            for limit, side in ((benchmark.lower, "lower"), (benchmark.upper, "upper")):
                bound = number(limit)
                if bound is not None:
                    limit_name = f"{name}, {side} limit at {benchmark.level:g} percent"
                    assumptions.append(Assumption("limit", limit_name, bound / 100, about=benchmark))
    return assumptions + [Assumption("range", "range of true rates", step / 100) for step in _GRID]


def surprise_curve(kg: Graph, early: str) -> Table:
    """Columns: true_rate (percent), n, denominator, set_kind, chance, basis, method."""
    facts = Facts.like(kg, early)
    rows = [
        [fixed(step, 1), n, total, kind, chance(upper_tail(n, total, step / 100)), "derived", _METHOD]
        for n, total, kind in denominators(facts, facts.result(early))
        for step in range(101)
    ]
    return Table.of(
        ["true_rate", "n", "denominator", "set_kind", "chance", "basis", "method"], rows, names=kg.names
    )
