"""SHACL: what each node of the graph must say."""

from __future__ import annotations

from pyoxigraph import BlankNode

from bempeg_kg.checks.constraints import Result, Shape
from bempeg_kg.checks.report import Check, Finding
from bempeg_kg.checks.statements import Node
from bempeg_kg.content.content import Content
from bempeg_kg.content.parse import parse_file
from bempeg_kg.engines.rdflib_engine import rdf_term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from pyoxigraph import Quad

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITY_OF = {"Violation": "violation", "Warning": "warning", "Info": "information"}


class Shapes:
    """The SHACL shapes: an rdflib graph, and what each is called."""

    def __init__(self, graph: Any, checks: dict[str, Check], shorten: Callable[[str], str]) -> None:
        self.graph = graph
        #: by IRI
        self.checks = checks
        self._shorten = shorten
        self._shapes = [Shape(graph, one) for one in _shape_iris(graph)]
        self._for: dict[tuple[frozenset[str], frozenset[str]], list[Shape]] = {}
        #: what shapes that look at numbers of values alone found, by classes and those numbers
        self._judged: dict[
            tuple[frozenset[str], tuple[tuple[str, int], ...]], list[tuple[Shape, Result]]
        ] = {}

    @classmethod
    def read(cls, content: Content) -> Shapes:
        """The shapes of the ontology."""
        file = content.ontology_file("shapes.ttl")
        graph = _rdflib_graph(parse_file(file.path, file.iri))
        return cls(graph, {one: _shape(graph, one) for one in _shape_iris(graph)}, content.names.shorten)

    def judge(self, node: Node, kind: frozenset[str]) -> Iterator[Finding]:
        """What the shapes find at a node that has these classes, those above them included."""
        shapes = self._shapes_for(kind, frozenset(node.properties))
        counts = tuple(sorted((name, len(values)) for name, values in node.properties.items()))
        if (kind, counts) not in self._judged:
            self._judged[kind, counts] = [
                (shape, result)
                for shape in shapes
                if shape.counts_alone
                for result in shape.results(node.term, node.properties)
            ]
        for shape, result in self._judged[kind, counts]:
            yield self._finding(shape, node, result)
        for shape in shapes:
            if not shape.counts_alone:
                for result in shape.results(node.term, node.properties):
                    yield self._finding(shape, node, result)

    def _shapes_for(self, kind: frozenset[str], properties: frozenset[str]) -> list[Shape]:
        key = (kind, properties)
        if key not in self._for:
            self._for[key] = [
                shape
                for shape in self._shapes
                if not kind.isdisjoint(shape.classes) or not properties.isdisjoint(shape.subjects_of)
            ]
        return self._for[key]

    def _finding(self, shape: Shape, node: Node, result: Result) -> Finding:
        path, value = result
        details = {"property": self._shorten(path)} if path else {}
        if value is not None and value != node.term and not isinstance(value, BlankNode):
            details["value"] = self._shorten(value.value)
        return self.checks[shape.iri].finding(node.key, details)


def _shape_iris(graph: Any) -> list[str]:
    import rdflib

    named = graph.subjects(rdflib.URIRef(_SH + "severity"))
    return sorted(str(shape) for shape in named if isinstance(shape, rdflib.URIRef))


def _shape(graph: Any, iri: str) -> Check:
    import rdflib

    def value_of(name: str) -> str:
        """The value of one SHACL property of the shape; "None" where it has none."""
        return str(graph.value(rdflib.URIRef(iri), rdflib.URIRef(_SH + name)))

    severity = _SEVERITY_OF[value_of("severity").removeprefix(_SH)]
    return Check(
        iri.rpartition("#")[2], "shape", severity, value_of("message").rstrip("."), value_of("description")
    )


def _rdflib_graph(quads: Iterable[Quad]) -> Any:
    """The union of the graphs in rdflib, literals as they were written."""
    import rdflib

    graph = rdflib.Graph()
    terms: dict[Any, Any] = {}
    with _without_literal_warnings():
        for quad in quads:
            triple = (quad.subject, quad.predicate, quad.object)
            for term in triple:
                if term not in terms:
                    terms[term] = rdf_term(term)
            graph.add(tuple(terms[term] for term in triple))
    return graph


class _without_literal_warnings:  # noqa: N801  reads as a phrase behind `with`
    """rdflib logs a traceback for each literal that it cannot read as its datatype; shapes report those."""

    def __enter__(self) -> None:
        import logging

        self._logger = logging.getLogger("rdflib.term")
        self._level = self._logger.level
        self._logger.setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        self._logger.setLevel(self._level)
