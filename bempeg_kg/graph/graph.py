"""The opened graph: its statements, its engine, and its library of questions."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Self

from pyoxigraph import Quad, Store, Triple

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import derived_quads, load_quads
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.engine import Answer, Engine
from bempeg_kg.engines.rdflib_engine import Rdflib, to_rdflib
from bempeg_kg.errors import NoAnswer, UnknownName, UsageError
from bempeg_kg.graph.binding import bound_query, python_values
from bempeg_kg.graph.entities import describe, find, resolve, show, stats
from bempeg_kg.graph.filtering import rows_about, rows_of_programme, words_first
from bempeg_kg.graph.lexicon import Lexicon, lexicon_of
from bempeg_kg.graph.linking import Mention, Understood, candidates, command_for, refusal
from bempeg_kg.graph.links import Links
from bempeg_kg.graph.sentence import answer_sentence
from bempeg_kg.graph.snapshot import open_snapshot
from bempeg_kg.graph.timecut import Cut, cut
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

#: Names that `Graph.open` takes for its engine.
ENGINES = ("embedded", "memory", "rdflib")
#: Questions of a sentence that are tried, and how far their score may lie behind the best.
_TRIED, _NEAR = 5, 1.0


class Graph:
    """The graph of a programme (or several), the questions to put to it, and an engine that answers."""

    def __init__(self, content: Content, engine: Engine, library: Library | None = None) -> None:
        self.content = content
        self.engine = engine
        self.names: Names = content.names
        self._library = library
        self._quads: list[Quad] | None = None
        self._lexicon: Lexicon | None = None
        #: what was left out of a graph that `as_of` made, else None
        self.cut: Cut | None = None
        self._with_signals: Self | None = None

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
        made = cls(content, Embedded.of_quads(quads, content.names), library)
        made._quads = quads
        return made

    @property
    def questions(self) -> Library:
        """The library of questions."""
        if self._library is None:
            self._library = Library.read(self.content)
        return self._library

    def ask(self, name: str, **parameters: object) -> Table:
        """The answer to a question, by name or by a sentence that fits one well enough.

        Parameters are plain values or lists of them; an IRI may be a CURIE, a bare slug or a label. An ASK
        gives one row `answer`, a CONSTRUCT the columns subject, predicate, object. Raises UnknownName for a
        question, parameter or entity that does not exist, UsageError for a value of the wrong type,
        NoAnswer for a sentence that fits nothing.
        """
        if name in self.questions or not any(char.isspace() for char in name.strip()):
            return self.answer(self.questions[name], parameters)
        return self.ask_sentence(name, parameters)[1]

    @property
    def lexicon(self) -> Lexicon:
        """What the entities are called, read from the snapshot on first use."""
        if self._lexicon is None:
            self._lexicon = lexicon_of(self)
        return self._lexicon

    def ask_sentence(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        answer: Callable[[Question, Mapping[str, object]], Table] | None = None,
    ) -> tuple[Understood, Table]:
        """What a sentence was understood to ask, and the answer. Parameters given by name go first.

        `answer` runs a question, in place of this graph's own engine.

        Raises NoAnswer where no question fits, or where a name in it can be neither bound nor filtered by.
        """
        command = command_for(text, self.lexicon, self.names)
        if command:
            raise NoAnswer(
                "that is not a question of the library",
                cure=f"`bempeg-kg {command}` counts statements by class, basis and source.",
            )
        fitting = candidates(text, self.questions, self.lexicon, self.names)
        empty: tuple[Understood, Table] | None = None
        for place, understood in enumerate(fitting[:_TRIED]):
            if understood.score < fitting[0].score - _NEAR:
                break
            if len(understood.unknown) > len(fitting[0].unknown):
                continue  # it would leave out a word that the best question has
            run = answer or self.answer
            table = run(understood.question, {**understood.parameters, **(parameters or {})})
            had_rows = bool(table.rows)
            if understood.of_programme:
                table.rows = rows_of_programme(table.rows, table.columns, self.lexicon)  # type: ignore[assignment]
            for mention in understood.filters:
                table.rows = rows_about(table.rows, mention, self.lexicon)  # type: ignore[assignment]
            table.rows = words_first(table.rows, text)  # type: ignore[assignment]
            others = [
                one.question
                for one in fitting
                if one is not understood and one.score > understood.score - _NEAR
            ]
            understood.alternatives = others[:3]
            if table.rows:
                told = self.sentence(understood.question, table)
                table.sentence = f"{understood.taken_for or self._about(understood, told)} {told}".strip()
                return understood, table
            if place == 0 and not had_rows and not understood.filters:
                return understood, table
            empty = empty or (understood, table)
        if empty is None:
            raise refusal(text, self.questions, self.lexicon, self.names)
        understood, table = empty
        names = ", ".join(mention.text for mention in understood.filters) or text
        raise NoAnswer(
            f"not in the data: {understood.question.name} has no row about {names}",
            cure=f"`bempeg-kg ask {understood.question.name}` gives all its rows.",
        )

    def _about(self, understood: Understood, told: str) -> str:
        """The entity that the rows are about, where the sentence does not name it."""
        bound = [values[0] for values in understood.parameters.values()]
        label = self.lexicon.labels.get(bound[0], "") if len(bound) == 1 else ""
        shown = "/result/" not in bound[0] and label.lower() not in told.lower() if label else False
        return f"{label}:" if shown and len(next(iter(understood.parameters.values()))) == 1 else ""

    def about(self, table: Table, terms: Sequence[str]) -> None:
        """Keep the rows about each entity (CURIE, IRI, label), phase or number. Raises UnknownName."""
        for term in terms:
            if term.startswith("phase ") or term.replace(".", "").isdigit():
                entities = self.lexicon.numbers.get(term, [term])
            else:
                entities = [self.resolve(term)]
            mention = Mention(0, 0, term, entities)
            table.rows = rows_about(table.rows, mention, self.lexicon)  # type: ignore[assignment]
            table.reason = table.reason or f"no row is about {term}"

    def sentence(self, question: Question, table: Table) -> str:
        """The answer of a question in a sentence, from the rows of its table."""
        labels = (self.with_signals() if question.data == "signals" else self).lexicon.labels
        return answer_sentence(question, table, lambda iri: labels.get(iri) or self.names.shorten(iri))

    def answer(self, question: Question, parameters: Mapping[str, object]) -> Table:
        """The answer to a question of the library; see `ask`."""
        kg = self.with_signals() if question.data == "signals" else self
        if question.computed:
            return kg._computed(question, python_values(kg, question, parameters))
        table = as_table(kg.engine.query(bound_query(kg, question, parameters)), self.names)
        if not table.rows:
            table.reason = _why_empty(parameters, question.empty, self.names)
        return table

    def _computed(self, question: Question, values: Mapping[str, Any]) -> Table:
        """The answer of a question that computes; its module is imported when it is first asked."""
        module, _, function = question.computed.partition(":")
        table: Table = getattr(import_module(module), function)(self, **values)
        return table

    def query(self, sparql: str) -> Answer:
        """The answer to any SPARQL query: Table, bool, or list of triples. Declared prefixes need no PREFIX.

        Raises QueryError with line and column, EngineError when the engine fails.
        """
        return self.engine.query(sparql)

    def select(self, sparql: str) -> Table:
        """The answer to a SELECT query. Raises UsageError for another kind of query."""
        made = self.engine.query(sparql)
        if not isinstance(made, Table):
            raise UsageError("this is not a SELECT query", cure="Use query().")
        return made

    def resolve(self, term: str) -> str:
        """The IRI of an entity named by CURIE, IRI, accession, label, synonym or slug.

        Raises UnknownName if there is none, UsageError if several fit.
        """
        return resolve(self, term)

    def find(self, text: str, *, limit: int = 20) -> Table:
        """Entities by a part of a name, accession or outside identifier, or by the beginning of a slug.

        Columns: term, label, kind, matched.
        """
        return find(self, text, limit=limit)

    def link(self, term: str) -> Table:
        """Outside identifiers of an entity, or the entities that an outside identifier stands for.

        A term is a CURIE, IRI or label of ours, or an identifier in any usual spelling. Columns: entity,
        label, match, identifier, identifierLabel, page, justification, checked, note. Raises UnknownName,
        UsageError for an identifier that cannot be right, NoAnswer if nothing is linked to it.
        """
        links = Links(self)
        return links.table(links.find(term))

    def show(self, term: str) -> Table:
        """Everything stated about an entity, in both directions, with basis and source of statement nodes.

        Columns: direction (out, in), property, value, label, basis, source. See `resolve` for what a term
        can be.
        """
        return show(self, self.resolve(term))

    def describe(self, term: str) -> list[Triple]:
        """The triples that have an entity as subject or object."""
        return describe(self, self.resolve(term))

    def quads(self) -> list[Quad]:
        """All statements of the files as they were written, and those derived; not a remote store's."""
        if self._quads is None:
            self._quads = load_quads(self.content)
        return self._quads

    def as_of(self, day: date) -> Self:
        """The graph as it was public on a day, in memory; its `cut` counts what that left out.

        Raises UsageError for a graph behind an endpoint.
        """
        if self.engine.name == "remote":
            raise UsageError("the graph behind an endpoint cannot be cut", cure="Leave --endpoint out.")
        made = cut(self.quads(), day, self.names.base)
        quads = [*made.quads, *self._derived(made.quads)]
        then = self.of_quads(self.content, quads, self._library)
        then.cut = made
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
            made = self._of_content(self.content.with_signals(), name, None)
            self._with_signals = made if self.cut is None else made.as_of(self.cut.day)
        return self._with_signals

    def _derived(self, quads: list[Quad]) -> list[Quad]:
        store = Store()
        store.bulk_extend(quads)
        return derived_quads(self.content, store)

    def to_rdflib(self) -> Any:
        """An `rdflib.Dataset` of all statements, literals as written; its default graph is the union."""
        return to_rdflib(self.quads())

    def stats(self) -> Table:
        """Counts: columns what (statements, class, basis, source), name, count; the largest first."""
        return stats(self)


