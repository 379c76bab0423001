"""SHACL: what each node of the graph must state. Runs on rdflib, where pyshacl is fast."""

from __future__ import annotations

from bempeg_kg.checks.report import Check, Finding
from bempeg_kg.content.content import Content
from bempeg_kg.content.parse import parse_file
from bempeg_kg.engines.rdflib_engine import rdf_term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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

    @classmethod
    def read(cls, content: Content) -> Shapes:
        """The shapes of the ontology."""
        file = content.ontology_file("shapes.ttl")
        graph = _rdflib_graph(parse_file(file.path, file.iri))
        return cls(graph, {one: _shape(graph, one) for one in _shape_iris(graph)}, content.names.shorten)

    def run(self, quads: Iterable[Quad]) -> list[Finding]:
        """What the shapes find in the union of the graphs."""
        import rdflib
        from pyshacl import validate

        with _without_literal_warnings():
            _, results, _ = validate(_rdflib_graph(quads), shacl_graph=self.graph, inplace=True)
        nodes = results.subjects(rdflib.RDF.type, rdflib.URIRef(_SH + "ValidationResult"))
        return [self._finding(results, result) for result in nodes]

    def _finding(self, results: Any, result: Any) -> Finding:
        import rdflib

        def value_of(name: str) -> Any:
            return results.value(result, rdflib.URIRef(_SH + name))

        node = value_of("focusNode")
        terms = {"property": value_of("resultPath"), "value": value_of("value")}
        details = {
            name: self._shorten(str(term))
            for name, term in terms.items()
            if term is not None and term != node and not isinstance(term, rdflib.BNode)
        }
        shape = self.checks[str(value_of("sourceShape"))]
        return shape.finding(node.n3() if isinstance(node, rdflib.BNode) else str(node), details)


def _shape_iris(graph: Any) -> list[str]:
    import rdflib

    named = graph.subjects(rdflib.URIRef(_SH + "severity"))
    return sorted(str(shape) for shape in named if isinstance(shape, rdflib.URIRef))


def _shape(graph: Any, iri: str) -> Check:
    import rdflib

    def value_of(name: str) -> str:
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
