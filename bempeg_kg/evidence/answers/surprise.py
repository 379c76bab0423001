"""How surprising an early response count is, and its curve."""

from __future__ import annotations

from math import exp, hypot

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.facts import Facts, chance, fixed, named, percent, spaced
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.printed import number
from bempeg_kg.evidence.stats.intervals import Interval, clopper_pearson, wilson
from bempeg_kg.evidence.stats.shrinkage import Benchmark, logit, spread_of_logits
from bempeg_kg.evidence.stats.surprise import uncertain_tail, upper_tail
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_GRID = tuple(range(20, 61, 5))
_METHOD = "binomial upper tail"

_CAVEAT = (
    "The chance is that of the count if the true rate were the benchmark's and nothing had been selected; it "
    "is not the chance that the drug adds nothing. A benchmark from a later trial was not known at the time."
)


def how_surprising(kg: Graph, early: str, comparator: str, rate: Decimal | None = None) -> Table:
    """Columns: true_rate, what, n, N, denominator, chance, result, source, basis, method.

    Raises UsageError for a rate outside 0 to 100 percent.
    """
    if rate is not None and not 0 <= rate <= 100:
        raise UsageError(f"a rate of {rate} percent is not possible", cure="Give --rate from 0 to 100.")
    facts = Facts.of(kg)
    result = facts.result(early)
    rows = uncertain_rows(facts, result, comparator)
    for label, true_rate, about in _rates(facts, result, comparator, rate):
        for n, total, kind in denominators(facts, result):
            tail = upper_tail(n, total, true_rate / 100)
            sources = (about or result).sources
            rows.append(
                [
                    *(fixed(true_rate, 1), label, n, total, kind, chance(tail)),
                    named(about.iri if about else ""),
                    named(sources[0] if about and sources else ""),
                    about.basis if about else "derived",
                    _METHOD,
                ]
            )
    columns = ["true_rate", "what", "n", "N", "denominator", "chance", "result", "source", "basis", "method"]
    return Table.of(columns, rows, names=kg.names)


def uncertain_rows(facts: Facts, result: Result, comparator: str) -> list[list[object]]:
    """Rows for benchmarks that are not taken as exact: each with its own error and the spread between trials,
    and the mean of all."""
    outside = facts.outside_rates(result, {comparator})
    if len(outside) < 2:
        return []
    spread = spread_of_logits([rate for _, rate in outside])
    middle = sum(logit(rate) for _, rate in outside) / len(outside)
    mean, error = 1 / (1 + exp(-middle)), spread / len(outside) ** 0.5
    trials = " and ".join(f"{facts.trial_name(one.trial)} ({one.printed} %)" for one, _ in outside)
    told = f"mean of {trials}, with the spread between trials ({spread:.2f} on the logit scale)"
    cases: list[tuple[str, float, float, Result | None]] = []
    for one, rate in outside:
        own = _own_error(facts, one, rate)
        if own is not None:
            name = f"{facts.group_name(one.group)}, {facts.trial_name(one.trial)}"
            label = f"with its error and the spread between trials ({spread:.2f}): {name}"
            cases.append((label, rate, hypot(own, spread), one))
    cases.append((told, mean, hypot(error, spread), None))
    return [
        [
            *(fixed(100 * rate, 1), label, n, total, kind, chance(uncertain_tail(n, total, rate, error))),
            named(about.iri if about else ""),
            named(about.sources[0] if about and about.sources else ""),
            about.basis if about else "derived",
            "binomial upper tail over a logit-normal rate",
        ]
        for label, rate, error, about in cases
        for n, total, kind in denominators(facts, result)
    ]


def _own_error(facts: Facts, result: Result, rate: float) -> float | None:
    """Standard error of a rate on the logit scale, from its interval or its counts; None without either."""
    lower, upper = number(result.lower), number(result.upper)
    if lower is not None and upper is not None and result.level is not None:
        interval = Interval(lower / 100, upper / 100, result.level)
        return Benchmark.of_interval(rate, interval).standard_error
    counts = facts.counts(result)
    return Benchmark.of_counts(*counts).standard_error if counts and 0 < counts[0] < counts[1] else None


