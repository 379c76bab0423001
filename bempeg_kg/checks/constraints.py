"""The part of SHACL Core that `ontology/shapes.ttl` uses, compiled to functions over one node at a time.

pyshacl judges a graph of rdflib, which holds neither in memory nor in a minute what a folder of registry
records states; the tests hold the two to the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from bempeg_kg.errors import InputError

Term = NamedNode | BlankNode | Literal
#: What is stated of a node: property -> values.
Properties = dict[str, list[Term]]
#: What a shape finds at a node: (path or "", value or None).
Result = tuple[str, Term | None]
Constraint = Callable[[Term, Properties], Iterator[Result]]

_SH = "http://www.w3.org/ns/shacl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset(
    _XSD + name for name in ("integer", "decimal", "double", "float", "nonNegativeInteger", "int")
)
_COUNTS = frozenset({"minCount", "maxCount"})
_GROUPS = frozenset({"or", "and", "not", "xone", "property"})
#: What says nothing about conformance.
_ABOUT = frozenset({"path", "name", "description", "message", "severity", "targetClass", "targetSubjectsOf"})


class Shape:
    """One shape: its targets, and what it finds at a node."""

    def __init__(self, graph: Any, iri: str) -> None:
        from rdflib import URIRef

        self.iri = iri
        node = URIRef(iri)
        self.classes = _texts(graph, node, "targetClass")
        self.subjects_of = _texts(graph, node, "targetSubjectsOf")
        #: whether the numbers of values decide alone, and not what they are
        self.counts_alone = _counts_alone(graph, node)
        self.results = _compiled(graph, node)


def _counts_alone(graph: Any, node: Any) -> bool:
    names = {name for name, _ in _constraints(graph, node)}
    inner = [part for name, part in _constraints(graph, node) if name in _GROUPS]
    return names <= _COUNTS | _GROUPS and all(
        _counts_alone(graph, part) for found in inner for part in _members(graph, found)
    )


def _compiled(graph: Any, node: Any) -> Constraint:
    """The function of a shape: of its constraints on the node itself, or on the values of its path."""
    path = _path(graph, node)
    tests = [_constraint(graph, name, value, path) for name, value in sorted(_constraints(graph, node))]

    def results(focus: Term, properties: Properties) -> Iterator[Result]:
        """The results of every test, one after the other."""
        for test in tests:
            yield from test(focus, properties)

    return results


def _constraint(graph: Any, name: str, value: Any, path: list[str]) -> Constraint:
    where = path[0] if len(path) == 1 else ""
    if name in _COUNTS:
        return _count(name, int(value), path, where)
    if name in ("lessThanOrEquals", "disjoint"):
        return _pair(name, str(value), path, where)
    if name == "hasValue":
        return _has_value(_term(value), path, where)
    if name == "property":
        return _compiled(graph, value)
    test = _group_test(graph, name, value) if name in _GROUPS else _value_test(graph, name, value)

    def results(focus: Term, properties: Properties) -> Iterator[Result]:
        """A result for each value that fails the test."""
        for term in _values(properties, path) if path else (focus,):
            if not test(term, properties):
                yield where, term

    return results


def _count(name: str, number: int, path: list[str], where: str) -> Constraint:
    def results(_focus: Term, properties: Properties) -> Iterator[Result]:
        """A result where the values are too few or too many."""
        held = sum(len(properties.get(one, ())) for one in path)
        if held < number if name == "minCount" else held > number:
            yield where, None

    return results


def _pair(name: str, other: str, path: list[str], where: str) -> Constraint:
    def results(_focus: Term, properties: Properties) -> Iterator[Result]:
        """A result for each value that is shared, or not below, the values of the other property."""
        others = properties.get(other, ())
        for value in _values(properties, path):
            if name == "disjoint":
                if value in others:
                    yield where, value
            elif not all(_at_most(value, second) for second in others):
                yield where, value

    return results


def _has_value(wanted: Term, path: list[str], where: str) -> Constraint:
    def results(_focus: Term, properties: Properties) -> Iterator[Result]:
        """A result where the wanted value is missing."""
        if wanted not in _values(properties, path):
            yield where, None

    return results


def _group_test(graph: Any, name: str, value: Any) -> Callable[[Term, Properties], bool]:
    parts = [_compiled(graph, part) for part in _members(graph, value)]

    def conforms(one: Term, properties: Properties) -> bool:
        """Whether a node meets the parts as sh:not, sh:or, sh:and or sh:xone asks."""
        right = sum(next(part(one, properties), None) is None for part in parts)
        if name == "not":
            return right == 0
        return {"or": right > 0, "and": right == len(parts), "xone": right == 1}[name]

    return conforms


def _value_test(graph: Any, name: str, value: Any) -> Callable[[Term, Properties], bool]:
    """A test of one value. Raises InputError for a constraint that is not among those of the shapes file."""
    text = str(value)
    if name == "pattern":
        found = re.compile(text).search
        return lambda term, _: not isinstance(term, BlankNode) and found(term.value) is not None
    if name == "in":
        allowed = {_term(item) for item in graph.items(value)}
        return lambda term, _: term in allowed
    if name == "datatype":
        return lambda term, _: isinstance(term, Literal) and term.datatype.value == text and _is_valid(term)
    if name == "nodeKind" and text == _SH + "IRI":
        return lambda term, _: isinstance(term, NamedNode)
    if name in ("minInclusive", "maxInclusive", "maxExclusive"):
        return lambda term, _: _within(name, _number(term), float(text))
    raise InputError(f"the check cannot judge sh:{name}", cure="Use a constraint that other shapes use.")


def _within(name: str, number: float | None, limit: float) -> bool:
    if number is None:
        return False
    return {"minInclusive": number >= limit, "maxInclusive": number <= limit, "maxExclusive": number < limit}[
        name
    ]


def _at_most(one: Term, other: Term) -> bool:
    first, second = _number(one), _number(other)
    return first is not None and second is not None and first <= second


def _number(term: Term) -> float | None:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        return float(term.value)
    except ValueError:
        return None


def _is_valid(literal: Literal) -> bool:
    """Whether a date exists; the other datatypes of the shapes have a pattern beside them."""
    if literal.datatype.value != _XSD + "date":
        return True
    try:
        date.fromisoformat(literal.value[:10])
    except ValueError:
        return False
    return True


def _values(properties: Properties, path: list[str]) -> list[Term]:
    if len(path) == 1:
        return properties.get(path[0], [])
    return [value for one in path for value in properties.get(one, ())]


def _path(graph: Any, node: Any) -> list[str]:
    """The properties of a path: one, or the alternatives; empty for a shape of the node itself."""
    path = graph.value(node, _named("path"))
    if path is None:
        return []
    listed = graph.value(path, _named("alternativePath"))
    return [str(path)] if listed is None else [str(one) for one in graph.items(listed)]


def _constraints(graph: Any, node: Any) -> list[tuple[str, Any]]:
    pairs = ((str(name), value) for name, value in graph.predicate_objects(node) if str(name).startswith(_SH))
    return [(name.removeprefix(_SH), value) for name, value in pairs if name.removeprefix(_SH) not in _ABOUT]


def _members(graph: Any, node: Any) -> list[Any]:
    """The shapes of a list, or the one shape that stands in its place."""
    return list(graph.items(node)) or [node]


def _texts(graph: Any, node: Any, name: str) -> list[str]:
    return sorted(str(one) for one in graph.objects(node, _named(name)))


def _named(name: str) -> Any:
    from rdflib import URIRef

    return URIRef(_SH + name)


def _term(value: Any) -> Term:
    from rdflib import URIRef

    if isinstance(value, URIRef):
        return NamedNode(str(value))
    return (
        Literal(str(value), datatype=NamedNode(str(value.datatype)))
        if value.datatype
        else Literal(str(value))
    )
