"""Registry records judged one by one, so that a bulk file needs no more memory than its largest record."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import NamedTuple

from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.verdicts import Verdict
from bempeg_kg.evidence.model import Evidence
from bempeg_kg.evidence.reading import evidence_of_nodes, evidence_of_trial
from bempeg_kg.evidence.record_nodes import nodes_of_study
from bempeg_kg.graph.graph import Graph
from bempeg_kg.registry.documents import studies_of
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.reader import Fault, read
from bempeg_kg.registry.record import Refused, registry_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Judged(NamedTuple):
    """A registry record with the verdicts on its numbers."""

    nct: str
    verdicts: list[Verdict]


def judge_records(path: str, kg: Graph) -> Iterator[Judged | Fault]:
    """The verdicts of each record of a file, a folder or `-`; a Fault for each that cannot be read.

    A trial that the graph has is judged with what the graph says of it. Raises InputError if there is nothing
    to read.
    """
    joins = Joins.of_engine(kg.engine, kg.names.base)
    for document in read(path):
        if isinstance(document, Fault):
            yield document
            continue
        for study in studies_of(document):
            yield study if isinstance(study, Fault) else _judged(*study, joins, kg)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause garbage collection, which takes a third of the time; a record makes no reference cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_paused()
def _judged(place: str, study: dict[str, Any], joins: Joins, kg: Graph) -> Judged | Fault:
    try:
        nct = registry_number(study)
        evidence = evidence_of_nodes(nodes_of_study(study, nct, joins))
    except Refused as refused:
        return Fault(place, refused.path, refused.message)
    known = joins.trials.get(nct)
    if known:
        evidence = _joined(evidence_of_trial(kg.engine, known), evidence)
    return Judged(nct, examine(evidence))


def _joined(graph: Evidence, record: Evidence) -> Evidence:
    """Both, with verdicts wanted on what the record states."""
    subjects = (record.results, record.contrasts, record.sets, record.trials)
    return Evidence(
        graph.results | record.results,
        graph.contrasts | record.contrasts,
        graph.sets | record.sets,
        {},
        record.trials,
        wanted=frozenset(iri for part in subjects for iri in part),
    )