def denominators(facts: Facts, result: Result) -> list[tuple[int, int, str]]:
    """(n, N, kind) of a result over its own set, and over the larger sets that hold it, where those left out
    count as without response. Raises UsageError for a result without counts."""
    counts = facts.counts(result)
    if counts is None:
        raise UsageError(
            f"{facts.kg.names.shorten(result.iri)} has no n of N", cure="Choose a count of patients."
        )
    own = facts.evidence.sets.get(result.analysis_set)
    found = [(*counts, spaced(own.kind) if own else "as given")]
    found += [(counts[0], one.size or 0, spaced(one.kind)) for one in facts.holders(result)]
    return found


def _rates(
    facts: Facts, result: Result, comparator: str, rate: Decimal | None
) -> list[tuple[str, float, Result | None]]:
    """(label, rate in percent, result) of benchmarks, of their limits, and of the grid."""
    found: list[tuple[str, float, Result | None]] = []
    for one, kind in facts.benchmarks(result, {comparator}):
        name = f"{kind}: {facts.group_name(one.group)}, {facts.trial_name(one.trial)}"
        value = number(one.printed)
        if value is None:
            continue
        found.append((name, value, one))
        if one.lower and one.upper and one.level is not None:
            for limit, side in ((one.lower, "lower"), (one.upper, "upper")):
                bound = number(limit)
                if bound is not None:
                    found.append((f"{name}, {side} limit at {one.level:g} percent", bound, one))
    if rate is not None:
        found.append(("rate asked for", float(rate), None))
    return found + [("range of true rates", float(step), None) for step in _GRID]


def surprise_curve(kg: Graph, early: str) -> Table:
    """Columns: true_rate (percent), n, N, denominator, chance, basis, method."""
    facts = Facts.of(kg)
    rows = [
        [step, n, total, kind, chance(upper_tail(n, total, step / 100)), "derived", _METHOD]
        for n, total, kind in denominators(facts, facts.result(early))
        for step in range(101)
    ]
    return Table.of(["true_rate", "n", "N", "denominator", "chance", "basis", "method"], rows, names=kg.names)


def exact_intervals(kg: Graph, trial: str | None, level: Decimal) -> Table:
    """Columns: trial, group, what, n, N, n_basis (given, derived), percent, limits, level, result ..."""
    facts = Facts.of(kg, trial)
    rows = []
    for result in facts.evidence.wanted_results():
        is_asked = (result.is_share or result.is_count) and trial in (None, result.trial)
        counts = facts.counts(result) if is_asked else None
        if counts is None:
            continue
        limits = [
            percent(limit)
            for made in (clopper_pearson(*counts, float(level)), wilson(*counts, float(level)))
            for limit in (made.lower, made.upper)
        ]
        printed = f"{result.lower} to {result.upper} ({result.level:g})" if result.level is not None else None
        rows.append(
            [
                *(named(result.trial), facts.group_name(result.group), facts.what(result)),
                *(*counts, "given" if result.n is not None and not result.n_derived else "derived"),
                *(result.printed if result.is_share else percent(counts[0] / counts[1]), *limits, level),
                *(printed, named(result.iri)),
                *(named(result.sources[0] if result.sources else ""), result.basis),
            ]
        )
    columns = [
        "trial",
        "group",
        "what",
        "n",
        "N",
        "n_basis",
        "percent",
        "exact_lower",
        "exact_upper",
        "wilson_lower",
    ]
    columns += ["wilson_upper", "level", "printed", "result", "source", "basis"]
    return Table.of(columns, sorted(rows, key=lambda row: [str(cell) for cell in row[:4]]), names=kg.names)
