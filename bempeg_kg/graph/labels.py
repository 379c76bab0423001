"""Labels of the IRIs in an answer, looked up as needed: the names of a whole registry take minutes."""

from __future__ import annotations

from pyoxigraph import NamedNode

from bempeg_kg.engines.engine import Engine
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: IRIs a query.
_BATCH = 500


def labels_in(engine: Engine, table: Table) -> dict[str, str]:
    """IRI -> label, for each IRI in a table that has one."""
    iris = {cell.value for row in table.rows for cell in row if isinstance(cell, NamedNode)}
    return labels_of(engine, iris)


def label_lookup(engine: Engine, table: Table) -> Callable[[str], str]:
    """The label of an IRI of a table, empty if it has none; all are looked up when the first is wanted."""
    labels: dict[str, str] | None = None

    def label_of(iri: str) -> str:
        nonlocal labels
        if labels is None:
            labels = labels_in(engine, table)
        return labels.get(iri, "")

    return label_of


def labels_of(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """IRI -> label, for those that have one; of several the first in order."""
    listed = sorted(iris)
    labels: dict[str, str] = {}
    for start in range(0, len(listed), _BATCH):
        values = " ".join(f"<{iri}>" for iri in listed[start : start + _BATCH])
        answer = engine.query(f"SELECT ?s ?l {{ VALUES ?s {{ {values} }} ?s rdfs:label ?l }}")
        for subject, label in getattr(answer, "rows", ()):
            labels[subject.value] = min(label.value, labels.get(subject.value, label.value))
    return labels
