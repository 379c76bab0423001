"""The statements that lead to an entity, by the kind of what they state."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import NamedNode

from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages.cell import Cell
from bempeg_kg.web.pages.cells import Terms

LISTED = 60
"""Statements of a kind that stand open; more fold away."""

_HIDDEN = ("owl:annotatedSource", "owl:annotatedTarget")
"""Mappings name what they map by these; "Elsewhere" says the same."""


@dataclass(slots=True)
class Incoming:
    """Statements of one kind that point here by one property."""

    kind: str
    name: Cell
    subjects: list[Cell]

    @property
    def shown(self) -> list[Cell]:
        """The first of them."""
        return self.subjects[:LISTED]

    @property
    def folded(self) -> list[Cell]:
        """The others, which a reader unfolds."""
        return self.subjects[LISTED:]


def incoming(kg: Graph, terms: Terms, table: Table, listed: set[str]) -> list[Incoming]:
    """Statements that lead here, by kind and property; without those that a table shows already."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    classes: dict[tuple[str, Term], set[str]] = {}
    for leads, start, kind_of_start in table.rows:
        key = (kg.names.shorten(leads.value), start)  # type: ignore[union-attr]
        classes.setdefault(key, set())
        if isinstance(kind_of_start, NamedNode):
            classes[key].add(kind_of_start.value)
    statements = [
        (name, start, min(terms.narrowest(kinds), default="")) for (name, start), kinds in classes.items()
    ]
    citing = {subject for name, subject, _ in statements if name == "kg:source"}
    for predicate, subject, narrowest in statements:
        if not isinstance(subject, NamedNode) or predicate in _HIDDEN:
            continue
        if predicate == "kg:derivedFrom" and subject in citing:
            continue  # the source to cite is one of those that a statement rests on
        cell = terms.node(subject.value)
        kind = terms.label(narrowest) if narrowest else "statement"
        if cell.href not in listed:
            groups.setdefault((kind, predicate), []).append(cell)
    return [
        Incoming(kind, property_cell(kg, terms, name), sorted(subjects, key=lambda cell: cell.text.lower()))
        for (kind, name), subjects in sorted(groups.items())
    ]


def taken(groups: list[Incoming], prefixes: list[str], terms: Terms) -> list[Incoming]:
    """Take out the groups that are of these kinds, and give them in the order of the kinds."""
    taken = []
    for prefix in prefixes:
        path = "/" + prefix.removeprefix(terms.base)
        taken += [
            group
            for group in groups
            if group.subjects[0].href.startswith(path) and group.name.title == "kg:trial"
        ]
    groups[:] = [group for group in groups if group not in taken]
    return taken


def property_cell(kg: Graph, terms: Terms, curie: str) -> Cell:
    """A property by its label, else by its name as words."""
    iri = kg.names.expand(curie)
    name = terms.labels.get(iri) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", curie.partition(":")[2]).lower()
    return Cell(name, terms.href(iri), curie, outside=not iri.startswith(kg.names.prefixes["kg"]))
