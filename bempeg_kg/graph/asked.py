"""What finding, binding and linking need of a graph; `Graph` has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

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

    def once(self, name: str, build: Callable[[], Any]) -> Any:
        """What `build` makes of this graph: made at the first call, then kept under the name."""
        ...
