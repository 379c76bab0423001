"""rdflib behind the same protocol: the second opinion on every shipped question."""

from __future__ import annotations

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from bempeg_kg.engines.problems import query_problem, service_problem
from bempeg_kg.errors import EngineError, QueryError
from bempeg_kg.names import Names
from bempeg_kg.sparql import declare
from bempeg_kg.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from bempeg_kg.content import Content
    from bempeg_kg.engines import Answer
    from bempeg_kg.table import Term


def to_rdflib(quads: Iterable[Quad]) -> Any:
    """An `rdflib.Dataset` (default graph: the union) with the literals as they were written."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    graphs: dict[str, Any] = {}
    for quad in quads:
        home = quad.graph_name
        key = "" if isinstance(home, DefaultGraph) else home.value
        if key not in graphs:
            graphs[key] = dataset.default_graph if not key else dataset.graph(rdflib.URIRef(key))
        graphs[key].add((rdf_term(quad.subject), rdf_term(quad.predicate), rdf_term(quad.object)))
    return dataset


def rdf_term(term: Any) -> Any:
    """The rdflib term of a pyoxigraph term; a literal keeps its lexical form."""
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    kind = term.datatype.value
    plain = kind == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(kind), normalize=False)


def own_term(term: Any) -> Term:
    """The pyoxigraph term of an rdflib term."""
    import rdflib

    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))


class Rdflib:
    """An engine on an `rdflib.Dataset`."""

    name = "rdflib"

    def __init__(self, dataset: Any, names: Names | None = None) -> None:
        self.dataset = dataset
        self.names = names or Names()

    @classmethod
    def of_quads(cls, quads: Iterable[Quad], names: Names | None = None) -> Rdflib:
        """An engine over the given statements."""
        return cls(to_rdflib(quads), names)

    @classmethod
    def of_content(cls, content: Content) -> Rdflib:
        """An engine over a content."""
        from bempeg_kg.load import load_quads

        return cls.of_quads(load_quads(content), content.names)

    def query(self, sparql: str) -> Answer:
        """Answer a query; see `bempeg_kg.engines.Engine`."""
        from pyparsing import ParseException

        refused = service_problem(sparql)
        if refused is not None:
            raise refused
        try:
            made = self.dataset.query(declare(sparql, self.names.prefixes))
            if made.type == "ASK":
                return bool(made.askAnswer)
            if made.type == "SELECT":
                columns = [str(variable) for variable in made.vars]
                rows = [[own_term(value) for value in row] for row in made]
                return Table(columns, rows, names=self.names)
            return [Triple(own_term(s), own_term(p), own_term(o)) for s, p, o in made.graph]  # type: ignore[arg-type]
        except ParseException as error:
            raise query_problem(f"error at {error.lineno}:{error.column}", sparql) from None
        except (NameError, SyntaxError) as error:
            raise QueryError(str(error)) from None
        except (ValueError, TypeError, NotImplementedError, RecursionError) as error:
            raise EngineError(f"rdflib failed: {error}") from None
