"""Which printed numbers are impossible or disagree, and what a cut in time leaves out."""

from __future__ import annotations

from bempeg_kg.questions.library import Parameter, computed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from bempeg_kg.knowledge_graph import KnowledgeGraph
    from bempeg_kg.rdf.table import Table


@computed(
    "impossible-numbers",
    "Which printed numbers are arithmetically impossible or disagree?",
    description="Verdicts of the forensics, each with rule, inputs, working and source.",
    tags=["evidence", "forensics", "provenance"],
    parameters=[
        Parameter(
            "verdict",
            "string",
            allowed=["impossible", "inconsistent", "cannot tell", "consistent"],
            example="impossible",
            description="only this verdict; impossible and inconsistent if left out",
        ),
        Parameter("subject", "iri", example="claim:a048", description="only this result, contrast or claim"),
    ],
    caveat="A derived count or arm size is probable at best; it is never a reported fact.",
)
def impossible_numbers(kg: KnowledgeGraph, verdict: str | None = None, subject: str | None = None) -> Table:
    """Columns: verdict, rule, subject, about, inputs, working, expected, missing, source, basis."""
    from bempeg_kg.evidence.forensics.examine import examine_graph
    from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT, as_table

    wanted = (verdict,) if verdict else (IMPOSSIBLE, INCONSISTENT)
    if subject and not verdict:
        found = [one for one in examine_graph(kg.engine) if one.subject == subject]
    else:
        found = [
            one
            for one in examine_graph(kg.engine)
            if one.verdict in wanted and subject in (None, one.subject)
        ]
    table = as_table(found, kg.names)
    table.reason = "no printed number has such a verdict"
    return table


@computed(
    "known-by",
    "How much was public on a date, how much came later, and how much has no date that would tell?",
    description="Statements by kind, for the answers of --as-of.",
    tags=["lineage", "as-of", "provenance"],
    parameters=[
        Parameter("as_of", "date", default="2018-09-21", example="2019-08-01", description="the day"),
    ],
    caveat="A date counts with its precision; what is known only to its year counts once the year is over.",
)
def known_by(kg: KnowledgeGraph, as_of: date) -> Table:
    """Columns: kind, public_by_then, made_public_later, undetermined."""
    from bempeg_kg.graph.timecut import cut

    return cut(kg.quads(), as_of, kg.names.base).table(kg.names)
