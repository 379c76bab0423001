"""What forensics says about printed numbers, by the statement that prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bempeg_kg.evidence.forensics.examine import examine_graph, examine_trial
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table

COLUMNS = ("verdict", "rule", "inputs", "working", "expected", "missing")
#: Kinds of statements that print numbers.
PRINTING = ("result", "contrast", "set")

Judge = Callable[[], dict[str, Table]]
"""Gives the verdicts on all statements, by their IRIs."""


def by_statement(kg: Graph) -> dict[str, Table]:
    """Statement IRI -> what each rule found about it: verdict, rule, inputs, working, expected, missing."""
    return {subject: table(rows, kg.names) for subject, rows in rows_by_statement(kg).items()}


def rows_by_statement(kg: Graph) -> dict[str, list[list[object]]]:
    """The same as plain rows, which travel from a worker as JSON."""
    verdicts: dict[str, list[list[object]]] = {}
    for verdict in examine_graph(kg.engine):
        verdicts.setdefault(verdict.subject, []).append([getattr(verdict, name) or None for name in COLUMNS])
    return verdicts


def table(rows: Iterable[Sequence[object]], names: Names) -> Table:
    """The verdicts on one statement as a table."""
    return Table.of(COLUMNS, rows, names=names)


def of_statement(kg: Graph, iri: str) -> Table | None:
    """The verdicts on one statement, for which only its trial is judged; None for none."""
    if kg.names.kind_of(iri) not in PRINTING:
        return None
    trials = kg.select(f"SELECT ?trial {{ <{iri}> kg:trial ?trial }}").column("trial")
    judged = [verdict for trial in trials for verdict in examine_trial(kg.engine, str(trial))]
    rows = [[getattr(one, name) or None for name in COLUMNS] for one in judged if one.subject == iri]
    return table(rows, kg.names) if rows else None
