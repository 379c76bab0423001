"""What every engine can do: the protocol, and the three kinds of answer."""

from __future__ import annotations

from typing import Protocol

from pyoxigraph import Triple

from bempeg_kg.rdf.table import Table

#: SELECT gives a Table, ASK a bool, CONSTRUCT and DESCRIBE a list of triples.
Answer = Table | bool | list[Triple]


class Engine(Protocol):
    """An engine that answers SPARQL over a graph."""

    #: short name for messages and documents
    name: str

    def query(self, sparql: str) -> Answer:
        """Answer a query. Raises QueryError for bad SPARQL, EngineError when the engine fails."""
        ...
