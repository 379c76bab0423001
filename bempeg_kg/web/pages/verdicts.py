"""What forensics says about printed numbers, by the statement that prints them."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.examine import examine_graph, examine_trial
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

COLUMNS = ("verdict", "rule", "inputs", "working", "expected", "missing")
#: Kinds of statements that print numbers.
PRINTING = ("result", "contrast", "set")


def by_statement(kg: Graph, iri: str = "") -> dict[str, Table]:
    """Statement IRI -> what each rule found about it: verdict, rule, inputs, working, expected, missing.

    `iri`: judge only the trial of this statement.
    """
    if not iri:
        judged = examine_graph(kg.engine)
    elif kg.names.kind_of(iri) in PRINTING:
        trials = kg.select(f"SELECT ?trial {{ <{iri}> kg:trial ?trial }}").column("trial")
        judged = [verdict for trial in trials for verdict in examine_trial(kg.engine, str(trial))]
    else:
        judged = []
    verdicts: dict[str, list[list[object]]] = {}
    for verdict in judged:
        verdicts.setdefault(verdict.subject, []).append([getattr(verdict, name) or None for name in COLUMNS])
    return {subject: Table.of(COLUMNS, rows, names=kg.names) for subject, rows in verdicts.items()}
