"""`KnowledgeGraph`: the one object that users import.

>>> from bempeg_kg import KnowledgeGraph
>>> kg = KnowledgeGraph.open(engine="memory")
>>> kg.select("SELECT ?label { drug:nivolumab rdfs:label ?label }")[0]
{'label': 'nivolumab'}
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Self

from bempeg_kg.checks.check import check
from bempeg_kg.checks.report import Report
from bempeg_kg.content.content import Content
from bempeg_kg.engines.federation import Federated
from bempeg_kg.engines.remote import Remote
from bempeg_kg.graph.graph import Graph


class KnowledgeGraph(Graph):
    """The graph of a programme, and all that can be asked, checked and drawn of it."""

    @classmethod
    def open(
        cls,
        data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None,
        *,
        endpoint: str | None = None,
        engine: str = "embedded",
        asserted_types: bool = False,
        signals: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the shipped graph, or the programme in the folder `data`, or several folders together.

        `engine` is `embedded` (a snapshot on disk, the fastest to open), `memory` or `rdflib`; with
        `endpoint` the queries go to that SPARQL 1.1 store instead. With `asserted_types` nodes have only the
        classes that the files state, and `?x a kg:Source` finds no journal article; with `signals` it also
        holds the early and late results of other programmes. Raises InputError for bad data, UnknownName for
        the engine.
        """
        if endpoint is None:
            return super().open(
                data, engine=engine, asserted_types=asserted_types, signals=signals, progress=progress
            )
        content = Content.find(data, asserted_types=asserted_types, signals=signals)
        return cls(content, Remote(endpoint, content.names))

    def federated(self, **options: Any) -> Self:
        """The same graph, whose queries may ask outside services; options as for `federation.Federated`.

        >>> kg = KnowledgeGraph.open(engine="memory").federated(allow=["sparql.example.org"])
        """
        made = type(self)(self.content, Federated(self.engine, self.names, **options), self._library)
        made._quads = self._quads
        return made

    def check(self, *files: str | os.PathLike[str]) -> Report:
        """What shapes and rules find in the files of the graph, or in them and some files more."""
        return check(self.content, files)
