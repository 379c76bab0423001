"""rdflib behind the same protocol: the second opinion on every shipped question."""

from __future__ import annotations

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import load_quads
from bempeg_kg.engines.engine import Answer
from bempeg_kg.errors import EngineError, QueryError
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.sparql.guard import refuse
from bempeg_kg.rdf.sparql.problems import prefix_problem, query_problem
from bempeg_kg.rdf.sparql.text import declare, names_graph
from bempeg_kg.rdf.table import Table, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


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
    """An engine on rdflib. A query that names no graph runs on the plain union, which takes half the time."""

    name = "rdflib"

    def __init__(self, quads: Iterable[Quad], names: Names | None = None) -> None:
        import rdflib

        self._quads = list(quads)
        self.names = names or Names()
        self._dataset: Any = None
        self._union = rdflib.Graph()
        for quad in self._quads:
            self._union.add((rdf_term(quad.subject), rdf_term(quad.predicate), rdf_term(quad.object)))

    @classmethod
    def of_content(cls, content: Content) -> Rdflib:
        """An engine over a content."""
        return cls(load_quads(content), content.names)

    def _target(self, sparql: str) -> Any:
        if not names_graph(sparql):
            return self._union
        if self._dataset is None:
            self._dataset = to_rdflib(self._quads)
        return self._dataset

    def query(self, sparql: str) -> Answer:
        """Answer a query; see `bempeg_kg.engines.Engine`."""
        from pyparsing import ParseException
        from rdflib.plugins import sparql as rdflib_sparql

        # rdflib would fetch each graph that FROM names and that it does not hold
        rdflib_sparql.SPARQL_LOAD_GRAPHS = False
        refuse(sparql)
        refused = prefix_problem(sparql, self.names.prefixes)
        if refused is not None:
            raise refused
        declared = declare(sparql, self.names.prefixes)
        try:
            result = self._target(sparql).query(declared)
            if result.type == "ASK":
                return bool(result.askAnswer)
            if result.type == "SELECT":
                columns = [str(variable) for variable in result.vars]
                rows = [[own_term(value) for value in row] for row in result]
                return Table(columns, rows, names=self.names)
            return [Triple(*map(own_term, triple)) for triple in result.graph]  # type: ignore[arg-type]
        except ParseException as error:
            shift = len(declared) - len(sparql) if error.lineno == 1 else 0
            raise query_problem(f"error at {error.lineno}:{error.column - shift}", sparql) from None
        except (NameError, SyntaxError) as error:
            raise QueryError(str(error)) from None
        except (ValueError, TypeError, NotImplementedError, RecursionError) as error:
            raise EngineError(f"rdflib failed: {error}") from None