def as_table(answer: Answer, names: Names) -> Table:
    """A Table of any answer: a bool becomes one row `answer`, triples become subject, predicate, object."""
    if isinstance(answer, Table):
        return answer
    if isinstance(answer, bool):
        return Table.of(["answer"], [[answer]], names=names)
    rows = [(triple.subject, triple.predicate, triple.object) for triple in answer]
    return Table(["subject", "predicate", "object"], rows, names=names)


def _why_empty(parameters: Mapping[str, object], known: str, names: Names) -> str:
    """Why a question has no row: what was asked for, and what the question itself says of that (`known`)."""
    if not parameters:
        return known or "the graph holds no statement that this question asks for"
    given = {
        name: value if isinstance(value, list | tuple) else [value] for name, value in parameters.items()
    }
    listed = ", ".join(
        f"{name} = "
        + " or ".join(names.shorten(str(one)) if "://" in str(one) else str(one) for one in values)
        for name, values in given.items()
    )
    return f"the graph holds nothing for {listed}" + (f"; perhaps {known}" if known else "")


def open_engine(content: Content, name: str = "embedded") -> Engine:
    """An engine over a content: `embedded` (snapshot on disk), `memory`, `rdflib`. Raises UnknownName."""
    if name == "embedded":
        return open_snapshot(content)[0]
    if name == "memory":
        return Embedded.in_memory(content)
    if name == "rdflib":
        return Rdflib.of_content(content)
    raise UnknownName("engine", name, ENGINES)
