"""Labels of the IRIs in an answer, looked up as needed: the names of a whole registry take minutes."""

from __future__ import annotations

from pyoxigraph import NamedNode

from bempeg_kg.engines.engine import Engine
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: IRIs a query.
_BATCH = 500


def label_lookup(engine: Engine, table: Table) -> Callable[[str], str]:
    """The label of an IRI of a table, empty if it has none; those of a column are looked up together.

    Few columns are shown, and those that are not can hold thousands of IRIs.
    """
    labels: dict[str, str] = {}

    def label_of(iri: str) -> str:
        """The label of an IRI, looked up with the others of its column."""
        if iri not in labels:
            beside = _beside(table, iri) - labels.keys()
            labels.update({iri: ""} | dict.fromkeys(beside, "") | labels_of(engine, beside))
        return labels[iri]

    return label_of


def _beside(table: Table, iri: str) -> set[str]:
    """The IRIs of the first column that has this one; none where no column has it."""
    for place in range(len(table.columns)):
        column = {row[place] for row in table.rows}
        iris = {cell.value for cell in column if isinstance(cell, NamedNode)}
        if iri in iris:
            return iris
    return set()


def labels_of(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """IRI -> label, for those that have one; of several the first in order.

    A trial goes by its acronym, which is its registry number where it has none: its label can be a title.
    """
    listed = sorted(iris)
    labels: dict[str, str] = {}
    for start in range(0, len(listed), _BATCH):
        values = " ".join(f"<{iri}>" for iri in listed[start : start + _BATCH])
        answer = engine.query(
            f"SELECT ?s ?l ?a {{ VALUES ?s {{ {values} }} ?s rdfs:label ?l "
            f"OPTIONAL {{ ?s a <{VOCAB}Trial> OPTIONAL {{ ?s <{VOCAB}acronym> ?a }} }} }}"
        )
        for subject, label, acronym in getattr(answer, "rows", ()):
            name = (acronym or label).value
            labels[subject.value] = min(name, labels.get(subject.value, name))
    return labels
