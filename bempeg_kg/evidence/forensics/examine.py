"""All rules over a graph, over what files add to it, or over tables."""

from __future__ import annotations

import os

from bempeg_kg.content.parse import parse_file
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.judgement import Judgement, Skipped, not_judged
from bempeg_kg.evidence.forensics.sheets import TABLE_SUFFIXES
from bempeg_kg.evidence.forensics.stream import judge_records
from bempeg_kg.evidence.forensics.tables import read_table
from bempeg_kg.evidence.forensics.verdicts import VERDICTS, Verdict, in_order
from bempeg_kg.evidence.reading import evidence_by_trial, evidence_of_trial, read_evidence
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.registry.reader import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pyoxigraph import Quad

#: Suffixes of registry records; anything that is neither a table nor records is read as RDF.
RECORD_SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", ".zip")


def examine_graph(engine: Engine) -> list[Verdict]:
    """Every verdict on a whole graph, gravest first.

    Only claims are held against results of several trials. Without any, trials are judged one by one: the
    results of a registry do not fit into memory.
    """
    if engine.query(f"ASK {{ ?claim a <{VOCAB}Claim> }}"):
        return examine(read_evidence(engine))
    return in_order(verdict for evidence in evidence_by_trial(engine) for verdict in examine(evidence))


def examine_trial(engine: Engine, trial: str) -> list[Verdict]:
    """Every verdict on the numbers of one trial, gravest first."""
    return examine(evidence_of_trial(engine, trial))


def judge_files(kg: Graph, paths: Sequence[str], keep: Collection[str] = VERDICTS) -> Judgement:
    """The verdicts on what files state: RDF, registry records, folders of these, or tables (see `tables`).

    RDF is read together with the graph, so that it may speak of its trials and sets. Records are judged one
    by one, a record of a trial of the graph with what the graph says of it. Only verdicts in `keep`
    are kept; all are counted. Raises InputError for a file that cannot be read.
    """
    judgement = Judgement(keep)
    for path in paths:
        if path.lower().endswith(TABLE_SUFFIXES):
            _judge_table(judgement, path)
        elif path.lower().endswith(RECORD_SUFFIXES) or path == "-" or os.path.isdir(path):
            _judge_records(judgement, kg, path)
    rdf = [path for path in paths if _is_rdf(path)]
    if rdf:
        quads = [quad for path in rdf for quad in parse_file(path, "file://" + os.path.abspath(path))]
        judgement.add(_examine_statements(kg, quads))
    return judgement.finish()


def _is_rdf(path: str) -> bool:
    return (
        not path.lower().endswith((*TABLE_SUFFIXES, *RECORD_SUFFIXES))
        and path != "-"
        and not os.path.isdir(path)
    )


def _judge_table(judgement: Judgement, path: str) -> None:
    evidence, skipped = read_table(path)
    verdicts = examine(evidence)
    judgement.add(verdicts)
    judged = {verdict.subject for verdict in verdicts} | _halves(verdicts)
    judgement.skipped += skipped + not_judged(evidence, judged, path)


def _halves(verdicts: list[Verdict]) -> set[str]:
    """The two rows of each comparison of rows that was judged."""
    return {
        part for verdict in verdicts for part in verdict.subject.split(" against ") if part != verdict.subject
    }


def _judge_records(judgement: Judgement, kg: Graph, path: str) -> None:
    for one in judge_records(path, kg):
        if isinstance(one, Fault):
            judgement.skipped.append(
                Skipped(one.place, "", one.message + (f" at {one.path}" if one.path else ""))
            )
        else:
            judgement.records += 1
            judgement.add(one.verdicts)


def _examine_statements(kg: Graph, added: list[Quad]) -> list[Verdict]:
    engine = Embedded.of_quads([*kg.quads(), *added], kg.names)
    subjects = frozenset(str(getattr(quad.subject, "value", quad.subject)) for quad in added)
    return examine(read_evidence(engine, subjects))
