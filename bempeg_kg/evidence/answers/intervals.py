"""Exact intervals of every count of patients."""

from __future__ import annotations

from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.rounding import percent, written
from bempeg_kg.evidence.stats.intervals import clopper_pearson, wilson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal


_COLUMNS = (
    "trial group what n denominator n_basis percent exact_lower exact_upper wilson_lower wilson_upper level "
    "printed interval_printed result source basis"
).split()


def exact_intervals(kg: Graph, trial: str | None, level: Decimal) -> Table:
    """Columns: trial, group, what, n, denominator, n_basis (given, derived), percent (of n), limits, level,
    printed and interval_printed (as the source prints the rate and its interval), result ...
    """
    facts = Facts.of(kg, trial)
    counted = {
        result.iri: counts
        for result in facts.evidence.wanted_results()
        if (result.is_share or result.is_count) and trial in (None, result.trial)
        if (counts := facts.counts(result)) is not None
    }
    limits_of = {counts: _limits(*counts, float(level)) for counts in set(counted.values())}
    rows = []
    for iri, counts in counted.items():
        result = facts.evidence.results[iri]
        interval = None
        if result.level is not None and result.lower and result.upper:
            interval = f"{result.lower} to {result.upper} ({result.level:g})"
        rows.append(
            [
                named(result.trial),
                facts.group_name(result.group),
                facts.what(result),
                *counts,
                "given" if result.n is not None and not result.n_derived else "derived",
                percent(counts[0] / counts[1]),
                *limits_of[counts],
                written(level),
                result.printed if result.is_share else None,
                interval,
                named(result.iri),
                named(result.sources[0] if result.sources else ""),
                result.basis,
            ]
        )
    return Table.of(_COLUMNS, sorted(rows, key=lambda row: [str(cell) for cell in row[:4]]), names=kg.names)


def _limits(n: int, total: int, level: float) -> list[Decimal | None]:
    """Limits of the exact interval and of Wilson's, as percentages."""
    intervals = clopper_pearson(n, total, level), wilson(n, total, level)
    return [percent(limit) for one in intervals for limit in (one.lower, one.upper)]
