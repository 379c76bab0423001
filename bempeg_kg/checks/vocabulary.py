"""Three rules on the classes of subjects and values, for graphs on which their queries do not end.

`queries/rules/<name>.rq` says what each rule is; here it is asked of the classes that nodes have, once
for a combination of classes and property, instead of walking the class tree for each statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, Store

from bempeg_kg.checks.constraints import Term
from bempeg_kg.checks.statements import Node, Statements, key_of
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

    def __init__(self, engine: Embedded, statements: Statements) -> None:
        self._store: Store = engine.store
        self._statements = statements
        self._shorten = engine.names.shorten
        domains = _classes(engine, _DOMAINS)
        self._domains = {name: kinds for name, kinds in domains.items() if name.startswith(VOCAB)}
        self._ranges = {
            name: {kind for kind in kinds if kind.startswith(VOCAB)}
            for name, kinds in _classes(engine, _RANGES).items()
        }
        self._unions = _classes(engine, _UNIONS)
        references = _classes(engine, _REFERENCES).items()
        self._references = {
            name for name, kinds in references if any(kind.startswith(VOCAB) for kind in kinds)
        }
        self._references |= {VOCAB + name for name in _NAMED_LINKS}
        self._fits: dict[tuple[str, int | None], bool] = {}
        self._misses: dict[tuple[str, int], list[str]] = {}

    def rows(self, node: Node) -> Iterator[Row]:
        """What the rules find at a node."""
        kind = self._statements.kind(node.key)
        for name, values in node.properties.items():
            if not self._fits_domain(name, kind):
                yield Row("subject-of-wrong-class", node.key, {"property": self._shorten(name)})
            if name in self._references or name in self._ranges or name in self._unions:
                for value in values:
                    yield from self._of_value(node.key, name, value)

    def _fits_domain(self, name: str, kind: int | None) -> bool:
        if name not in self._domains:
            return True
        key = (name, kind)
        if key not in self._fits:
            held = frozenset() if kind is None else self._statements.kinds[kind]
            self._fits[key] = not self._domains[name].isdisjoint(held)
        return self._fits[key]

    def _of_value(self, node: str, name: str, value: Term) -> Iterable[Row]:
        if isinstance(value, Literal):
            return
        key = key_of(value)
        shown = {"property": self._shorten(name)}
        kind = self._statements.kind(key)
        if kind is not None:
            for expected in self._missed(name, kind):
                more = {"expected": self._shorten(expected)} if expected else {}
                yield Row("value-of-wrong-class", node, {**shown, "value": self._shorten(key), **more})
        if name in self._references and not self._statements.described(key) and self._is_missing(key, value):
            yield Row("dangling-reference", node, {**shown, "missing": self._shorten(key)})

    def _is_missing(self, key: str, value: Term) -> bool:
        """Whether an IRI is described nowhere, not even in a mapping or by what is derived."""
        if key.startswith(("_:", VOCAB)):
            return False
        return next(iter(self._store.quads_for_pattern(value, None, None)), None) is None  # type: ignore[arg-type]

    def _missed(self, name: str, kind: int) -> list[str]:
        """The classes that a property expects and a value of this kind has not; "" for a union of them."""
        key = (name, kind)
        if key not in self._misses:
            held = self._statements.kinds[kind]
            missed = sorted(self._ranges.get(name, set()) - held)
            if name in self._unions and self._unions[name].isdisjoint(held):
                missed.append("")
            self._misses[key] = missed
        return self._misses[key]


def _classes(engine: Embedded, query: str) -> dict[str, set[str]]:
    """Property -> the classes that a query gives."""
    found: dict[str, set[str]] = {}
    table = engine.query(query)
    assert isinstance(table, Table)
    for row in table.rows:
        found.setdefault(key_of(row[0]), set()).add(key_of(row[1]))
    return found
