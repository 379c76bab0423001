"""Three rules on the classes of subjects and values, for graphs on which their queries do not end.

`queries/rules/<name>.rq` says what each rule is; here it is asked of the classes that nodes have, once
for a combination of classes and property, instead of walking the class tree for each statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Literal

from bempeg_kg.checks.constraints import Term
from bempeg_kg.checks.statements import NO_KIND, Kind, Kinds, Node, key_of
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.table import Table

#: Rules that are judged here.
NAMES = ("dangling-reference", "subject-of-wrong-class", "value-of-wrong-class")
_NAMED_LINKS = ("concerns", "conflictsWith", "supersedes", "derivedFrom")
_DOMAINS = """
SELECT ?property ?class WHERE {
  { ?property rdfs:domain ?class }
  UNION { ?property rdfs:domain/owl:unionOf/rdf:rest*/rdf:first ?class }
  UNION { ?property rdfs:domain/owl:equivalentClass/owl:unionOf/rdf:rest*/rdf:first ?class }
  UNION {
    ?property rdfs:domain/owl:unionOf/rdf:rest*/rdf:first ?part .
    ?part owl:equivalentClass/owl:unionOf/rdf:rest*/rdf:first ?class
  }
}"""
_RANGES = """
SELECT ?property ?class WHERE { ?property a owl:ObjectProperty ; rdfs:range ?class FILTER(isIRI(?class)) }"""
_UNIONS = """
SELECT ?property ?class WHERE {
  ?property a owl:ObjectProperty ; rdfs:range/owl:unionOf/rdf:rest*/rdf:first ?class
}"""
_REFERENCES = (
    "SELECT ?property ?class WHERE { ?property rdfs:range/(owl:unionOf/rdf:rest*/rdf:first)? ?class }"
)


class Row(NamedTuple):
    """What a rule finds: its name, the node, and the other columns of its query."""

    rule: str
    node: str
    details: dict[str, str]


class ClassRules:
    """The rules over one content: what properties demand, and which combinations were judged already."""

    def __init__(self, engine: Embedded, kinds: Kinds) -> None:
        self._kinds = kinds
        self._shorten = engine.names.shorten
        domains = _classes(engine, _DOMAINS)
        self._domains = {name: classes for name, classes in domains.items() if name.startswith(VOCAB)}
        self._ranges = {
            name: {kind for kind in classes if kind.startswith(VOCAB)}
            for name, classes in _classes(engine, _RANGES).items()
        }
        self._unions = _classes(engine, _UNIONS)
        references = _classes(engine, _REFERENCES).items()
        self._references = {
            name for name, classes in references if any(kind.startswith(VOCAB) for kind in classes)
        }
        self._references |= {VOCAB + name for name in _NAMED_LINKS}
        self._linking = self._references | self._ranges.keys() | self._unions.keys()
        self._of_shape: dict[tuple[Kind, tuple[str, ...]], tuple[list[str], list[str]]] = {}
        self._misses: dict[tuple[str, Kind], list[str]] = {}

    def rows(self, node: Node, here: Mapping[str, Kind]) -> Iterator[Row]:
        """What the rules find at a node; `here` are the classes that its file states of its nodes."""
        misfits, links = self._shape(here.get(node.key, NO_KIND), tuple(node.properties))
        for name in misfits:
            whole = self._kinds.stored(node.key) | here.get(node.key, NO_KIND)
            if self._domains[name].isdisjoint(whole):
                yield Row("subject-of-wrong-class", node.key, {"property": self._shorten(name)})
        for name in links:
            for value in node.properties[name]:
                yield from self._of_value(node.key, name, value, here)

    def _shape(self, kind: Kind, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Of the properties of a node: those that its classes do not fit, and those whose values count."""
        found = self._of_shape.get((kind, names))
        if found is None:
            misfits = [
                name for name in names if name in self._domains and self._domains[name].isdisjoint(kind)
            ]
            found = misfits, [name for name in names if name in self._linking]
            self._of_shape[kind, names] = found
        return found

    def _of_value(self, node: str, name: str, value: Term, here: Mapping[str, Kind]) -> Iterable[Row]:
        if isinstance(value, Literal):
            return
        key = key_of(value)
        kind = here.get(key)
        if kind and not self._missed(name, kind):
            return
        kind = (kind or NO_KIND) | self._kinds.stored(key)
        if kind:
            for expected in self._missed(name, kind):
                more = {"expected": self._shorten(expected)} if expected else {}
                shown = {"property": self._shorten(name), "value": self._shorten(key)}
                yield Row("value-of-wrong-class", node, {**shown, **more})
        elif name in self._references and key not in here and self._is_missing(key):
            shown = {"property": self._shorten(name), "missing": self._shorten(key)}
            yield Row("dangling-reference", node, shown)

    def _is_missing(self, key: str) -> bool:
        """Whether an IRI is described nowhere, not even in a mapping or by what is derived."""
        return not key.startswith(("_:", VOCAB)) and not self._kinds.described(key)

    def _missed(self, name: str, kind: Kind) -> list[str]:
        """The classes that a property expects and a value of this kind has not; "" for a union of them."""
        missed = self._misses.get((name, kind))
        if missed is None:
            missed = sorted(self._ranges.get(name, set()) - kind)
            if name in self._unions and self._unions[name].isdisjoint(kind):
                missed.append("")
            self._misses[name, kind] = missed
        return missed


def _classes(engine: Embedded, query: str) -> dict[str, set[str]]:
    """Property -> the classes that a query gives."""
    found: dict[str, set[str]] = {}
    table = engine.query(query)
    assert isinstance(table, Table)
    for row in table.rows:
        found.setdefault(key_of(row[0]), set()).add(key_of(row[1]))
    return found
