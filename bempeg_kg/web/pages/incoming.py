"""The statements that lead to an entity, by the kind of what they state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
    #: how many more there are, of which nothing is listed
    left: int = 0

    @property
    def shown(self) -> list[Cell]:
        """The first of them."""
        return self.subjects[:LISTED]

    @property
    def folded(self) -> list[Cell]:
        """The others, which a reader unfolds."""
        return self.subjects[LISTED:]


@dataclass(slots=True)
class Leading:
    """Property, subject and class of what leads to a node; and what is left out, by property and kind."""

    table: Table
    left: dict[tuple[str, str], int] = field(default_factory=dict)


def statements_to(kg: Graph, node: NamedNode, shown: set[str]) -> Leading:
    """What leads to a node. In a large graph the first ``LISTED`` a kind, without those `shown`."""
    classes = "OPTIONAL { ?s a ?class }"
    if not kg.content.is_large:
        return Leading(kg.select(f"SELECT ?p ?s ?class {{ ?s ?p {node} {classes} }} ORDER BY ?p ?s ?class"))
    groups: dict[tuple[str, str], list[str]] = {}
    for prop, subject in kg.select(f"SELECT DISTINCT ?p ?s {{ ?s ?p {node} }}").rows:
        iri = str(getattr(subject, "value", ""))
        if isinstance(subject, NamedNode) and iri not in shown:
            key = (kg.names.shorten(prop.value), kg.names.kind_of(iri) or "")  # type: ignore[union-attr]
            groups.setdefault(key, []).append(iri)
    kept = dict.fromkeys(iri for iris in groups.values() for iri in sorted(iris)[:LISTED])
    values = " ".join(f"<{iri}>" for iri in kept)
    query = f"SELECT ?p ?s ?class {{ VALUES ?s {{ {values} }} ?s ?p {node} {classes} }} ORDER BY ?p ?s ?class"
    table = kg.select(query) if kept else Table(["p", "s", "class"], [], names=kg.names)
    return Leading(table, {key: len(iris) - LISTED for key, iris in groups.items() if len(iris) > LISTED})


def incoming(kg: Graph, terms: Terms, into: Leading, listed: set[str]) -> list[Incoming]:
    """Statements that lead here, by kind and property; without those that a table shows already."""
    table = into.table
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
        Incoming(
            kind,
            property_cell(kg, terms, name),
            sorted(subjects, key=lambda cell: cell.text.lower()),
            into.left.get((name, subjects[0].href.split("/")[1] if "/" in subjects[0].href else ""), 0),
        )
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
