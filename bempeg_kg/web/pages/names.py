"""All that has a page, by its names: what a search goes through where no server answers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bempeg_kg.graph.entities import NAMING
from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.pages.cell import Cell
from bempeg_kg.web.pages.cells import Terms

FIRST = ("trial", "drug", "protein", "complex", "cell", "disease", "cohort", "arm", "source")
"""Kinds that are looked for most; the others follow by name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A page and the other names by which it is found."""

    cell: Cell
    names: str


def questions(kg: Graph) -> list[Named]:
    """The questions that are answered on a page, found by their tags as well."""
    return [
        Named(Cell(question.summary, f"/question/{question.name}"), " ".join((question.name, *question.tags)))
        for question in kg.questions
        if not question.live
    ]


def entities(kg: Graph, terms: Terms, omitted: Iterable[str]) -> dict[str, list[Named]]:
    """Kind -> its entities by label, with synonyms and identifiers; without the ``omitted`` kinds."""
    also: dict[str, list[str]] = {}
    query = f"SELECT ?s ?name {{ VALUES ?p {{ {NAMING} }} ?s ?p ?name }} ORDER BY ?s ?name"
    for row in kg.select(query):
        also.setdefault(row["s"], []).append(str(row["name"]))
    kinds: dict[str, list[Named]] = {}
    for iri in sorted(terms.entities):
        kind = kg.names.kind_of(iri)
        if kind and kind not in omitted:
            label = terms.label(iri)
            others = [name for name in dict.fromkeys(also.get(iri, [])) if name != label]
            kinds.setdefault(kind, []).append(Named(Cell(label, terms.href(iri)), " · ".join(others)))
    order = sorted(kinds, key=lambda kind: (FIRST.index(kind) if kind in FIRST else len(FIRST), kind))
    return {kind: sorted(kinds[kind], key=lambda one: one.cell.text.lower()) for kind in order}
