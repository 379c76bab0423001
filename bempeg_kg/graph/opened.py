"""The statements of a programme, or of several, and the engine that answers queries over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

from pyoxigraph import Quad, Store

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import DERIVED, derived_quads, load_quads
from bempeg_kg.content.parse import file_iri, parse_file
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.engine import Answer, Engine
from bempeg_kg.engines.rdflib_engine import Rdflib, to_rdflib
from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.entities import in_graph, resolve
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.snapshot import open_snapshot
from bempeg_kg.graph.timecut import Cut, cut, span
from bempeg_kg.questions.library import Library
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.sparql.shared_words import with_shared_words
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

#: Names that `Graph.open` takes for its engine.
ENGINES = ("embedded", "memory", "rdflib")


class OpenedGraph:
    """The graph of a programme (or several), the questions to put to it, and an engine that answers."""

    def __init__(self, content: Content, engine: Engine, library: Library | None = None) -> None:
        self.content = content
        self.engine = engine
        self.names: Names = content.names
        self._library = library
        self._quads: list[Quad] | None = None
        self._lexicon: Lexicon | None = None
        self._vocabulary: frozenset[str] | None = None
        #: what was left out of a graph that `as_of` made, else None
        self.cut: Cut | None = None
        self._with_signals: Self | None = None
        self._once: dict[str, Any] = {}

    @classmethod
    def open(
        cls,
        data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None,
        *,
        engine: str = "embedded",
        asserted_types: bool = False,
        signals: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the shipped graph, or the programme in the folder `data`, or several folders together.

        `engine` is `embedded` (a snapshot on disk, the fastest to open), `memory` or `rdflib`. With
        `asserted_types` nodes have only the classes that the files state; with `signals` the graph also holds
        the early and late results of other programmes. Raises InputError for bad data, UnknownName for the
        engine.
        """
        content = Content.find(data, asserted_types=asserted_types, signals=signals)
        return cls._of_content(content, engine, progress)

    @classmethod
    def _of_content(cls, content: Content, engine: str, progress: Callable[[str], None] | None) -> Self:
        if engine == "embedded":
            opened, library = open_snapshot(content, progress=progress)
            return cls(content, opened, library)
        return cls(content, open_engine(content, engine))

    @classmethod
    def of_quads(cls, content: Content, quads: list[Quad], library: Library | None = None) -> Self:
        """A graph in memory that holds just these statements, under the names of a content."""
        graph = cls(content, Embedded.of_quads(quads, content.names), library)
        graph._quads = quads
        return graph

    def in_memory(self) -> Self:
        """A copy in memory of a graph on disk, which answers in a third of the time; others are as they are.

        A large graph stays on disk. Copying takes some 0.3 s, so it is worth it before hundreds of queries.
        """
        if not isinstance(self.engine, Embedded) or not self.engine.folder or self.content.is_large:
            return self
        return type(self)(self.content, Embedded.of_quads(self.engine.store, self.names), self._library)

    def once(self, name: str, build: Callable[[], Any]) -> Any:
        """What `build` makes of this graph: made at the first call, then kept under the name."""
        if name not in self._once:
            self._once[name] = build()
        return self._once[name]

    def holds(self, name: str) -> bool:
        """Whether `once` has made what it keeps under a name."""
        return name in self._once

    def query(self, sparql: str) -> Answer:
        """The answer to any SPARQL query: Table, bool, or list of triples. Declared prefixes need no PREFIX.

        Raises QueryError with line and column, EngineError when the engine fails.
        """
        return self.engine.query(with_shared_words(sparql, self.names.prefixes, partial(in_graph, self)))

    def select(self, sparql: str) -> Table:
        """The answer to a SELECT query. Raises UsageError for another kind of query."""
        answer = self.query(sparql)
        if not isinstance(answer, Table):
            raise UsageError("this is not a SELECT query", cure="Use query().")
        return answer

    def resolve(self, term: str) -> str:
        """The IRI of an entity named by CURIE, IRI, accession, label, synonym or slug.

        Raises UnknownName if there is none, UsageError if several fit.
        """
        return resolve(self, term)

    def quads(self) -> list[Quad]:
        """All statements of the files as they were written, and those derived; not a remote store's."""
        if self._quads is None:
            self._quads = load_quads(self.content)
        return self._quads

    def add(self, *files: str | os.PathLike[str]) -> Self:
        """Add the statements of RDF files to this graph, in memory; the graph itself, for chaining.

        What is derived from statements is derived anew. Raises InputError for a file that cannot be read,
        UsageError for a graph behind an endpoint.
        """
        if self.engine.name == "remote":
            raise UsageError(
                "files cannot be added to a graph behind an endpoint", cure="Open it from files."
            )
        added = [quad for file in files for quad in parse_file(os.fspath(file), file_iri(file))]
        stated = [quad for quad in self.quads() if not self._is_derived(quad)]
        quads = [*stated, *added]
        self._quads = [*quads, *self._derived(quads)]
        self.engine = Embedded.of_quads(self._quads, self.names)
        self._lexicon, self._vocabulary, self._with_signals = None, None, None
        self._once.clear()
        return self

    def _is_derived(self, quad: Quad) -> bool:
        return str(getattr(quad.graph_name, "value", "")).startswith(self.names.base + DERIVED)

    def as_of(self, day: date | str) -> Self:
        """The graph as it was public on a day (a date, or text such as "2018-09-21"), in memory.

        Its `cut` counts what that left out. Raises UsageError for a text that is no day, and for a graph
        behind an endpoint.
        """
        if isinstance(day, str):
            day = span(day)[1]
        if self.engine.name == "remote":
            raise UsageError("the graph behind an endpoint cannot be cut", cure="Leave --endpoint out.")
        cut_graph = cut(self.quads(), day, self.names.base)
        quads = [*cut_graph.quads, *self._derived(cut_graph.quads)]
        then = self.of_quads(self.content, quads, self._library)
        then.cut = cut_graph
        return then

    def with_signals(self) -> Self:
        """The same graph with the early and late results of other programmes; itself if it holds them.

        A graph as of a day stays one as of that day; a remote store is asked as it is. Raises InputError
        where the shipped programme is not loaded.
        """
        if self.content.signals or self.engine.name == "remote":
            return self
        if self._with_signals is None:
            name = self.engine.name if self.engine.name in ("memory", "rdflib") else "embedded"
            graph = self._of_content(self.content.with_signals(), name, None)
            self._with_signals = graph if self.cut is None else graph.as_of(self.cut.day)
        return self._with_signals

    def _derived(self, quads: list[Quad]) -> list[Quad]:
        store = Store()
        store.bulk_extend(quads)
        return derived_quads(self.content, store)

    def to_rdflib(self) -> Any:
        """An `rdflib.Dataset` of all statements, literals as written; its default graph is the union."""
        return to_rdflib(self.quads())


def open_engine(content: Content, name: str = "embedded") -> Engine:
    """An engine over a content: `embedded` (snapshot on disk), `memory`, `rdflib`. Raises UnknownName."""
    if name == "embedded":
        return open_snapshot(content)[0]
    if name == "memory":
        return Embedded.in_memory(content)
    if name == "rdflib":
        return Rdflib.of_content(content)
    raise UnknownName("engine", name, ENGINES)
