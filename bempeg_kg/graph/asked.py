"""What finding, binding and linking need of a graph; `Graph` has it."""

from __future__ import annotations

from typing import Protocol

from bempeg_kg.content.content import Content
from bempeg_kg.engines.engine import Answer, Engine
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table


class Asked(Protocol):
    """A graph that can be asked."""

    content: Content
    engine: Engine
    names: Names

    def query(self, sparql: str) -> Answer:
        """Answer any query."""
        ...

    def select(self, sparql: str) -> Table:
        """Answer a SELECT query."""
        ...

    def resolve(self, term: str) -> str:
        """The IRI of an entity."""
        ...
