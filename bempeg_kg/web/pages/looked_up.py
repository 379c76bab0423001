"""Labels, citations and pages of a large graph, looked up one by one: all of them fill a gigabyte."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import Literal

from bempeg_kg.graph.entities import node_of
from bempeg_kg.graph.graph import Graph

KEPT = 50_000
"""Values kept in memory; all are dropped when there are more."""


class LookedUp:
    """IRI -> text as a dictionary has it, read from the graph when first asked for."""

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._read = read
        self._kept: dict[str, str | None] = {}

    def get(self, iri: str, default: str = "") -> str:
        """The text of an IRI, else the default."""
        if iri not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[iri] = self._read(iri)
        value = self._kept[iri]
        return default if value is None else value

    def __contains__(self, iri: object) -> bool:
        return bool(self.get(str(iri)))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def items(self) -> list[tuple[str, str]]:
        """Nothing: a large graph is not searched through."""
        return []


class Entities:
    """IRIs of a programme that are the subject of a statement, looked up one by one."""

    def __init__(self, kg: Graph) -> None:
        self._kg = kg
        self._known = LookedUp(self._described)

    def _described(self, iri: str) -> str | None:
        node = node_of(iri) if iri.startswith(self._kg.names.base) else None
        return "yes" if node is not None and self._kg.engine.query(f"ASK {{ {node} a ?class }}") else None

    def __contains__(self, iri: object) -> bool:
        return iri in self._known

    def __iter__(self) -> Iterator[str]:
        base = Literal(self._kg.names.base)
        query = f"SELECT DISTINCT ?s {{ ?s a ?class FILTER(STRSTARTS(STR(?s), {base})) }}"
        return iter(self._kg.select(query).column("s"))


def label_of(kg: Graph, iri: str) -> str | None:
    """The label of an IRI, one without a language before others."""
    node = node_of(iri)
    if node is None:
        return None
    rows = kg.select(f"SELECT ?label {{ {node} rdfs:label ?label }} ORDER BY LANG(?label) DESC(?label)")
    return str(rows[0]["label"]) if rows.rows else None
