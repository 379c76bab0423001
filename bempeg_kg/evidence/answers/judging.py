"""Which printed numbers are impossible or disagree, and what a cut in time leaves out."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.examine import examine_graph, examine_trial
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT, VERDICTS, Verdict, as_table
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.timecut import cut
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date


def impossible_numbers(
    kg: Graph, verdict: str | None = None, subject: str | None = None, trial: str | None = None
) -> Table:
    """Columns: verdict, rule, subject, about, inputs, working, expected, missing, source, basis."""
    default = VERDICTS if subject else (IMPOSSIBLE, INCONSISTENT)
    wanted = (verdict,) if verdict else default
    verdicts = [
        one
        for one in _examined(kg, trial, subject)
        if one.verdict in wanted and subject in (None, one.subject)
    ]
    table = as_table(verdicts, kg.names)
    table.reason = "no printed number has such a verdict"
    return table


def _examined(kg: Graph, trial: str | None, subject: str | None) -> list[Verdict]:
    """The verdicts on a graph, or on what states a trial; of a large graph only the trials asked for."""
    if kg.content.is_large and (trial or subject):
        of_subject = kg.select(f"SELECT DISTINCT ?t {{ <{subject}> kg:trial ?t }}").column("t")
        return [one for each in ([trial] if trial else of_subject) for one in examine_trial(kg.engine, each)]
    examined = examine_graph(kg.engine)
    if not trial:
        return examined
    about = kg.select(f"SELECT ?s {{ ?s (kg:trial|kg:concerns/kg:trial) <{trial}> }}").column("s")
    return [one for one in examined if one.subject in set(about)]


def known_by(kg: Graph, as_of: date) -> Table:
    """Columns: kind, public_by_then, made_public_later, undetermined."""
    return cut(kg.quads(), as_of, kg.names.base).table(kg.names)
