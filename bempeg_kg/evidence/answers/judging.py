"""Which printed numbers are impossible or disagree, and what a cut in time leaves out."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.examine import examine_graph
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT, as_table
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.timecut import cut
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date


def impossible_numbers(kg: Graph, verdict: str | None = None, subject: str | None = None) -> Table:
    """Columns: verdict, rule, subject, about, inputs, working, expected, missing, source, basis."""
    wanted = (verdict,) if verdict else (IMPOSSIBLE, INCONSISTENT)
    if subject and not verdict:
        verdicts = [one for one in examine_graph(kg.engine) if one.subject == subject]
    else:
        verdicts = [
            one
            for one in examine_graph(kg.engine)
            if one.verdict in wanted and subject in (None, one.subject)
        ]
    table = as_table(verdicts, kg.names)
    table.reason = "no printed number has such a verdict"
    return table


def known_by(kg: Graph, as_of: date) -> Table:
    """Columns: kind, public_by_then, made_public_later, undetermined."""
    return cut(kg.quads(), as_of, kg.names.base).table(kg.names)
