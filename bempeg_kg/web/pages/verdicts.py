"""What forensics says about printed numbers, by the statement that prints them."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.examine import examine_graph
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

COLUMNS = ("verdict", "rule", "inputs", "working", "expected", "missing")


def by_statement(kg: Graph) -> dict[str, Table]:
    """Statement IRI -> what each rule found about it: verdict, rule, inputs, working, expected, missing."""
    verdicts: dict[str, list[list[object]]] = {}
    for verdict in examine_graph(kg.engine):
        verdicts.setdefault(verdict.subject, []).append([getattr(verdict, name) or None for name in COLUMNS])
    return {subject: Table.of(COLUMNS, rows, names=kg.names) for subject, rows in verdicts.items()}
