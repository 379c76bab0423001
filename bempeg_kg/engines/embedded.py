"""Oxigraph inside the process: in memory, or on a store on disk."""

from __future__ import annotations

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import fill_store
from bempeg_kg.engines.engine import Answer
from bempeg_kg.errors import EngineError
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.sparql.guard import examine
from bempeg_kg.rdf.sparql.problems import query_problem
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad


class Embedded:
    """An engine on a pyoxigraph store; the declared prefixes need no PREFIX line.

    >>> from bempeg_kg.content.parse import parse_text
    >>> engine = Embedded.of_quads(parse_text(b"<urn:a> <urn:p> 1, 2 .", "urn:g"))
    >>> engine.query("SELECT (SUM(?n) AS ?sum) { ?s <urn:p> ?n }")[0]
    {'sum': 3}
    """

    name = "embedded"

    def __init__(self, store: Store, names: Names | None = None) -> None:
        self.store = store
        self.names = names or Names()
        #: the snapshot that the store is part of; empty for one in memory
        self.folder = ""

    @classmethod
    def of_quads(cls, quads: Iterable[Quad], names: Names | None = None) -> Embedded:
        """An engine in memory over the given statements."""
        store = Store()
        store.bulk_extend(quads)
        return cls(store, names)

    @classmethod
    def in_memory(cls, content: Content) -> Embedded:
        """An engine in memory over a content."""
        store = Store()
        fill_store(store, content)
        return cls(store, content.names)

    def query(self, sparql: str) -> Answer:
        """Answer a query; see `bempeg_kg.engines.engine.Engine`.

        FROM and FROM NAMED choose the graphs; without them the default graph is the union of all. Relative
        IRIs are resolved against the base of the programme.
        """
        is_union = not examine(sparql).has_dataset
        try:
            results = self.store.query(
                sparql,
                base_iri=self.names.base,
                prefixes=self.names.prefixes,
                use_default_graph_as_union=is_union,
            )
            if isinstance(results, QueryBoolean):
                return bool(results)
            if isinstance(results, QuerySolutions):
                columns = [variable.value for variable in results.variables]
                return Table(columns, [tuple(solution) for solution in results], names=self.names)
            return list(results)
        except SyntaxError as error:
            raise query_problem(str(error.args[0]), sparql, self.names.prefixes) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise EngineError(f"the query failed: {error}") from None
