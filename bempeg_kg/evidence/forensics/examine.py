"""All rules over a graph, over what files add to it, or over plain tables."""

from __future__ import annotations

from bempeg_kg.content.parse import parse_file
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.tables import read_table
from bempeg_kg.evidence.forensics.verdicts import Verdict, in_order
from bempeg_kg.evidence.reading import read_evidence
from bempeg_kg.graph.graph import Graph
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.run import import_records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

#: Suffixes of plain tables and of registry records; anything else is read as RDF.
TABLE_SUFFIXES = (".tsv", ".csv")
RECORD_SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", ".zip")


def examine_graph(engine: Engine) -> list[Verdict]:
    """Every verdict on a whole graph."""
    return examine(read_evidence(engine))


def examine_files(kg: Graph, paths: Sequence[str]) -> list[Verdict]:
    """Every verdict on what files state: RDF, registry records, or plain tables (see `tables`).

    RDF and records are read together with the graph, so that they may speak of its trials and sets. Raises
    InputError for a file that cannot be read.
    """
    tables = [path for path in paths if path.lower().endswith(TABLE_SUFFIXES)]
    verdicts = [verdict for path in tables for verdict in examine(read_table(path))]
    others = [path for path in paths if path not in tables]
    if others:
        verdicts += _examine_statements(kg, [quad for path in others for quad in _statements(kg, path)])
    return in_order(verdicts)


def _examine_statements(kg: Graph, added: list[Quad]) -> list[Verdict]:
    engine = Embedded.of_quads([*kg.quads(), *added], kg.names)
    subjects = frozenset(str(getattr(quad.subject, "value", quad.subject)) for quad in added)
    return examine(read_evidence(engine, subjects))


def _statements(kg: Graph, path: str) -> list[Quad]:
    """Statements of an RDF file, or those that a registry record is mapped to."""
    import os
    import tempfile

    if not path.lower().endswith(RECORD_SUFFIXES):
        return parse_file(path, "file://" + os.path.abspath(path))
    with tempfile.TemporaryDirectory() as folder:
        mapped = os.path.join(folder, "records.nq")
        import_records([path], mapped, "nq", Joins.of_engine(kg.engine, kg.names.base))
        return parse_file(mapped, "file://" + os.path.abspath(path))
