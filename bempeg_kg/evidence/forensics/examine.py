"""All rules over a graph, over what files add to it, or over plain tables."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT, RULES, in_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad

    from bempeg_kg.checks.report import Finding
    from bempeg_kg.engines import Engine
    from bempeg_kg.evidence.forensics.verdicts import Verdict
    from bempeg_kg.evidence.records import Dossier
    from bempeg_kg.knowledge_graph import KnowledgeGraph

#: Suffixes of plain tables and of registry records; anything else is read as RDF.
TABLE_SUFFIXES = (".tsv", ".csv")
RECORD_SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", ".zip")


def examine(dossier: Dossier) -> list[Verdict]:
    """Every verdict on the subjects that a dossier asks for, gravest first."""
    from bempeg_kg.evidence.forensics.comparisons import examine_ratios
    from bempeg_kg.evidence.forensics.rules import examine_figures
    from bempeg_kg.evidence.forensics.whole import examine_together

    return in_order([*examine_figures(dossier), *examine_ratios(dossier), *examine_together(dossier)])


def examine_graph(engine: Engine) -> list[Verdict]:
    """Every verdict on a whole graph."""
    from bempeg_kg.evidence.reading import read_dossier

    return examine(read_dossier(engine))


def examine_files(kg: KnowledgeGraph, paths: Sequence[str]) -> list[Verdict]:
    """Every verdict on what files state: RDF, registry records, or plain tables (see `tables`).

    RDF and records are read together with the graph, so that they may speak of its trials and sets. Raises
    InputError for a file that cannot be read.
    """
    from bempeg_kg.evidence.forensics.tables import read_table

    tables = [path for path in paths if path.lower().endswith(TABLE_SUFFIXES)]
    verdicts = [verdict for path in tables for verdict in examine(read_table(path))]
    others = [path for path in paths if path not in tables]
    if others:
        verdicts += _examine_statements(kg, [quad for path in others for quad in _statements(kg, path)])
    return in_order(verdicts)


def _examine_statements(kg: KnowledgeGraph, added: list[Quad]) -> list[Verdict]:
    from bempeg_kg.engines.embedded import Embedded
    from bempeg_kg.evidence.reading import read_dossier

    engine = Embedded.of_quads([*kg.quads(), *added], kg.names)
    subjects = frozenset(str(getattr(quad.subject, "value", quad.subject)) for quad in added)
    return examine(read_dossier(engine, subjects))


def _statements(kg: KnowledgeGraph, path: str) -> list[Quad]:
    """Statements of an RDF file, or those that a registry record is mapped to."""
    import os
    import tempfile

    from bempeg_kg.content.load import parse_file

    if not path.lower().endswith(RECORD_SUFFIXES):
        return parse_file(path, "file://" + os.path.abspath(path))
    from bempeg_kg.registry.joins import Joins
    from bempeg_kg.registry.run import import_records

    with tempfile.TemporaryDirectory() as folder:
        mapped = os.path.join(folder, "records.nq")
        import_records([path], mapped, "nq", Joins.of_engine(kg.engine, kg.names.base))
        return parse_file(mapped, "file://" + os.path.abspath(path))


def findings(engine: Engine) -> Iterable[Finding]:
    """What `check` shows as information: impossible and inconsistent numbers of sources."""
    from bempeg_kg.checks.report import Finding

    for one in examine_graph(engine):
        if one.verdict in (IMPOSSIBLE, INCONSISTENT):
            yield Finding(
                check=one.rule,
                kind="forensics",
                severity="information",
                node=one.subject,
                message=f"{one.verdict}: {one.about}",
                details={"inputs": one.inputs, "working": one.working},
                cure=RULES[one.rule],
            )
