"""`KnowledgeGraph`: the one object that users import.

>>> from bempeg_kg import KnowledgeGraph
>>> kg = KnowledgeGraph.open(engine="memory")
>>> kg.select("SELECT ?label { drug:nivolumab rdfs:label ?label }")[0]
{'label': 'nivolumab'}
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from warnings import warn

from bempeg_kg.checks.check import check
from bempeg_kg.checks.report import Report
from bempeg_kg.content.content import Content
from bempeg_kg.engines.engine import Answer as Found
from bempeg_kg.engines.federation import Federated
from bempeg_kg.engines.remote import Remote
from bempeg_kg.errors import BempegError, UnknownName, UnknownTerm, in_python
from bempeg_kg.evidence.forensics.examine import examine_graph, judge_files
from bempeg_kg.evidence.forensics.verdicts import VERDICTS, as_table
from bempeg_kg.evidence.reports import compose
from bempeg_kg.evidence.reports.page import Page
from bempeg_kg.exports import SHAPES as EXPORTS
from bempeg_kg.exports import Exported, export, export_rdf
from bempeg_kg.graph.answer import Answer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.schema import schema_table
from bempeg_kg.networks import view
from bempeg_kg.networks.path_tables import node_of, path_table, why_none
from bempeg_kg.networks.paths import by_kind, find_paths
from bempeg_kg.pictures import FIGURES, figure, plot
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

#: The plot that draws the answer of a question whose header declares no figure of its rows.
PLOT_OF = {
    "response-rates": "responses",
    "response-by-disease": "responses",
    "randomised-responses": "responses",
    "treatment-effects": "hazard-ratios",
    "hazard-ratios": "hazard-ratios",
    "programme-timeline": "timeline",
    "grade-3-or-4-events": "safety",
    "signal-pairs": "signals",
}
#: Parameters of a question that also narrow its plot.
_NARROW = ("trial", "phase", "measured")


@contextmanager
def _python_words() -> Iterator[None]:
    """Let errors speak of parameters and methods, not of options and commands."""
    try:
        yield
    except BempegError as error:
        in_python(error)
        raise


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
        federated = type(self)(self.content, Federated(self.engine, self.names, **options), self._library)
        federated._quads = self._quads
        return federated

    def query(self, sparql: str) -> Found:
        """The answer to any SPARQL query: Table, bool, or list of triples; declared prefixes need no PREFIX.

        Warns (UnknownTerm) of a `kg:` term that the vocabulary lacks. Raises QueryError with line and column,
        EngineError when the engine fails.
        """
        for problem in self.to_mind(sparql):
            warn(problem, UnknownTerm, stacklevel=2)
        return super().query(sparql)

    def select(self, sparql: str) -> Table:
        """The answer to a SELECT query; warns as `query`. Raises UsageError for another kind of query."""
        for problem in self.to_mind(sparql):
            warn(problem, UnknownTerm, stacklevel=2)
        return super().select(sparql)

    def ask(self, name: str, **parameters: object) -> Answer:
        """The answer to a question, by name or by a sentence: a table that knows its sentence and caveat.

        Parameters are plain values or lists of them; an IRI may be a CURIE, a bare slug or a label. Raises
        UnknownName for a question, parameter or entity that does not exist, UsageError for a value of the
        wrong type, NoAnswer for a sentence that fits nothing, or that names what the data do not hold.

        >>> kg = KnowledgeGraph.open(engine="memory")
        >>> answer = kg.ask("ORR in RCC")
        >>> answer.understood, answer["printed"][0]
        ('response-by-disease --disease disease:rcc --disease disease:ccrcc', '34.7')
        """
        with _python_words():
            answer = super().ask(name, **parameters)
        question, drawn = answer.question, PLOT_OF.get(answer.question.name)
        if question.figure.get("kind") in FIGURES:
            answer.draw = lambda: figure(
                question.figure, answer, caveat=question.caveat, order=self.told_order(question, answer)
            )
        elif drawn:
            given = {key: values[0] for key, values in answer.parameters.items() if key in _NARROW}
            narrowed = given if drawn in ("responses", "hazard-ratios", "safety") else {}
            answer.draw = lambda: self.plot(drawn, **narrowed)
        return answer

    def __repr__(self) -> str:
        programmes = ", ".join(programme.base for programme in self.content.programmes)
        day = f" as of {self.cut.day}" if self.cut else ""
        return f"<KnowledgeGraph {programmes}{day}, engine {self.engine.name}>"

    def plot(self, name: str, shape: str = "wide", **chosen: object) -> Chart:
        """A chart: responses, hazard-ratios, timeline, safety, signals, flow, surprise; a notebook shows it.

        `chosen` narrows it (`trial`, `condition`, `phase`, `drug`, `measured`); `flow` is of a `trial`,
        `surprise` of an `early` result. The shape `narrow` is for a phone. `.to_bytes("svg")` gives the
        picture, `.table` its content. Raises UnknownName, NoAnswer if there is nothing to draw.
        """
        with _python_words():
            return plot(self, name, shape=shape, **chosen)

    def path(
        self,
        start: str,
        end: str,
        *,
        cell: str | None = None,
        longest: int | None = None,
        every: bool = False,
    ) -> Table:
        """Signed paths from one thing to another: does it promote or inhibit it, and which step says so.

        The first path of each kind, or `every` path. Columns: path, effect, design, steps, alike, route,
        cells, branches, claims, disputed, animal, basis. Raises NoAnswer if there is none.

        >>> kg = KnowledgeGraph.open(engine="memory")
        >>> kg.path("nivolumab", "protein:pd1", longest=1)["effect"]
        ['inhibits']
        """
        graph = view(self, "signalling")
        ends = node_of(self, graph, start), node_of(self, graph, end)
        within = self.names.shorten(self.resolve(cell)) if cell else None
        paths = find_paths(graph, *ends, cell=within, longest=longest)
        if not paths:
            raise why_none(graph, *ends, within, longest)
        kinds = [(path, 1) for path in paths] if every else by_kind(paths)
        return path_table(self, graph, [path for path, _ in kinds], [count for _, count in kinds])

    def forensics(self, *files: str, only: str | Sequence[str] = ()) -> Table:
        """Whether printed numbers can be true: those of the graph, or of some files (RDF, records, TSV, CSV).

        `only` keeps verdicts: impossible, inconsistent, consistent, cannot tell. Columns: verdict, rule,
        statement, what, inputs, working, expected, missing, source, all_sources, basis.
        Raises UnknownName for a verdict.
        """
        wanted = [only] if isinstance(only, str) else list(only)
        for word in wanted:
            if word not in VERDICTS:
                raise UnknownName("verdict", word, VERDICTS, cure=f"Available: {', '.join(VERDICTS)}.")
        if files:
            judgement = judge_files(self, files, wanted or VERDICTS)
            return as_table(judgement.verdicts, self.names, judgement.skipped)
        verdicts = examine_graph(self.engine)
        return as_table(
            [verdict for verdict in verdicts if not wanted or verdict.verdict in wanted], self.names
        )

    def report(self, name: str, **options: str) -> Page:
        """A page of answers and computations: why-phase-3 or coverage; a notebook shows it.

        `.to_markdown()`, `.to_html()` and `.to_text(width)` write it. Raises UnknownName.
        """
        with _python_words():
            return compose(self, name, **options)

    def resolve(self, term: str) -> str:
        """The IRI of an entity named by CURIE, IRI, accession, label, synonym or slug.

        Raises UnknownName if there is none, UsageError if several fit.
        """
        with _python_words():
            return super().resolve(term)

    def export(self, form: str) -> Exported:
        """The graph for another tool: a shape of `exports.SHAPES`, or ttl, nt, nq, trig, jsonld, rdf.

        The result has `files` (name to bytes), `losses` and `summary`. Raises UnknownName.
        """
        return export(self, form) if form in EXPORTS else export_rdf(self, form)

    def to_networkx(self, name: str = "signalling") -> MultiDiGraph:
        """The view `signalling` or `lineage` as a networkx MultiDiGraph. Raises UnknownName, NoAnswer."""
        return view(self, name)

    def schema(self) -> Table:
        """Classes of the vocabulary with their properties: columns class, property, range, definition."""
        return schema_table(self)

    def check(self, *files: str | os.PathLike[str]) -> Report:
        """What shapes and rules find in the files of the graph, or in them and some files more."""
        return check(self.content, files)
