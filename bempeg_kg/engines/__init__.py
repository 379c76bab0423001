"""Engines that answer SPARQL over the graph, behind one small protocol.

`Embedded` is Oxigraph in memory or on a read-only snapshot on disk; `Rdflib` is the second opinion;
`Remote` speaks SPARQL 1.1 over HTTP to whatever store is there. In each the default graph is the union of
all graphs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from pyoxigraph import Triple

    from bempeg_kg.content.content import Content
    from bempeg_kg.rdf.table import Table

    #: SELECT gives a Table, ASK a bool, CONSTRUCT and DESCRIBE a list of triples.
    Answer = Table | bool | list[Triple]

    class Engine(Protocol):
        """What every engine can do."""

        #: short name for messages and documents
        name: str

        def query(self, sparql: str) -> Answer:
            """Answer a query. Raises QueryError for bad SPARQL, EngineError when the engine fails."""
            ...


#: Names that `open_engine` takes.
ENGINES = ("embedded", "memory", "rdflib")


def open_engine(content: Content, name: str = "embedded") -> Engine:
    """An engine over a content: `embedded` (snapshot on disk), `memory`, `rdflib`. Raises UnknownName."""
    if name == "embedded":
        from bempeg_kg.graph.snapshot import open_snapshot

        return open_snapshot(content)[0]
    if name == "memory":
        from bempeg_kg.engines.embedded import Embedded

        return Embedded.in_memory(content)
    if name == "rdflib":
        from bempeg_kg.engines.rdflib_engine import Rdflib

        return Rdflib.of_content(content)
    from bempeg_kg.errors import UnknownName

    raise UnknownName("engine", name, ENGINES)
