"""What an early rate can be over all treated, whatever those who were not evaluated had shown."""

from __future__ import annotations

from bempeg_kg.evidence.answers.surprise import denominators, uncertain
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.rounding import chance, percent, written
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

_COLUMNS = [
    "case",
    "n",
    "denominator",
    "percent",
    "exact_lower",
    "exact_upper",
    "level",
    "chance",
    "chance_is",
]
_COLUMNS += ["set_kind", "result", "source", "basis", "method"]
#: Most patients without evaluation that get a row each; beyond, only none and all of them.
_MOST = 20


def response_bounds(kg: Graph, early: str, comparator: str) -> Table:
    """Columns: case, n, denominator, percent, exact limits, chance of as many if the drug adds nothing ...

    One row for each number of the patients without evaluation who may have responded, over the largest set
    that holds the result's own.
    """
    facts = Facts.like(kg, early)
    result = facts.result(early)
    (n, evaluated, _), *larger = denominators(facts, result)
    table = Table.of(_COLUMNS, [], names=kg.names)
    table.reason = "no larger set of known size holds the patients of this result"
    if not larger or larger[-1][1] <= evaluated:
        return table
    _, total, kind = larger[-1]
    missing = total - evaluated
    shares = range(missing + 1) if missing <= _MOST else (0, missing)
    usual = next(iter(uncertain(facts, result, comparator)), None)
    rows = []
    for more in shares:
        exact = clopper_pearson(n + more, total)
        tail = (chance(usual.tail(n + more, total)), usual.what) if usual else (None, None)
        rows.append(
            [
                f"{more} of the {missing} without evaluation responded",
                *(n + more, total, percent((n + more) / total)),
                *(percent(exact.lower), percent(exact.upper), written(95), *tail, kind, named(result.iri)),
                *(named(result.sources[0] if result.sources else ""), "derived"),
                "Clopper-Pearson; binomial upper tail over a logit-normal rate",
            ]
        )
    return Table.of(_COLUMNS, rows, names=kg.names)
